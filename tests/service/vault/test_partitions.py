"""A PostgreSQL database with rows in it is split by month while others write, killed and taken up again."""

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

SCRIPT = Path(__file__).parents[1] / "support" / "split_months.py"
KILLED = (
    "before:_wider_key:0", "inside:_wider_key:0", "before:_swap:0", "inside:raise_wall:0", "before:_swap:1",
    "before:_make_month:1",
)  # fmt: skip

pytestmark = pytest.mark.postgresql


class Story:
    """Steps of one database, each in a process of its own."""

    def __init__(self, home: Path, url: str) -> None:
        (home / "data").mkdir(mode=0o700)
        self._environment = {
            **os.environ,
            "WAYBILLGUARD_HOME": str(home / "data"),
            "WAYBILLGUARD_DATABASE_URL": url,
            "XDG_RUNTIME_DIR": str(home),
        }

    def begin(self, *what: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, str(SCRIPT), *what], env=self._environment, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    def step(self, *what: str) -> tuple[int, Any]:
        process = self.begin(*what)
        out, err = process.communicate()
        assert process.returncode in {0, -signal.SIGKILL}, err[-3000:]
        return process.returncode, json.loads(out.splitlines()[-1]) if out else None


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    if binaries() is None:
        missing("a PostgreSQL server", "install the package postgresql")
    cluster = Cluster()
    try:
        story = Story(tmp_path_factory.mktemp("months"), cluster.url("months"))
        seen: dict[str, Any] = {"old": story.step("old")[1]}
        writer = story.begin("write")
        assert writer.stdout is not None
        assert writer.stdout.readline() == "writing\n"
        seen["killed"] = [story.step("killed", where)[0] for where in KILLED]
        seen["migrated"] = story.step("new")[1]
        out, err = writer.communicate("\n")
        assert writer.returncode == 0, err[-3000:]
        seen["written"] = json.loads(out)
        seen["new"] = story.step("new")[1]
        seen["later"] = story.step("later")[1]
        yield seen
    finally:
        cluster.stop()


def test_killed_at_each_step_it_goes_on_and_no_row_is_lost(told: dict[str, Any]) -> None:
    assert told["killed"] == [-signal.SIGKILL] * len(KILLED)
    assert told["new"]["salts"][0] == told["old"]["salts"][0] + told["written"]["salts"]
    assert told["new"]["postings"][0] == told["old"]["postings"][0] + told["written"]["postings"]
    assert told["new"]["half-made indexes"] == 0
    assert told["old"]["tables"]["vault_salt"] == ["r", True]
    assert told["new"]["tables"]["vault_salt"] == told["new"]["tables"]["vault_posting"] == ["p", True]


def test_whoever_writes_meanwhile_is_neither_refused_nor_kept_waiting(told: dict[str, Any]) -> None:
    assert told["written"]["salts"] > 0
    assert told["written"]["slowest"] < 10, "seconds, a busy machine included"


def test_every_partition_stands_behind_the_wall(told: dict[str, Any]) -> None:
    tables = told["new"]["tables"]
    assert {"vault_salt_before", "vault_salt_other", "vault_posting_before", "vault_posting_other"} < set(
        tables
    )
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
    gone = {"vault_salt_before", "vault_salt_2027_03", "vault_posting_2027_03", "vault_posting_before"}
    assert not gone & set(later["all spent"])
    assert "vault_salt_2027_05_rest" in later["all spent"], "a month to come stays"
    assert later["late"] == 1, "a row of a month that is gone"
