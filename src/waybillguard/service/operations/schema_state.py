"""Which tables a database has: until the first release there is one state, and any other is refused, untouched.

The state is a digest of the first migrations. It is kept among the applied migrations, under a name of its own.
"""

import hashlib
import sqlite3
from collections.abc import Collection
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import ClassVar, Final

from waybillguard.errors import WaybillGuardError
from waybillguard.service.platform.config import Config

NAME: Final = "waybillguard"
_SHOWN: Final = 12


class EarlierStateError(WaybillGuardError):
    """The data is of an earlier state of the development; nothing was changed."""

    code: ClassVar[str] = "earlier_state"


@cache
def schema_state() -> str:
    """Return the state that this program makes and reads."""
    digest = hashlib.sha256()
    service = Path(__file__).resolve().parent.parent
    for path in sorted([*service.glob("*/migrations/0*.py"), *service.glob("*/schema.py")]):
        digest.update(path.relative_to(service).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:_SHOWN]


def refuse_other_state(applied: Collection[tuple[str, str]]) -> None:
    """Refuse migrations that were applied by another state of the program; none at all are welcome.

    Raises:
        EarlierStateError: with the name of that state.
    """
    if not applied:
        return
    found = sorted(name for app, name in applied if app == NAME)
    if found == [schema_state()]:
        return
    state = ", ".join(found) or f"{len(applied)} migrations"
    raise EarlierStateError(
        zh=f"数据来自发布前的开发版本（{state}；本程序为 {schema_state()}），无法继续使用，未做任何更改。"
        "请使用新的数据文件夹，或用写入这些数据的版本打开。",
        en=f"the data is of a development version from before the release ({state}; this program is {schema_state()}) "
        "and cannot be used. Nothing was changed. Take a new data folder, or the version that wrote it.",
    )


def refuse_other_folder(config: Config) -> None:
    """Refuse a data folder whose embedded database is of another state, before anything of it is opened for writing.

    Raises:
        EarlierStateError: with the name of that state.
    """
    if not config.database.is_file():
        return
    with closing(sqlite3.connect(f"file:{config.database}?mode=ro", uri=True)) as database:
        try:
            applied = database.execute("SELECT app, name FROM django_migrations").fetchall()
        except sqlite3.Error:  # not ours to judge: the start says what is wrong with it
            return
    refuse_other_state(applied)


def migrate(alias: str = "default") -> None:
    """Make the tables of an empty database; leave those of this state alone. Django is set up, no scope is open.

    Raises:
        EarlierStateError: they are of another state.
    """
    from django.core.management import call_command
    from django.db import connections
    from django.db.migrations.recorder import MigrationRecorder
    from django_scopes import scopes_disabled

    recorder = MigrationRecorder(connections[alias])
    refuse_other_state(list(recorder.applied_migrations()))
    with scopes_disabled():  # a migration sees the rows of every tenant
        call_command("migrate", database=alias, verbosity=0, interactive=False)
    if (NAME, schema_state()) not in recorder.applied_migrations():
        recorder.record_applied(NAME, schema_state())
