"""Builds the published alert (contracts: detect) from an episode."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from statistics import median
from typing import Final, Literal

import msgspec

from waybillguard.detect.catalogue import Detector
from waybillguard.detect.counting import ORDERS_PER_NAMELESS_EXPORT
from waybillguard.detect.fusing import Episode
from waybillguard.detect.stations import Stations
from waybillguard.detect.watch import Hit
from waybillguard.events import Severity
from waybillguard.events.engines.answers import SuspectRow
from waybillguard.events.schema import moment

MOST_EVIDENCE: Final = 50
_SERIOUS: Final = 250
"""Records from which an alert may be critical: half of 500, the quota of transaction data for insiders (law.md 0.3)."""
_SHORTEST_SAID: Final = 0.1
_MACHINE: Final = 1.2
_FEWEST_GAPS: Final = 15
_IN_A_ROW: Final = 0.6
_SITTING: Final = 300_000_000
_LEVELS: Final[tuple[Severity, ...]] = ("low", "medium", "high", "critical")


class Evidence(msgspec.Struct, frozen=True):
    """One look that supports an alert; fields are named as in the table of events."""

    ts: datetime
    action: str
    account: str | None
    workstation: str | None
    ip: str | None
    order_id: str | None
    event_id: str | None

    def __repr__(self) -> str:
        """Show only the type."""
        return "Evidence(…)"


class Alert(msgspec.Struct, frozen=True, kw_only=True):
    """One theft in progress, as seen so far.

    Attributes:
        rule: the detector that names the alert; ``rules`` lists every detector that fired.
        raised_at: the earliest time at which reading the events as they arrive could raise the alert.
        records: distinct orders shown or exported; an export that names no order counts as ten.
        score: 0–1, how far the counts exceed their limits.
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
        """Show only rule and severity."""
        return f"Alert({self.rule!r}, {self.severity!r}, …)"


def build_alert(episode: Episode, detectors: Mapping[str, Detector], stations: Stations) -> Alert:
    """Return the alert for an episode.

    Args:
        episode: the hits and looks of one theft.
        detectors: detectors by the name of their count.
        stations: the stations on which remote-control programs were found.
    """
    rows = episode.own_rows()
    fired = sorted({one.counts for one in episode.hits}, key=lambda one: detectors[one].rank)
    main = detectors[fired[0]]
    records = len({row.order_id for row in rows if row.order_id is not None})
    records += ORDERS_PER_NAMELESS_EXPORT * len({row.ts_us for row in rows if row.order_id is None})
    orders = {row.order_id for row in rows if fired[0] in episode.rows[row]}
    hit = max((one for one in episode.hits if one.counts == fired[0]), key=lambda one: (one.count, -one.day))
    over_days = hit.days > 1 or fired[0] in {"unexplained", "volume"}
    count = hit.count if over_days else max(len(orders), hit.count)
    words: dict[str, int | str] = {
        # The count of labels excludes the usual ones; the text gives all labels, and how many of them were allowed.
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
    """Return the score: 0.5 at the limit; it approaches 1 with higher counts and with more detectors."""
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
    """Return the median gap between looks in one sitting, in seconds; None if there are too few gaps."""
    gaps = [b.ts_us - a.ts_us for a, b in pairwise(rows) if b.ts_us - a.ts_us < _SITTING]
    return median(gaps) / 1e6 if len(gaps) >= _FEWEST_GAPS else None


def _sequence(rows: Sequence[SuspectRow]) -> bool:
    """Return whether most looks go to an adjacent order number."""
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
    """Return at most fifty looks, by time: those that the most detectors counted, spread over the episode."""
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
