"""A directory over SCIM 2.0: the protocol, separation of warehouses, and offboarding within one request."""

import json
import secrets
from collections.abc import Callable, Iterator
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from django.core.cache import cache
from django.core.wsgi import get_wsgi_application
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope
from scim2_client.engines.wsgi import WSGISCIMClient
from scim2_tester import Status, check_server

from waybillguard.service.identity.accounts import journal as people_journal
from waybillguard.service.identity.models import (
    AccountChange,
    DirectoryGroup,
    DirectoryToken,
    Employment,
    LeavingAudit,
    Permission,
    Role,
    ShellToken,
    User,
    token_hash,
)
from waybillguard.service.people.scim import views
from waybillguard.service.tenancy.models import Tenant

USERS, GROUPS = "/scim/v2/Users", "/scim/v2/Groups"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
PERSON = {
    "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
    "userName": "directory.one",
    "active": True,
}
GROUP = {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "Warehouse Owners"}


def token_of(tenant: Tenant, maker: User) -> str:
    secret = secrets.token_urlsafe(32)
    with scope(tenant=tenant):
        DirectoryToken.objects.create(tenant=tenant, secret_hash=token_hash(secret), made_by=maker)
    return secret


class Directory:
    """Requests of a directory."""

    def __init__(self, secret: str) -> None:
        self._browser = Client(headers={"authorization": f"Bearer {secret}"})

    def __call__(self, verb: str, path: str, body: Any = None) -> tuple[int, Any]:
        sent = {"data": json.dumps(body), "content_type": "application/scim+json"} if body is not None else {}
        answer = getattr(self._browser, verb)(path, **sent)
        return answer.status_code, json.loads(answer.content) if answer.content else None

    def active(self, key: str, *, value: bool) -> tuple[int, Any]:
        operation = {"op": "Replace", "path": "active", "value": value}
        return self("patch", f"{USERS}/{key}", {"schemas": [PATCH], "Operations": [operation]})


@pytest.fixture(autouse=True)
def ledger(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, dict[str, Any]]]:
    """Entries that would be in the ledger."""
    written: list[tuple[str, dict[str, Any]]] = []

    def put(_tenant: Any, kind: str, _actor: str, _request: Any, detail: dict[str, Any]) -> SimpleNamespace:
        written.append((kind, detail))
        return SimpleNamespace(index=len(written))

    monkeypatch.setattr(people_journal, "put", put)
    return written


@pytest.fixture
def directory(warehouse: SimpleNamespace) -> Iterator[Directory]:
    with scope(tenant=warehouse.tenant):
        yield Directory(token_of(warehouse.tenant, warehouse.owner))


def test_the_tester_of_the_standard_passes_whole(
    warehouse: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "A_MINUTE", 100_000)
    secret = token_of(warehouse.tenant, warehouse.owner)
    client = WSGISCIMClient(
        get_wsgi_application(),
        base_url="https://localhost/scim/v2",
        environ={"HTTP_AUTHORIZATION": f"Bearer {secret}"},
    )
    results = check_server(client)
    wrong = [f"{one.title}: {one.reason}" for one in results if one.status is not Status.SUCCESS]
    assert wrong == [], "\n".join(wrong)
    assert len(results) > 50


@pytest.mark.parametrize("verb", ["get", "post", "put", "patch", "delete"])
@pytest.mark.parametrize("path", [USERS, GROUPS, f"{USERS}/1", "/scim/v2/Schemas", "/scim/v2/nothing"])
def test_without_a_living_token_there_is_nothing(
    path: str, verb: str, warehouse: SimpleNamespace, signed_in: Callable[[User], Client]
) -> None:
    for browser in (
        Client(),
        signed_in(warehouse.owner),
        Client(headers={"authorization": "Bearer made-up"}),
    ):
        answer = getattr(browser, verb)(path)
        assert answer.status_code == 401
        assert answer["WWW-Authenticate"] == "Bearer"


def test_a_token_that_was_revoked_or_whose_maker_left_is_dead(
    warehouse: SimpleNamespace, directory: Directory
) -> None:
    assert directory("get", USERS)[0] == 200
    User.objects.filter(pk=warehouse.owner.pk).update(is_active=False)
    assert directory("get", USERS)[0] == 401
    User.objects.filter(pk=warehouse.owner.pk).update(is_active=True)
    DirectoryToken.objects.update(revoked_at=timezone.now())
    assert directory("get", USERS)[0] == 401


