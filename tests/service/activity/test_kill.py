"""kill -9 at every point of an export, on both databases: every event is stored and counted exactly once."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from support.missing import missing
from support.postgres import Cluster, binaries

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

SUPPORT = Path(__file__).parents[2] / "support"


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def told(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Any]]:
    """Kill and restart the work at each of its points: SQLite in the data folder, else a PostgreSQL server of its own."""
    home = tmp_path_factory.mktemp(f"killed-{request.param}") / "data"
    if request.param == "sqlite":
        yield killed_everywhere(home, "")
        return
    if binaries() is None:
        missing("a PostgreSQL server", "install the package postgresql")
    cluster = Cluster()
    try:
        yield killed_everywhere(home, cluster.url("killed"))
    finally:
        cluster.stop()


def killed_everywhere(home: Path, url: str) -> dict[str, Any]:
    """Run the work that is killed and restarted at each of its points; return what was told of it."""
    home.mkdir(mode=0o700)
    done = subprocess.run(
        [sys.executable, str(SUPPORT / "kill_work.py")],
        env={
            **os.environ,
            "WAYBILLGUARD_HOME": str(home),
            "WAYBILLGUARD_DATABASE_URL": url,
            "PYTHONPATH": f"{SUPPORT.parent}{os.pathsep}{os.environ.get('PYTHONPATH', '')}",
        },
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    return {**json.loads(done.stdout), "errors": done.stderr[-3000:]}


def found_after_kills(told: dict[str, Any], work: str) -> dict[str, Any]:
    """Check that each point was met and the work was then finished; return what it left."""
    one, errors = told[work], told["errors"]
    assert one["prepare"] == 0, errors
    assert len(one["died"]) >= 4
    assert set(one["died"].values()) == {-signal.SIGKILL}, (one["died"], errors)
    assert one["left"] == [0, 0], errors
    found: dict[str, Any] = one["found"]
    return found


def test_every_event_is_exported_once(told: dict[str, Any]) -> None:
    assert found_after_kills(told, "exports") == {
        "rows": [300, 300], "days": 300, "hours": 300, "waiting": 0,
    }  # fmt: skip


def test_platforms_are_told_once(told: dict[str, Any]) -> None:
    assert found_after_kills(told, "handovers") == {
        "orders": 260, "most": 1, "files": 3, "handed": 3, "rows": 3, "takes": 1,
    }  # fmt: skip
