"""The second wall between tenants, in PostgreSQL itself: row-level security on every table that names a tenant.

django-scopes is the first: a query that names no tenant is refused before it is asked. Should one get past it
(raw SQL, a forgotten filter, a related manager), the database shows and takes only rows of the tenant whose
scope is open: each statement goes out with the setting ``waybillguard.tenant`` of that scope. Without one
there are no rows; ``scopes_disabled`` (sweeps, backup, migrations) opens all, and says so where it is written.

A migration that makes a table of tenants walls it in the same breath::

    operations = [migrations.CreateModel("Contract", ...), wall(Wall("merchants_contract"))]

A table without a tenant of its own stands behind that of its parent: ``Wall("identity_devicenonce",
parent=Parent("device_id", "identity_device"))``. What sign-in reads before it knows whose person this is
(people, sessions, factors) is ``before_sign_in``: open until a scope is, from then on its tenant's alone.

Not covered: a role that is superuser or has BYPASSRLS (the service's role must be neither: docs, "Deploy"),
whoever can run SQL of his own choice in our connection, for he can change the setting, and a reference from one
tenant's row to another's, which PostgreSQL checks past the wall.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django.db import migrations, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django_scopes import get_scope

SETTING: Final = "waybillguard.tenant"
ALL: Final = "*"
_LOCK_WAIT: Final = "3s"
# In sub-selects, so that it is worked out once a statement and not once a row.
_EVERYTHING: Final = f"(SELECT current_setting('{SETTING}', true) = '{ALL}')"
_NO_SCOPE: Final = f"(SELECT COALESCE(current_setting('{SETTING}', true), '') = '')"
_TENANT: Final = f"(SELECT NULLIF(NULLIF(current_setting('{SETTING}', true), '{ALL}'), '')::bigint)"


@dataclass(frozen=True, slots=True)
class Parent:
    """The row by which another is known to be a tenant's: ``column`` of the one is ``key`` of ``table``."""

    column: str
    table: str
    key: str = "id"


@dataclass(frozen=True, slots=True)
class Wall:
    """How one table is walled: by its own column, or where its parent is seen (a wall of its own, then)."""

    table: str
    column: str = "tenant_id"
    parent: Parent | None = None
    before_sign_in: bool = False

    @property
    def rule(self) -> str:
        """The condition, in SQL, that a row must fulfil to be seen or taken."""
        if self.parent is None:
            mine = f"{self.column} = {_TENANT}"
        else:
            parent = self.parent
            mine = (
                f"EXISTS (SELECT 1 FROM {parent.table} WHERE "  # noqa: S608 - our own names
                f"{parent.table}.{parent.key} = {self.table}.{parent.column})"
            )
        open_ways = [_EVERYTHING, _NO_SCOPE] if self.before_sign_in else [_EVERYTHING]
        return " OR ".join([*open_ways, mine])


def wall(*walls: Wall) -> migrations.RunPython:
    """Return the step of a migration that raises walls; nothing to do on SQLite, which has no such thing."""
    return migrations.RunPython(
        lambda _apps, editor: raise_walls(editor.connection, walls),
        lambda _apps, editor: drop_walls(editor.connection, walls),
    )


def raise_walls(connection: BaseDatabaseWrapper, walls: tuple[Wall, ...]) -> None:
    """Put each wall around its table, in a transaction of its own; one that stands already is raised anew.

    Raises:
        OperationalError: somebody held a table for longer than three seconds; begin again.
    """
    if connection.vendor != "postgresql":
        return
    for one in walls:
        with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = '{_LOCK_WAIT}'")
            raise_wall(cursor, one)


def raise_wall(cursor: Any, one: Wall) -> None:  # noqa: ANN401 - a driver's cursor
    """Put the wall around one table; a partition needs its own, for whoever asks it by its own name."""
    cursor.execute(f"ALTER TABLE {one.table} ENABLE ROW LEVEL SECURITY")
    cursor.execute(f"ALTER TABLE {one.table} FORCE ROW LEVEL SECURITY")  # for the owner of the table too
    cursor.execute(f"DROP POLICY IF EXISTS tenant_wall ON {one.table}")
    cursor.execute(f"CREATE POLICY tenant_wall ON {one.table} USING ({one.rule}) WITH CHECK ({one.rule})")


def drop_walls(connection: BaseDatabaseWrapper, walls: tuple[Wall, ...]) -> None:
    """Take walls down again (a migration backwards)."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        for one in walls:
            cursor.execute(f"DROP POLICY IF EXISTS tenant_wall ON {one.table}")
            cursor.execute(f"ALTER TABLE {one.table} NO FORCE ROW LEVEL SECURITY")
            cursor.execute(f"ALTER TABLE {one.table} DISABLE ROW LEVEL SECURITY")


def is_walled(cursor: Any, table: str) -> bool:  # noqa: ANN401 - a driver's cursor
    """Tell whether a table of a PostgreSQL database stands behind a wall at this moment."""
    cursor.execute("SELECT relrowsecurity FROM pg_class WHERE oid = to_regclass(%s)", [table])
    found = cursor.fetchone()
    return found is not None and bool(found[0])


def open_tenant() -> str:
    """Return what the setting must be in the scope that is open now."""
    scope = get_scope()
    if not scope:
        return ""
    if not scope.get("_enabled", True):
        return ALL
    tenant = scope.get("tenant")
    return str(tenant.pk) if tenant is not None and hasattr(tenant, "pk") else ""


class _Doorman:
    """Sends the setting ahead of a statement, when it changed since the last one of this connection.

    Outside transactions it is set for the session. Inside, for the transaction alone: whatever ends it, a
    roll-back to a savepoint included, cannot leave a setting behind that we believe to be another.
    """

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self._connection = connection
        self._session = ""
        self._local = ""
        self._depth = 0

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:  # noqa: ANN401 - Django's own signature
        self._tell(open_tenant(), sql)
        return execute(sql, params, many, context)

    def _tell(self, wanted: str, sql: str) -> None:
        connection = self._connection
        raw = connection.connection
        if raw is None or raw.closed:
            return
        if raw.autocommit:
            if wanted != self._session:
                self._set(raw, wanted, local=False)
                self._session = wanted
            return
        depth = len(connection.savepoint_ids)
        if raw.info.transaction_status.name == "IDLE":  # its first statement
            self._local, self._depth = self._session, 0
        if str(sql).startswith("SET TRANSACTION"):
            return  # must be the first of a transaction, and reads no row
        if wanted != self._local or depth < self._depth:
            self._set(raw, wanted, local=True)
            self._local, self._depth = wanted, depth

    @staticmethod
    def _set(raw: Any, wanted: str, *, local: bool) -> None:  # noqa: ANN401 - the driver's connection
        if raw.info.transaction_status.name == "INERROR":
            return  # the statement to come is refused anyway
        with raw.cursor() as cursor:
            cursor.execute("SELECT set_config(%s, %s, %s)", [SETTING, wanted, local])


def guard_connections() -> None:
    """Have every PostgreSQL connection of this process name its tenant; called once, when apps are ready."""
    connection_created.connect(_guard, dispatch_uid="waybillguard.walls")


def _guard(connection: BaseDatabaseWrapper, **_: Any) -> None:  # noqa: ANN401 - a signal
    if connection.vendor != "postgresql":
        return
    wrappers = connection.execute_wrappers
    wrappers[:] = [wrapper for wrapper in wrappers if not isinstance(wrapper, _Doorman)]
    wrappers.append(_Doorman(connection))
