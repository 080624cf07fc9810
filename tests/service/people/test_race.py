"""Two owners who take each other away at the same moment leave one, on both databases."""

from pathlib import Path

import pytest
from support.race import race

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


@pytest.mark.parametrize("database", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def test_of_two_owners_who_take_each_other_away_one_stays(database: str, tmp_path: Path) -> None:
    result = race("race_owners.py", database, tmp_path)
    assert result["told"] == {"done": 8, "last_owner": 8}
    assert result["left"] == [1] * 8
