"""The benchmark runs and says what it measured; no figure can fail a build."""

import pytest

from benchmarks import access


def test_every_row_has_a_figure_a_unit_and_a_note(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WAYBILLGUARD_PEERS", "")
    rows = access.run(decisions=200, rounds=1)
    assert [set(row) for row in rows] == [{"name", "value", "unit", "note"}] * len(rows)
    assert {"decide, 50 policies", "peer: Cedar, text each call"} <= {str(row["name"]) for row in rows}
    for row in rows:
        assert isinstance(row["value"], float)
        assert (row["value"] > 0) != str(row["note"]).startswith("not tried")


def test_a_peer_that_does_not_run_is_named_not_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WAYBILLGUARD_PEERS", "/bin/false")
    rows = access.run(decisions=100, rounds=1)
    assert [str(row["note"])[:9] for row in rows if "pycasbin" in str(row["name"])] == ["not tried"] * 2