def test_guessing_tokens_is_stopped(db: None) -> None:
    del db
    cache.clear()
    statuses = {Directory("made-up")("get", USERS)[0] for _ in range(views.WRONG_A_MINUTE + 2)}
    assert statuses == {401, 429}


def test_whom_the_directory_makes_inactive_is_cut_within_that_request(
    directory: Directory, signed_in: Callable[[User], Client]
) -> None:
    status, made = directory("post", USERS, PERSON)
    assert status == 201
    user = User.objects.select_related("tenant").get(pk=made["id"])
    browser = signed_in(user)
    assert browser.get(reverse("home")).status_code == 302, "a second factor comes first"
    ShellToken.issue(user, "test", timezone.now())
    status, now = directory.active(made["id"], value=False)
    assert (status, now["active"]) == (200, False)
    assert browser.get(reverse("home"))["Location"].startswith("/login/")
    assert not ShellToken.objects.filter(user=user).exists()
    assert LeavingAudit.objects.filter(user=user).exists()
    assert AccountChange.objects.filter(person=user, what="directory_let_go").exists()
    assert Employment.objects.get(user=user).employed_to == timezone.localdate()


def test_who_comes_back_gets_a_new_employment_and_no_old_way_in(directory: Directory) -> None:
    _, made = directory("post", USERS, PERSON)
    directory.active(made["id"], value=False)
    assert directory.active(made["id"], value=True)[1]["active"] is True
    user = User.objects.get(pk=made["id"])
    assert user.is_active
    assert not user.has_usable_password()
    assert Employment.objects.filter(user=user).count() == 2


def test_what_is_deleted_is_let_go_and_its_record_stays(directory: Directory) -> None:
    _, made = directory("post", USERS, PERSON)
    assert directory("delete", f"{USERS}/{made['id']}") == (204, None)
    assert directory("get", f"{USERS}/{made['id']}")[0] == 404
    user = User.objects.get(pk=made["id"])
    assert not user.is_active
    assert AccountChange.objects.filter(person=user).exists()


def test_the_directory_never_takes_over_an_owner_nor_another_warehouse(
    warehouse: SimpleNamespace, elsewhere: SimpleNamespace, directory: Directory
) -> None:
    for user in (warehouse.owner, elsewhere.clerk):
        status, said = directory("post", USERS, {**PERSON, "userName": user.username})
        assert (status, said["scimType"]) == (409, "uniqueness")
    assert directory("post", USERS, {**PERSON, "userName": warehouse.clerk.username})[0] == 201
    other = Directory(token_of(elsewhere.tenant, elsewhere.owner))
    key = str(warehouse.clerk.pk)
    assert other("get", USERS)[1]["totalResults"] == 0
    for verb, body in (("get", None), ("delete", None), ("put", PERSON)):
        assert other(verb, f"{USERS}/{key}", body)[0] == 404
    assert other.active(key, value=False)[0] == 404
    assert other("post", GROUPS, {**GROUP, "members": [{"value": key}]})[0] == 400
    warehouse.clerk.refresh_from_db()
    assert warehouse.clerk.is_active


def test_a_group_gives_the_role_that_an_owner_decided_and_none_before(
    warehouse: SimpleNamespace, directory: Directory, signed_in: Callable[[User], Client], ledger: list[Any]
) -> None:
    import time

    _, made = directory("post", USERS, PERSON)
    status, group = directory("post", GROUPS, {**GROUP, "members": [{"value": made["id"]}]})
    assert status == 201
    user = User.objects.get(pk=made["id"])
    assert user.role == Role.CLERK
    owner = signed_in(warehouse.owner)
    session = owner.session
    session["account_authentication_methods"] = [
        {"method": "password", "at": time.time(), "reauthenticated": True}
    ]
    session["account_authentication_methods_user"] = str(warehouse.owner.pk)
    session.save()
    assert owner.post(reverse("directory_group", args=[group["id"]]), {"role": "service"}).status_code == 302
    user.refresh_from_db()
    assert user.role == Role.SERVICE
    assert ("account", "service") in {(kind, detail.get("role")) for kind, detail in ledger}
    remove = {"op": "remove", "path": f'members[value eq "{made["id"]}"]'}
    assert (
        directory("patch", f"{GROUPS}/{group['id']}", {"schemas": [PATCH], "Operations": [remove]})[0] == 200
    )
    user.refresh_from_db()
    assert user.role == Role.CLERK
    assert not user.may(Permission.ADMINISTER)


