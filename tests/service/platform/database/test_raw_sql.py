"""Raw SQL queries are refused without an open tenant scope, like those of the ORM."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.contrib.auth import get_user
from django.http import HttpRequest
from django.test import Client
from django_scopes import scope, scopes_disabled
from django_scopes.exceptions import ScopeError

from waybillguard.service.authorization.access import has_second_factor
from waybillguard.service.identity.accounts.sessionstore import SessionStore
from waybillguard.service.platform.database.raw_sql import Rows, all_rows, first_row
from waybillguard.service.vault.models import Batch

_STATES = "SELECT state FROM vault_batch WHERE tenant_id = %s"
_BATCHES = Rows(Batch, "WHERE tenant_id = %s")
ASKED: dict[str, Callable[[int], object]] = {
    "the first row": lambda tenant: first_row(_STATES, tenant),
    "every row": lambda tenant: all_rows(_STATES, tenant),
    "the first object": _BATCHES.first,
    "every object": _BATCHES.all,
}


@pytest.mark.parametrize("what", ASKED)
def test_nothing_is_asked_while_no_scope_is_open(warehouse: SimpleNamespace, what: str) -> None:
    ask = ASKED[what]
    with pytest.raises(ScopeError):
        ask(warehouse.tenant.pk)
    with pytest.raises(ScopeError), scope(shop="a scope that names no tenant"):
        ask(warehouse.tenant.pk)
    with scope(tenant=warehouse.tenant):
        assert ask(warehouse.tenant.pk)
    with scopes_disabled():
        assert ask(warehouse.tenant.pk)


def test_what_sign_in_asks_is_asked_before_any_scope(
    warehouse: SimpleNamespace, signed_in: Callable[..., Client]
) -> None:
    request = HttpRequest()
    request.session = SessionStore(signed_in(warehouse.owner).session.session_key)
    assert get_user(request) == warehouse.owner
    assert has_second_factor(warehouse.owner)
