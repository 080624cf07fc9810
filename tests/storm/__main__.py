"""``python -m storm``: run a storm and print its result as JSON; exit status 1 if it found a fault."""

import argparse
import json
import sys
import tempfile
from pathlib import Path

from support.first_start import FirstStart

from storm.storm import Plan, Storm


def main() -> int:
    options = argparse.ArgumentParser(prog="storm", description=__doc__)
    options.add_argument("--kills", type=int, default=200, help="processes killed, one after another")
    options.add_argument("--seconds", type=float, default=4 * 3600.0, help="begin no kill after so long")
    options.add_argument("--full-disks", type=int, default=3, help="times the disk is filled (root only)")
    options.add_argument("--no-clock", action="store_true", help="leave the clock alone")
    options.add_argument("--flips", type=int, default=20, help="backups with one bit flipped")
    options.add_argument("--seed", type=int, default=1, help="chance begins here")
    options.add_argument(
        "--postgresql", action="store_true", help="on a PostgreSQL server, which is killed as well"
    )
    given = options.parse_args()
    plan = Plan(
        given.kills,
        given.seconds,
        given.full_disks,
        not given.no_clock,
        given.flips,
        given.seed,
        given.postgresql,
    )
    with tempfile.TemporaryDirectory(prefix="storm-") as folder:
        first_start = FirstStart(Path(folder) / "first-start")
        result = Storm(Path(folder), plan, _say, first_start).run()
    json.dump(result.told(), sys.stdout, indent=1, ensure_ascii=False)
    sys.stdout.write("\n")
    return 1 if result.faults else 0


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)  # noqa: T201


if __name__ == "__main__":
    sys.exit(main())
