"""A print task arrives twice at once, on both databases: its orders are stored once."""

from pathlib import Path

import pytest
from support.race import race

pytestmark = [pytest.mark.slow, pytest.mark.timeout(280)]


@pytest.mark.parametrize("database", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def test_a_task_that_comes_twice_at_once_is_stored_once(database: str, tmp_path: Path) -> None:
    result = race("race_arrivals.py", database, tmp_path)
    rounds = result["times"] - 1
    assert result["same"] == [[["taken", "taken"], 1]] * rounds
    assert result["other"] == [["taken", "task_reused"]] * rounds
    assert result["documents"] == 1 + 2 * rounds
