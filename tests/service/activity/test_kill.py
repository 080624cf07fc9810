"""kill -9 at every point of an export, on both databases: every event is in the table exactly once, counted once."""

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

SCRIPT = Path(__file__).parents[2] / "support" / "kill_exports.py"
POINTS = ("fix", "write", "rename", "mark", "count")
EVENTS = 300


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    if binaries() is None:
        missing("a PostgreSQL server", "install the package postgresql")
    made = Cluster()
    yield made
    made.stop()


def run(home: Path, url: str, *arguments: str, script: Path = SCRIPT) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "WAYBILLGUARD_HOME": str(home), "WAYBILLGUARD_DATABASE_URL": url}
    return subprocess.run(
        [sys.executable, str(script), *arguments],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def killed_everywhere(home: Path, url: str) -> dict[str, Any]:
    home.mkdir()
    prepared = run(home, url, "prepare")
    assert prepared.returncode == 0, prepared.stderr
    for point in POINTS:
        died = run(home, url, "export", point)
        assert died.returncode == -signal.SIGKILL, (point, died.stderr)
    # Two at once finish what is left.
    environment = {**os.environ, "WAYBILLGUARD_HOME": str(home), "WAYBILLGUARD_DATABASE_URL": url}
    both = [
        subprocess.Popen([sys.executable, str(SCRIPT), "export", "none"], env=environment) for _ in range(2)
    ]
    assert [one.wait() for one in both] == [0, 0]
    found: dict[str, Any] = json.loads(run(home, url, "check").stdout)
    return found


EXACTLY_ONCE = {"rows": [EVENTS, EVENTS], "days": EVENTS, "hours": EVENTS, "waiting": 0}


def test_on_the_embedded_database(tmp_path: Path) -> None:
    assert killed_everywhere(tmp_path / "data", "") == EXACTLY_ONCE


@pytest.mark.postgresql
def test_on_postgresql(tmp_path: Path, cluster: Cluster) -> None:
    assert killed_everywhere(tmp_path / "data", cluster.url("events")) == EXACTLY_ONCE


HANDOVERS = SCRIPT.with_name("kill_handovers.py")
TOLD_ONCE = {"orders": 260, "most": 1, "files": 3, "handed": 3, "rows": 3, "takes": 1}


def handed_over_everywhere(home: Path, url: str) -> dict[str, Any]:
    home.mkdir(mode=0o700)
    prepared = run(home, url, "prepare", script=HANDOVERS)
    assert prepared.returncode == 0, prepared.stderr
    for point in ("take", "before", "rename", "after"):
        died = run(home, url, "work", point, script=HANDOVERS)
        assert died.returncode == -signal.SIGKILL, (point, died.stderr)
    environment = {**os.environ, "WAYBILLGUARD_HOME": str(home), "WAYBILLGUARD_DATABASE_URL": url}
    both = [
        subprocess.Popen([sys.executable, str(HANDOVERS), "work", "last"], env=environment) for _ in range(2)
    ]
    assert [one.wait() for one in both] == [0, 0]
    checked = run(home, url, "check", script=HANDOVERS)
    assert checked.returncode == 0, checked.stderr
    found: dict[str, Any] = json.loads(checked.stdout)
    return found


def test_platforms_are_told_once_on_the_embedded_database(tmp_path: Path) -> None:
    assert handed_over_everywhere(tmp_path / "data", "") == TOLD_ONCE


@pytest.mark.postgresql
def test_platforms_are_told_once_on_postgresql(tmp_path: Path, cluster: Cluster) -> None:
    assert handed_over_everywhere(tmp_path / "data", cluster.url("handovers")) == TOLD_ONCE
