"""Every row of the data files, and thresholds changed by an owner."""

import csv
from pathlib import Path

import pytest
from detect.made_up import alerts, at, quiet, theft

from waybillguard.detect import Change, DetectInputError, changed, detectors
from waybillguard.detect.catalogue import COUNTS, KINDS, role_kind
from waybillguard.detect.roster import Duty


@pytest.mark.parametrize("one", detectors(), ids=lambda one: one.id)
def test_a_detector_says_what_it_watches_and_where_that_comes_from(one: object) -> None:
    found = next(other for other in detectors() if other is one)
    assert all(
        (found.zh, found.en, found.source_zh, found.source_en, found.scenario, found.name_zh, found.name_en)
    )
    for setting in (found.rarity, found.least):
        assert setting.limits[0] <= setting.value <= setting.limits[1]
    assert {"floor", "service", "office", "temp"} <= set(found.prior)
    words = {"count": 1, "limit": 1, "days": 1, "waited": 3, "within": "on one day", "tool": "x"}
    assert "{" not in found.zh.format(**words) + found.en.format(**words)


def test_there_is_one_detector_for_each_count() -> None:
    assert [one.counts for one in detectors()] == list(COUNTS)


def test_every_word_of_a_role_has_a_known_kind() -> None:
    import waybillguard.detect

    table = (Path(waybillguard.detect.__file__).parent / "data" / "roles.csv").read_text("utf-8")
    rows = list(csv.DictReader(table.splitlines()))
    assert {row["kind"] for row in rows} <= set(KINDS)
    assert len({row["word"] for row in rows}) == len(rows)
    assert (role_kind("售后客服"), role_kind("仓库店长"), role_kind("拣货")) == ("service", "office", "floor")


def test_an_owner_moves_a_threshold_within_its_limits(tmp_path: Path) -> None:
    stolen = theft(at(10, 2), 9)
    assert alerts(tmp_path / "a", quiet(), stolen) == []
    (alert,) = alerts(tmp_path / "b", quiet(), stolen, changes=[Change("off_shift", rarity=2, least=3)])
    assert alert.rule == "off_shift"
    for refused in (Change("off_shift", rarity=99), Change("nothing", rarity=3)):
        with pytest.raises(DetectInputError):
            changed([refused])


@pytest.mark.parametrize(
    ("shift", "hour", "on"),
    [
        ((9, 18), 12, True),
        ((9, 18), 20, False),
        ((22, 6), 2, True),
        ((22, 6), 12, False),
        ((15.4, 23.9), 0.5, True),
        ((8.4, 23), 1.7, False),
    ],
)
def test_a_shift_may_run_over_midnight_and_has_an_hour_of_grace(
    shift: tuple[float, float], hour: float, on: bool
) -> None:
    assert Duty(shifts=[shift]).on_shift(int(hour * 6), 1.0) is on
