# ruff: noqa: ARG001 - fixtures are asked for by name; Django is imported late
"""The owner's page of people, and everybody's page of CLI tokens."""

import re
import time
from datetime import timedelta
from types import SimpleNamespace

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from support.grants import TOTP_SECRET, code_now

from waybillguard.service.identity.accounts.services import deactivate, take_link
from waybillguard.service.identity.models import OneTimeLink, Role, ShellToken, User


@pytest.fixture
def owner(warehouse: SimpleNamespace) -> Client:
    """The owner's browser, who has just confirmed the password."""
    client = Client(headers={"accept-language": "en"})
    client.force_login(warehouse.owner)
    session = client.session
    session["account_authentication_methods"] = [
        {"method": "password", "at": time.time(), "reauthenticated": True}
    ]
    session["account_authentication_methods_user"] = str(warehouse.owner.pk)
    session.save()
    return client


NEW = {"username": "new-clerk", "display_name": "新同事", "role": "clerk"}


def test_adding_a_person_shows_a_link_once(warehouse: SimpleNamespace, owner: Client) -> None:
    page = owner.post(reverse("person_add"), NEW).content.decode()
    secret = re.search(r"/setup/([\w-]+)/", page)
    assert secret is not None
    link = OneTimeLink.find(secret[1], timezone.now())
    assert link is not None
    assert (link.user.tenant, link.user.role) == (warehouse.tenant, Role.CLERK)
    assert not link.user.has_usable_password()
    assert "/setup/" not in owner.get(reverse("people")).content.decode()


def test_adding_a_person_asks_who_is_asking_first(warehouse: SimpleNamespace) -> None:
    client = Client()
    client.force_login(warehouse.owner)
    answer = client.post(reverse("person_add"), NEW)
    assert answer["Location"].startswith(reverse("account_reauthenticate"))
    assert not User.objects.filter(username="new-clerk").exists()


def test_after_confirming_the_person_is_added_without_typing_again(warehouse: SimpleNamespace) -> None:
    client = Client(headers={"accept-language": "en"})
    client.force_login(warehouse.owner)
    where = client.post(reverse("person_add"), NEW)["Location"]
    page = client.post(where, {"code": code_now(TOTP_SECRET)})
    assert "/setup/" in page.content.decode()
    assert User.objects.get(username="new-clerk").tenant == warehouse.tenant


def test_a_name_that_is_taken_is_said(warehouse: SimpleNamespace, owner: Client) -> None:
    page = owner.post(reverse("person_add"), {**NEW, "username": "clerk"})
    assert page.status_code == 422
    assert page.context["form"].errors["username"]
    page = owner.post(reverse("person_add"), {**NEW, "username": "Clerk"})
    assert (page.status_code, User.objects.filter(username__iexact="clerk").count()) == (422, 1)


def test_people_of_another_tenant_are_not_listed(
    warehouse: SimpleNamespace, elsewhere: SimpleNamespace, owner: Client
) -> None:
    assert "elsewhere" not in owner.get(reverse("people")).content.decode()


def test_ending_access_ends_sessions_tokens_and_links(warehouse: SimpleNamespace) -> None:
    browser = Client(headers={"user-agent": "test"})
    browser.force_login(warehouse.clerk)
    assert browser.get(reverse("home")).status_code == 200
    assert UserSession.objects.filter(user=warehouse.clerk).exists()
    token, _ = ShellToken.issue(warehouse.clerk, "pc", timezone.now())
    link = OneTimeLink.issue(warehouse.clerk, timezone.now())
    deactivate(warehouse.clerk)
    assert browser.get(reverse("home")).status_code == 302
    assert not UserSession.objects.filter(user=warehouse.clerk).exists()
    assert ShellToken.find(token, timezone.now()) is None
    assert OneTimeLink.find(link, timezone.now()) is None


def test_the_page_ends_access(warehouse: SimpleNamespace, owner: Client) -> None:
    owner.post(reverse("person_deactivate", args=[warehouse.clerk.pk]))
    warehouse.clerk.refresh_from_db()
    assert not warehouse.clerk.is_active


def test_an_owner_cannot_lock_himself_out(warehouse: SimpleNamespace, owner: Client) -> None:
    page = owner.post(reverse("person_deactivate", args=[warehouse.owner.pk]), follow=True)
    assert "You cannot deactivate yourself" in page.content.decode()
    warehouse.owner.refresh_from_db()
    assert warehouse.owner.is_active


def test_a_link_is_used_up_by_the_first(warehouse: SimpleNamespace) -> None:
    now = timezone.now()
    link = OneTimeLink.find(OneTimeLink.issue(warehouse.clerk, now), now)
    assert link is not None
    assert take_link(link, now)
    assert not take_link(link, now)


def test_a_token_can_be_revoked_by_its_person_alone(warehouse: SimpleNamespace) -> None:
    secret, row = ShellToken.issue(warehouse.clerk, "pc", timezone.now())
    colleague = Client()
    colleague.force_login(warehouse.owner)
    assert colleague.post(reverse("token_revoke", args=[row.pk])).status_code == 404
    own = Client()
    own.force_login(warehouse.clerk)
    assert "pc" in own.get(reverse("tokens")).content.decode()
    own.post(reverse("token_revoke", args=[row.pk]))
    assert ShellToken.find(secret, timezone.now()) is None


def test_a_temp_who_may_not_print_yet_is_said_with_the_link(
    warehouse: SimpleNamespace, owner: Client
) -> None:
    today = timezone.localdate()
    page = owner.post(
        reverse("person_add"),
        NEW
        | {
            "temp": "on",
            "employed_from": f"{today:%Y-%m-%d}",
            "employed_to": f"{today + timedelta(4):%Y-%m-%d}",
        },
    ).content.decode()
    assert "/setup/" in page
    assert "cannot work yet: " in page
    assert "a temp in the first seven days prints no labels" in page


def test_a_merchants_person_without_a_shop_is_pointed_to_the_merchants(
    warehouse: SimpleNamespace, owner: Client
) -> None:
    page = owner.post(reverse("person_add"), NEW | {"role": "merchant"}).content.decode()
    said = page[page.index("cannot work yet: ") :]
    said = said[: said.index("</p>")]
    assert said.startswith("cannot work yet: no shop is assigned")
    assert f'href="{reverse("merchants")}"' in said
    assert "identity check" not in said
