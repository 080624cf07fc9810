# ruff: noqa: ARG001 - fixtures are asked for by name
"""Signing in through a real provider: who is let in, with how many factors, and when the session ends."""

import secrets
import time
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope
from support.lemonldap import MFA_CONTEXT, WITH_MFA, WITHOUT_MFA

from waybillguard.service.authorization.principal import sign_in_of
from waybillguard.service.identity.accounts.employment import let_go
from waybillguard.service.identity.models import (
    DirectoryPerson,
    DirectoryToken,
    IdentityProvider,
    OneTimeLink,
    Role,
    SignInLink,
    User,
    token_hash,
)

KINDS = pytest.mark.parametrize("kind", ["oidc", "saml"])
FACTOR = {"oidc": ["mfa"], "saml": [MFA_CONTEXT]}


def subject_at(kind: str, provider: IdentityProvider, visitor: Any, name: str) -> str:
    """Return the provider's identifier of ``name``: over SAML a random one that only the provider knows."""
    if kind == "oidc":
        return name
    from waybillguard.service.people.sso import flows

    seen: list[str] = []
    real = flows.linked

    def listen(asked: Any, proof: Any) -> Any:
        seen.append(proof.subject)
        return real(asked, proof)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(flows, "linked", listen)
        visitor().sign_in(name)
    return seen[0]


@KINDS
def test_a_linked_person_gets_in(
    warehouse: SimpleNamespace, set_up: Any, visitor: Any, linked: Any, kind: str, journal: list[Any]
) -> None:
    provider = set_up(warehouse, kind)
    linked(provider, warehouse.service, subject_at(kind, provider, visitor, WITHOUT_MFA))
    browser = visitor()
    assert browser.sign_in(WITHOUT_MFA)["Location"] == reverse("home")
    assert browser.signed_in_as == str(warehouse.service.pk)
    assert browser.get(reverse("home")).status_code == 200
    assert ("sign_in", warehouse.service, {"how": "provider"}) in journal


@KINDS
def test_somebody_nobody_linked_does_not_get_in_and_no_account_is_made(
    warehouse: SimpleNamespace, set_up: Any, visitor: Any, kind: str
) -> None:
    set_up(warehouse, kind)
    # The demonstration account's e-mail and name do not sign anybody in.
    User.objects.filter(pk=warehouse.owner.pk).update(email="dwho@badwolf.org", username="dwho")
    before = User.objects.count()
    browser = visitor()
    answer = browser.sign_in(WITH_MFA)
    assert answer.status_code == 403
    assert b"not linked" in answer.content
    assert b"dwho" not in answer.content
    assert not browser.signed_in_as
    assert User.objects.count() == before


@KINDS
def test_a_second_factor_at_the_provider_counts_where_the_owner_has_named_it(
    warehouse: SimpleNamespace, set_up: Any, visitor: Any, linked: Any, kind: str
) -> None:
    provider = set_up(warehouse, kind, second_factor=FACTOR[kind])
    linked(provider, warehouse.owner, subject_at(kind, provider, visitor, WITH_MFA))
    browser = visitor()
    assert browser.sign_in(WITH_MFA)["Location"] == reverse("home")
    assert browser.get(reverse("people")).status_code == 200
    assert sign_in_of(request_of(browser, warehouse.owner)).method == "sso_second_factor"


def test_without_it_the_second_factor_of_this_service_is_asked_for(
    warehouse: SimpleNamespace, set_up: Any, visitor: Any, linked: Any
) -> None:
    linked(set_up(warehouse), warehouse.owner, WITHOUT_MFA)
    browser = visitor()
    assert browser.sign_in(WITHOUT_MFA)["Location"] == reverse("mfa_authenticate")
    assert not browser.signed_in_as


def test_a_role_with_power_and_no_second_factor_anywhere_sets_one_up_first(
    warehouse: SimpleNamespace, made_up: ModuleType, set_up: Any, visitor: Any, linked: Any
) -> None:
    clerk = made_up.make_user(warehouse.tenant, "new", Role.CLERK, second_factor=False)
    clerk.set_unusable_password()
    clerk.save()
    linked(set_up(warehouse), clerk, WITHOUT_MFA)
    browser = visitor()
    browser.sign_in(WITHOUT_MFA)
    assert browser.get(reverse("home"))["Location"] == reverse("second_factor")
    # Adding one requires a confirmation, which only the provider can give.
    away = browser.get(reverse("mfa_activate_totp"))
    assert away["Location"].startswith(reverse("sso_again"))
    back = browser.through(browser.get(away["Location"]), WITHOUT_MFA)
    assert back["Location"] == reverse("mfa_activate_totp")
    assert browser.get(reverse("mfa_activate_totp")).status_code == 200


