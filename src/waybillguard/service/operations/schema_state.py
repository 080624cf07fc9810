"""The schema state of a database. Until the first release only one state is supported; others are refused unchanged.

The state is a digest of the first migrations. It is recorded in the table of applied migrations under a special name;
so is the id of the root key under which the rows are sealed.
"""

import hashlib
import sqlite3
from collections.abc import Collection
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Final

from waybillguard.errors import WaybillGuardError
from waybillguard.service.platform.config import Config

NAME: Final = "waybillguard"
KEY_NAME: Final = "waybillguard.key"
_SHOWN: Final = 12


class EarlierStateError(WaybillGuardError):
    """The data has the schema of an earlier development state; nothing was changed."""

    code = "earlier_state"


class OtherInstallationError(WaybillGuardError):
    """The database belongs to another data folder; nothing was changed."""

    code = "other_installation"


class DamagedDatabaseError(WaybillGuardError):
    """The file of the embedded database is damaged; nothing was changed."""

    code = "damaged_database"


@cache
def schema_state() -> str:
    """Return the schema state of this program."""
    digest = hashlib.sha256()
    service = Path(__file__).resolve().parent.parent
    for path in sorted([*service.glob("*/migrations/0*.py"), *service.glob("*/schema.py")]):
        digest.update(path.relative_to(service).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:_SHOWN]


def refuse_other_state(applied: Collection[tuple[str, str]]) -> None:
    """Refuse migrations applied by another state of the program; an empty collection is accepted.

    Raises:
        EarlierStateError: the state differs; the error names it.
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
    """Refuse a data folder whose embedded database has another state, before opening anything for writing.

    Raises:
        EarlierStateError: with the name of that state.
        DamagedDatabaseError: the database file is malformed.
    """
    if (config.data_dir / config.database.name).is_file():
        raise EarlierStateError(
            zh=f"数据目录 {config.data_dir} 来自发布前的开发版本，未做任何更改。请使用新的数据文件夹。",
            en=f"the data folder {config.data_dir} is of a development version from before the release. Nothing was "
            "changed. Take a new data folder.",
        )
    if not config.database.is_file():
        return
    with closing(sqlite3.connect(f"file:{config.database}?mode=ro", uri=True)) as database:
        try:
            applied = database.execute("SELECT app, name FROM django_migrations").fetchall()
        except sqlite3.DatabaseError as error:
            if error.sqlite_errorcode & 0xFF in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}:
                raise DamagedDatabaseError(
                    zh=f"数据库文件 {config.database} 已损坏，无法读取。未做任何更改；请保留整个数据目录，再从备份恢复"
                    "（waybillguard restore）。台账单独存放，用 waybillguard doctor 查看。",
                    en=f"the database file {config.database} is damaged and cannot be read. Nothing was changed: keep "
                    "the whole data folder and restore a backup (waybillguard restore). The ledger is separate; "
                    "waybillguard doctor looks at it.",
                ) from None
            return  # busy, or no tables yet
    refuse_other_state(applied)


def migrate(alias: str = "default") -> None:
    """Create the tables of an empty database; keep those of this state. Django must be set up, without an open scope.

    Raises:
        EarlierStateError: the tables have another state.
    """
    from django.core.management import call_command
    from django.db import connections
    from django.db.migrations.recorder import MigrationRecorder
    from django_scopes import scopes_disabled

    recorder = MigrationRecorder(connections[alias])
    refuse_other_state(list(recorder.applied_migrations()))
    with scopes_disabled():  # migrations need the rows of every tenant
        if not connections[alias].introspection.table_names():
            make_tables(alias)
        elif _steps_left(alias):
            call_command("migrate", database=alias, verbosity=0, interactive=False)
    if (NAME, schema_state()) not in recorder.applied_migrations():
        recorder.record_applied(NAME, schema_state())


def refuse_other_installation(key_id: str, earlier: Collection[str], alias: str = "default") -> None:
    """Refuse a database whose rows are sealed by another root key; record the key if none is recorded yet.

    The tables must exist. ``earlier``: ids of root keys that this one replaced.

    Raises:
        OtherInstallationError: the database belongs to another installation.
    """
    from django.db import connections
    from django.db.migrations.recorder import MigrationRecorder

    recorder = MigrationRecorder(connections[alias])
    noted = {name for app, name in recorder.applied_migrations() if app == KEY_NAME}
    if noted and not noted & {key_id, *earlier}:
        raise OtherInstallationError(
            zh=f"该数据库属于另一个数据目录（根密钥 {max(noted)}，此目录为 {key_id}），未做任何更改。请使用自己的数据库，或指定它的数据目录。",
            en=f"the database belongs to another data folder (root key {max(noted)}; this folder's is {key_id}). Nothing "
            "was changed: take a database of your own, or name the folder that belongs to it.",
        )
    if key_id not in noted:
        recorder.record_applied(KEY_NAME, key_id)


def _steps_left(alias: str) -> bool:
    """Tell whether migrations are pending; cheaper than the command, which rebuilds the state of every model."""
    from django.db import connections
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connections[alias])
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def make_tables(alias: str) -> None:
    """Create all tables of an empty database from the models in one transaction; record every migration as applied.

    The result equals that of the migrations (``tests/service/operations/test_schema_state.py`` compares them). It takes
    a tenth of the time, because Django rebuilds every model after each migration step. Steps of our own migrations that create
    no tables (row security, partitions) run afterwards; those of other packages only repair rows, and there are none.
    """
    from django.apps import apps
    from django.core.management.sql import emit_post_migrate_signal
    from django.db import connections, router
    from django.db.migrations import RunPython, RunSQL
    from django.db.migrations.executor import MigrationExecutor
    from django.db.migrations.state import ProjectState

    connection = connections[alias]
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    state = ProjectState.from_apps(apps)
    with connection.schema_editor() as editor:
        executor.recorder.ensure_schema()
        for application in apps.get_app_configs():
            for model in router.get_migratable_models(application, alias, include_auto_created=False):
                if model._meta.can_migrate(connection):  # noqa: SLF001 - Django's public way in
                    editor.create_model(model)
        for statement in editor.deferred_sql:  # foreign keys, which partitions need
            editor.execute(statement)
        editor.deferred_sql.clear()
        for migration, _ in plan:
            for step in migration.operations:
                if migration.__module__.startswith("waybillguard.") and isinstance(step, RunPython | RunSQL):
                    step.database_forwards(migration.app_label, editor, state, state)
            executor.recorder.record_applied(migration.app_label, migration.name)
    emit_post_migrate_signal(verbosity=0, interactive=False, db=alias)
