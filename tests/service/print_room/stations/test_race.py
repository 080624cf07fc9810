"""Agents lease at once, on both databases: every label exactly once."""

from pathlib import Path

import pytest
from support.race import race

pytestmark = [pytest.mark.slow, pytest.mark.timeout(280)]


@pytest.mark.parametrize("database", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def test_of_forty_agents_at_once_each_label_goes_to_one(database: str, tmp_path: Path) -> None:
    result = race("race_leases.py", database, tmp_path)
    assert result["leased"] == result["distinct"] == 60
    assert result["spent"] == 5
    assert result["states"] == {"leased": 65}
    assert result["attempts"] == {"1": 65}
