"""The frozen PCs, written by authors who had not read the rules: each plant is found, ordinary PCs stay clean."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from sensor.judge_cases import folders, judge_case
from sensor.prepared_reader import prepared_reader
from support.missing import missing


@pytest.fixture(scope="module", autouse=True)
def _reader_is_prepared() -> Iterator[None]:
    with prepared_reader():
        yield


@pytest.mark.parametrize("folder", folders(), ids=lambda path: path.name)
def test_a_frozen_pc_is_judged_rightly(folder: Path, tmp_path: Path) -> None:
    data = os.environ.get("WAYBILLGUARD_TEST_DATA")
    score = judge_case(folder, tmp_path, Path(data) if data else None)
    if score.skipped:
        missing("measurement data", "set WAYBILLGUARD_TEST_DATA to its folder")
    assert (score.missed, score.sessions_missed, score.false_highs, score.loss_missed) == ([], [], [], False)
    assert score.single_fact_highs == 0
