"""The bootstrap is skipped only if it has nothing to do."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from support.missing import missing
from support.postgres import Cluster, binaries

from waybillguard.service.operations import prepared
from waybillguard.service.operations.prepared import is_prepared, note_prepared
from waybillguard.service.operations.schema_state import NAME, schema_state
from waybillguard.service.platform.config import Config

_TABLES = """
CREATE TABLE django_migrations (app text, name text);
CREATE TABLE identity_user (id integer, role text, password text);
CREATE TABLE vault_shredded (mark text, done_at text);
"""


@pytest.fixture
def folder(tmp_path: Path) -> Config:
    """A prepared data folder: its owner has signed in, and one shredding is done."""
    config = Config(tmp_path)
    config.database.parent.mkdir()
    with closing(sqlite3.connect(config.database)) as database:
        database.executescript(_TABLES)
        database.execute("INSERT INTO django_migrations VALUES (?, ?)", (NAME, schema_state()))
        database.execute("INSERT INTO identity_user VALUES (1, 'owner', 'argon2$…')")
        database.execute("INSERT INTO vault_shredded VALUES ('m1', '2026-11-01')")
        database.commit()
    note_prepared(config)
    return config


def change(config: Config, statement: str) -> None:
    with closing(sqlite3.connect(config.database)) as database:
        database.execute(statement)
        database.commit()


def test_a_folder_that_needs_nothing_is_prepared(folder: Config) -> None:
    assert is_prepared(folder, {"m1"})
    assert is_prepared(folder, set())


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE django_migrations SET name = 'earlier'",
        "UPDATE identity_user SET password = '!never set'",
        "DELETE FROM identity_user",
        "UPDATE vault_shredded SET done_at = NULL",
        "DROP TABLE vault_shredded",
    ],
)
def test_a_folder_that_needs_something_is_not(folder: Config, statement: str) -> None:
    change(folder, statement)
    assert not is_prepared(folder, set())


def test_what_was_shredded_after_the_backup_in_place_is_shredded_again(folder: Config) -> None:
    assert not is_prepared(folder, {"m1", "m2"})


def test_a_restored_folder_and_one_of_other_packages_are_not_prepared(
    folder: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prepared, "version", lambda _name: "another")
    assert not is_prepared(folder, set())
    monkeypatch.undo()
    folder.prepared_file.unlink()
    assert not is_prepared(folder, set())


@pytest.mark.postgresql
def test_a_postgresql_server_is_asked_the_same(folder: Config) -> None:
    import psycopg

    if binaries() is None:
        missing("a PostgreSQL server", "install the package postgresql")
    with Cluster() as cluster:
        url = cluster.url("prepared")
        assert not is_prepared(folder, set(), url), "it was noted for another database"
        note_prepared(folder, url)
        assert not is_prepared(folder, set(), url), "no tables yet"
        with psycopg.connect(url) as database:
            database.execute(_TABLES)
            database.execute("INSERT INTO django_migrations VALUES (%s, %s)", (NAME, schema_state()))
            database.execute("INSERT INTO identity_user VALUES (1, 'owner', 'argon2$…')")
            database.execute("INSERT INTO vault_shredded VALUES ('m1', '2026-11-01')")
        assert is_prepared(folder, {"m1"}, url)
        assert not is_prepared(folder, {"m1", "m2"}, url)
        cluster.crash()
        assert not is_prepared(folder, {"m1"}, url)
        cluster.start()
