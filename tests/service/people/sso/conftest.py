"""A real identity provider, and a browser that signs in through it."""

import threading
from collections.abc import Callable, Iterator
from functools import cached_property
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import ModuleType, SimpleNamespace
from typing import Any
from urllib.parse import parse_qs

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.test import Client
from django.urls import reverse
from django_scopes import scope
from support import lemonldap
from support.lemonldap import Browser, Lemonldap

from waybillguard.service.identity.accounts.sso_proof import seal_secret
from waybillguard.service.identity.models import IdentityProvider, SignInLink, User

HOME = "https://testserver"


class Mailbox:
    """Receives the provider's logout tokens with a real server, because Django's test client listens on no port."""

    def __init__(self) -> None:
        self.tokens: list[str] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"])).decode()
                outer.tokens += parse_qs(body)["logout_token"]
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                """Log nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_address[1]}/"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()


@pytest.fixture(scope="session")
def mailbox() -> Iterator[Mailbox]:
    """The logout tokens that the provider has sent."""
    made = Mailbox()
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture(scope="session")
def lemonldap_ng(tmp_path_factory: pytest.TempPathFactory, mailbox: Mailbox) -> Iterator[Lemonldap]:
    """LemonLDAP::NG from Debian, which knows this service under both protocols."""
    running = Lemonldap(
        tmp_path_factory.mktemp("lemonldap"),
        f"{HOME}/sso/here/callback/",
        lemonldap.service_metadata(f"{HOME}/sso/here"),
        mailbox.address,
    )
    yield running
    running.stop()


class Visitor:
    """A browser that moves between this service and the provider."""

    def __init__(self, provider: Callable[[], Lemonldap]) -> None:
        self.here = Client(headers={"accept-language": "en"}, HTTP_HOST="testserver")
        self._provider = provider

    @cached_property
    def there(self) -> Browser:
        """The same browser at the provider, started at its first visit."""
        return self._provider().browser()

    def get(self, address: str, **data: Any) -> Any:
        return self.here.get(address, data, secure=True)

    def post(self, address: str, **data: Any) -> Any:
        return self.here.post(address, data, secure=True, headers={"referer": f"{HOME}/"})

    def come_back(self, address: str, form: dict[str, str]) -> Any:
        """Follow the provider's answer as a browser does: redirect, or post from another site and redirect."""
        path = address.removeprefix(HOME)
        if not form:
            return self.get(path)
        cookies = self.here.cookies.pop("__Host-waybillguard-session", None)  # SameSite=Lax: not sent along
        answer = self.post(path, **form)
        if cookies is not None:
            self.here.cookies["__Host-waybillguard-session"] = cookies
        return self.get(answer["Location"]) if answer.status_code == 302 else answer

    def through(self, away: Any, name: str) -> Any:
        """Follow a redirect to the provider, sign in there as ``name`` and come back."""
        assert away.status_code == 302, away.content[:2000]
        return self.come_back(*self.there.sign_in(away["Location"], name))

    def sign_in(self, name: str, slug: str = "here") -> Any:
        return self.through(self.get(reverse("sso_start", args=[slug])), name)

    @property
    def signed_in_as(self) -> str:
        """The primary key of the signed-in user, or nothing."""
        return str(self.here.session.get("_auth_user_id", ""))


@pytest.fixture
def visitor(request: pytest.FixtureRequest) -> Callable[[], Visitor]:
    """Return fresh browsers."""
    return lambda: Visitor(lambda: request.getfixturevalue("lemonldap_ng"))


@pytest.fixture
def set_up(lemonldap_ng: Lemonldap) -> Callable[..., IdentityProvider]:
    """Set up the provider for a warehouse and turn it on."""

    def make(made: SimpleNamespace, kind: str = "oidc", **about: Any) -> IdentityProvider:
        values: dict[str, Any] = {
            "kind": kind, "name": "Group", "origin": HOME, "authority": lemonldap_ng.tls.authority, "revision": 3,
            "tried_revision": 3, "active_since": "2026-11-25T00:00:00Z",
        }  # fmt: skip
        if kind == "oidc":
            values |= {
                "issuer": lemonldap_ng.issuer, "client_id": lemonldap.CLIENT,
                "sealed_secret": seal_secret(lemonldap.CLIENT_SECRET), "second_factor": ["mfa"],
            }  # fmt: skip
        else:
            browser = lemonldap_ng.browser()
            text = browser.client.get(lemonldap_ng.entity_id).text
            values |= {"issuer": lemonldap_ng.entity_id, "metadata": text}
        with scope(tenant=made.tenant):
            return IdentityProvider.objects.create(tenant=made.tenant, **{**values, **about})

    return make


def tie(provider: IdentityProvider, user: User, subject: str) -> SignInLink:
    """Link a person as if they had done it themselves."""
    with scope(tenant=provider.tenant):
        return SignInLink.objects.create(
            tenant=provider.tenant, user=user, kind=provider.kind, issuer=provider.issuer, subject=subject
        )


@pytest.fixture
def linked() -> Callable[[IdentityProvider, User, str], SignInLink]:
    """Return a function that links a person."""
    return tie


@pytest.fixture
def local(made_up: ModuleType, visitor: Callable[[], Visitor]) -> Callable[[User], Visitor]:
    """Return a browser that has just signed in with password and code."""

    def make(user: User) -> Visitor:
        browser = visitor()
        browser.post(reverse("account_login"), login=user.username, password=made_up.PASSWORD)
        counter = list(yield_hotp_counters_from_time())[1]
        code = format_hotp_value(hotp_value(made_up.TOTP_SECRET, counter))
        browser.post(reverse("mfa_authenticate"), code=code)
        assert browser.signed_in_as == str(user.pk)
        browser.post(reverse("account_reauthenticate"), password=made_up.PASSWORD)
        return browser

    return make
