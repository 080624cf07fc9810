"""What a trace costs on a large log: CPU-seconds and memory by events, warehouses and victims.

    python -m benchmarks.leaks.scale FOLDER [MILLIONS_OF_EVENTS [WAREHOUSES [VICTIMS]]]

Makes the log once: a file a day, sorted by warehouse. One account steals in three nights; three in five victims are
his, the rest are drawn from all orders. Prints one JSON object.
"""

import json
import resource
import sys
import time
from itertools import pairwise
from pathlib import Path

import duckdb

from waybillguard.events import CHINA, event_files
from waybillguard.events.engines.counts import CountingEngine
from waybillguard.trace import Shifts, read_victims, trace

DAYS, START = 30, 20_700
GUILTY, NIGHTS = 7, (START + 12, START + 14)
"""The warehouse of the theft; its first and last night."""
_DAY = """
SELECT
  'h' || i % {houses} AS tenant, make_timestamp(CAST(moment * 1000000 AS BIGINT)) AS ts, who AS account,
  'w' || i % {houses} || '-' || place AS workstation, action, 'o' || i AS order_id, action = 'reveal' AS exposed,
  true AS allowed, CASE WHEN who <> 'thief' AND hash(i, 9) % 10 < 8 THEN 'ticket' END AS explained_by,
  make_timestamp(CAST((({start} + i // {a_day}) * 86400 + i * 7919 % 36000) * 1000000 AS BIGINT)) AS order_created_at
FROM (
  SELECT i, {day} * 86400 + 36000 + hash(i) % 18000 AS moment, 'd' || i % {houses} || '-' || hash(i, 1) % 4 AS who,
    hash(i, 1) % 4 AS place, 'print' AS action
  FROM range({first}, {last}) t(i)
  UNION ALL
  SELECT i, {day} * 86400 + 36000 + hash(i, {day}) % 20000, 'k' || i % {houses} || '-' || hash(i, 2) % 16,
    4 + hash(i, 2) % 16, 'reveal'
  FROM range({recent}, {last}) t(i) WHERE hash(i, {day}, 3) % 10 < 5
  UNION ALL
  SELECT i, {day} * 86400 + 60000 + hash(i, 4) % 6000, 'thief', 4, 'reveal'
  FROM range({recent}, {last}) t(i) WHERE {stealing} AND i % {houses} = {guilty} AND hash(i, 5) % 4 = 0
)
ORDER BY tenant, ts
"""


def make(folder: Path, millions: int, houses: int, victims: int) -> None:
    """Write the log and the list: each order is printed once and read 1.5 times on average within three days."""
    (folder / "events").mkdir(parents=True)
    a_day = millions * 400_000 // DAYS
    with duckdb.connect() as db:
        for place in range(DAYS):
            day = START + place
            made = _DAY.format(
                houses=houses, day=day, start=START, a_day=a_day, first=place * a_day, last=(place + 1) * a_day,
                recent=max(0, place - 2) * a_day, stealing=NIGHTS[0] <= day <= NIGHTS[1], guilty=GUILTY,
            )  # fmt: skip
            db.execute(f"COPY ({made}) TO '{folder}/events/{day}.parquet' (ROW_GROUP_SIZE 122880)")
        call = "strftime(make_timestamp(CAST(({}) * 86400000000 AS BIGINT)), '%Y-%m-%dT%H:%M:%SZ') AS contacted_at"
        stolen = victims * 3 // 5
        db.execute(
            f"COPY ((SELECT order_id, {call.format('epoch_us(ts) / 86400000000 + 0.3 + hash(order_id) % 50 / 10')} "
            f"FROM read_parquet('{folder}/events/*.parquet') WHERE account = 'thief' ORDER BY hash(order_id, 1) LIMIT {stolen}) "
            f"UNION ALL SELECT 'o' || i, {call.format(f'{START} + i // {a_day} + 1 + hash(i) % 90 / 10')} "
            f"FROM (SELECT CAST(hash(n) % {a_day * DAYS} AS BIGINT) AS i FROM range({victims - stolen}) t(n))) "
            f"TO '{folder}/victims.csv'"
        )


def main(folder: Path, millions: int, houses: int, victims: int) -> dict[str, object]:
    """Make what is not there, trace it, and return the figures."""
    if not folder.exists():
        make(folder, millions, houses, victims)
    steps: dict[str, float] = {}

    def step(name: str) -> None:
        steps[name] = time.process_time()

    with CountingEngine(folder / "counts", memory="700MB", spill=folder / ".spill") as engine:
        step("open")
        engine.load(event_files(folder / "events"), CHINA)
        engine.orders(None)
        answer = trace(engine, read_victims((folder / "victims.csv").read_bytes()), Shifts([]), progress=step)
    step("end")
    names = list(steps)
    return {
        "events (millions)": millions,
        "victims": answer.victims,
        "leads": [(one.kind, one.account, one.tenant) for one in answer.sources if one.priority_lead],
        "CPU seconds": {name: round(steps[after] - steps[name], 2) for name, after in pairwise(names)},
        "peak memory (MB)": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


if __name__ == "__main__":
    numbers = [int(text) for text in sys.argv[2:5]]
    print(json.dumps(main(Path(sys.argv[1]), *(numbers + [100, 500, 500][len(numbers) :])), indent=1))
