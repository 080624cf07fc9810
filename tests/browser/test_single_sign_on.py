"""Single sign-on in a real browser with a real provider: the browser's policies, cookies, posts from another site."""

from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone
from django_scopes import scope
from playwright.sync_api import Browser, BrowserContext, Page, expect
from support.axe import DESK, PHONE, check
from support.lemonldap import CLIENT, CLIENT_SECRET, WITHOUT_MFA, Lemonldap, service_metadata

from waybillguard.service.identity.accounts.sso_proof import seal_secret
from waybillguard.service.identity.models import IdentityProvider, OneTimeLink, Role, SignInLink, User
from waybillguard.service.people.sso import views


@pytest.fixture(scope="module")
def provider(server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lemonldap]:
    """LemonLDAP::NG that knows the live console."""
    running = Lemonldap(
        tmp_path_factory.mktemp("lemonldap"),
        f"{server}/sso/here/callback/",
        service_metadata(f"{server}/sso/here"),
    )
    yield running
    running.stop()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser that trusts the provider's made-up authority."""
    fresh = browser.new_context(ignore_https_errors=True, locale="en")
    yield fresh
    fresh.close()


def set_up(warehouse: SimpleNamespace, provider: Lemonldap, kind: str) -> IdentityProvider:
    values: dict[str, Any] = {
        "issuer": provider.issuer,
        "client_id": CLIENT,
        "sealed_secret": seal_secret(CLIENT_SECRET),
    }
    if kind == "saml":
        text = provider.browser().client.get(provider.entity_id).text
        values = {"issuer": provider.entity_id, "metadata": text}
    with scope(tenant=warehouse.tenant):
        return IdentityProvider.objects.create(
            tenant=warehouse.tenant, kind=kind, name="Group", origin=warehouse.server, authority=provider.tls.authority,
            revision=1, tried_revision=1, active_since=timezone.now(), **values,
        )  # fmt: skip


@pytest.mark.parametrize("kind", ["oidc", "saml"])
def test_an_invited_person_comes_in_by_the_provider_and_again_by_the_button(
    kind: str,
    warehouse: SimpleNamespace,
    provider: Lemonldap,
    page: Page,
    context: BrowserContext,
    complaints: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(views, "BRIDGE", "saml")  # no TLS in this test, so no name that demands it
    set_up(warehouse, provider, kind)
    new = User.objects.create(username="new", tenant=warehouse.tenant, role=Role.SERVICE)
    secret = OneTimeLink.issue(new, timezone.now())
    page.goto(f"{warehouse.server}/setup/{secret}/")
    page.get_by_role("button", name="Always sign in with Group").click()
    page.get_by_role("link", name="Go on to Group").click()
    _at_provider(page)
    expect(page).to_have_url(f"{warehouse.server}/")
    with scope(tenant=warehouse.tenant):
        assert SignInLink.objects.get(user=new).kind == kind

    page.goto("about:blank")  # a page that asks for news without its session goes to the sign-in by itself
    context.clear_cookies()
    page.goto(f"{warehouse.server}/orders/")
    page.get_by_role("link", name="Sign in with Group").click()
    _at_provider(page)
    expect(page).to_have_url(f"{warehouse.server}/orders/")
    assert [one for one in complaints if warehouse.server in one] == []


def _at_provider(page: Page) -> None:
    page.locator("input[name=user]").fill(WITHOUT_MFA)
    page.locator("input[name=password]").fill(WITHOUT_MFA)
    page.locator("input[name=password]").press("Enter")


@pytest.mark.parametrize(("language", "viewport"), [("zh-hans", PHONE), ("en", DESK)], ids=["phone", "desk"])
def test_the_pages_are_for_everybody(
    language: str,
    viewport: dict[str, int],
    warehouse: SimpleNamespace,
    provider: Lemonldap,
    sign_in: Callable[..., None],
    page: Page,
    context: BrowserContext,
    axe: str,
    complaints: list[str],
) -> None:
    page.set_viewport_size(viewport)  # type: ignore[arg-type]
    found = set_up(warehouse, provider, "oidc")
    new = User.objects.create(username="new", tenant=warehouse.tenant, role=Role.SERVICE)
    secret = OneTimeLink.issue(new, timezone.now())
    with scope(tenant=warehouse.tenant):
        SignInLink.objects.create(
            tenant=warehouse.tenant,
            user=warehouse.owner,
            kind="oidc",
            issuer=found.issuer,
            subject="somebody",
        )
    base = warehouse.server
    context.add_cookies([{"name": "django_language", "value": language, "url": base}])
    open_pages = ["/login/", "/sso/", "/sso/?warehouse=unknown", "/sso/here/callback/", f"/setup/{secret}/"]
    wrong = check(page, axe, [base + path for path in open_pages])
    sign_in(warehouse.owner, language)
    paths = [
        "/account/security/",
        f"/people/{warehouse.owner.pk}/",
        "/account/confirm/",
        "/people/single-sign-on/",
    ]
    wrong += check(page, axe, [base + path for path in paths])
    with scope(tenant=warehouse.tenant):
        IdentityProvider.objects.update(active_since=None)
    wrong += check(page, axe, [f"{base}/people/single-sign-on/"])
    assert wrong == [], "\n".join(wrong)
    # Two pages say in their status that nothing came of it.
    assert [one for one in complaints if "403" not in one and "404" not in one] == []
