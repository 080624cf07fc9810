# ruff: noqa: ARG001 - fixtures are asked for by name
"""Setting up the provider: tried before it is on, written to the ledger first, turned off with one click."""

import html
import sys
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django_scopes import scope
from support.lemonldap import CLIENT, CLIENT_SECRET, WITH_MFA, WITHOUT_MFA, Lemonldap

from waybillguard.service.identity.accounts import journal as real_journal
from waybillguard.service.identity.accounts.sso_proof import open_secret
from waybillguard.service.identity.models import IdentityProvider, Role, SignInLink
from waybillguard.service.keyd.client import KeydUnavailableError
from waybillguard.service.people.sso import saml

PAGE = "single_sign_on"


def enter(browser: Any, provider: Lemonldap, **about: str) -> Any:
    values = {
        "name": "Group", "issuer": provider.issuer, "client_id": CLIENT, "secret": CLIENT_SECRET, "counts": "mfa",
        "authority": provider.tls.authority, **about,
    }  # fmt: skip
    return browser.post(reverse("sso_save_oidc"), **values)


def kept(made: SimpleNamespace) -> IdentityProvider:
    with scope(tenant=made.tenant):
        return IdentityProvider.objects.select_related("tenant").get()


def test_it_is_on_only_after_a_trial_that_shows_what_would_be_used(
    warehouse: SimpleNamespace, lemonldap_ng: Lemonldap, local: Any, journal: list[Any]
) -> None:
    browser = local(warehouse.owner)
    assert enter(browser, lemonldap_ng)["Location"] == reverse(PAGE)
    browser.post(reverse("sso_on"))
    assert kept(warehouse).active_since is None
    assert b"not switched on" in browser.get(reverse("sso_start", args=["here"])).content
    assert browser.through(browser.get(reverse("sso_try")), WITH_MFA)["Location"] == reverse(PAGE)
    shown = browser.get(reverse(PAGE)).content.decode()
    assert all(word in shown for word in (WITH_MFA, lemonldap_ng.issuer, "loa-2", "mfa"))
    assert WITH_MFA not in browser.get(reverse(PAGE)).content.decode()  # this once
    browser.post(reverse("sso_on"))
    assert kept(warehouse).active_since is not None
    noted = [detail["change"] for kind, _, detail in journal if kind == "account" and "change" in detail]
    assert noted == ["sso_set", "sso_on"]
    with scope(tenant=warehouse.tenant):
        assert not SignInLink.objects.exists()  # a trial links nobody


def test_saml_is_set_up_by_the_address_of_the_metadata(
    warehouse: SimpleNamespace, lemonldap_ng: Lemonldap, local: Any
) -> None:
    browser = local(warehouse.owner)
    browser.post(
        reverse("sso_save_saml"), name="Group", metadata_url=lemonldap_ng.entity_id,
        authority=lemonldap_ng.tls.authority,
    )  # fmt: skip
    assert kept(warehouse).issuer == lemonldap_ng.entity_id
    browser.through(browser.get(reverse("sso_try")), WITHOUT_MFA)
    browser.post(reverse("sso_on"))
    assert kept(warehouse).active_since is not None


def test_any_change_takes_a_new_trial(
    warehouse: SimpleNamespace, lemonldap_ng: Lemonldap, local: Any
) -> None:
    browser = local(warehouse.owner)
    enter(browser, lemonldap_ng)
    browser.through(browser.get(reverse("sso_try")), WITH_MFA)
    browser.post(reverse("sso_on"))
    enter(browser, lemonldap_ng, counts="loa-2", secret="")
    assert kept(warehouse).active_since is None
    assert not kept(warehouse).tried
    assert open_secret(kept(warehouse)) == CLIENT_SECRET  # an empty field keeps it
    browser.post(reverse("sso_on"))
    assert kept(warehouse).active_since is None


def test_a_trial_of_a_former_set_up_proves_nothing_of_this_one(
    warehouse: SimpleNamespace, lemonldap_ng: Lemonldap, local: Any
) -> None:
    browser = local(warehouse.owner)
    enter(browser, lemonldap_ng)
    away = browser.get(reverse("sso_try"))
    enter(browser, lemonldap_ng, counts="")
    assert browser.through(away, WITH_MFA).status_code == 403
    assert not kept(warehouse).tried


def test_the_secret_is_sealed_and_never_shown_and_not_handed_to_another_provider(
    warehouse: SimpleNamespace, lemonldap_ng: Lemonldap, local: Any
) -> None:
    browser = local(warehouse.owner)
    enter(browser, lemonldap_ng)
    row = kept(warehouse)
    assert CLIENT_SECRET not in row.sealed_secret
    assert open_secret(row) == CLIENT_SECRET
    page = browser.get(reverse(PAGE)).content.decode()
    assert CLIENT_SECRET not in page
    assert row.sealed_secret not in page
    enter(browser, lemonldap_ng, issuer="https://other.test", secret="")
    assert open_secret(kept(warehouse)) == ""


