"""Peers are measured beside ours where they are, and said to be missing where they are not."""

import pytest
from support.missing import missing

from benchmarks import peers


def test_a_peer_that_is_not_there_says_so_and_stops_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(peers, "binaries", lambda: None)
    monkeypatch.setattr(peers.shutil, "which", lambda _: None)
    monkeypatch.setattr(peers.sys, "executable", "/nowhere/python")
    monkeypatch.setenv("WAYBILLGUARD_PEERS", "")

    rows = {str(row["name"]): row for row in peers.run(50)}

    assert rows.pop("ours")["value"] > 0
    assert len(rows) == 5
    assert all(row["note"].startswith("not tried: ") for row in rows.values())


@pytest.mark.postgresql
def test_pgcrypto_is_measured_in_a_server_of_its_own() -> None:
    if peers.binaries() is None:
        missing("a PostgreSQL server", "install the package postgresql")
    pairs = [("bm9uZQ==", "13900000000")] * 2_000
    assert peers._pgp(pairs) > 0
