"""An owner changes a role: it is confirmed and recorded, and a narrower role ends sessions at once."""

from collections.abc import Callable, Iterator
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope

from waybillguard.service.identity.accounts import journal as real
from waybillguard.service.identity.accounts.errors import LastOwnerError, NotNowError
from waybillguard.service.identity.accounts.roles import change_role
from waybillguard.service.identity.models import AccountChange, DirectoryPerson, Role, ShellToken, User
from waybillguard.service.keyd.client import KeydUnavailableError


@pytest.fixture
def here(warehouse: SimpleNamespace, made_up: ModuleType) -> Iterator[SimpleNamespace]:
    warehouse.supervisor = made_up.make_user(warehouse.tenant, "supervisor", Role.SUPERVISOR)
    with scope(tenant=warehouse.tenant):
        yield warehouse


def role_of(user: User) -> str:
    return str(User.objects.get(pk=user.pk).role)


def test_an_owner_gives_a_wider_role_with_step_up_and_in_the_record(
    here: SimpleNamespace,
    confirmed: Callable[..., Client],
    signed_in: Callable[..., Client],
    journal: list[Any],
) -> None:
    address = reverse("person_role", args=[here.clerk.pk])
    answer = signed_in(here.owner).post(address, {"role": "supervisor"})
    assert "confirm" in answer["Location"]
    assert role_of(here.clerk) == "clerk"
    assert confirmed(here.owner).post(address, {"role": "supervisor"}).status_code == 302
    assert role_of(here.clerk) == "supervisor"
    change = AccountChange.objects.get(person=here.clerk, what="role")
    assert change.actor == here.owner
    assert [detail["change"] for _kind, _who, detail in journal] == ["role"]
    assert confirmed(here.owner).post(address, {"role": "emperor"})["Location"] == reverse(
        "person", args=[here.clerk.pk]
    )
    assert role_of(here.clerk) == "supervisor"


def test_a_narrower_role_ends_sessions_and_tokens(
    here: SimpleNamespace, signed_in: Callable[..., Client]
) -> None:
    browser = signed_in(here.supervisor)
    assert browser.get(reverse("home")).status_code == 200
    ShellToken.issue(here.supervisor, "test", timezone.now())
    change_role(here.owner, here.supervisor, Role.CLERK, timezone.now())
    assert browser.get(reverse("home")).status_code == 302
    assert not ShellToken.objects.filter(user=here.supervisor).exists()
    assert AccountChange.objects.get(person=here.supervisor).what == "role_lowered"


def test_a_wider_role_waits_for_the_ledger(here: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: Any) -> None:
        raise KeydUnavailableError(zh="没有应答", en="no answer")

    monkeypatch.setattr(real, "put", away)
    with pytest.raises(KeydUnavailableError):
        change_role(here.owner, here.clerk, Role.OWNER, timezone.now())
    assert role_of(here.clerk) == "clerk"
    change_role(here.owner, here.supervisor, Role.CLERK, timezone.now())
    assert role_of(here.supervisor) == "clerk"


def test_the_last_owner_oneself_and_whom_the_directory_keeps_stay(
    here: SimpleNamespace, made_up: ModuleType
) -> None:
    second = made_up.make_user(here.tenant, "second-owner", Role.OWNER)
    with pytest.raises(NotNowError):
        change_role(here.owner, here.owner, Role.CLERK, timezone.now())
    change_role(second, here.owner, Role.CLERK, timezone.now())
    with pytest.raises(LastOwnerError):
        change_role(here.supervisor, second, Role.CLERK, timezone.now())
    DirectoryPerson.objects.create(tenant=here.tenant, user=here.supervisor)
    with pytest.raises(NotNowError):
        change_role(second, here.supervisor, Role.CLERK, timezone.now())
    User.objects.filter(pk=here.clerk.pk).update(shared=True)
    with pytest.raises(NotNowError):
        change_role(second, here.clerk, Role.OWNER, timezone.now())


def test_a_person_of_another_warehouse_is_not_found(
    here: SimpleNamespace, elsewhere: SimpleNamespace, confirmed: Callable[..., Client]
) -> None:
    answer = confirmed(here.owner).post(reverse("person_role", args=[elsewhere.clerk.pk]), {"role": "owner"})
    assert answer.status_code == 404


def test_the_name_of_a_shift_that_does_not_exist_is_refused(
    here: SimpleNamespace, confirmed: Callable[..., Client]
) -> None:
    address = reverse("person_edit", args=[here.clerk.pk])
    assert confirmed(here.owner).post(address, {"number": "7", "shift": "dya"}).status_code == 422
    assert confirmed(here.owner).post(address, {"number": "7", "shift": "白班"}).status_code == 302
