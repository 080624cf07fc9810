"""Value types of an inspection: controls, evidence, verdicts. All are frozen and JSON-serialisable."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Literal

import msgspec

type Fact = bool | int | float | str | tuple[str, ...]
type Moment = Annotated[datetime, msgspec.Meta(tz=True)]
"""A time with a time zone. Files with times without one are refused, because they could be off by hours."""
type Role = Literal["handler", "entrusted", "supervisor"]
type Kind = Literal["warehouse", "platform", "merchant", "courier", "supervisor"]
type Operator = Literal["eq", "lt", "le", "ge", "in", "has_all", "eq_fact", "le_fact", "ge_fact"]


class Status(StrEnum):
    """Status of a control. Only ``SATISFIED`` is shown green."""

    SATISFIED = "satisfied"
    NOT_SATISFIED = "not_satisfied"
    NO_EVIDENCE = "no_evidence"
    NOT_APPLICABLE = "not_applicable"
    RISK_ACCEPTED = "risk_accepted"


class Flag(StrEnum):
    """Reason why evidence cannot satisfy a control."""

    EXPIRED = "expired"
    CLOCK_WRONG = "clock_wrong"
    IN_FUTURE = "in_future"
    LAW_SUPERSEDED = "law_superseded"
    CONTROL_SUPERSEDED = "control_superseded"
    UPLOADED_AGAIN = "uploaded_again"
    CHANGED = "changed"
    FACT_MISSING = "fact_missing"
    NOTHING_OBSERVED = "nothing_observed"
    NO_DATES = "no_dates"
    NOT_OBSERVED = "not_observed"
    ACCEPTANCE_ENDED = "acceptance_ended"


class Condition(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """One rule: a fact, an operator, a value. Operators ending in ``_fact`` compare with another fact."""

    fact: str
    operator: Operator
    value: Fact


class Law(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One version of a legal text; ``in_force_to`` is the first day of its successor."""

    id: str
    title_zh: str
    title_en: str
    version: str
    binding: Literal["law", "regulation", "rule", "interpretation", "recommended"]
    in_force_from: date
    in_force_to: date | None = None


class Source(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A passage of law on which a control is based.

    ``seen`` says how the quote was checked: ``text`` against the full text, ``repo`` against a public copy, ``news``
    against news reports, ``earlier`` against an earlier version that its successor only renumbered.
    """

    law: str
    version: str
    article: str
    quote: str
    seen: Literal["text", "repo", "news", "earlier"]


class EvidenceRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where evidence comes from and how old it may be.

    ``dated``: the evidence is a document. Its age counts from its effective date, not from its upload.
    """

    mode: Literal["live", "document", "both"]
    provider: str
    max_age_hours: int
    dated: bool = False


class Control(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One control (检查项): a legal duty with its rules, as data."""

    id: str
    version: int
    title_zh: str
    title_en: str
    level: Literal["mandatory", "conditional", "recommended", "own"]
    severity: Literal["low", "medium", "high", "critical"]
    applies_to: tuple[Kind, ...]
    roles: tuple[Role, ...]
    owner: str
    authority: str
    sources: tuple[Source, ...]
    evidence: EvidenceRule
    passes: tuple[Condition, ...]
    fix_zh: str
    fix_en: str
    when: tuple[Condition, ...] = ()
    needs: tuple[Condition, ...] = ()
    common_gap: str = ""
    lane_a: str = ""
    note: str = ""


class FactKind(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Type and meaning of a fact. A number of ``never`` or more means that the event has not happened yet."""

    type: Literal["count", "number", "share", "flag", "text", "names"]
    zh: str
    en: str
    never: float | None = None


class Flow(msgspec.Struct, frozen=True):
    """A data flow and the organisation's role in it (处理者, 受托人)."""

    name: str
    role: Role


class Organisation(msgspec.Struct, frozen=True):
    """The inspected organisation. Roles are per data flow, not per company."""

    name: str
    kind: Kind = "warehouse"
    flows: tuple[Flow, ...] = (Flow("merchant to warehouse", "entrusted"),)


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """Evidence for one control. Facts are counts and flags, never personal data.

    Attributes:
        effective_at, expires_at: dates printed on a document; None for an observation.
        document_sha256: hash of the uploaded file; empty for an observation.
        claim: who vouches for it: the organisation itself, a witness, or somebody who re-tested.
        ledger_position: ledger entry that recorded the evidence; -1 if none.
        sha256: hash over all other fields; see :func:`waybillguard.inspect.evidence.seal`.
    """

    control: str
    control_version: int
    facts: dict[str, Fact]
    observed_from: Moment
    observed_to: Moment
    collected_at: Moment
    source: str
    collector: str
    method: Literal["live", "document", "by_hand"] = "live"
    effective_at: Moment | None = None
    expires_at: Moment | None = None
    document_sha256: str = ""
    claim: Literal["self_reported", "witnessed", "retested"] = "self_reported"
    ledger_position: int = -1
    sha256: str = ""


class Acceptance(msgspec.Struct, frozen=True):
    """A risk that a named person accepts until a day, with the compensating measure."""

    control: str
    accepted_by: str
    reason: str
    measure: str
    accepted_at: Moment
    until: Moment


class Clock(msgspec.Struct, frozen=True):
    """The machine's time, and the newest time confirmed by a witness (None: no witness)."""

    now: Moment
    witnessed: Moment | None = None


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """The verdict on one control, with everything needed to recompute it."""

    control: str
    control_version: int
    control_sha256: str
    status: Status
    flags: tuple[Flag, ...]
    reason_zh: str
    reason_en: str
    judged_at: Moment
    witnessed_at: Moment | None
    evidence_sha256: str
    observed_from: Moment | None
    observed_to: Moment | None
    collected_at: Moment | None
    effective_at: Moment | None
    ledger_position: int
    claim: str


class Inspection(msgspec.Struct, frozen=True, kw_only=True):
    """A run over all controls: the verdicts, and the evidence from which they can be recomputed."""

    organisation: Organisation
    catalogue_sha256: str
    clock: Clock
    verdicts: tuple[Verdict, ...]
    evidence: tuple[Evidence, ...]
    acceptances: tuple[Acceptance, ...] = ()
    documents_seen: dict[str, Moment] = {}
    v: int = 1
