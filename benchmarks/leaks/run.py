"""How well a trace finds leaks whose laws its model does not know: ours, what others would name, and an oracle.

    python -m benchmarks.leaks.worlds WORLDS 1 60
    python -m benchmarks.leaks.run WORLDS [--misses]

Prints one JSON object. A theft counts where eight or more of its victims stand on the list. Baselines are told how
many thefts there were; ours stops by itself. The oracle knows the waiting times, the other leaks, the victims that
are noise, and each theft's days: it only has to say who. ``--misses`` prints what stands on the list for each
theft that was not found.
"""

import json
import sys
import time
from collections import Counter, defaultdict
from itertools import pairwise
from pathlib import Path
from typing import Any

from benchmarks.leaks.oracle import oracle
from benchmarks.trace import OUTSIDE, fits, named_by
from waybillguard.events import CHINA, event_files
from waybillguard.events.engines import DuckEngine
from waybillguard.trace import Answer, Shifts, Source, read_victims, trace
from waybillguard.trace.baselines import BASELINES, ranked
from waybillguard.trace.material import gather

FEWEST = 8
BORDERS = (0.0, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.99, 1.01)


def main(folder: Path, *, misses: bool) -> dict[str, Any]:
    """Return the figures over all worlds of a folder."""
    counts: Counter[str] = Counter()
    kinds: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    noise: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    sure: list[tuple[float, bool]] = []
    sure_outside: list[tuple[float, bool]] = []
    wrong: list[str] = []
    seconds = 0.0
    for world in sorted(path.parent for path in folder.glob("*/truth.json")):
        truth = json.loads((world / "truth.json").read_text())
        with DuckEngine(threads=1) as engine:
            engine.load(event_files(world / "events"), CHINA)
            engine.orders(world / "orders.parquet")
            shifts = Shifts.read((world / "roster.csv").read_bytes())
            listed = read_victims((world / "victims.csv").read_bytes())
            began = time.process_time()
            answer = trace(engine, listed, shifts)
            seconds += time.process_time() - began
            material = gather(engine, listed.rows, shifts)
        could = oracle(material, truth["thefts"])
        thefts = [theft for theft in truth["thefts"] if len(theft["victims"]) >= FEWEST]
        for one in answer.sources:
            counts["elsewhere"] += one.elsewhere
            counts["elsewhere right"] += one.elsewhere and any(
                _outside_too(one, theft) for theft in truth["thefts"]
            )
        leads = [source for source in answer.sources if source.priority_lead]
        counts["leads"] += len(leads)
        for one in answer.sources:
            inside = one.kind in {"account", "workstation", "pair"}
            (sure if inside else sure_outside).append(
                (one.posterior, any(fits(one, theft) for theft in truth["thefts"]))
            )
        wrong += [
            f"{world.name}: {one.kind} {one.account} {one.workstation} {one.detail} {one.posterior}"
            for one in leads
            if not any(fits(one, theft) for theft in truth["thefts"])
        ]
        for theft in thefts:
            found = any(fits(one, theft) for one in leads)
            side = "outside" if theft["kind"] in OUTSIDE else "named"
            counts[side] += 1
            counts[f"{side} found"] += found
            counts[f"{side} oracle"] += theft["id"] in could
            counts[f"{side} both"] += found and theft["id"] in could
            for table, name in ((kinds, theft["kind"]), (noise, f"{side} noise {truth.get('noise')}")):
                table[name][0] += found
                table[name][1] += 1
            if misses and not found:
                _miss(world.name, theft, answer, truth)
        named = [theft for theft in thefts if theft["kind"] not in OUTSIDE]
        for name, score in () if misses else BASELINES:
            counts[f"baseline {name}"] += named_by(ranked(material, score), named)
    return {
        "named": f"{counts['named found']} of {counts['named']}",
        "outside": f"{counts['outside found']} of {counts['outside']}",
        "oracle": {
            side: f"{counts[f'{side} oracle']}, of which we {counts[f'{side} both']}"
            for side in ("named", "outside")
        },
        "said to be from elsewhere": f"{counts['elsewhere right']} of {counts['elsewhere']} right",
        "leads": counts["leads"],
        "wrong": wrong,
        "baselines": {name: counts[f"baseline {name}"] for name, _ in BASELINES},
        "kinds": {name: f"{a} of {b}" for name, (a, b) in sorted(kinds.items())},
        "noise": {name: f"{a} of {b}" for name, (a, b) in sorted(noise.items())},
        "calibration": calibration(sure),
        "calibration outside": calibration(sure_outside),
        "seconds": round(seconds, 1),
    }


def _outside_too(one: Source, theft: dict[str, Any]) -> bool:
    """Tell whether a theft outside the log, whatever its kind, fell in those days and that warehouse."""
    return (
        theft["kind"] in OUTSIDE
        and one.tenant in theft["tenants"]
        and one.start <= theft["to"]
        and one.end >= theft["from"]
    )


def calibration(found: list[tuple[float, bool]]) -> dict[str, Any]:
    """Return stated against true shares by bin, and the expected calibration error."""
    bins, error = {}, 0.0
    for low, high in pairwise(BORDERS):
        inside = [(p, right) for p, right in found if low <= p < high]
        if inside:
            said, true = (sum(column) / len(inside) for column in zip(*inside, strict=True))
            bins[f"{low}"] = [len(inside), round(said, 3), round(true, 3)]
            error += abs(said - true) * len(inside) / len(found)
    return {"bins (number, stated, true)": bins, "error": round(error, 4)}


def _miss(name: str, theft: dict[str, Any], answer: Answer, truth: dict[str, Any]) -> None:
    print(
        f"{name} {theft['kind']} {theft['tenants'][0]} {theft['account']} {theft['workstation']} {theft['selection']} "
        f"{theft['from'][:13]}–{theft['to'][:13]} victims {len(theft['victims'])} of {answer.victims}, noise "
        f"{len(truth['outside']['victims'])}, {truth.get('law')} {truth.get('timing')}",
        file=sys.stderr,
    )
    for one in answer.sources:
        if one.tenant in theft["tenants"]:
            print(
                f"    {'*' if one.priority_lead else ' '} {one.kind} {one.account} {one.workstation} {one.detail} {one.kernel} "
                f"{one.start[:13]}–{one.end[:13]} p {one.posterior} n {one.explained} of {one.looked_at} "
                f"perm {one.p_permutation} e {one.e_value} tie {[(t['kind'], t['account'], t['workstation'], t['detail']) for t in one.tie]} "
                f"| {one.why_en.split('lead: ')[-1]}",
                file=sys.stderr,
            )


if __name__ == "__main__":
    result = main(Path(sys.argv[1]), misses="--misses" in sys.argv)
    print(json.dumps(result, indent=1))
