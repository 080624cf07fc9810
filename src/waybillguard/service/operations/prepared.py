"""Decide whether the bootstrap can be skipped, which saves a third of the start after a crash.

Reads the database directly, without Django. In doubt, the bootstrap runs.
"""

import hashlib
import sqlite3
from collections.abc import Collection
from contextlib import closing
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final, LiteralString

from waybillguard.service.operations.schema_state import NAME, schema_state
from waybillguard.service.platform.config import Config, write_private
from waybillguard.service.platform.database.setting import ALL, SETTING

_QUESTIONS: Final[tuple[LiteralString, ...]] = (
    f"SELECT name FROM django_migrations WHERE app = '{NAME}'",  # noqa: S608 - a word of our own
    "SELECT password FROM identity_user WHERE role = 'owner' ORDER BY id LIMIT 1",
    "SELECT mark, done_at FROM vault_shredded",
)
_TABLES_OF_OTHERS: Final = ("django", "django-allauth", "django-tasks-db")


def note_prepared(config: Config, url: str = "") -> None:
    """Record the program version and database of the last bootstrap. The record is in no backup.

    ``url`` is that of a PostgreSQL database.
    """
    write_private(config.prepared_file, _program(url).encode())


def is_prepared(config: Config, shredded: Collection[str], url: str = "") -> bool:
    """Tell whether the tables fit this program, the owner has signed in, and all ``shredded`` marks are applied."""
    try:
        if config.prepared_file.read_text(encoding="ascii") != _program(url):
            return False
        state, owner, shreds = _asked(url) if url else _read(config.database)
    except (OSError, sqlite3.Error, _UnansweredError):
        return False
    acts = dict(shreds)
    signed_in_once = bool(owner) and bool(owner[0][0]) and not owner[0][0].startswith("!")
    return (
        state == [(schema_state(),)] and signed_in_once and set(shredded) <= set(acts) and all(acts.values())
    )


class _UnansweredError(Exception):
    """The server did not answer, or lacks the tables."""


def _read(database: Path) -> list[list[Any]]:
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as opened:
        return [opened.execute(question).fetchall() for question in _QUESTIONS]


def _asked(url: str) -> list[list[Any]]:
    import psycopg

    try:
        with psycopg.connect(url, connect_timeout=10, options=f"-c {SETTING}={ALL}") as opened:
            return [opened.execute(question).fetchall() for question in _QUESTIONS]
    except psycopg.Error as error:
        raise _UnansweredError from error


def _program(url: str) -> str:
    parts = [schema_state(), url, *(f"{name} {version(name)}" for name in _TABLES_OF_OTHERS)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
