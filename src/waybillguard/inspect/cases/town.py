"""A town's table of common gaps: number of warehouses with each gap, changes, and a ranking."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final, NamedTuple

import msgspec

from waybillguard.inspect.catalogue import catalogue
from waybillguard.inspect.model import Status
from waybillguard.inspect.sheet import ORDER, items

#: Labels of claims. A claim counts as evidence only after somebody else re-tested.
CLAIM_ZH: Final = {"self_reported": "自报", "witnessed": "有见证", "retested": "已复测"}
#: How long an inspector's finding counts; after that the warehouse's own report is shown again.
TEST_COUNTS_FOR: Final = timedelta(days=180)
_OPEN: Final = frozenset({Status.NOT_SATISFIED, Status.NO_EVIDENCE})
_WEIGHT: Final = {"critical": 8, "high": 4, "medium": 2, "low": 1}


class GapRow(msgspec.Struct, frozen=True, kw_only=True):
    """One common gap across the town; ``before`` is the number one period ago, or None if it was not counted."""

    gap: str
    zh: str
    en: str
    failing: int
    unknown: int
    inspected: int
    retested: int
    before: int | None = None


class WarehouseRow(msgspec.Struct, frozen=True, kw_only=True):
    """A warehouse in the ranking, worst first; ``claim`` is the weakest claim of its evidence."""

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


class Judged(NamedTuple):
    """Status of one control, and who vouches for it (``self_reported``, ``witnessed``, ``retested``)."""

    control: str
    status: str
    claim: str


class ItemTested(NamedTuple):
    """An inspector's finding on an item: ``passed`` or ``failed``.

    ``claim`` is ``witnessed`` if the item was shown to the inspector, ``retested`` if the inspector tested it.
    """

    item: str
    result: str
    claim: str
    on: date


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """Summary of a warehouse for the town's table, small enough to be stored with it.

    Attributes:
        gaps: gap -> ``failing``, ``unknown`` or ``good``.
        claims: gap -> the weakest claim of its evidence.
        items: number of an item -> status and claim.
    """

    warehouse: str
    score: int
    failing: int
    unknown: int
    claim: str
    gaps: dict[str, str]
    claims: dict[str, str]
    items: dict[str, tuple[str, str]] = {}


def with_tests(reported: Iterable[Judged], tests: Iterable[ItemTested], today: date) -> tuple[Judged, ...]:
    """Return the status of every control of the catalogue, with inspectors' findings replacing reported claims.

    The newest finding on an item applies to all its controls for `TEST_COUNTS_FOR`, regardless of later reports by the
    warehouse. A control without report or finding has no evidence.
    """
    said = {one.control: one for one in reported}
    newest: dict[str, ItemTested] = {}
    for test in sorted(tests, key=lambda one: one.on):
        if today - test.on < TEST_COUNTS_FOR:
            newest[test.item] = test
    for item in items():
        if found := newest.get(str(item.number)):
            status = Status.SATISFIED if found.result == "passed" else Status.NOT_SATISFIED
            said |= {control: Judged(control, status, found.claim) for control in item.controls}
    return tuple(
        said.get(one.id, Judged(one.id, Status.NO_EVIDENCE, "self_reported")) for one in catalogue().controls
    )


def summary(warehouse: str, judged: Iterable[Judged]) -> Summary:
    """Return the summary of a warehouse."""
    controls = catalogue().by_id()
    judged = tuple(one for one in judged if one.control in controls)
    counts = Counter(one.status for one in judged)
    by_gap: dict[str, list[Judged]] = {gap: [] for gap in catalogue().bodies.common_gaps}
    for one in judged:
        if gap := controls[one.control].common_gap:
            by_gap[gap].append(one)
    by_control = {one.control: one for one in judged}
    return Summary(
        warehouse=warehouse,
        score=sum(
            _WEIGHT[controls[one.control].severity] * (2 if one.status == Status.NOT_SATISFIED else 1)
            for one in judged
            if one.status in _OPEN
        ),
        failing=counts[Status.NOT_SATISFIED],
        unknown=counts[Status.NO_EVIDENCE],
        claim=_weakest(judged),
        gaps={gap: _gap_state(found) for gap, found in by_gap.items()},
        claims={gap: _weakest(found) for gap, found in by_gap.items()},
        items={
            str(item.number): _item_state([by_control[name] for name in item.controls if name in by_control])
            for item in items()
        },
    )


def gap_table(now: Iterable[Summary], before: Iterable[Summary] = ()) -> tuple[GapRow, ...]:
    """Return the four common gaps with the number of warehouses that have them, now and before."""
    now, before = tuple(now), tuple(before)
    return tuple(
        GapRow(
            gap=gap,
            zh=name.zh,
            en=name.en,
            failing=sum(one.gaps.get(gap) == "failing" for one in now),
            unknown=sum(one.gaps.get(gap, "unknown") == "unknown" for one in now),
            inspected=len(now),
            retested=sum(one.claims.get(gap) == "retested" for one in now),
            before=sum(one.gaps.get(gap) == "failing" for one in before) if before else None,
        )
        for gap, name in catalogue().bodies.common_gaps.items()
    )


def ranking(now: Iterable[Summary], before: Iterable[Summary] = ()) -> tuple[WarehouseRow, ...]:
    """Return the warehouses by total weight of open controls, highest first; ``changed`` is the change in weight."""
    old = {one.warehouse: one.score for one in before}
    rows = [
        WarehouseRow(
            warehouse=one.warehouse,
            score=one.score,
            failing=one.failing,
            unknown=one.unknown,
            claim=one.claim,
            changed=one.score - old.get(one.warehouse, one.score),
        )
        for one in now
    ]
    return tuple(sorted(rows, key=lambda row: (-row.score, row.warehouse)))


def inspected_already(
    visit: Visit, earlier: Iterable[Visit], period: timedelta = timedelta(days=90)
) -> Visit | None:
    """Return an inspection of the same item and warehouse earlier in the period, unless both are joint.

    Network Data Regulations 52(1): 避免不必要的检查和交叉重复检查.
    """
    for other in earlier:
        if (other.warehouse, other.item) == (visit.warehouse, visit.item) and (
            timedelta() <= visit.on - other.on < period
            and not (visit.joint and other.joint and visit.on == other.on)
        ):
            return other
    return None


def _gap_state(judged: Iterable[Judged]) -> str:
    found = {one.status for one in judged}
    if Status.NOT_SATISFIED in found:
        return "failing"
    return "unknown" if Status.NO_EVIDENCE in found or not found else "good"


def _item_state(judged: list[Judged]) -> tuple[str, str]:
    """Return status and claim of an item: its worst control decides."""
    if not judged:
        return Status.NO_EVIDENCE, "self_reported"
    return str(min((Status(one.status) for one in judged), key=ORDER.index)), _weakest(judged)


def _weakest(judged: Iterable[Judged]) -> str:
    """Return the weakest claim; controls without evidence are ignored."""
    claims = [one.claim for one in judged if one.claim and one.status != Status.NO_EVIDENCE]
    return min(claims, key=list(CLAIM_ZH).index, default="self_reported")
