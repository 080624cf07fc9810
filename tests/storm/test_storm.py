"""Short storms: each process killed once, a full disk, a clock wrong by an hour and a year, a damaged backup."""

import sys
from pathlib import Path

import pytest
from support.first_start import FirstStart
from support.missing import missing
from support.postgres import binaries

from storm import clock, disk
from storm.storm import Plan, Result, Storm

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1_200)]


def weathered(folder: Path, plan: Plan, first_start: FirstStart) -> Result:
    """Run a storm and assert that it found no fault."""
    result = Storm(folder, plan, lambda line: sys.stderr.write(f"{line}\n"), first_start).run()
    sys.stderr.write(f"{result.told()}\n")
    assert result.faults == []
    assert result.not_tried == []
    assert result.account.acknowledged > 100
    assert result.labels > 0
    assert result.recoveries["all"]["kills"] >= plan.kills
    return result


def test_a_short_storm_loses_doubles_destroys_and_blocks_nothing(
    tmp_path: Path, first_start: FirstStart
) -> None:
    if clock.faketime() is None:
        missing("libfaketime", "install the package faketime")
    if why := disk.refused(tmp_path / "tried"):
        missing("a small disk", why)
    weathered(tmp_path, Plan(kills=5, full_disks=1, clock=True, flips=1, seed=3), first_start)


@pytest.mark.postgresql
def test_a_server_that_is_killed_with_everything_else_loses_doubles_and_blocks_nothing(
    tmp_path: Path,
    first_start: FirstStart,
) -> None:
    if binaries() is None:
        missing("a PostgreSQL server", "install the package postgresql")
    victims = ("backend", "postmaster", "web worker", "everything")
    weathered(
        tmp_path,
        Plan(kills=4, full_disks=0, clock=False, flips=0, victims=victims, postgresql=True),
        first_start,
    )
