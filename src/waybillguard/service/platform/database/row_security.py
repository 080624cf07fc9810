"""The second wall between tenants, in PostgreSQL itself: row-level security on every table that names a tenant.

django-scopes is the first: a query that names no tenant is refused before it is asked. Should one get past it
(raw SQL, a forgotten filter, a related manager), the database shows and takes only rows of the tenant whose
scope is open: each statement goes out with the setting ``waybillguard.tenant`` of that scope. Without one
there are no rows; ``scopes_disabled`` (sweeps, backup, migrations) opens all, and says so where it is written.

`protect` works the policies out of the models, in the first migration of an application (`scripts/first-migrations`
writes it there): a table with a ``tenant`` by that column; one without stands behind the first key that must be there
and leads to such a table. What sign-in reads before it knows whose person this is (people, sessions, factors) is
``before_sign_in``: open until a scope is, from then on its tenant's alone.

Not covered: a role that is superuser or has BYPASSRLS (the service's role must be neither: docs, "Deploy"),
whoever can run SQL of his own choice in our connection, for he can change the setting, and a reference from one
tenant's row to another's, which PostgreSQL checks past the wall.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.signals import connection_created
from django.db.models import Model
from django_scopes import get_scope

from waybillguard.service.platform.database.setting import ALL, SETTING

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
class RowSecurityPolicy:
    """How one table is protected: by its own column, or where its parent is seen (protected itself, then)."""

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


def protect(*labels: str, before_sign_in: tuple[str, ...] = ()) -> migrations.RunPython:
    """Return the step of a migration that protects every table of tenants of these applications; SQLite has no such thing.

    Args:
        labels: applications whose models exist at this point of the migrations.
        before_sign_in: tables that are seen while no scope is open.
    """

    def forwards(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
        if editor.connection.vendor != "postgresql":
            return
        models = [
            model
            for label in labels
            for model in apps.get_app_config(label).get_models(include_auto_created=True)
        ]
        with editor.connection.cursor() as cursor:
            for model in models:
                policy = policy_of(model, before_sign_in)
                if policy is not None:
                    enable(cursor, policy)

    return migrations.RunPython(forwards, migrations.RunPython.noop)


def policy_of(model: type[Model], before_sign_in: tuple[str, ...] = ()) -> RowSecurityPolicy | None:
    """Work out how a table is protected; None where no key that must be there leads to a tenant."""
    meta = model._meta  # noqa: SLF001 - Django's public way in
    is_open = meta.db_table in before_sign_in
    if meta.label_lower == "tenancy.tenant":
        return RowSecurityPolicy(meta.db_table, column="id", before_sign_in=is_open)
    keys = [(field, field.remote_field.model) for field in meta.concrete_fields if field.remote_field]
    if any(field.column == "tenant_id" for field, _ in keys):
        return RowSecurityPolicy(meta.db_table, before_sign_in=is_open)
    for field, above in keys:
        if not field.null and policy_of(above) is not None:
            parent = Parent(str(field.column), above._meta.db_table, str(above._meta.pk.column))  # noqa: SLF001
            return RowSecurityPolicy(meta.db_table, parent=parent)
    return None


def enable(cursor: Any, policy: RowSecurityPolicy) -> None:  # noqa: ANN401 - a driver's cursor
    """Protect one table; a partition needs a policy of its own, for whoever asks it by its own name."""
    cursor.execute(f"ALTER TABLE {policy.table} ENABLE ROW LEVEL SECURITY")
    cursor.execute(f"ALTER TABLE {policy.table} FORCE ROW LEVEL SECURITY")  # for the owner of the table too
    cursor.execute(f"DROP POLICY IF EXISTS tenant_rows ON {policy.table}")
    cursor.execute(
        f"CREATE POLICY tenant_rows ON {policy.table} USING ({policy.rule}) WITH CHECK ({policy.rule})"
    )


def is_protected(cursor: Any, table: str) -> bool:  # noqa: ANN401 - a driver's cursor
    """Tell whether a table of a PostgreSQL database is protected at this moment."""
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


class _TenantSetting:
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

    def _set(self, raw: Any, wanted: str, *, local: bool) -> None:  # noqa: ANN401 - the driver's connection
        if raw.info.transaction_status.name == "INERROR":
            return  # the statement to come is refused anyway
        # A connection that broke is told as by any statement: whoever waits for Django's errors sees no driver's.
        with self._connection.wrap_database_errors, raw.cursor() as cursor:
            cursor.execute("SELECT set_config(%s, %s, %s)", [SETTING, wanted, local])


def name_tenants() -> None:
    """Have every PostgreSQL connection of this process name its tenant; called once, when apps are ready."""
    connection_created.connect(_guard, dispatch_uid="waybillguard.row_security")


def _guard(connection: BaseDatabaseWrapper, **_: Any) -> None:  # noqa: ANN401 - a signal
    if connection.vendor != "postgresql":
        return
    wrappers = connection.execute_wrappers
    wrappers[:] = [wrapper for wrapper in wrappers if not isinstance(wrapper, _TenantSetting)]
    wrappers.append(_TenantSetting(connection))