@KINDS
def test_somebody_let_go_here_is_out_within_one_request_though_the_provider_still_knows_them(
    warehouse: SimpleNamespace, set_up: Any, visitor: Any, linked: Any, kind: str
) -> None:
    provider = set_up(warehouse, kind)
    linked(provider, warehouse.service, subject_at(kind, provider, visitor, WITHOUT_MFA))
    browser = visitor()
    browser.sign_in(WITHOUT_MFA)
    assert browser.get(reverse("home")).status_code == 200
    started = time.monotonic()
    let_go(warehouse.owner, warehouse.service, timezone.now())
    assert browser.get(reverse("home"))["Location"].startswith(reverse("account_login"))
    assert time.monotonic() - started < 1
    assert browser.sign_in(WITHOUT_MFA).status_code == 403
    assert not browser.signed_in_as


def test_somebody_the_directory_makes_inactive_is_out_within_one_request(
    warehouse: SimpleNamespace, set_up: Any, visitor: Any, linked: Any
) -> None:
    linked(set_up(warehouse), warehouse.service, WITHOUT_MFA)
    secret = secrets.token_urlsafe(32)
    with scope(tenant=warehouse.tenant):
        DirectoryPerson.objects.create(tenant=warehouse.tenant, user=warehouse.service)
        DirectoryToken.objects.create(
            tenant=warehouse.tenant, secret_hash=token_hash(secret), made_by=warehouse.owner
        )
    browser = visitor()
    browser.sign_in(WITHOUT_MFA)
    assert browser.get(reverse("home")).status_code == 200
    operation = {"op": "Replace", "path": "active", "value": False}
    answer = Client(headers={"authorization": f"Bearer {secret}"}).patch(
        f"/scim/v2/Users/{warehouse.service.pk}",
        {"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [operation]},
        content_type="application/scim+json",
    )
    assert answer.status_code == 200
    assert browser.get(reverse("home"))["Location"].startswith(reverse("account_login"))
    assert browser.sign_in(WITHOUT_MFA).status_code == 403


def test_switching_the_provider_off_ends_its_sessions_with_the_next_request(
    warehouse: SimpleNamespace, set_up: Any, visitor: Any, linked: Any, local: Any
) -> None:
    linked(set_up(warehouse), warehouse.service, WITHOUT_MFA)
    browser = visitor()
    browser.sign_in(WITHOUT_MFA)
    assert browser.get(reverse("home")).status_code == 200
    local(warehouse.owner).post(reverse("sso_off"))
    assert browser.get(reverse("home"))["Location"].startswith(reverse("account_login"))
    assert b"not switched on" in browser.get(reverse("sso_start", args=["here"])).content


def test_ending_the_link_ends_the_sessions_it_opened(
    warehouse: SimpleNamespace, set_up: Any, visitor: Any, linked: Any, local: Any
) -> None:
    linked(set_up(warehouse), warehouse.service, WITHOUT_MFA)
    browser = visitor()
    browser.sign_in(WITHOUT_MFA)
    local(warehouse.owner).post(reverse("person_unlink", args=[warehouse.service.pk]))
    assert browser.get(reverse("home"))["Location"].startswith(reverse("account_login"))


def test_a_session_of_before_does_not_survive_the_sign_in(
    warehouse: SimpleNamespace, set_up: Any, visitor: Any, linked: Any
) -> None:
    linked(set_up(warehouse), warehouse.service, WITHOUT_MFA)
    browser = visitor()
    away = browser.get(reverse("sso_start", args=["here"]))
    planted = browser.here.cookies["__Host-waybillguard-session"].value
    browser.through(away, WITHOUT_MFA)
    assert browser.here.cookies["__Host-waybillguard-session"].value != planted
    thief = visitor()
    thief.here.cookies["__Host-waybillguard-session"] = planted
    assert thief.get(reverse("home"))["Location"].startswith(reverse("account_login"))


@KINDS
def test_a_look_at_plaintext_asks_the_provider_again(
    warehouse: SimpleNamespace,
    set_up: Any,
    visitor: Any,
    linked: Any,
    kind: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    provider = set_up(warehouse, kind, second_factor=FACTOR[kind])
    User.objects.get(pk=warehouse.clerk.pk).authenticator_set.all().delete()  # type: ignore[attr-defined]
    linked(provider, warehouse.clerk, subject_at(kind, provider, visitor, WITH_MFA))
    browser = visitor()
    browser.sign_in(WITH_MFA)
    with scope(tenant=warehouse.tenant):
        order = warehouse.batch.order_set.filter(lane="B").first()
    later = time.time() + 600
    with monkeypatch.context() as patch:
        patch.setattr(time, "time", lambda: later)
        assert not sign_in_of(request_of(browser, warehouse.clerk)).stepped_up
    away = browser.get(reverse("sso_again"), next=reverse("reveal", args=[order.pk]))
    back = browser.through(away, WITH_MFA)
    assert back["Location"] == reverse("reveal", args=[order.pk])
    assert sign_in_of(request_of(browser, warehouse.clerk)).stepped_up


def test_an_open_session_at_the_provider_is_no_confirmation(
    warehouse: SimpleNamespace, set_up: Any, visitor: Any, linked: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The provider is asked with ``prompt=login``; if the user removes it, the answer is refused."""
    linked(set_up(warehouse), warehouse.owner, WITH_MFA)
    browser = visitor()
    browser.sign_in(WITH_MFA)
    later = time.time() + 600
    with monkeypatch.context() as patch:
        patch.setattr(time, "time", lambda: later)
        away = browser.get(reverse("sso_again"))
        address = away["Location"].replace("prompt=login", "").replace("max_age=0", "")
        target, _ = browser.there.sign_in(address, WITH_MFA)
        answer = browser.come_back(target, {})
    assert answer.status_code == 403
    assert b"did not ask you again" in answer.content


def test_somebody_elses_confirmation_does_not_count(
    warehouse: SimpleNamespace, set_up: Any, visitor: Any, linked: Any
) -> None:
    provider = set_up(warehouse)
    linked(provider, warehouse.owner, WITH_MFA)
    linked(provider, warehouse.service, WITHOUT_MFA)
    browser, other = visitor(), visitor()
    browser.sign_in(WITH_MFA)
    away = browser.get(reverse("sso_again"))
    answer = browser.come_back(*other.there.sign_in(away["Location"], WITHOUT_MFA))
    assert answer.status_code == 403
    assert b"somebody else" in answer.content


@KINDS
def test_an_invited_person_links_instead_of_setting_a_password(
    warehouse: SimpleNamespace, made_up: ModuleType, set_up: Any, visitor: Any, kind: str
) -> None:
    provider = set_up(warehouse, kind)
    new = User.objects.create(username="new", tenant=warehouse.tenant, role=Role.SERVICE)
    secret = OneTimeLink.issue(new, timezone.now())
    browser = visitor()
    page = browser.post(reverse("setup", args=[secret]), provider="1")
    assert reverse("sso_start", args=["here"]) in page.content.decode()
    browser.through(browser.get(reverse("sso_start", args=["here"])), WITHOUT_MFA)
    assert browser.signed_in_as == str(new.pk)
    with scope(tenant=warehouse.tenant):
        assert SignInLink.objects.get(user=new).issuer == provider.issuer
    # The link is used up; from now on the person can sign in only through the provider.
    assert browser.get(reverse("setup", args=[secret])).status_code == 410
    again = visitor()
    again.sign_in(WITHOUT_MFA)
    assert again.signed_in_as == str(new.pk)


def test_somebody_signed_in_here_links_their_own_account(
    warehouse: SimpleNamespace, set_up: Any, visitor: Any, local: Any
) -> None:
    set_up(warehouse)
    browser = local(warehouse.owner)
    browser.post(reverse("sso_link"))
    away = browser.get(reverse("sso_start", args=["here"]))
    assert "prompt=login" in away["Location"]
    assert browser.through(away, WITH_MFA)["Location"] == reverse("mfa_index")
    assert "Linked" in browser.get(reverse("mfa_index")).content.decode()
    through = visitor()
    through.sign_in(WITH_MFA)
    assert through.signed_in_as == str(warehouse.owner.pk)


def test_an_identity_of_one_person_cannot_be_linked_to_another(
    warehouse: SimpleNamespace, set_up: Any, linked: Any, local: Any
) -> None:
    linked(set_up(warehouse), warehouse.service, WITH_MFA)
    browser = local(warehouse.owner)
    browser.post(reverse("sso_link"))
    answer = browser.through(browser.get(reverse("sso_start", args=["here"])), WITH_MFA)
    assert b"already linked" in answer.content
    with scope(tenant=warehouse.tenant):
        assert not SignInLink.objects.filter(user=warehouse.owner).exists()


def request_of(browser: Any, user: User) -> Any:
    """Return a request of the browser's session."""
    request = RequestFactory().get("/")
    request.session, request.user = browser.here.session, user
    return request
