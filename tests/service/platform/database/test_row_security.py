"""Row security in PostgreSQL: raw SQL sees no rows of other tenants, and every tenant table is protected."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from support.missing import missing
from support.postgres import OWNER, Cluster, binaries
from support.tenancy import OF_NO_TENANT, open_before_sign_in, tables, tenancy

SCRIPT = Path(__file__).parents[3] / "support" / "look_past_walls.py"
EVERY = SCRIPT.with_name("try_every_wall.py")


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    """A PostgreSQL server."""
    if binaries() is None:
        missing("a PostgreSQL server", "install the package postgresql")
    with Cluster() as made:
        yield made


def told_by(script: Path, home: Path, url: str) -> dict[str, Any]:
    """Run a script on a PostgreSQL database of its own; return what it printed."""
    (home / "data").mkdir(mode=0o700)
    environment = {
        **os.environ,
        "PYTHONPATH": str(script.parents[1]),
        "WAYBILLGUARD_HOME": str(home / "data"),
        "WAYBILLGUARD_DATABASE_URL": url,
        "XDG_RUNTIME_DIR": str(home),
    }
    done = subprocess.run(
        [sys.executable, str(script), url.replace(f"{OWNER}@", "postgres@")],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    printed: dict[str, Any] = json.loads(done.stdout)
    return printed


@pytest.fixture(scope="module")
def seen(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return told_by(SCRIPT, tmp_path_factory.mktemp("walls"), cluster.url("walls"))


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
def test_a_connection_that_breaks_as_the_tenant_is_named_is_an_error_of_djangos(seen: dict[str, Any]) -> None:
    assert seen["a broken connection"] == "OperationalError"


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


@pytest.fixture(scope="module")
def every(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return told_by(EVERY, tmp_path_factory.mktemp("every-wall"), cluster.url("every_wall"))


@pytest.mark.postgresql
def test_every_table_of_a_tenant_stands_behind_a_wall(every: dict[str, Any]) -> None:
    missing_walls = {table for table, model in tables().items() if tenancy(model)} - set(every["walled"])
    assert missing_walls == set(), (
        "the migration that makes a table protects it (waybillguard.service.platform.database.row_security.protect)"
    )


def test_what_is_of_no_tenant_is_so_for_a_reason() -> None:
    assert {table for table, model in tables().items() if not tenancy(model)} == set(OF_NO_TENANT)
    assert all(OF_NO_TENANT.values())


@pytest.mark.postgresql
def test_no_table_shows_gives_or_takes_another_tenants_rows(every: dict[str, Any]) -> None:
    assert len(every["tried"]) > 80
    for table, seen in every["tried"].items():
        assert seen["here"] == [1], table
        assert seen["all"] == [1, 2], table
        assert (seen["changed"], seen["deleted"]) == (0, 0), table
        assert not seen["given away"], table
        assert not seen["put in"], table


@pytest.mark.postgresql
def test_without_a_scope_only_what_sign_in_asks_is_seen(every: dict[str, Any]) -> None:
    for table, seen in every["tried"].items():
        expected = [1, 2] if open_before_sign_in(tables()[table]) else []
        assert seen["no scope"] == expected, table


@pytest.mark.postgresql
def test_a_sign_in_name_of_another_warehouse_is_taken(every: dict[str, Any]) -> None:
    assert every["name is taken"]
