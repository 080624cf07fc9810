"""Agents lease at once, on both databases: every label exactly once."""

import json
import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest
from support.missing import missing
from support.postgres import Cluster, binaries
from support.running import Person, Running

from waybillguard.simulate import demo_exports

pytestmark = [pytest.mark.slow, pytest.mark.timeout(280)]
TESTS = Path(__file__).parents[2]


@pytest.mark.parametrize("database", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def test_of_forty_agents_at_once_each_label_goes_to_one(database: str, tmp_path: Path) -> None:
    cluster = None
    if database == "postgresql":
        if binaries() is None:
            missing("a PostgreSQL server", "install the package postgresql")
        cluster = Cluster()
    service = Running(tmp_path, database_url=cluster.url("race") if cluster else "")
    try:
        service.start()
        owner = Person("owner")
        with service.http() as browser:
            owner.first_sign_in(service, browser)
        assert owner.login(service).returncode == 0
        export = tmp_path / "orders.csv"
        export.write_bytes(demo_exports(5, datetime(2026, 11, 24, 12, 0, 0))[0].content)  # noqa: DTZ001 - local time of a shop
        assert service.cli("seal", str(export), "--data", str(service.data)).returncode == 1
        done = subprocess.run(
            [sys.executable, str(TESTS / "support" / "race_leases.py")],
            env={
                **service.environment,
                "WAYBILLGUARD_HOME": str(service.data),
                "PYTHONPATH": f"{TESTS}{os.pathsep}{os.environ.get('PYTHONPATH', '')}",
            },
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-3000:]
        result = json.loads(done.stdout)
        sys.stdout.write(f"{database}: {result}\n")
        assert result["leased"] == result["distinct"] == 60
        assert result["spent"] == 5
        assert result["states"] == {"leased": 65}
        assert result["attempts"] == {"1": 65}
    finally:
        service.stop()
        if cluster:
            cluster.stop()
