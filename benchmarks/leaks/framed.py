"""Lists made up to name an innocent: what one account looked at, as if its buyers had been called.

    python -m benchmarks.leaks.worlds WORLDS 101 12
    python -m benchmarks.leaks.framed WORLDS

One account that stole nothing a world, three lists: its looks of two days, those of five days that no work explains,
all. Prints one JSON object.
"""

import json
import random
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from waybillguard.events import CHINA, event_files
from waybillguard.events.engines import DuckEngine
from waybillguard.trace import Shifts, trace, victims_of

DAY_US = 86_400_000_000
FEWEST, VICTIMS, ENOUGH = 8, 40, 60
_LOOKS = """
SELECT account, order_id, min(ts_us), min(day), bool_or(explained_by IS NULL) FROM events
WHERE look AND exposed AND action NOT IN ('print', 'reprint') GROUP BY ALL ORDER BY ALL
"""


def main(folder: Path) -> dict[str, Any]:
    """Return how many lists were made up, and the leads they led to."""
    lists, leads = 0, []
    for world in sorted(path.parent for path in folder.glob("*/truth.json")):
        guilty = {theft["account"] for theft in json.loads((world / "truth.json").read_text())["thefts"]}
        dice = random.Random(world.name)  # noqa: S311 - repeatable
        with DuckEngine(threads=1) as engine:
            engine.load(event_files(world / "events"), CHINA)
            engine.orders(world / "orders.parquet")
            shifts = Shifts.read((world / "roster.csv").read_bytes())
            looks: dict[str, list[tuple[Any, ...]]] = {}
            for account, *look in engine.connection.execute(_LOOKS).fetchall():
                looks.setdefault(account, []).append(tuple(look))
            innocent = [one for one in sorted(looks) if one not in guilty and len(looks[one]) > ENOUGH]
            if not innocent:
                continue
            who = dice.choice(innocent)
            for kind, pool in _pools(looks[who], dice).items():
                if len(pool) >= FEWEST:
                    answer = trace(engine, victims_of(_called(pool, dice)), shifts)
                    lists += 1
                    leads += [
                        f"{world.name} {kind}: {one.kind}, {'his' if one.account == who else 'another'}"
                        for one in answer.sources
                        if one.priority_lead
                    ]
    return {"lists": lists, "leads": leads}


def _pools(looks: list[tuple[Any, ...]], dice: random.Random) -> dict[str, list[tuple[Any, ...]]]:
    days = sorted({day for _, _, day, _ in looks})
    first = dice.choice(days[:-1] or days)
    return {
        "two days": [look for look in looks if first <= look[2] <= first + 1],
        "five days, unexplained": [look for look in looks if first <= look[2] <= first + 4 and look[3]],
        "all": looks,
    }


def _called(pool: list[tuple[Any, ...]], dice: random.Random) -> list[dict[str, str]]:
    return [
        {
            "order_id": order,
            "contacted_at": datetime.fromtimestamp(
                (at + int(dice.gammavariate(2, 1.7) * DAY_US)) / 1e6, tz=UTC
            ).isoformat(),
        }
        for order, at, *_ in dice.sample(pool, min(VICTIMS, len(pool)))
    ]


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1])), indent=1))
