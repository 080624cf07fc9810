"""The benchmark runs and says what it measured; no figure can fail a build."""

from benchmarks import seal


def test_every_row_of_the_benchmark_has_a_figure_a_unit_and_a_note() -> None:
    rows = seal.run(orders=200, rounds=1)
    assert [set(row) for row in rows] == [{"name", "value", "unit", "note"}] * len(rows)
    assert all(isinstance(row["value"], float) and row["value"] > 0 for row in rows)
    assert {"seal with all tokens", "peer: Fernet, no index"} <= {str(row["name"]) for row in rows}
