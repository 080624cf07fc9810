"""What a trace answers with (contracts: trace, trace nodes): records as they are written to JSON."""

from typing import Literal

import msgspec

type SourceKind = Literal["account", "workstation", "pair", "unlogged", "shop", "platform"]


class Source(msgspec.Struct, frozen=True, kw_only=True, rename={"start": "from", "end": "to"}):
    """One leak: who or what, when (``from``, ``to``), how sure, and what speaks against it.

    Attributes:
        posterior: chance that this source, or for a pair its account or station, leaked.
        share: of what passed the source in the window, how much ended in a victim's report.
        explained: expected victims of this leak.
        looked_at: orders that passed the source in the window.
        tie: sources that the data cannot tell apart from this one.
        priority_lead: past all guards: a lead (重点线索), not proof.
        fdr: Bayesian false discovery rate of the list down to this source.
        p_permutation: family-wise p of orders drawn alike; 1 where not computed.
        e_value: running evidence against "no leak here"; may be looked at after every new victim.
        why_zh, why_en: what speaks for it, and why it is not a lead where it is none.
        next_evidence, next_evidence_en: what would settle it.
        elsewhere: not by an account or station of the warehouse, though what it was (platform, shop, carrier, photos)
            may be open.
    """

    kind: SourceKind
    tenant: str
    account: str | None
    workstation: str | None
    start: str
    end: str
    posterior: float
    share: float
    explained: float
    looked_at: int
    tie: tuple[dict[str, str | None], ...] = ()
    priority_lead: bool = False
    fdr: float = 1.0
    p_permutation: float = 1.0
    e_value: float = 0.0
    detail: str | None = None
    kernel: str = ""
    why_zh: str = ""
    why_en: str = ""
    next_evidence: tuple[str, ...] = ()
    next_evidence_en: tuple[str, ...] = ()
    elsewhere: bool = False

    def __repr__(self) -> str:
        """Show the kind alone: an account is a person's."""
        return f"Source({self.kind!r}, …)"


class Affected(msgspec.Struct, frozen=True):
    """People whose data left through the named sources: estimate and 90 % interval."""

    estimate: int
    low: int
    high: int


class Checks(msgspec.Struct, frozen=True, kw_only=True):
    """What was found on the way: of the list, of the log, and whether there is enough of either."""

    victims_read: int
    victims_joined: int
    unknown: int
    duplicates: int
    contradictory: int
    refused_rows: tuple[int, ...]
    without_contact_time: int
    enough: bool
    more_needed: int
    notes_zh: tuple[str, ...]
    notes_en: tuple[str, ...]
    lead_zh: str = "线索不是证据：不得仅凭本结果辞退、处罚任何人。"
    lead_en: str = "A lead, not proof: nobody is dismissed or fined on it alone."


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """Everything a trace found out (contracts: trace)."""

    sources: tuple[Source, ...]
    outside: float
    affected: Affected
    victims: int
    candidates: int
    checks: Checks


class Node(msgspec.Struct, frozen=True, kw_only=True):
    """What victims have in common, against how common it is anyway (contracts: trace nodes)."""

    kind: Literal["shop", "erp", "warehouse", "outlet", "carrier", "goods_class", "ship_day"]
    value: str
    victims: int
    expected: float
    ratio: float
    low: float
    high: float
    p: float


class LogRequest(msgspec.Struct, frozen=True, kw_only=True, rename={"start": "from", "end": "to"}):
    """Which log to ask of whom, for which days, before it expires."""

    whom: str
    which_log: str
    start: str
    end: str
    keep_until: str
    why_zh: str


class NodesAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Common nodes and the requests that follow from them."""

    nodes: tuple[Node, ...]
    requests: tuple[LogRequest, ...]
    victims: int = 0
    unknown: int = 0
    note_zh: str = ""
    note_en: str = ""
