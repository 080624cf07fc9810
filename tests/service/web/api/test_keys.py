"""Machine keys: shown once, stored as a hash, limited to scopes and expiry, invalid once their maker leaves."""

import time
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope

from waybillguard.service.audit.models import OutboxEvent
from waybillguard.service.identity.accounts.services import cut
from waybillguard.service.identity.machine_keys import services as keys
from waybillguard.service.identity.machine_keys.scopes import OPERATIONS, SCOPES
from waybillguard.service.identity.machine_keys.services import MachineKeyError, find, make, revoke
from waybillguard.service.identity.models import AccountChange, MachineKey, Permission, Role, User

pytestmark = pytest.mark.usefixtures("no_keyd")


@pytest.fixture
def key(warehouse: SimpleNamespace) -> Callable[..., str]:
    """Make a key and return its secret."""

    def made(*scopes: str, days: int = 30, user: User | None = None) -> str:
        with scope(tenant=warehouse.tenant):
            return make(user or warehouse.owner, "ERP", scopes or ("masked",), days, timezone.now())[0]

    return made


def call(secret: str, verb: str, path: str, **body: Any) -> Any:
    about = {"data": body, "content_type": "application/json"} if verb != "get" else {}
    return getattr(Client(), verb)(f"/api/v1{path}", headers={"authorization": f"Bearer {secret}"}, **about)


def test_a_key_does_what_its_scope_says(key: Callable[..., str]) -> None:
    secret = key("masked")
    assert call(secret, "get", "/orders").status_code == 200
    told = call(secret, "get", "/me").json()
    assert (told["key"], told["scopes"], told["role"]) == ("ERP", ["masked"], "owner")


@pytest.mark.parametrize("operation", sorted(operation for operation, wanted in OPERATIONS.items() if wanted))
def test_an_operation_of_another_scope_is_refused_by_name(
    operation: tuple[str, str], key: Callable[..., str]
) -> None:
    verb, path = operation
    wanted = OPERATIONS[operation]
    secret = key(*(one for one in SCOPES if one != wanted))
    path = path.replace("{import_id}", "1").replace("{run_id}", "1")
    response = call(secret, verb, path)
    assert response.status_code == 403
    problem = response.json()
    assert problem["title"] == "scope"
    assert wanted in problem["detail_en"]
    assert response["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("verb", "path"),
    [
        ("post", "/shred"), ("get", "/retention"), ("put", "/retention"), ("post", "/keys/rotation"),
        ("get", "/leakage"), ("get", "/orders/1/looks"), ("post", "/logout"),
    ],
)  # fmt: skip
def test_what_is_for_people_alone_no_key_may_do(verb: str, path: str, key: Callable[..., str]) -> None:
    assert call(key(*SCOPES), verb, path).status_code == 403


