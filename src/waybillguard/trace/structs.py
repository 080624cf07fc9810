"""Results of a trace (contracts: trace, trace nodes), as they are written to JSON."""

from typing import Literal

import msgspec

type SourceKind = Literal["account", "workstation", "pair", "unlogged", "shop", "platform"]


class Source(msgspec.Struct, frozen=True, kw_only=True, rename={"start": "from", "end": "to"}):
    """One leak: its source, its period (``from``, ``to``), its certainty, and what speaks against it.

    Attributes:
        posterior: chance that this source leaked; of a pair, that its account or station did.
        share: share of the source's orders in the window that ended in a victim's report.
        explained: expected number of victims of this leak.
        looked_at: orders of the source in the window.
        tie: sources that the data cannot tell apart from this one.
        priority_lead: passed all guards: a lead (重点线索), not proof.
        fdr: Bayesian false discovery rate of the list down to this source.
        p_permutation: family-wise p against control orders; 1 if not computed.
        e_value: running evidence against "no leak here"; may be read after every new victim.
        why_zh, why_en: what speaks for it, and why it is not a lead if it is none.
        next_evidence, next_evidence_en: evidence that would settle it.
        elsewhere: not an account or station of the warehouse; which outside source (platform, shop, carrier,
            photos) may be open.
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
        """Show the kind only: an account belongs to a person."""
        return f"Source({self.kind!r}, …)"


class Affected(msgspec.Struct, frozen=True):
    """Number of people whose data leaked through the named sources: estimate and 90 % interval."""

    estimate: int
    low: int
    high: int


class Checks(msgspec.Struct, frozen=True, kw_only=True):
    """Counts of the list and the log, and whether there is enough of both."""

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
    """The complete result of a trace (contracts: trace)."""

    sources: tuple[Source, ...]
    outside: float
    affected: Affected
    victims: int
    candidates: int
    checks: Checks


class Node(msgspec.Struct, frozen=True, kw_only=True):
    """A node that victims share, compared with how common it is (contracts: trace nodes)."""

    kind: Literal["shop", "erp", "warehouse", "outlet", "carrier", "goods_class", "ship_day"]
    value: str
    victims: int
    expected: float
    ratio: float
    low: float
    high: float
    p: float


class LogRequest(msgspec.Struct, frozen=True, kw_only=True, rename={"start": "from", "end": "to"}):
    """A log to request: from whom, for which days, and when it expires."""

    whom: str
    which_log: str
    start: str
    end: str
    keep_until: str
    why_zh: str


class NodesAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Common nodes and the log requests that follow from them."""

    nodes: tuple[Node, ...]
    requests: tuple[LogRequest, ...]
    victims: int = 0
    unknown: int = 0
    note_zh: str = ""
    note_en: str = ""
