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


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """Address of a database: empty for SQLite in the data folder, else a PostgreSQL server of its own."""
    if request.param == "sqlite":
        yield ""
        return
    if binaries() is None:
        missing("a PostgreSQL server", "install the package postgresql")
    cluster = Cluster()
    yield cluster.url("killed")
    cluster.stop()


def killed_everywhere(script: str, home: Path, url: str) -> dict[str, Any]:
    """Run a script that is killed and restarted at each of its points; return its final result."""
    home.mkdir(mode=0o700)
    done = subprocess.run(
        [sys.executable, str(SUPPORT / script)],
        env={
            **os.environ,
            "WAYBILLGUARD_HOME": str(home),
            "WAYBILLGUARD_DATABASE_URL": url,
            "PYTHONPATH": f"{SUPPORT.parent}{os.pathsep}{os.environ.get('PYTHONPATH', '')}",
        },
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    told: dict[str, Any] = json.loads(done.stdout)
    assert told["prepare"] == 0, done.stderr[-3000:]
    assert len(told["died"]) >= 4
    assert set(told["died"].values()) == {-signal.SIGKILL}, (told["died"], done.stderr[-3000:])
    assert told["left"] == [0, 0], done.stderr[-3000:]
    found: dict[str, Any] = told["found"]
    return found


def test_every_event_is_exported_once(database_url: str, tmp_path: Path) -> None:
    assert killed_everywhere("kill_exports.py", tmp_path / "data", database_url) == {
        "rows": [300, 300], "days": 300, "hours": 300, "waiting": 0,
    }  # fmt: skip


def test_platforms_are_told_once(database_url: str, tmp_path: Path) -> None:
    assert killed_everywhere("kill_handovers.py", tmp_path / "data", database_url) == {
        "orders": 260, "most": 1, "files": 3, "handed": 3, "rows": 3, "takes": 1,
    }  # fmt: skip
