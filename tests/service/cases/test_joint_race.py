"""Eight authorities edit one case at once, on both databases: no edit is lost, each refusal shows what is new."""

from pathlib import Path

import pytest
from support.race import race

pytestmark = [pytest.mark.slow, pytest.mark.timeout(280)]
EACH, AUTHORITIES = 5, 8


@pytest.mark.parametrize("database", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def test_no_edit_is_lost(database: str, tmp_path: Path) -> None:
    result = race("race_joint.py", database, tmp_path)
    assert result["version"] == 1 + EACH * AUTHORITIES
    assert len(set(result["notes"])) == EACH * AUTHORITIES
    assert result["unseen"] == 0
