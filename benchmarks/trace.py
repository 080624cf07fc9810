"""``make bench ROOM=trace``: leaks with a known truth, our leads against the baselines, and the speed.

Fixed seeds, two generators with laws of their own. The baselines are told how many thefts there were and name that
many; ours must stop by itself. The log may be thinned (fewer report) and the calls' times taken away.
"""

import json
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import numpy as np

from waybillguard.events import CHINA, event_files
from waybillguard.events.engines import DuckEngine
from waybillguard.simulate import Parameters, write_world
from waybillguard.trace import Answer, Shifts, Source, VictimTable, read_victims, trace
from waybillguard.trace.baselines import BASELINES, ranked
from waybillguard.trace.material import gather
from waybillguard.trace.naming import Actor
from waybillguard.trace.victims import VictimRow

WORLDS: Final = (("a", 501, 0.3), ("a", 502, 0.7), ("b", 601, 0.3), ("b", 602, 0.7))
"""Generator, seed, share of victims of other leaks."""
TREATMENTS: Final = ("as reported", "a third reports", "no times of contact")
OUTSIDE: Final = {"shop_leak": "shop", "erp_leak": "platform", "label_photographer": "unlogged"}
_FEWEST: Final = 8
_BINS: Final = (0.5, 0.8, 0.95, 1.01)


@dataclass
class Tally:
    """Counts over all worlds of one treatment."""

    thefts: int = 0
    found: int = 0
    outside: int = 0
    outside_found: int = 0
    leads: int = 0
    wrong: int = 0
    baselines: Counter[str] = field(default_factory=Counter)
    calibration: list[tuple[float, bool]] = field(default_factory=list)


def run() -> Iterator[dict[str, Any]]:
    """Yield figures."""
    tallies = {treatment: Tally() for treatment in TREATMENTS}
    seconds, events = 0.0, 0
    with tempfile.TemporaryDirectory() as folder:
        for generator, seed, outside in WORLDS:
            world = Path(folder) / f"{generator}{seed}"
            made = write_world(Parameters(seed=seed, outside=outside), world, generator=generator)
            truth = json.loads((world / "truth.json").read_text())
            with DuckEngine() as engine:
                engine.load(event_files(world / "events"), CHINA)
                engine.orders(world / "orders.parquet")
                shifts = Shifts.read((world / "roster.csv").read_bytes())
                listed = read_victims((world / "victims.csv").read_bytes())
                for treatment in TREATMENTS:
                    began = time.process_time()
                    table = _treated(listed, treatment, seed)
                    answer = trace(engine, table, shifts)
                    if treatment == TREATMENTS[0]:
                        seconds, events = seconds + time.process_time() - began, events + made.events
                    _count(tallies[treatment], answer, truth, table)
                    material = gather(engine, table.rows, shifts)
                    for name, score in BASELINES:
                        tallies[treatment].baselines[name] += _baseline(
                            ranked(material, score), truth, _share(truth, table)
                        )
    for treatment, tally in tallies.items():
        yield from _rows(treatment, tally)
    yield {
        "name": "events a CPU-second",
        "value": events / seconds,
        "unit": "1/s",
        "note": "read, search, guards",
    }


def _treated(listed: VictimTable, treatment: str, seed: int) -> VictimTable:
    draw = np.random.default_rng(seed)
    rows = listed.rows
    if treatment == TREATMENTS[1]:
        rows = tuple(row for row in rows if draw.random() < 1 / 3)
    if treatment == TREATMENTS[2]:
        rows = tuple(VictimRow(row.row, _untimed(row)) for row in rows)
    return VictimTable(rows, listed.refused)


def _untimed(row: VictimRow) -> Any:  # noqa: ANN401 - the report with fields removed
    import msgspec

    return msgspec.structs.replace(row.report, contacted_at=None, certainty=0.9)


