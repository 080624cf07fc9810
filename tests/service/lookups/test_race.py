"""A hundred looks race for the last unit of quota, on the real service and both databases."""

from pathlib import Path

import pytest
from support.race import race

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]


@pytest.mark.parametrize("database", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def test_of_a_hundred_racing_looks_exactly_one_gets_the_last_unit(database: str, tmp_path: Path) -> None:
    result = race("race_reveals.py", database, tmp_path)
    assert result["before"] == {"shown": result["limit"] - 1}
    assert result["raced"] == {"shown": 1, "reveal_denied": 99}
    assert result["used"] == result["limit"]
    assert result["counted"] == result["persons"] == 2


@pytest.mark.parametrize("database", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def test_accounts_at_one_device_share_its_last_looks_exactly(database: str, tmp_path: Path) -> None:
    result = race("race_device.py", database, tmp_path)
    assert result["raced"] == {
        "shown": result["limit"],
        "reveal_denied": result["asked"] - result["limit"],
    }
    assert result["used"] == result["limit"]
