"""The second wall: what raw SQL sees of another tenant in PostgreSQL, and that every tenant's table has it."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from support.missing import missing
from support.postgres import Cluster, binaries

from waybillguard.service.walls import TABLES

SCRIPT = Path(__file__).parents[1] / "support" / "look_past_walls.py"


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    if binaries() is None:
        missing("a PostgreSQL server", "install the package postgresql")
    home = tmp_path_factory.mktemp("walls")
    (home / "data").mkdir(mode=0o700)
    cluster = Cluster()
    try:
        environment = {
            **os.environ,
            "WAYBILLGUARD_HOME": str(home / "data"),
            "WAYBILLGUARD_DATABASE_URL": cluster.url("walls"),
            "XDG_RUNTIME_DIR": str(home),
        }
        done = subprocess.run(
            [sys.executable, str(SCRIPT)], env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr[-3000:]
        yield json.loads(done.stdout)
    finally:
        cluster.stop()


@pytest.mark.postgresql
def test_raw_sql_sees_the_open_tenant_alone(seen: dict[str, Any]) -> None:
    assert seen["no scope"] == []
    assert seen["here"] == ["here"]
    assert seen["there, inside here"] == ["there"]
    assert seen["here again"] == ["here"]
    assert seen["all"] == ["here", "there"]
    assert seen["none again"] == []
    assert seen["a new connection"] == []


@pytest.mark.postgresql
def test_raw_sql_sees_the_sites_of_the_open_tenant_alone(seen: dict[str, Any]) -> None:
    assert seen["sites without a scope"] == []
    assert seen["sites here"] == [["here"]]


@pytest.mark.postgresql
def test_raw_sql_changes_nothing_of_another_tenant(seen: dict[str, Any]) -> None:
    assert seen["by the other's id"] == [[0]]
    assert (seen["changed"], seen["deleted"]) == (0, 0)
    assert seen["inserted"] is True, "refused by the database"


@pytest.mark.postgresql
def test_no_end_of_a_transaction_leaves_a_tenant_behind(seen: dict[str, Any]) -> None:
    for when in ("kept", "rolled back", "a savepoint"):
        assert seen[f"here after {when}"] == ["here"], when
    assert seen["there in a transaction"] == ["there"]
    assert seen["all in a transaction"] == ["here", "there"]
    assert seen["here at the end"] == ["here"]


def test_every_table_of_the_vault_that_names_a_tenant_stands_behind_the_wall() -> None:
    named = {
        model._meta.db_table
        for model in apps.get_app_config("vault").get_models()
        if any(field.name == "tenant" for field in model._meta.concrete_fields)
    }
    assert named == set(TABLES)
