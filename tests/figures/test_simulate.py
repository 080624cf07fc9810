"""The figures of the simulator are measured, with their control beside them."""

import pytest

from benchmarks import simulate


def test_figures_come_from_a_world_that_was_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WAYBILLGUARD_BENCH_EVENTS", "0.01")
    monkeypatch.setattr(simulate, "_PARCELS", 60.0)

    rows = {str(row["name"]): row for row in simulate.run()}

    assert float(str(rows["simulate.events written"]["value"])) > 0
    assert "control" in str(rows["simulate.wall"]["note"])
    assert 5 < float(str(rows["simulate.size"]["value"])) < 2000
