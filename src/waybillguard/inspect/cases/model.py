"""Value types of a joint case: states, events, documents by number, tasks, attachments."""

from datetime import date, datetime
from typing import Literal

import msgspec

type Level = Literal["county", "city", "province"]


class DocumentKind(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A document that belongs to a state. ``theirs``: the authority writes it; only number and date are imported."""

    id: str
    zh: str
    en: str
    theirs: bool = False


class ClockRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A period from one event to another.

    ``only``: applies only to proposals with this mark, and then replaces the longer period. ``nth``: number of the end
    event that stops it. ``seen``: how the legal text was checked.
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
    """A party of a joint case. ``sees``: the whole file, or only own tasks and masked facts."""

    id: str
    zh: str
    en: str
    sees: Literal["all", "own"]
    duty_zh: str


class Reference(msgspec.Struct, frozen=True, order=True):
    """Reference to an authority's document by number and date (案号), used everywhere to quote a case."""

    authority: str
    number: str
    date: date


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """Something that happened in a case.

    Attributes:
        kind: an event of a state, or one of served, filed, referred, assigned, suspended, resumed, return_visit,
            judgment.
        urgent: for a proposal: harm is spreading.
        passed: for a follow-up or return visit: whether it was passed.
        level: for a referral or assignment: the receiving level.
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
    """A joint case as a sequence of events, from which its state and deadlines are computed."""

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
    """What one warehouse must fix on one item. Only a re-test by somebody else closes it.

    ``origin``: what required it: a proposal, a special inspection, an association's pledge or a company's plan.
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
        """Return the state of the last step, or ``notified`` without steps."""
        return self.steps[-1].to if self.steps else "notified"

    @property
    def closed(self) -> bool:
        """Return whether the last step is a passed re-test."""
        return self.state == "retest_passed"


class Custody(msgspec.Struct, frozen=True, kw_only=True):
    """One hand-over in an attachment's chain of custody; ``before`` is the hash of the previous hand-over."""

    at: datetime
    handed_by: str
    handed_to: str
    place: str = ""
    before: str = ""


class Attachment(msgspec.Struct, frozen=True, kw_only=True):
    """A file of the case, identified by its hash, with its chain of custody."""

    kind: Literal["sensor_report", "trace_bundle", "ledger_proof", "photos", "inspection", "document"]
    name: str
    sha256: str
    size: int
    custody: tuple[Custody, ...] = ()