def test_the_last_owner_is_not_let_go_by_the_directory(
    warehouse: SimpleNamespace, directory: Directory, made_up: ModuleType
) -> None:
    _, made = directory("post", USERS, PERSON)
    group = DirectoryGroup.objects.create(tenant=warehouse.tenant, name="owners", role=Role.OWNER)
    directory("put", f"{GROUPS}/{group.pk}", {**GROUP, "members": [{"value": made["id"]}]})
    User.objects.filter(pk=warehouse.owner.pk).update(role=Role.CLERK)
    assert directory.active(made["id"], value=False)[0] == 403
    assert User.objects.get(pk=made["id"]).is_active
    assert directory("delete", f"{GROUPS}/{group.pk}")[0] == 403
    del made_up


def test_the_directory_makes_no_owner_of_a_shared_account(
    warehouse: SimpleNamespace, directory: Directory
) -> None:
    _, made = directory("post", USERS, PERSON)
    User.objects.filter(pk=made["id"]).update(shared=True)
    group = DirectoryGroup.objects.create(tenant=warehouse.tenant, name="owners", role=Role.OWNER)
    joined = {**GROUP, "members": [{"value": made["id"]}]}
    assert directory("put", f"{GROUPS}/{group.pk}", joined)[0] == 403
    assert User.objects.get(pk=made["id"]).role == Role.CLERK
    DirectoryGroup.objects.filter(pk=group.pk).update(role=Role.SERVICE)
    assert directory("put", f"{GROUPS}/{group.pk}", joined)[0] == 200


def test_filters_pages_and_sorting(directory: Directory) -> None:
    for n in range(5):
        directory("post", USERS, {**PERSON, "userName": f"person.{n}", "displayName": f"No {n}"})
    _, one = directory("get", f'{USERS}?filter=userName eq "PERSON.3"')
    assert [r["userName"] for r in one["Resources"]] == ["person.3"]
    _, page = directory("get", f"{USERS}?sortBy=userName&sortOrder=descending&startIndex=2&count=2")
    assert (page["totalResults"], [r["userName"] for r in page["Resources"]]) == (5, ["person.3", "person.2"])
    status, said = directory("get", f"{USERS}?filter=nonsense")
    assert (status, said["scimType"]) == (400, "invalidFilter")
    assert directory("post", USERS, {**PERSON, "userName": "a person"})[0] == 400
    assert directory("get", f"{USERS}?attributes=userName&count=1")[1]["Resources"][0].keys() == {
        "schemas", "id", "userName",
    }  # fmt: skip


def test_a_token_is_shown_once_and_kept_as_a_hash(
    warehouse: SimpleNamespace, signed_in: Callable[[User], Client]
) -> None:
    import re
    import time

    owner = signed_in(warehouse.owner)
    assert owner.post(reverse("directory_token_add"), {"label": "HR"}).status_code == 302, (
        "who asks is asked first"
    )
    session = owner.session
    session["account_authentication_methods"] = [
        {"method": "password", "at": time.time(), "reauthenticated": True}
    ]
    session["account_authentication_methods_user"] = str(warehouse.owner.pk)
    session.save()
    page = owner.post(reverse("directory_token_add"), {"label": "HR"}).content.decode()
    found = re.search(r'<code class="wg-code">([\w-]{43})</code>', page)
    assert found
    assert Directory(found[1])("get", USERS)[0] == 200
    assert found[1] not in owner.get(reverse("directory")).content.decode()
    with scope(tenant=warehouse.tenant):
        row = DirectoryToken.objects.get()
        assert found[1].encode() not in bytes(row.secret_hash)
    owner.post(reverse("directory_token_revoke", args=[row.pk]))
    assert Directory(found[1])("get", USERS)[0] == 401
