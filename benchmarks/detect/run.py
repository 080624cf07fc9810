"""Thefts in progress: our detectors and what others would use, on the same worlds in one run.

    waybillguard simulate WORLD --seed 301 --generator b
    python benchmarks/detect/run.py WORLD... [--guard]

Prints one JSON object: by method recall, false alerts, records lost before the alarm (see `scoring`), and seconds.
``--guard``: what one answer of the guard costs, against the same with nothing to judge.
"""

import json
import sys
import tempfile
import time
import timeit
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from baselines import METHODS, alerts_of, days_of, last_days
from scoring import Score, score

from waybillguard.detect import Inputs, Notes, Stations, detect, read_decoys, read_findings, read_roster
from waybillguard.detect.guard import Memory, Moment, guard_rules, judge
from waybillguard.events import EventStore
from waybillguard.events.engines import DuckEngine


def ours(world: Path) -> list[dict[str, Any]]:
    """Return our alerts of a world."""
    notes = Notes()
    findings, decoys = world / "findings.json", world / "decoys.csv"
    inputs = Inputs(
        roster=read_roster(world / "roster.csv", notes),
        decoys=read_decoys(decoys) if decoys.exists() else (),
        stations=read_findings(findings, notes) if findings.exists() else Stations(),
    )
    store = EventStore(world / "events")
    with tempfile.TemporaryDirectory() as spill, DuckEngine(spill=Path(spill)) as engine:
        found = detect(
            engine, store.files(), inputs, notes, zone=ZoneInfo("Asia/Shanghai"),
            part=lambda day: store.files(first_day=day, last_day=day),
        )  # fmt: skip
    alerts: list[dict[str, Any]] = msgspec.to_builtins(found)
    return alerts


def compare(worlds: list[Path]) -> dict[str, Any]:
    """Return the figures of every method over all worlds."""
    scores = {name: Score() for name in ("ours", *METHODS)}
    seconds = dict.fromkeys(scores, 0.0)
    for world in worlds:
        begun = time.process_time()
        score(world, ours(world), scores["ours"], world.name)
        seconds["ours"] += time.process_time() - begun
        days, roster = days_of(world), last_days(world)
        for name, method in METHODS.items():
            begun = time.process_time()
            score(world, alerts_of(method(days, roster)), scores[name], world.name)
            seconds[name] += time.process_time() - begun
    return {name: {**one.figures(), "cpu_seconds": round(seconds[name], 1)} for name, one in scores.items()}


def guard_cost(runs: int = 20_000) -> dict[str, float]:
    """Return milliseconds of one answer: reading the record, judging, writing it; and of the JSON alone."""
    rules, now = guard_rules(), 1_700_000_000_000_000
    memory = Memory(places={f"place-{n}": now for n in range(20)})
    for n in range(8):
        _, memory = judge(memory, Moment("reveal", now + n * 60_000_000, place="place-1"), rules)
    text = msgspec.json.encode(memory)
    moment = Moment("reveal", now + 900_000_000, place="place-1", in_shift=False)

    def answer() -> bytes:
        return msgspec.json.encode(judge(msgspec.json.decode(text, type=Memory), moment, rules)[1])

    def alone() -> bytes:
        return msgspec.json.encode(msgspec.json.decode(text, type=Memory))

    return {
        name: round(timeit.timeit(what, number=runs, timer=time.process_time) / runs * 1e3, 4)
        for name, what in (("answer", answer), ("json", alone))
    }


if __name__ == "__main__":
    names = [one for one in sys.argv[1:] if not one.startswith("--")]
    made: dict[str, Any] = compare([Path(one) for one in names]) if names else {}
    if "--guard" in sys.argv:
        made["guard_ms"] = guard_cost()
    print(json.dumps(made, indent=1))
