"""A hundred looks race for the last unit of quota, on the real service and both databases."""

import json
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest
from support.missing import missing
from support.postgres import Cluster, binaries
from support.running import Person, Running

from waybillguard.simulate import demo_exports

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]
SUPPORT = Path(__file__).parents[2] / "support"


@pytest.mark.parametrize("database", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def test_of_a_hundred_racing_looks_exactly_one_gets_the_last_unit(database: str, tmp_path: Path) -> None:
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
            [sys.executable, str(SUPPORT / "race_reveals.py")],
            env={**service.environment, "WAYBILLGUARD_HOME": str(service.data)},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        result = json.loads(done.stdout)
        sys.stdout.write(f"{database}: {result}\n")
        assert result["before"] == {"shown": result["limit"] - 1}
        assert result["raced"] == {"shown": 1, "reveal_denied": 99}
        assert result["used"] == result["limit"]
        assert result["counted"] == result["persons"] == 2
    finally:
        service.stop()
        if cluster:
            cluster.stop()