def _rows(treatment: str, tally: Tally) -> Iterator[dict[str, Any]]:
    def row(name: str, value: float, note: str) -> dict[str, Any]:
        return {"name": f"{treatment}: {name}", "value": value, "unit": "", "note": note}

    yield row(
        "thefts named", tally.found / max(1, tally.thefts), f"{tally.found} of {tally.thefts}, as leads"
    )
    yield row(
        "outside leaks",
        tally.outside_found / max(1, tally.outside),
        f"{tally.outside_found} of {tally.outside}",
    )
    bound = (
        1 - 0.05 ** (1 / max(1, tally.leads)) if not tally.wrong else (tally.wrong + 3) / max(1, tally.leads)
    )
    yield row("wrong leads", tally.wrong, f"of {tally.leads}; 95 % bound {bound:.1%} were they independent")
    for name, hits in tally.baselines.items():
        yield row(f"baseline {name}", hits / max(1, tally.thefts), "told the number of thefts")
    low = 0.0
    for high in _BINS:
        inside = [right for posterior, right in tally.calibration if low <= posterior < high]
        if inside:
            yield row(f"right at {low}–{min(high, 1)}", sum(inside) / len(inside), f"{len(inside)} sources")
        low = high


def _count(tally: Tally, answer: Answer, truth: dict[str, Any], table: VictimTable) -> None:
    """Count thefts found and leads that fit none; thefts with fewer than eight victims on the list do not count."""
    share = _share(truth, table)
    happened = [theft for theft in truth["thefts"] if theft["from"]]
    found = {
        theft["id"]
        for theft in happened
        for source in answer.sources
        if source.priority_lead and fits(source, theft)
    }
    for theft in happened:
        if len(theft["victims"]) * share >= _FEWEST:
            outside = theft["kind"] in OUTSIDE
            tally.outside += outside
            tally.thefts += not outside
            tally.outside_found += outside and theft["id"] in found
            tally.found += not outside and theft["id"] in found
    for source in answer.sources:
        right = any(fits(source, theft) for theft in happened)
        tally.calibration.append((source.posterior, right))
        tally.leads += source.priority_lead
        tally.wrong += source.priority_lead and not right


def _share(truth: dict[str, Any], table: VictimTable) -> float:
    """Return which share of the victims the list still holds."""
    everyone = sum(len(t["victims"]) for t in truth["thefts"]) + len(truth["outside"]["victims"])
    return min(1.0, len(table.rows) / max(1, everyone))


def fits(source: Source, theft: dict[str, Any]) -> bool:
    """Tell whether a source names this theft: kind, name and days."""
    first, last = datetime.fromisoformat(theft["from"]), datetime.fromisoformat(theft["to"])
    if source.tenant not in theft["tenants"] or datetime.fromisoformat(source.start) > last:
        return False
    if datetime.fromisoformat(source.end) < first:
        return False
    if (kind := OUTSIDE.get(theft["kind"])) is not None:
        return bool(source.kind == kind and (kind != "shop" or source.detail == theft["selection"]["shop"]))
    if theft["account"] is None or source.kind == "workstation":
        return source.workstation is not None and bool(source.workstation == theft["workstation"])
    return bool(source.account == theft["account"])


def _baseline(order: list[tuple[str, Actor]], truth: dict[str, Any], share: float) -> int:
    """Return how many thefts a ranking names among as many names as there were thefts."""
    return named_by(
        order,
        [
            t
            for t in truth["thefts"]
            if t["from"] and t["kind"] not in OUTSIDE and len(t["victims"]) * share >= _FEWEST
        ],
    )


def named_by(order: list[tuple[str, Actor]], thefts: list[dict[str, Any]]) -> int:
    """Return how many of these thefts a ranking names among its first names, as many as there are thefts."""
    named = set(order[: len(thefts)])
    return sum(
        any(
            (tenant, actor) in named
            for tenant in theft["tenants"]
            for actor in (
                ("account", theft["account"] or "", "", ""),
                ("workstation", "", theft["workstation"] or "", ""),
            )
        )
        for theft in thefts
    )
