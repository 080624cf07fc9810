"""Calls that shred single orders at once count each other, on both databases."""

from pathlib import Path

import pytest
from support.race import race

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]


@pytest.mark.parametrize("database", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def test_racing_calls_under_an_old_sign_in_shred_few_single_orders(database: str, tmp_path: Path) -> None:
    result = race("race_shreds.py", database, tmp_path)
    within = result["few"] // result["each"]
    assert result["said"] == {"200": within, "403": 12 - within}
    assert (result["acts"], result["gone"]) == (within, within * result["each"])
