"""Row-level security in PostgreSQL on every table of tenants: the second layer of tenant isolation.

The first layer is django-scopes, which refuses queries that name no tenant. If a query bypasses it (raw SQL, a missing
filter, a related manager), the database still reads and writes only rows of the tenant whose scope is open: the setting
``waybillguard.tenant`` is sent with each statement. Without an open scope no rows are visible; ``scopes_disabled``
(clean-ups, backup, migrations) makes all rows visible.

`protect` derives the policies from the models, in the first migration of an application (written by
`scripts/first-migrations`). A table with a ``tenant`` column is filtered by it; another table by its first required
foreign key that leads to such a table. Tables that sign-in reads before the tenant is known (people, sessions, factors)
are ``before_sign_in``: visible without a scope, and filtered by tenant once a scope is open.

Not covered: superusers and roles with BYPASSRLS (the service's role must be neither: docs, "Deploy"); attackers who can
run arbitrary SQL in our connection, since they can change the setting; and foreign keys from one tenant's row to
another's, which PostgreSQL checks without row security.
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

# In sub-selects, so that it is evaluated once per statement, not once per row.
_EVERYTHING: Final = f"(SELECT current_setting('{SETTING}', true) = '{ALL}')"
_NO_SCOPE: Final = f"(SELECT COALESCE(current_setting('{SETTING}', true), '') = '')"
_TENANT: Final = f"(SELECT NULLIF(NULLIF(current_setting('{SETTING}', true), '{ALL}'), '')::bigint)"


@dataclass(frozen=True, slots=True)
class Parent:
    """The parent row that determines a row's tenant: ``column`` of the row refers to ``key`` of ``table``."""

    column: str
    table: str
    key: str = "id"


@dataclass(frozen=True, slots=True)
class RowSecurityPolicy:
    """The policy of one table: by its own tenant column, or by the visibility of its (protected) parent row."""

    table: str
    column: str = "tenant_id"
    parent: Parent | None = None
    before_sign_in: bool = False

    @property
    def rule(self) -> str:
        """The SQL condition for a row to be visible and writable."""
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
    """Return the migration step that protects all tenant tables of these applications; it does nothing on SQLite.

    Args:
        labels: applications whose models exist at this point of the migrations.
        before_sign_in: tables that are visible without an open scope.
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
    """Derive the policy of a table; None if no required foreign key leads to a tenant."""
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
    """Protect one table. Partitions need their own policy, because they can be queried by name."""
    cursor.execute(f"ALTER TABLE {policy.table} ENABLE ROW LEVEL SECURITY")
    cursor.execute(f"ALTER TABLE {policy.table} FORCE ROW LEVEL SECURITY")  # also for the table's owner
    cursor.execute(f"DROP POLICY IF EXISTS tenant_rows ON {policy.table}")
    cursor.execute(
        f"CREATE POLICY tenant_rows ON {policy.table} USING ({policy.rule}) WITH CHECK ({policy.rule})"
    )


def is_protected(cursor: Any, table: str) -> bool:  # noqa: ANN401 - a driver's cursor
    """Tell whether a PostgreSQL table is currently protected."""
    cursor.execute("SELECT relrowsecurity FROM pg_class WHERE oid = to_regclass(%s)", [table])
    found = cursor.fetchone()
    return found is not None and bool(found[0])


def open_tenant() -> str:
    """Return the value of the setting for the open scope."""
    scope = get_scope()
    if not scope:
        return ""
    if not scope.get("_enabled", True):
        return ALL
    tenant = scope.get("tenant")
    return str(tenant.pk) if tenant is not None and hasattr(tenant, "pk") else ""


class _TenantSetting:
    """Sends the setting before a statement if it changed since the connection's last statement.

    Outside transactions it is set for the session; inside, only for the transaction. So no end of a transaction, nor a
    roll-back to a savepoint, can leave a setting other than the one tracked here.
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
        if raw.info.transaction_status.name == "IDLE":  # first statement of a transaction
            self._local, self._depth = self._session, 0
        if str(sql).startswith("SET TRANSACTION"):
            return  # must be the first statement of a transaction, and reads no rows
        if wanted != self._local or depth < self._depth:
            self._set(raw, wanted, local=True)
            self._local, self._depth = wanted, depth

    def _set(self, raw: Any, wanted: str, *, local: bool) -> None:  # noqa: ANN401 - the driver's connection
        if raw.info.transaction_status.name == "INERROR":
            return  # the next statement fails anyway
        # Convert driver errors of a broken connection to Django's, as for any statement.
        with self._connection.wrap_database_errors, raw.cursor() as cursor:
            cursor.execute("SELECT set_config(%s, %s, %s)", [SETTING, wanted, local])


def send_tenant_settings() -> None:
    """Make every PostgreSQL connection of this process send the tenant setting; called once, when apps are ready."""
    connection_created.connect(_guard, dispatch_uid="waybillguard.row_security")


def _guard(connection: BaseDatabaseWrapper, **_: Any) -> None:  # noqa: ANN401 - a signal
    if connection.vendor != "postgresql":
        return
    wrappers = connection.execute_wrappers
    wrappers[:] = [wrapper for wrapper in wrappers if not isinstance(wrapper, _TenantSetting)]
    wrappers.append(_TenantSetting(connection))
