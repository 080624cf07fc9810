"""Reads the frozen cases (``tests/cases/detect``), runs detection over simulated warehouses, and judges the result.

    PYTHONPATH=tests python -m detect.casebook [--seed N] [CASE...]

prints one line per case and generator.
"""

import random
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Final, Literal

import msgspec
import yaml
from detect import scanned
from detect.simulated import SCENES, Act, Told, play, warehouse, without_reasons

from waybillguard.detect import Alert, Inputs, Notes, detect, roster_of
from waybillguard.events import CHINA, AccessEvent, EventStore
from waybillguard.events.engines import DuckEngine

CASES: Final = Path(__file__).parents[1] / "cases" / "detect"
SEED: Final = 90_617


class Case(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One case, as read from its file."""

    id: str
    story: str
    log: Literal["explained", "bare"]
    thief: bool
    lost: float = 1.0
    records: int = 1_000_000
    accepted: str = ""
    scene: str = ""
    acts: tuple[Act, ...] = ()
    scans: scanned.Scans | None = None
    orders: Literal["all", "half", "early"] | None = None


@dataclass
class Outcome:
    """The result of a case: alerts on the theft, false alerts, and the records stolen before the first alert."""

    case: Case
    stolen: int
    gone: int
    matched: list[Alert] = field(default_factory=list)
    false: list[Alert] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Return whether the case's expectation is met."""
        if not self.case.thief:
            return not self.false
        in_time = self.gone <= self.case.records and self.gone <= self.case.lost * self.stolen
        return bool(self.matched) and in_time


@cache
def cases() -> tuple[Case, ...]:
    """Return the frozen cases."""
    files = (CASES / "cases.yaml", CASES / "stations.yaml")
    return tuple(
        one for file in files for one in msgspec.convert(yaml.safe_load(file.read_text("utf-8")), list[Case])
    )


def judged(case: Case, generator: str, seed: int = SEED) -> Outcome:
    """Return the result of a case over a generator's warehouse."""
    place = warehouse(generator, seed)
    dice = random.Random(f"{case.id} {generator} {seed}")
    scenes = {**SCENES, **scanned.SCENES}
    told = scenes[case.scene](place, dice) if case.scene else play(case.acts, place, dice)
    if case.scans is not None:
        told = replace(told, added=[*told.added, *scanned.scans_of(case.scans, place, told, dice)])
    accepted = ""
    if case.accepted:
        kind, which = case.accepted.split()
        accepted = place.accounts(kind)[int(which) - 1]
    return _outcome(case, told, _alerts(case, told, generator, seed), accepted)


def _alerts(case: Case, told: Told, generator: str, seed: int) -> list[Alert]:
    bare = case.log == "bare"
    place = warehouse(generator, seed)
    with tempfile.TemporaryDirectory() as folder:
        added = EventStore(Path(folder) / "added", durable=False)
        if told.added:
            added.append("added", without_reasons(told.added) if bare else told.added)
        if told.rows is None:
            base = _base(generator, seed, bare=bare)
        else:
            base = EventStore(Path(folder) / "base", durable=False)
            base.append("base", without_reasons(told.rows) if bare else told.rows)
        notes = Notes()
        roster = roster_of(told.roster if told.roster is not None else place.roster, notes)

        orders = None
        if case.orders is not None:
            orders = Path(folder) / "orders.parquet"
            scanned.write_orders(case.orders, place, told, orders)

        def of(day: int) -> list[Path]:
            return [*base.files(first_day=day, last_day=day), *added.files(first_day=day, last_day=day)]

        with DuckEngine(threads=1) as engine:
            files = [*base.files(), *added.files()]
            return detect(engine, files, Inputs(roster, orders=orders), notes, zone=CHINA, part=of)


_KEPT: Final[list[tempfile.TemporaryDirectory[str]]] = []


@cache
def _base(generator: str, seed: int, *, bare: bool) -> EventStore:
    folder = tempfile.TemporaryDirectory()
    _KEPT.append(folder)  # removed when the process ends
    store = EventStore(Path(folder.name), durable=False)
    rows = list(warehouse(generator, seed).rows())
    store.append("base", without_reasons(rows) if bare else rows)
    return store


def _outcome(case: Case, told: Told, alerts: Sequence[Alert], accepted: str) -> Outcome:
    taken = {row.order_id for row in told.stolen}
    thieves = {row.account for row in told.stolen}
    stations = {row.workstation for row in told.stolen} - {None}
    made = Outcome(case, len(told.stolen), len(told.stolen))
    for one in alerts:
        there = one.account in thieves or one.workstation in stations
        if there and any(row.order_id in taken for row in one.evidence):
            made.matched.append(one)
        elif one.account != accepted or not accepted:
            made.false.append(one)
    if made.matched:
        raised = min(one.raised_at for one in made.matched)
        made.gone = sum(_before(row, raised) for row in told.stolen)
    return made


def _before(row: AccessEvent, raised: object) -> bool:
    return row.ts <= raised  # type: ignore[operator]


def _line(outcome: Outcome, generator: str) -> str:
    mark = "holds" if outcome.holds else "FAILS"
    rules = ",".join(sorted({one.rule for one in outcome.matched})) or "-"
    false = ",".join(f"{one.account}:{one.rule}" for one in outcome.false) or "-"
    return (
        f"{mark} {outcome.case.id:26} {generator} gone {outcome.gone}/{outcome.stolen} "
        f"alerts {len(outcome.matched)} {rules} false {false}"
    )


if __name__ == "__main__":
    arguments = sys.argv[1:]
    seed = int(arguments[arguments.index("--seed") + 1]) if "--seed" in arguments else SEED
    wanted = [one for one in arguments if not one.startswith("--") and not one.isdigit()]
    held = total = 0
    for one in cases():
        if wanted and one.id not in wanted:
            continue
        for letter in "ab":
            ended = judged(one, letter, seed)
            held, total = held + ended.holds, total + 1
            print(_line(ended, letter), flush=True)  # noqa: T201 - its output
    print(f"{held} of {total} hold")  # noqa: T201 - its output
