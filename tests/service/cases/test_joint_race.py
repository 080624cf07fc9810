"""Eight authorities edit one case at once, on both databases. No edit is lost; each refusal has the new entries."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.missing import missing
from support.postgres import Cluster, binaries

SCRIPT = Path(__file__).parents[2] / "support" / "race_joint.py"
EACH, AUTHORITIES = 5, 8

pytestmark = [pytest.mark.slow, pytest.mark.timeout(280)]


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def address(request: pytest.FixtureRequest) -> Iterator[str]:
    """Database URL: empty for SQLite in the data folder, otherwise a PostgreSQL server started for the test."""
    if request.param == "sqlite":
        yield ""
        return
    if binaries() is None:
        missing("a PostgreSQL server", "install the package postgresql")
    cluster = Cluster()
    yield cluster.url("race")
    cluster.stop()


def test_no_edit_is_lost(address: str, tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "WAYBILLGUARD_HOME": str(tmp_path / "data"),
        "WAYBILLGUARD_DATABASE_URL": address,
    }
    done = subprocess.run(
        [sys.executable, str(SCRIPT)], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    result = json.loads(done.stdout)
    assert result["version"] == 1 + EACH * AUTHORITIES
    assert len(set(result["notes"])) == EACH * AUTHORITIES
    assert result["unseen"] == 0