def test_nothing_is_kept_that_the_ledger_has_not_taken(
    warehouse: SimpleNamespace, lemonldap_ng: Lemonldap, local: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = local(warehouse.owner)

    def refuse(*_: Any) -> None:
        raise KeydUnavailableError(zh="账本没有应答", en="the ledger does not answer")

    with monkeypatch.context() as patch:
        patch.setattr(real_journal, "put", refuse)
        assert enter(browser, lemonldap_ng).status_code == 503
    with scope(tenant=warehouse.tenant):
        assert not IdentityProvider.objects.exists()
    enter(browser, lemonldap_ng)
    browser.through(browser.get(reverse("sso_try")), WITH_MFA)
    with monkeypatch.context() as patch:
        patch.setattr(real_journal, "put", refuse)
        assert browser.post(reverse("sso_on")).status_code == 503
        assert kept(warehouse).active_since is None
    browser.post(reverse("sso_on"))
    with monkeypatch.context() as patch:
        patch.setattr(real_journal, "put", refuse)
        browser.post(reverse("sso_off"))  # taking power away never waits
    assert kept(warehouse).active_since is None


def test_setting_up_trying_and_switching_on_take_a_confirmation(
    warehouse: SimpleNamespace, lemonldap_ng: Lemonldap, signed_in: Any, set_up: Any
) -> None:
    set_up(warehouse)
    browser: Client = signed_in(warehouse.owner)
    for name, method in (
        ("sso_save_oidc", "post"),
        ("sso_try", "get"),
        ("sso_on", "post"),
        ("sso_link", "post"),
    ):
        answer = getattr(browser, method)(reverse(name), secure=True)
        assert answer["Location"].startswith(reverse("account_reauthenticate")), name


def test_the_provider_cannot_be_changed_from_a_session_it_opened(
    warehouse: SimpleNamespace, lemonldap_ng: Lemonldap, set_up: Any, linked: Any, visitor: Any
) -> None:
    linked(set_up(warehouse), warehouse.owner, WITH_MFA)
    browser = visitor()
    browser.sign_in(WITH_MFA)
    browser.through(browser.get(reverse("sso_again")), WITH_MFA)
    before = kept(warehouse).revision
    enter(browser, lemonldap_ng)
    assert kept(warehouse).revision == before
    assert b"sign in with a password or passkey" in browser.get(reverse(PAGE)).content
    # An owner may turn it off from any session.
    browser.post(reverse("sso_off"))
    assert kept(warehouse).active_since is None


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("issuer", "http://127.0.0.1"), ("issuer", "ftp://x"), ("client_id", ""), ("authority", "no certificate"),
        ("counts", " ".join("abcdefghijkl")),
    ],
)  # fmt: skip
def test_what_cannot_work_is_refused_in_the_form(
    warehouse: SimpleNamespace, lemonldap_ng: Lemonldap, local: Any, field: str, value: str
) -> None:
    answer = enter(local(warehouse.owner), lemonldap_ng, **{field: value})
    assert answer.status_code == 422
    assert b"wg-error" in answer.content


def test_an_owner_sets_up_the_own_warehouse_alone(
    warehouse: SimpleNamespace, elsewhere: SimpleNamespace, lemonldap_ng: Lemonldap, set_up: Any, local: Any
) -> None:
    set_up(elsewhere)
    browser = local(warehouse.owner)
    assert "Group" not in browser.get(reverse(PAGE)).content.decode()
    browser.post(reverse("sso_off"))
    assert kept(elsewhere).active_since is not None


def test_without_the_extra_the_page_says_what_to_install(
    warehouse: SimpleNamespace, signed_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(saml, "INSTALLED", False)
    page = signed_in(warehouse.owner).get(reverse(PAGE)).content.decode()
    assert "waybillguard[saml]" in html.unescape(page)
    assert reverse("sso_save_saml") not in page


def test_saml_is_not_loaded_before_somebody_needs_it() -> None:
    import subprocess

    code = "import waybillguard.service.people.sso.saml, sys; print('onelogin' in sys.modules)"
    environment = {"DJANGO_SETTINGS_MODULE": "waybillguard.service.platform.settings", "PATH": "/usr/bin"}
    setup = f"import django; django.setup(); {code}"
    done = subprocess.run(
        [sys.executable, "-c", setup], capture_output=True, text=True, env=environment, check=False
    )
    assert done.stdout.strip() == "False", done.stderr[-500:]


def test_the_sign_in_page_offers_the_provider_and_asks_where_there_are_several_warehouses(
    warehouse: SimpleNamespace, set_up: Any, made_up: ModuleType
) -> None:
    set_up(warehouse)
    browser = Client(headers={"accept-language": "en"})
    assert reverse("sso_start", args=["here"]) in browser.get(reverse("account_login")).content.decode()
    made_up.make_tenant("elsewhere")
    page = browser.get(reverse("account_login")).content.decode()
    assert reverse("sso_which") in page
    assert "Group" not in page
    assert browser.get(reverse("sso_which"), {"warehouse": "here"})["Location"] == reverse(
        "sso_start", args=["here"]
    )
    assert browser.get(reverse("sso_which"), {"warehouse": "elsewhere"}).status_code == 404


def test_ones_own_last_way_in_is_not_unlinked(
    warehouse: SimpleNamespace, made_up: ModuleType, set_up: Any, linked: Any, visitor: Any
) -> None:
    person = made_up.make_user(warehouse.tenant, "new", Role.SERVICE, second_factor=False)
    person.set_unusable_password()
    person.save()
    linked(set_up(warehouse), person, WITHOUT_MFA)
    browser = visitor()
    browser.sign_in(WITHOUT_MFA)
    browser.through(browser.get(reverse("sso_again")), WITHOUT_MFA)
    browser.post(reverse("sso_unlink"))
    with scope(tenant=warehouse.tenant):
        assert SignInLink.objects.filter(user=person).exists()
