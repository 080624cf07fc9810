"""Sixty guesses at a PIN at once: no more are looked at than one after another, on both databases."""

from pathlib import Path

import pytest
from support.race import race

from waybillguard.service.people.badges.tries import FREE_TRIES, STATION_FREE

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


@pytest.mark.parametrize("database", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def test_of_sixty_racing_guesses_five_are_looked_at(database: str, tmp_path: Path) -> None:
    result = race("race_pins.py", database, tmp_path)
    assert result["looked"] == result["counted"] == FREE_TRIES
    assert result["said"] == {"not_signed_in": STATION_FREE, "badge": 60 - STATION_FREE}
