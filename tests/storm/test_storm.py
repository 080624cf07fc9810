"""A short storm: every kind of process killed once, the disk full, the clock an hour and a year wrong, a flipped backup."""

import sys
from pathlib import Path

import pytest
from support.missing import missing

from storm import clock, disk
from storm.storm import Plan, Storm

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1_200)]


def test_a_short_storm_loses_doubles_destroys_and_blocks_nothing(tmp_path: Path) -> None:
    if clock.library() is None:
        missing("libfaketime", "install the package faketime")
    if why := disk.refused(tmp_path / "tried"):
        missing("a small disk", why)
    plan = Plan(kills=5, full_disks=1, clock=True, flips=1, seed=3)
    result = Storm(tmp_path, plan, lambda line: sys.stderr.write(f"{line}\n")).run()
    sys.stderr.write(f"{result.told()}\n")
    assert result.faults == []
    assert result.not_tried == []
    assert result.account.acknowledged > 100
    assert result.recoveries["all"]["kills"] >= 5
