"""The values of a joint case: states, events, documents by number, tasks, attachments."""

from datetime import date, datetime
from typing import Literal

import msgspec

type Level = Literal["county", "city", "province"]


class DocumentKind(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A document of a state; ``theirs``: the authority writes it, we import number and date."""

    id: str
    zh: str
    en: str
    theirs: bool = False


class ClockRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A period from one event to another.

    ``only``: runs only for a proposal marked so; it then replaces the longer period. ``nth``: which occurrence of
    the end event stops it. ``seen``: how well the text is known.
    """

    id: str
    zh: str
    en: str
    start: str = msgspec.field(name="from")
    until: str
    amount: int
    unit: Literal["hours", "days", "working_days", "months"]
    basis: str
    seen: Literal["text", "news", "memory", "own"]
    only: str = ""
    nth: int = 1


class State(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One of the states 0–9."""

    number: int
    id: str
    zh: str
    en: str
    event: str
    actors: tuple[str, ...]
    documents: tuple[DocumentKind, ...]
    next: tuple[str, ...]
    clocks: tuple[ClockRule, ...] = ()


class Actor(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Somebody at the round table; ``sees`` all of the file, or own tasks and masked facts."""

    id: str
    zh: str
    en: str
    sees: Literal["all", "own"]
    duty_zh: str


class Reference(msgspec.Struct, frozen=True, order=True):
    """A document of an authority by number and date (案号): how the other parts quote a case."""

    authority: str
    number: str
    date: date


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """Something that happened in a case.

    Attributes:
        kind: an event of a state, or one of served, filed, referred, assigned, suspended, resumed, return_visit,
            judgment.
        urgent: of a proposal: harm is spreading.
        passed: of a follow-up or return visit.
        level: of a referral or assignment: to whom.
    """

    on: date
    kind: str
    actor: str
    document: Reference | None = None
    urgent: bool = False
    passed: bool | None = None
    level: Level | None = None
    note: str = ""


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """A joint case: its events in order are all there is; state and clocks follow from them."""

    title: str
    agency: str
    level: Level = "county"
    events: tuple[Event, ...] = ()
    warehouses: tuple[str, ...] = ()


class Step(msgspec.Struct, frozen=True):
    """One change of a task."""

    at: datetime
    to: Literal["notified", "in_work", "self_certified", "retest_passed", "retest_failed"]
    by: str
    evidence_sha256: str = ""


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """What one warehouse must put right on one item; closed only by a re-test by somebody else.

    ``origin``: what asked for it: a proposal, a special inspection, an association's pledge, a company's plan.
    """

    warehouse: str
    item: str
    authority: str
    owner: str
    due: date
    origin: Literal["proposal", "special", "pledge", "plan"] = "proposal"
    steps: tuple[Step, ...] = ()

    @property
    def state(self) -> str:
        """Return the last step's state, ``notified`` before any."""
        return self.steps[-1].to if self.steps else "notified"

    @property
    def closed(self) -> bool:
        """Say whether a re-test was passed last."""
        return self.state == "retest_passed"


class Custody(msgspec.Struct, frozen=True, kw_only=True):
    """One hand-over in the custody chain of an attachment; ``before`` is the hash of the entry before it."""

    at: datetime
    handed_by: str
    handed_to: str
    place: str = ""
    before: str = ""


class Attachment(msgspec.Struct, frozen=True, kw_only=True):
    """A file of the case by its hash, with its chain of custody."""

    kind: Literal["sensor_report", "trace_bundle", "ledger_proof", "photos", "inspection", "document"]
    name: str
    sha256: str
    size: int
    custody: tuple[Custody, ...] = ()
