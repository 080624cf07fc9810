"""The bench of looks starts a service, and every row says what it measured."""

import pytest

from benchmarks import reveal

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]


def test_clerks_look_at_a_running_service_and_every_look_is_shown() -> None:
    rows = reveal.run(clerks=2, seconds=6, reading=2)
    assert [set(row) for row in rows] == [{"name", "value", "unit", "note"}] * 3, rows
    assert all(row["value"] > 0 for row in rows), rows
