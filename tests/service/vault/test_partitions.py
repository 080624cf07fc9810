"""PostgreSQL keeps salts and postings in monthly tables."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from support.missing import missing
from support.postgres import Cluster, binaries

SCRIPT = Path(__file__).parents[2] / "support" / "split_months.py"

pytestmark = pytest.mark.postgresql


class Story:
    """Steps on one database, each in its own process."""

    def __init__(self, home: Path, url: str) -> None:
        (home / "data").mkdir(mode=0o700)
        self._environment = {
            **os.environ,
            "WAYBILLGUARD_HOME": str(home / "data"),
            "WAYBILLGUARD_DATABASE_URL": url,
            "XDG_RUNTIME_DIR": str(home),
        }

    def step(self, what: str) -> Any:
        done = subprocess.run(
            [sys.executable, str(SCRIPT), what],
            env=self._environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-3000:]
        return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    if binaries() is None:
        missing("a PostgreSQL server", "install the package postgresql")
    cluster = Cluster()
    try:
        story = Story(tmp_path_factory.mktemp("months"), cluster.url("months"))
        seen: dict[str, Any] = {}
        seen["new"] = story.step("new")
        seen["later"] = story.step("later")
        yield seen
    finally:
        cluster.stop()


def test_every_partition_stands_behind_the_wall(told: dict[str, Any]) -> None:
    tables = told["new"]["tables"]
    assert {"vault_salt_other", "vault_posting_other"} < set(tables)
    assert tables["vault_salt"] == tables["vault_posting"] == ["p", True]
    assert all(walled for _, walled in tables.values()), tables
    assert told["later"]["a leaf by its name"] == 0, "of the other tenant"


def test_months_are_made_ahead_and_take_their_early_rows_along(told: dict[str, Any]) -> None:
    later = told["later"]
    assert (later["others before"], later["others after"]) == (2, 0)
    assert "vault_salt_2027_03" in later["made"]
    assert later["made again"] == []


def test_a_query_reads_the_table_of_its_tenant_and_month_alone(told: dict[str, Any]) -> None:
    assert told["later"]["salt reads"] == ["vault_salt_2027_03_tenant_2"]
    assert told["later"]["posting reads"] == ["vault_posting_2027_03_tenant_2"]


def test_a_month_is_dropped_once_nothing_is_left_in_it(told: dict[str, Any]) -> None:
    later = told["later"]
    assert later["nothing is spent"] == []
    assert "vault_salt_2027_03_tenant_2" in later["spent"]
    assert "vault_salt_2027_03" not in later["spent"], "another tenant's rows are in it"
    assert later["left"] == 1
    gone = {"vault_salt_2027_03", "vault_posting_2027_03"}
    assert not gone & set(later["all spent"])
    assert "vault_salt_2027_05_rest" in later["all spent"], "a month to come stays"
    assert later["late"] == 1, "a row of a month that is gone"