def test_a_batch_of_masked_orders_is_for_who_may_see_orders(
    key: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = key("masked")
    assert call(secret, "post", "/orders/masked", ids=[1]).status_code == 200
    may = User.may
    monkeypatch.setattr(User, "may", lambda self, what: what is not Permission.VIEW and may(self, what))
    assert call(secret, "post", "/orders/masked", ids=[1]).status_code == 403


def test_the_secret_is_stored_nowhere(warehouse: SimpleNamespace, key: Callable[..., str]) -> None:
    secret = key()
    with scope(tenant=warehouse.tenant):
        row = MachineKey.objects.get()
    assert secret.startswith("wgk_")
    assert len(secret) > 40
    for field in row._meta.concrete_fields:
        assert secret[4:] not in str(getattr(row, field.attname))


def test_a_revoked_key_is_refused_at_the_next_call(
    warehouse: SimpleNamespace, key: Callable[..., str]
) -> None:
    secret = key()
    with scope(tenant=warehouse.tenant):
        row = MachineKey.objects.get()
        assert revoke(warehouse.owner, row, timezone.now())
        assert not revoke(warehouse.owner, row, timezone.now())
    assert call(secret, "get", "/orders").status_code == 401


def test_a_key_ends_by_itself(key: Callable[..., str]) -> None:
    secret = key(days=1)
    assert find(secret, timezone.now() + timedelta(hours=23)) is not None
    assert find(secret, timezone.now() + timedelta(hours=25)) is None


def test_a_key_ends_with_the_access_of_who_made_it_and_stays_so(
    warehouse: SimpleNamespace, key: Callable[..., str]
) -> None:
    secret = key()
    cut(warehouse.owner, for_good=True)
    with scope(tenant=warehouse.tenant):
        noted = AccountChange.objects.get(what="machine_key_revoked")
        assert noted.detail == {"key": MachineKey.objects.get().pk}
    assert call(secret, "get", "/orders").status_code == 401
    User.objects.filter(pk=warehouse.owner.pk).update(is_active=True)
    assert call(secret, "get", "/orders").status_code == 401


def test_a_key_of_a_sleeping_owner_waits_for_him(warehouse: SimpleNamespace, key: Callable[..., str]) -> None:
    secret = key()
    cut(warehouse.owner)
    assert call(secret, "get", "/orders").status_code == 401
    User.objects.filter(pk=warehouse.owner.pk).update(is_active=True)
    assert call(secret, "get", "/orders").status_code == 200


def test_a_key_of_somebody_who_is_no_owner_any_more_does_nothing(
    warehouse: SimpleNamespace, key: Callable[..., str]
) -> None:
    secret = key()
    User.objects.filter(pk=warehouse.owner.pk).update(role=Role.CLERK)
    assert call(secret, "get", "/orders").status_code == 401


def test_a_key_opens_no_page_and_no_other_tenant(
    warehouse: SimpleNamespace, elsewhere: SimpleNamespace, key: Callable[..., str]
) -> None:
    secret = key(*SCOPES)
    assert Client(headers={"authorization": f"Bearer {secret}"}).get(reverse("orders")).status_code == 302
    assert call(secret, "get", f"/imports/{elsewhere.batch.pk}").status_code == 404
    assert call(secret, "get", f"/imports/{warehouse.batch.pk}").status_code == 200


def test_events_name_the_key_and_the_person_behind_it(
    warehouse: SimpleNamespace, key: Callable[..., str]
) -> None:
    secret = key("masked")
    call(secret, "get", "/orders")
    with scope(tenant=warehouse.tenant):
        row, made = OutboxEvent.objects.get(), MachineKey.objects.get()
        assert (row.action, row.account) == ("view", f"u{warehouse.owner.pk}")
        assert (row.session, row.workstation) == (f"key-{made.pk}", f"key-{made.pk}")
        assert made.used_at is not None


def test_each_key_has_limits_of_its_own(key: Callable[..., str]) -> None:
    cache.clear()
    first, second = key("search"), key("search")
    statuses = [call(first, "post", "/orders/search", kind="order", value="1").status_code for _ in range(61)]
    assert statuses[-1] == 429
    assert 429 not in statuses[:60]
    assert call(second, "post", "/orders/search", kind="order", value="1").status_code != 429


@pytest.mark.parametrize(
    ("name", "scopes", "days"),
    [("", ["seal"], 30), ("ERP", [], 30), ("ERP", ["everything"], 30), ("ERP", ["seal"], 0), ("ERP", ["seal"], 400)],
)  # fmt: skip
def test_a_key_without_name_scope_or_end_is_not_made(
    name: str, scopes: list[str], days: int, warehouse: SimpleNamespace
) -> None:
    with scope(tenant=warehouse.tenant):
        with pytest.raises(MachineKeyError):
            make(warehouse.owner, name, scopes, days, timezone.now())
        assert not MachineKey.objects.exists()


def test_there_are_not_more_keys_than_somebody_can_watch(
    warehouse: SimpleNamespace, key: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keys, "MOST_LIVING", 1)
    key()
    with pytest.raises(MachineKeyError):
        key()
    assert warehouse


def test_the_page_shows_the_secret_once(
    warehouse: SimpleNamespace, signed_in: Callable[[User], Client]
) -> None:
    client = signed_in(warehouse.owner)
    told = {"name": "聚水潭", "scope": ["seal", "states"], "days": "90"}
    assert client.post(reverse("machine_key_add"), told)["Location"].startswith("/account/confirm/")
    session = client.session
    session["account_authentication_methods"] = [
        {"method": "password", "at": time.time(), "reauthenticated": True}
    ]
    session["account_authentication_methods_user"] = str(warehouse.owner.pk)
    session.save()
    shown = client.post(reverse("machine_key_add"), told)
    assert shown.status_code == 200
    assert shown["Cache-Control"] == "no-store"
    assert "wgk_" in shown.content.decode()
    again = client.get(reverse("machine_keys")).content.decode()
    assert "wgk_" not in again
    assert "聚水潭" in again
    assert client.post(reverse("machine_key_add"), {**told, "days": "9999"}).status_code == 422
