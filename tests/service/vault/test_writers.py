"""Chunks of an import stored in parallel: order, counts and errors are preserved."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from support.missing import missing
from support.postgres import Cluster, binaries

SCRIPT = Path(__file__).parents[2] / "support" / "write_side_by_side.py"


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def seen(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    home = tmp_path_factory.mktemp(f"writers-{request.param}")
    (home / "data").mkdir(mode=0o700)
    cluster = None
    if request.param == "postgresql":
        if binaries() is None:
            missing("a PostgreSQL server", "install the package postgresql")
        cluster = Cluster()
    try:
        environment = {
            **os.environ,
            "WAYBILLGUARD_HOME": str(home / "data"),
            "WAYBILLGUARD_DATABASE_URL": cluster.url("writers") if cluster else "",
            "PYTHONPATH": str(SCRIPT.parents[2]),
        }
        done = subprocess.run(
            [sys.executable, str(SCRIPT)], env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr[-3000:]
        return {"database": request.param, **json.loads(done.stdout)}
    finally:
        if cluster:
            cluster.stop()


def test_orders_stand_in_the_order_of_the_file_whoever_wrote_them(seen: dict[str, Any]) -> None:
    assert seen["in the order of the file"]
    assert seen["writers"] == (3 if seen["database"] == "postgresql" else 1), (
        "the first chunk and two threads"
    )


def test_every_row_is_stored_and_counted_once(seen: dict[str, Any]) -> None:
    assert seen["salts"] == 1000
    assert seen["counted"] == [1000, 1000, 1000, 1000]


def test_a_fault_in_one_chunk_leaves_no_row_and_no_thread(seen: dict[str, Any]) -> None:
    assert seen["left by the broken one"] == 0
    assert seen["threads after it"] == []
