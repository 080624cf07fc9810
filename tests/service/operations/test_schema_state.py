"""Data of an earlier development state is refused with its name, and is not changed."""

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from support.missing import missing
from support.postgres import Cluster, binaries

from waybillguard.service.operations.schema_state import (
    NAME,
    EarlierStateError,
    OtherInstallationError,
    migrate,
    refuse_other_folder,
    refuse_other_installation,
    refuse_other_state,
    schema_state,
)
from waybillguard.service.operations.up import Options, Supervisor
from waybillguard.service.platform.config import Config


def folder_of(path: Path, *applied: tuple[str, str]) -> Config:
    """Return a data folder whose database has these migrations applied."""
    config = Config(path)
    config.database.parent.mkdir()
    with sqlite3.connect(config.database) as database:
        database.execute("CREATE TABLE django_migrations (id integer, app text, name text)")
        database.executemany("INSERT INTO django_migrations (app, name) VALUES (?, ?)", applied)
    database.close()
    return config


def contents(path: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in path.rglob("*") if file.is_file()}


@pytest.mark.parametrize(
    ("applied", "named"),
    [
        ([("people", "0009_name_in_any_case"), ("vault", "0012_shop_index_of_living")], "2 migrations"),
        ([("identity", "0001_initial"), (NAME, "0123456789ab")], "0123456789ab"),
    ],
)
def test_a_data_folder_of_an_earlier_state_is_refused_by_its_name_and_stays_as_it_is(
    applied: list[tuple[str, str]], named: str, tmp_path: Path
) -> None:
    config = folder_of(tmp_path, *applied)
    before = contents(tmp_path)
    said: list[str] = []
    with pytest.raises(EarlierStateError, match=named):
        refuse_other_folder(config)
    with pytest.raises(EarlierStateError, match=named):
        Supervisor(Options(config), said.append).run()
    assert contents(tmp_path) == before


def test_a_new_data_folder_and_one_of_this_state_are_taken(tmp_path: Path) -> None:
    refuse_other_folder(Config(tmp_path / "new"))
    refuse_other_folder(folder_of(tmp_path, ("identity", "0001_initial"), (NAME, schema_state())))
    refuse_other_state([])


@pytest.mark.django_db
def test_tables_without_a_state_are_refused_and_no_state_is_written() -> None:
    with pytest.raises(EarlierStateError):
        migrate()
    assert NAME not in {app for app, _ in MigrationRecorder(connection).applied_migrations()}


def shapes_of_tables(way: str, home: Path, *addresses: str) -> list[Any]:
    """Return the tables of an embedded database and of those at the addresses."""
    (home / way).mkdir(mode=0o700)
    done = subprocess.run(
        [sys.executable, str(Path(__file__).parents[2] / "support" / "shape_of_tables.py"), way, *addresses],
        env={**os.environ, "WAYBILLGUARD_HOME": str(home / way), "WAYBILLGUARD_DATABASE_URL": "",
             "DJANGO_SETTINGS_MODULE": "waybillguard.service.platform.settings"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    shapes: list[Any] = json.loads(done.stdout)
    return shapes


@pytest.fixture(scope="module")
def made_both_ways(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Any, Any]]:
    """Tables made at once and by the migrations, of each kind of database that is here."""
    home = tmp_path_factory.mktemp("tables")
    with Cluster() if binaries() else nullcontext() as cluster:
        at_once, by_migrations = (
            shapes_of_tables(way, home, *([cluster.url(way.replace("-", "_"))] if cluster else []))
            for way in ("at-once", "by-migrations")
        )
    return dict(zip(("sqlite", "postgresql"), zip(at_once, by_migrations, strict=True), strict=False))


@pytest.mark.slow
@pytest.mark.timeout(900)  # every migration of both databases: some 45 s of processor time
@pytest.mark.parametrize("database", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def test_tables_made_at_once_are_those_of_the_migrations(
    database: str, made_both_ways: dict[str, tuple[Any, Any]]
) -> None:
    if database not in made_both_ways:
        missing("a PostgreSQL server", "install the package postgresql")
    at_once, by_migrations = made_both_ways[database]
    assert at_once == by_migrations


@pytest.mark.django_db
def test_a_database_of_another_installation_is_refused_and_one_of_an_earlier_root_key_is_not() -> None:
    refuse_other_installation("aaaa", [])
    refuse_other_installation("aaaa", [])
    with pytest.raises(OtherInstallationError, match="another data folder"):
        refuse_other_installation("bbbb", ["cccc"])
    refuse_other_installation("bbbb", ["aaaa"])
    refuse_other_installation("bbbb", [])
