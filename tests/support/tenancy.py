"""Derive from the models which tables belong to a tenant and therefore need row security."""

import re
import traceback
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import models

SOURCE = str(Path(__file__).parents[2] / "src")

OF_NO_TENANT = {
    "auth_group": "unused: what somebody may do follows from the role",
    "auth_group_permissions": "unused, as the groups",
    "auth_permission": "names of permissions, made by the migrations",
    "django_content_type": "names of models, made by the migrations",
    "django_session": "found by its secret key alone, before it is known whose it is; holds a person's number",
    "django_tasks_database_dbtaskresult": "the queue of the worker, who works for all; holds numbers of rows alone",
    "socialaccount_socialapp": "unused: providers lie in identity_identityprovider",
}
"""Tables that belong to no tenant, each with the reason."""

BEFORE_SIGN_IN = frozenset({"tenancy_tenant", "identity_user"})
"""Tables visible without a scope, because sign-in queries them before the tenant is known, and their child tables."""


def tables() -> dict[str, type[models.Model]]:
    """Return every installed model by table name."""
    return {
        model._meta.db_table: model
        for model in apps.get_models(include_auto_created=True)
        if not model._meta.proxy
    }


@cache
def tenancy(model: type[models.Model]) -> tuple[str, type[models.Model] | None] | None:
    """Return the column that links a table to its tenant, and the parent table (None: the tenant itself).

    Returns None if no required foreign key leads to a tenant.
    """
    if model._meta.db_table == "tenancy_tenant":
        return "id", None
    keys = [field for field in model._meta.concrete_fields if field.remote_field]
    for field in keys:
        if field.column == "tenant_id":
            return "tenant_id", None
    for field in keys:
        parent = field.remote_field.model
        if not field.null and tenancy(parent) is not None:
            return field.column, parent
    return None


def open_before_sign_in(model: type[models.Model]) -> bool:
    """Return whether a table is visible without an open scope."""
    if model._meta.db_table in BEFORE_SIGN_IN:
        return True
    found = tenancy(model)
    return found is not None and found[1] is not None and open_before_sign_in(found[1])


class Watchman:
    """Records statements on tenant tables that the program sends without setting a tenant.

    SQLite executes them normally; PostgreSQL would return no rows.
    """

    def __init__(self) -> None:
        self.noted: list[str] = []

    def __call__(self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
        from waybillguard.service.platform.database.row_security import open_tenant

        if open_tenant() == "" and (table := walled_table(str(sql))):
            ours = [frame for frame in traceback.extract_stack()[:-1] if _is_ours(frame.filename)]
            if ours and ours[-1].filename.startswith(SOURCE):
                self.noted.append(f"{table}: {ours[-1].filename}:{ours[-1].lineno}")
        return execute(sql, params, many, context)


def walled_table(sql: str) -> str:
    """Return a table in the statement that is invisible without a scope, or an empty string."""
    if sql.startswith(_OF_STRUCTURE):
        return ""
    found = _walled().search(sql)
    return found.group(1) if found else ""


_OF_STRUCTURE = ("CREATE", "ALTER", "DROP", "PRAGMA", "SAVEPOINT", "RELEASE", "ROLLBACK")


@cache
def _walled() -> re.Pattern[str]:
    names = [name for name, model in tables().items() if tenancy(model) and not open_before_sign_in(model)]
    return re.compile(rf'(?:FROM|JOIN|INTO|UPDATE) "?({"|".join(names)})\b')


def _is_ours(path: str) -> bool:
    return path.startswith((SOURCE, str(Path(__file__).parents[1])))
