"""A hundred exports race for the last units of quota, two agreements for one export, on both databases."""

from pathlib import Path

import pytest
from support.race import race

pytestmark = [pytest.mark.slow, pytest.mark.timeout(480)]


@pytest.mark.parametrize("database", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def test_racing_exports_count_exactly_and_one_agreement_counts(database: str, tmp_path: Path) -> None:
    result = race("race_exports.py", database, tmp_path)
    fitting = result["limit"] // result["each"]
    assert result["raced"] == {"done": fitting, "export_denied": 100 - fitting}
    assert result["used"] == fitting * result["each"]
    assert result["counted"] == result["persons"] <= result["used"]
    assert result["twice"] == {"done": 1, "export_not_now": 1}
    assert result["met"][1] == "done" or result["met"] == ["done", "export_not_now"]
    assert result["ended"] == "withdrawn" if result["met"][1] == "done" else "agreed"
