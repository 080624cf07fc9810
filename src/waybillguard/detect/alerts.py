"""An alert as others read it (contracts: detect), told from an episode."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from statistics import median
from typing import Final, Literal

import msgspec

from waybillguard.detect.catalogue import Detector
from waybillguard.detect.counting import NAMELESS
from waybillguard.detect.fusing import Episode
from waybillguard.detect.stations import Stations
from waybillguard.detect.watch import Hit
from waybillguard.events import Severity
from waybillguard.events.engines.answers import SuspectRow
from waybillguard.events.schema import moment

MOST_EVIDENCE: Final = 50
_SERIOUS: Final = 250
"""Half of 500: records by which an insider reaches the quota for transaction data (law.md 0.3)."""
_SHORTEST_SAID: Final = 0.1
_MACHINE: Final = 1.2
_FEWEST_GAPS: Final = 15
_IN_A_ROW: Final = 0.6
_SITTING: Final = 300_000_000
_LEVELS: Final[tuple[Severity, ...]] = ("low", "medium", "high", "critical")


class Evidence(msgspec.Struct, frozen=True):
    """One look that an alert rests on; names as in the table of events."""

    ts: datetime
    action: str
    account: str | None
    workstation: str | None
    ip: str | None
    order_id: str | None
    event_id: str | None

    def __repr__(self) -> str:
        """Show the type alone."""
        return "Evidence(…)"


class Alert(msgspec.Struct, frozen=True, kw_only=True):
    """One theft in progress, as far as it is seen.

    Attributes:
        rule: the detector that names it; ``rules`` are all that fired.
        raised_at: when somebody reading events as they arrive could have raised it.
        records: different orders shown or handed out; an export that names none counts as ten.
        score: 0–1, how far past what history allows.
    """

    rule: str
    severity: Severity
    tenant: str
    account: str | None
    workstation: str | None
    first_ts: datetime
    last_ts: datetime
    raised_at: datetime
    records: int
    score: float
    reason_zh: str
    reason_en: str
    evidence: tuple[Evidence, ...]
    rules: tuple[str, ...] = ()

    def __repr__(self) -> str:
        """Show rule and severity alone."""
        return f"Alert({self.rule!r}, {self.severity!r}, …)"


def tell(episode: Episode, detectors: Mapping[str, Detector], stations: Stations) -> Alert:
    """Make the alert of an episode.

    Args:
        episode: its hits and looks.
        detectors: by what they count.
        stations: with the programs that were found there.
    """
    rows = episode.own_rows()
    fired = sorted({one.counts for one in episode.hits}, key=lambda one: detectors[one].rank)
    main = detectors[fired[0]]
    records = len({row.order_id for row in rows if row.order_id is not None})
    records += NAMELESS * len({row.ts_us for row in rows if row.order_id is None})
    orders = {row.order_id for row in rows if fired[0] in episode.rows[row]}
    hit = max((one for one in episode.hits if one.counts == fired[0]), key=lambda one: (one.count, -one.day))
    over_days = hit.days > 1 or fired[0] in {"unexplained", "volume"}
    count = hit.count if over_days else max(len(orders), hit.count)
    words: dict[str, int | str] = {
        # Of labels only what goes past the usual is counted; a reader is told all of them, and how many were allowed.
        "count": count if hit.orders is None else hit.labels,
        "limit": hit.limit + hit.discounted,
        "days": hit.days,
        "waited": hit.waited,
        "within": "on one day" if hit.days == 1 else f"within {hit.days} days",
        "tool": stations.tool(episode.tenant, episode.workstation or ""),
    }
    return Alert(
        rule=main.id,
        severity=_severity(main, records),
        tenant=episode.tenant,
        account=episode.account or None,
        workstation=episode.workstation,
        first_ts=moment(rows[0].ts_us),
        last_ts=moment(rows[-1].ts_us),
        raised_at=moment(episode.raised_us),
        records=records,
        score=_score(episode.hits),
        reason_zh=_reason(episode, rows, fired, detectors, words, "zh"),
        reason_en=_reason(episode, rows, fired, detectors, words, "en"),
        evidence=tuple(_evidence(one) for one in _choose(episode, rows)),
        rules=tuple(detectors[one].id for one in fired),
    )


def _severity(main: Detector, records: int) -> Severity:
    return (
        "critical"
        if records >= _SERIOUS and _LEVELS.index(main.severity) >= _LEVELS.index("high")
        else main.severity
    )


def _score(hits: Sequence[Hit]) -> float:
    """Return 0.5 at the limit, nearing 1 the further the count is past it and the more detectors fire."""
    most = max(one.count / max(one.limit, 1) for one in hits)
    kinds = len({one.counts for one in hits})
    return round(1 - 1 / (1 + most * (1 + 0.5 * (kinds - 1))), 3)


def _reason(
    episode: Episode,
    rows: Sequence[SuspectRow],
    fired: Sequence[str],
    detectors: Mapping[str, Detector],
    words: Mapping[str, int | str],
    language: Literal["zh", "en"],
) -> str:
    zh = language == "zh"
    main = detectors[fired[0]]
    said = [(main.zh if zh else main.en).format(**words)]
    if others := [detectors[one].name_zh if zh else detectors[one].name_en for one in fired[1:]]:
        said.append(("同时：" if zh else "also: ") + ("、" if zh else ", ").join(others))
    gap = _pace(rows)
    if gap is not None and gap < _MACHINE:
        apart = f"约 {gap:.1f} 秒" if gap >= _SHORTEST_SAID else f"不到 {_SHORTEST_SAID} 秒"
        about = f"about {gap:.1f} s" if gap >= _SHORTEST_SAID else f"less than {_SHORTEST_SAID} s"
        said.append(f"每单间隔{apart}，不像人工" if zh else f"{about} apart, faster than a hand")
    if _sequence(rows):
        said.append("按单号顺序逐个取" if zh else "order numbers one after the other")
    if len(episode.accounts) > 1:
        n = len(episode.accounts)
        said.append(f"同处共 {n} 个账号" if zh else f"{n} accounts at the same place")
    return "；".join(said) + "。" if zh else "; ".join(said) + "."


def _pace(rows: Sequence[SuspectRow]) -> float | None:
    """Return the median gap between looks of one sitting, in seconds; None if there are too few."""
    gaps = [b.ts_us - a.ts_us for a, b in pairwise(rows) if b.ts_us - a.ts_us < _SITTING]
    return median(gaps) / 1e6 if len(gaps) >= _FEWEST_GAPS else None


def _sequence(rows: Sequence[SuspectRow]) -> bool:
    """Tell whether most looks go to the next order number."""
    numbers = [_number(row.order_id) for row in rows if row.order_id]
    steps = [b - a for a, b in pairwise(numbers)]
    return len(steps) >= _FEWEST_GAPS and sum(one in {1, -1} for one in steps) >= _IN_A_ROW * len(steps)


def _number(order_id: str) -> int:
    digits = ""
    for character in reversed(order_id):
        if not (character.isascii() and character.isdigit()):
            break
        digits = character + digits
    return int(digits[-15:]) if digits else 0


def _choose(episode: Episode, rows: Sequence[SuspectRow]) -> list[SuspectRow]:
    """Return at most fifty looks: those that most detectors counted, spread over the time, in order of time."""
    named = [one for one in rows if one.order_id is not None] or list(rows)
    strong = sorted(named, key=lambda one: -len(episode.rows[one]))
    most = len(episode.rows[strong[0]])
    best = [one for one in named if len(episode.rows[one]) >= max(1, most - 1)]
    if len(best) < MOST_EVIDENCE:
        return sorted(strong[:MOST_EVIDENCE], key=lambda one: one.ts_us)
    step = len(best) / MOST_EVIDENCE
    return [best[int(n * step)] for n in range(MOST_EVIDENCE)]


def _evidence(row: SuspectRow) -> Evidence:
    return Evidence(
        ts=moment(row.ts_us),
        action=row.action,
        account=row.account,
        workstation=row.workstation,
        ip=row.ip,
        order_id=row.order_id,
        event_id=row.event_id,
    )
