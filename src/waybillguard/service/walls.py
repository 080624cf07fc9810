"""The second wall between tenants, in PostgreSQL itself: row-level security on the tables of the vault.

django-scopes is the first: a query that names no tenant is refused before it is asked. Should one get past it
(raw SQL, a forgotten filter, a related manager), the database shows and takes only rows of the tenant whose
scope is open: each statement goes out with the setting ``waybillguard.tenant`` of that scope. Without one
there are no rows; ``scopes_disabled`` (sweeps, backup, migrations) opens all.

Not covered: a role that is superuser or has BYPASSRLS (the service's role must be neither: docs, "Deploy"),
and whoever can run SQL of his own choice in our connection, for he can change the setting.
"""

from collections.abc import Callable
from typing import Any, Final

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django_scopes import get_scope

SETTING: Final = "waybillguard.tenant"
ALL: Final = "*"
TABLES: Final = (
    "vault_batch", "vault_epoch", "vault_gramchunk", "vault_gramplan", "vault_idempotencykey",
    "vault_keygeneration", "vault_order", "vault_posting", "vault_refusedrow", "vault_retentionrule",
    "vault_rotation", "vault_salt", "vault_shredded",
)  # fmt: skip
WALLED: Final = (*TABLES, "sites_site")
"""Every table behind the wall: those of the vault, and those whose own migrations raised it."""
# In sub-selects, so that it is worked out once a statement and not once a row.
_RULE: Final = (
    f"(SELECT current_setting('{SETTING}', true) = '{ALL}') OR tenant_id = "
    f"(SELECT NULLIF(NULLIF(current_setting('{SETTING}', true), '{ALL}'), '')::bigint)"
)


def raise_walls(connection: BaseDatabaseWrapper) -> None:
    """Put the wall around every table of the vault; nothing to do on SQLite, which has no such thing."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        for table in TABLES:
            raise_wall(cursor, table)


def raise_wall(cursor: Any, table: str) -> None:  # noqa: ANN401 - a driver's cursor
    """Put the wall around one table; a partition needs its own, for whoever asks it by its own name."""
    cursor.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    cursor.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")  # for the owner of the table too
    cursor.execute(f"CREATE POLICY tenant_wall ON {table} USING ({_RULE}) WITH CHECK ({_RULE})")


def drop_walls(connection: BaseDatabaseWrapper) -> None:
    """Take the wall down again (a migration backwards)."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        for table in TABLES:
            drop_wall(cursor, table)


def drop_wall(cursor: Any, table: str) -> None:  # noqa: ANN401 - a driver's cursor
    """Take the wall of one table down again."""
    cursor.execute(f"DROP POLICY IF EXISTS tenant_wall ON {table}")
    cursor.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    cursor.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")


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
