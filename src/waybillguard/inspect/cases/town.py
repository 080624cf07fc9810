"""A town's table of common gaps: how many warehouses have which gap, what changed, who comes first."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Final, Literal

import msgspec

from waybillguard.inspect.catalogue import catalogue
from waybillguard.inspect.model import Inspection, Status

#: How sure a posture is, in words; a claim is not evidence until somebody tested again.
CLAIM_ZH: Final = {"self_reported": "自报", "witnessed": "有见证", "retested": "已复测"}
_WEIGHT: Final = {"critical": 8, "high": 4, "medium": 2, "low": 1}


class GapRow(msgspec.Struct, frozen=True, kw_only=True):
    """One common gap over the town; ``before`` is the number a period ago, None if it was not counted."""

    gap: str
    zh: str
    failing: int
    unknown: int
    inspected: int
    retested: int
    before: int | None = None


class WarehouseRow(msgspec.Struct, frozen=True, kw_only=True):
    """A warehouse in the ranking, worst first; ``claim`` is the weakest of its evidence."""

    warehouse: str
    score: int
    failing: int
    unknown: int
    claim: str
    changed: int


class Visit(msgspec.Struct, frozen=True):
    """An inspection of one item of a warehouse by an authority."""

    warehouse: str
    item: str
    authority: str
    on: date
    joint: bool = False


def gap_table(now: Iterable[Inspection], before: Iterable[Inspection] = ()) -> tuple[GapRow, ...]:
    """Return the four common gaps with the warehouses that have them, now and before."""
    now, before = tuple(now), tuple(before)
    rows = []
    for gap, name in catalogue().bodies.common_gaps.items():
        states = [_gap_state(one, gap) for one in now]
        rows.append(
            GapRow(
                gap=gap,
                zh=name.zh,
                failing=states.count("failing"),
                unknown=states.count("unknown"),
                inspected=len(now),
                retested=sum(_claim(one, gap) == "retested" for one in now),
                before=sum(_gap_state(one, gap) == "failing" for one in before) if before else None,
            )
        )
    return tuple(rows)


def ranking(now: Iterable[Inspection], before: Iterable[Inspection] = ()) -> tuple[WarehouseRow, ...]:
    """Return the warehouses, most weight of open controls first; ``changed`` is the weight gained or lost."""
    old = {one.organisation.name: _score(one) for one in before}
    rows = []
    for one in now:
        counts = [verdict.status for verdict in one.verdicts]
        score = _score(one)
        rows.append(
            WarehouseRow(
                warehouse=one.organisation.name,
                score=score,
                failing=counts.count(Status.NOT_SATISFIED),
                unknown=counts.count(Status.NO_EVIDENCE),
                claim=_claim(one),
                changed=score - old.get(one.organisation.name, score),
            )
        )
    return tuple(sorted(rows, key=lambda row: (-row.score, row.warehouse)))


def inspected_already(
    visit: Visit, earlier: Iterable[Visit], period: timedelta = timedelta(days=90)
) -> Visit | None:
    """Return an earlier inspection of the same item of the same warehouse within the period, unless both are joint.

    Network Data Regulations 52(1): 避免不必要的检查和交叉重复检查.
    """
    for other in earlier:
        if (other.warehouse, other.item) == (visit.warehouse, visit.item) and (
            timedelta() <= visit.on - other.on < period
            and not (visit.joint and other.joint and visit.on == other.on)
        ):
            return other
    return None


def _gap_state(inspection: Inspection, gap: str) -> Literal["failing", "unknown", "good"]:
    controls: Mapping[str, str] = {one.id: one.common_gap for one in catalogue().controls}
    found = {verdict.status for verdict in inspection.verdicts if controls.get(verdict.control) == gap}
    if Status.NOT_SATISFIED in found:
        return "failing"
    return "unknown" if Status.NO_EVIDENCE in found or not found else "good"


def _claim(inspection: Inspection, gap: str = "") -> str:
    controls = catalogue().by_id()
    claims = [
        verdict.claim
        for verdict in inspection.verdicts
        if verdict.claim
        and verdict.control in controls
        and (not gap or controls[verdict.control].common_gap == gap)
    ]
    return min(claims, key=list(CLAIM_ZH).index, default="self_reported")


def _score(inspection: Inspection) -> int:
    controls = catalogue().by_id()
    return sum(
        _WEIGHT[controls[verdict.control].severity] * (2 if verdict.status is Status.NOT_SATISFIED else 1)
        for verdict in inspection.verdicts
        if verdict.control in controls and verdict.status in {Status.NOT_SATISFIED, Status.NO_EVIDENCE}
    )
