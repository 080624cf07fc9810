"""Whether the bootstrap has anything to do: a service that comes back from a crash is spared a third of its start.

Asked of the embedded database alone, without Django. Whatever cannot be told, or needs PostgreSQL's row security, is
left to the bootstrap.
"""

import hashlib
import sqlite3
from collections.abc import Collection
from contextlib import closing
from importlib.metadata import version
from typing import Final

from waybillguard.service.operations.schema_state import NAME, schema_state
from waybillguard.service.platform.config import Config, write_private

_TABLES_OF_OTHERS: Final = ("django", "django-allauth", "django-tasks-db")


def note_prepared(config: Config) -> None:
    """Remember with which program the bootstrap was done. A restored folder has no such note."""
    write_private(config.prepared_file, _program().encode())


def is_prepared(config: Config, shredded: Collection[str]) -> bool:
    """Say whether tables are this program's, the owner has signed in once, and all of ``shredded`` (marks) is done."""
    try:
        if config.prepared_file.read_text(encoding="ascii") != _program():
            return False
        with closing(sqlite3.connect(f"file:{config.database}?mode=ro", uri=True)) as database:
            state = database.execute("SELECT name FROM django_migrations WHERE app = ?", (NAME,)).fetchall()
            owner = database.execute(
                "SELECT password FROM identity_user WHERE role = 'owner' ORDER BY id LIMIT 1"
            ).fetchone()
            acts = dict(database.execute("SELECT mark, done_at FROM vault_shredded"))
    except (OSError, sqlite3.Error):
        return False
    signed_in_once = owner is not None and bool(owner[0]) and not owner[0].startswith("!")
    return (
        state == [(schema_state(),)] and signed_in_once and set(shredded) <= set(acts) and all(acts.values())
    )


def _program() -> str:
    parts = [schema_state(), *(f"{name} {version(name)}" for name in _TABLES_OF_OTHERS)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
