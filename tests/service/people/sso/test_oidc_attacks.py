# ruff: noqa: ARG001, ARG005 - fixtures are asked for by name; answers of a server take what they are given
"""Attacks on OpenID Connect: none signs anybody in."""

import json
import logging
import time
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from types import ModuleType, SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope
from support.hostile import CLIENT, HostileOidc
from support.lemonldap import WITH_MFA, make_authority

from waybillguard.service.identity.accounts.sso_proof import seal_secret
from waybillguard.service.identity.models import IdentityProvider, OneTimeLink, SignInLink
from waybillguard.service.people.sso import fetching, views
from waybillguard.service.people.sso.errors import SingleSignOnError
from waybillguard.service.people.sso.fetching import Fetcher

HERE = "/sso/here/"


@pytest.fixture
def hostile(tmp_path: Any) -> Iterator[HostileOidc]:
    running = HostileOidc(tmp_path)
    yield running
    running.stop()


@pytest.fixture
def mine(warehouse: SimpleNamespace, hostile: HostileOidc, linked: Any) -> IdentityProvider:
    """The hostile provider set up in the warehouse, where its ``somebody`` is customer service."""
    with scope(tenant=warehouse.tenant):
        provider = IdentityProvider.objects.create(
            tenant=warehouse.tenant, kind="oidc", name="Group", origin="https://testserver", issuer=hostile.issuer,
            client_id=CLIENT, sealed_secret=seal_secret("an invented secret"), authority=hostile.tls.authority,
            active_since="2026-11-25T00:00:00Z", tried_revision=1,
        )  # fmt: skip
    linked(provider, warehouse.service, "somebody")
    return provider


def attempt(visitor: Any, hostile: HostileOidc, **about: str) -> tuple[Any, Any]:
    browser = visitor()
    away = browser.get(HERE)
    return browser, browser.get(hostile.come_back(away["Location"], **about))


def test_the_hostile_provider_does_sign_in_when_it_behaves(
    mine: IdentityProvider, hostile: HostileOidc, visitor: Any, warehouse: SimpleNamespace
) -> None:
    browser, _ = attempt(visitor, hostile)
    assert browser.signed_in_as == str(warehouse.service.pk)


other = rsa.generate_private_key(public_exponent=65537, key_size=2048)
SHARED = "YW4gaW52ZW50ZWQgc2VjcmV0IG9mIDMyIGJ5dGVzISE"
WRONG: dict[str, Any] = {
    "wrong issuer": {"claims": {"iss": "https://127.0.0.1/other"}},
    "wrong audience": {"claims": {"aud": "another-client"}},
    "several audiences, another party": {"claims": {"aud": [CLIENT, "other"], "azp": "other"}},
    "no audience": {"claims": {"aud": None}},
    "wrong nonce": {"claims": {"nonce": "of another sign-in"}},
    "no nonce": {"claims": {"nonce": None}},
    "expired": {"claims": {"exp": int(time.time()) - 3600}},
    "no end": {"claims": {"exp": None}},
    "issued in the future": {"claims": {"iat": int(time.time()) + 3600}},
    "no subject": {"claims": {"sub": None}},
    "empty subject": {"claims": {"sub": ""}},
    "very long subject": {"claims": {"sub": "a" * 300}},
    "no signature": {
        "sign": lambda claims, header: jwt.encode(claims, None, algorithm="none", headers=header)
    },
    "signed with the client secret": {
        "sign": lambda claims, header: jwt.encode(
            claims, "an invented secret" * 3, algorithm="HS256", headers=header
        )
    },
    "signed with a secret that lies among the public keys": {
        "public": lambda: {"kty": "oct", "k": SHARED, "kid": "1"},
        "sign": lambda claims, header: jwt.encode(
            claims, urlsafe_b64decode(SHARED + "="), algorithm="HS256", headers=header
        ),
    },
    "signed by another key": {
        "sign": lambda claims, header: jwt.encode(claims, other, algorithm="RS256", headers=header)
    },
    "another key id": {"header": {"kid": "2"}},
    "no token": {"sign": lambda claims, header: ""},
    "not a token": {"sign": lambda claims, header: "a.b.c"},
}


@pytest.mark.parametrize("what", WRONG)
def test_an_id_token_that_is_not_right_signs_nobody_in(
    mine: IdentityProvider, hostile: HostileOidc, visitor: Any, what: str, caplog: pytest.LogCaptureFixture
) -> None:
    for name, value in WRONG[what].items():
        setattr(hostile, name, value)
    with caplog.at_level(logging.WARNING):
        browser, answer = attempt(visitor, hostile)
    assert answer.status_code == 403
    assert not browser.signed_in_as
    assert "somebody" not in caplog.text
    assert "somebody" not in answer.content.decode()


def test_the_public_key_used_as_a_shared_secret_signs_nobody_in(
    mine: IdentityProvider, hostile: HostileOidc, visitor: Any
) -> None:
    import base64
    import hashlib
    import hmac

    def confuse(claims: dict[str, Any], header: dict[str, Any]) -> str:
        def part(value: Any) -> str:
            return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")

        text = f"{part({'alg': 'HS256', 'typ': 'JWT', **header})}.{part(claims)}"
        mark = hmac.new(json.dumps(hostile.public()).encode(), text.encode(), hashlib.sha256).digest()
        return f"{text}.{base64.urlsafe_b64encode(mark).decode().rstrip('=')}"

    hostile.sign = confuse
    browser, answer = attempt(visitor, hostile)
    assert answer.status_code == 403
    assert not browser.signed_in_as


@pytest.mark.parametrize(
    "about", [{"state": "guessed"}, {"state": ""}, {"iss": "https://127.0.0.1/other"}, {"code": ""}]
)
def test_an_answer_with_another_state_issuer_or_no_code_signs_nobody_in(
    mine: IdentityProvider, hostile: HostileOidc, visitor: Any, about: dict[str, str]
) -> None:
    browser, answer = attempt(visitor, hostile, **about)
    assert answer.status_code == 403
    assert not browser.signed_in_as
    assert not hostile.asked


def test_the_answer_meant_for_one_browser_is_nothing_in_another(
    mine: IdentityProvider, hostile: HostileOidc, visitor: Any
) -> None:
    """Login CSRF: the thief has the victim's browser open the thief's own answer."""
    thief, victim = visitor(), visitor()
    back = hostile.come_back(thief.get(HERE)["Location"])
    assert victim.get(back).status_code == 403
    assert not victim.signed_in_as


def test_an_answer_works_once(mine: IdentityProvider, hostile: HostileOidc, visitor: Any) -> None:
    browser = visitor()
    back = hostile.come_back(browser.get(HERE)["Location"])
    browser.get(back)
    kept = dict(browser.here.cookies)
    thief = visitor()
    for name, morsel in kept.items():
        thief.here.cookies[name] = morsel.value
    assert thief.get(back).status_code == 403


def test_a_code_is_bought_with_the_verifier_of_this_browser_alone(
    mine: IdentityProvider, hostile: HostileOidc, visitor: Any
) -> None:
    browser = visitor()
    away = browser.get(HERE)["Location"]
    given = parse_qs(urlsplit(away).query)
    assert given["code_challenge_method"] == ["S256"]
    browser.get(hostile.come_back(away))
    assert len(hostile.asked[0]["code_verifier"]) >= 43
    assert hostile.asked[0]["redirect_uri"] == "https://testserver/sso/here/callback/"


def test_the_real_provider_refuses_a_code_without_its_verifier(
    warehouse: SimpleNamespace, set_up: Any, visitor: Any, linked: Any
) -> None:
    """A stolen code in the thief's own browser: state and verifier belong to another browser."""
    linked(set_up(warehouse), warehouse.service, WITH_MFA)
    victim, thief = visitor(), visitor()
    stolen, _ = victim.there.sign_in(victim.get(HERE)["Location"], WITH_MFA)
    own = parse_qs(urlsplit(thief.get(HERE)["Location"]).query)["state"][0]
    code = parse_qs(urlsplit(stolen).query)["code"][0]
    answer = thief.get(reverse("sso_callback", args=["here"]), code=code, state=own)
    assert answer.status_code == 403
    assert not thief.signed_in_as


def test_nobody_but_the_owner_says_where_the_provider_sends_people(
    mine: IdentityProvider, hostile: HostileOidc, visitor: Any, settings: Any
) -> None:
    settings.ALLOWED_HOSTS = ["testserver", "other.test"]
    browser = visitor()
    answer = browser.here.get(HERE, secure=True, headers={"host": "other.test"})
    assert answer["Location"] == f"https://testserver{HERE}"
    for trick in ({"redirect_uri": "https://evil.test/"}, {"auth_params": "redirect_uri=https://evil.test/"}):
        given = parse_qs(urlsplit(browser.get(HERE, **trick)["Location"]).query)
        assert given["redirect_uri"] == ["https://testserver/sso/here/callback/"]
        assert given["scope"] == ["openid"]


@pytest.mark.parametrize(
    "target", ["https://evil.test/", "//evil.test/", "javascript:alert(1)", "/\\evil.test"]
)
def test_the_sign_in_leads_to_no_other_site(
    mine: IdentityProvider, hostile: HostileOidc, visitor: Any, target: str
) -> None:
    browser = visitor()
    away = browser.get(HERE, next=target)
    assert browser.get(hostile.come_back(away["Location"]))["Location"] == reverse("home")


@pytest.mark.parametrize(
    "documents",
    [
        {"issuer": "https://127.0.0.1/other"},
        {"token_endpoint": "https://example.com/token"},
        {"jwks_uri": "http://127.0.0.1/jwks"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"token_endpoint": None},
    ],
)
def test_a_discovery_document_leads_to_no_other_issuer_and_no_other_host(
    mine: IdentityProvider, hostile: HostileOidc, visitor: Any, documents: dict[str, Any]
) -> None:
    hostile.documents = documents
    browser = visitor()
    away = browser.get(HERE)
    if away.status_code == 302:
        assert browser.get(hostile.come_back(away["Location"])).status_code == 403
    else:
        assert away.status_code == 403
    assert not browser.signed_in_as


def also_at(made: SimpleNamespace, hostile: HostileOidc) -> None:
    """Set the same provider up in another warehouse."""
    with scope(tenant=made.tenant):
        IdentityProvider.objects.create(
            tenant=made.tenant, kind="oidc", name="Group", origin="https://testserver", issuer=hostile.issuer,
            client_id=CLIENT, authority=hostile.tls.authority, active_since="2026-11-25T00:00:00Z",
        )  # fmt: skip


def test_a_state_of_one_warehouse_is_none_of_another(
    warehouse: SimpleNamespace,
    elsewhere: SimpleNamespace,
    mine: IdentityProvider,
    hostile: HostileOidc,
    visitor: Any,
) -> None:
    """Two warehouses with the same provider: a sign-in begun at one cannot end at the other."""
    also_at(elsewhere, hostile)
    browser = visitor()
    back = hostile.come_back(browser.get("/sso/elsewhere/")["Location"])
    assert browser.get(back.replace("/elsewhere/", "/here/")).status_code == 403
    assert not browser.signed_in_as


def test_somebody_linked_in_one_warehouse_is_nobody_in_another(
    warehouse: SimpleNamespace,
    elsewhere: SimpleNamespace,
    mine: IdentityProvider,
    hostile: HostileOidc,
    visitor: Any,
) -> None:
    also_at(elsewhere, hostile)
    browser = visitor()
    answer = browser.get(hostile.come_back(browser.get("/sso/elsewhere/")["Location"]))
    assert b"not linked" in answer.content
    assert not browser.signed_in_as


def test_a_link_with_a_former_issuer_opens_nothing(
    mine: IdentityProvider,
    hostile: HostileOidc,
    visitor: Any,
    warehouse: SimpleNamespace,
    made_up: ModuleType,
) -> None:
    """The owner has moved to another provider, where the same subject is another person."""
    with scope(tenant=warehouse.tenant):
        warehouse.service.sign_in_link.delete()
        from waybillguard.service.identity.models import SignInLink

        SignInLink.objects.create(
            tenant=warehouse.tenant,
            user=warehouse.service,
            kind="oidc",
            issuer="https://former.test",
            subject="somebody",
        )
    _, answer = attempt(visitor, hostile)
    assert b"not linked" in answer.content


def huge(asked: Any) -> None:
    asked.send_response(200)
    asked.send_header("content-type", "application/json")
    asked.end_headers()
    for _ in range(64):
        asked.wfile.write(b'{"issuer": "' + b"a" * 65536)


def drip(asked: Any) -> None:
    asked.send_response(200)
    asked.send_header("content-length", "1000")
    asked.end_headers()
    for _ in range(200):
        asked.wfile.write(b" ")
        time.sleep(0.1)


def never(asked: Any) -> None:
    time.sleep(20)


def moved(asked: Any) -> None:
    asked.send_response(302)
    asked.send_header("location", "https://example.com/")
    asked.send_header("content-length", "0")
    asked.end_headers()


@pytest.mark.parametrize("trick", [huge, drip, never, moved], ids=lambda trick: trick.__name__)
def test_a_provider_that_answers_too_much_or_never_holds_nobody_up(
    mine: IdentityProvider, hostile: HostileOidc, visitor: Any, trick: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Fetcher.__init__, "__defaults__", ("", 1.0))
    hostile.answers["/.well-known/openid-configuration"] = trick
    started = time.monotonic()
    answer = visitor().get(HERE)
    assert time.monotonic() - started < 3
    assert answer.status_code == 403
    assert b"no usable answer" in answer.content


def test_a_certificate_of_somebody_else_is_refused(
    mine: IdentityProvider, visitor: Any, warehouse: SimpleNamespace
) -> None:
    with scope(tenant=warehouse.tenant):
        IdentityProvider.objects.update(authority=make_authority().authority)
    assert visitor().get(HERE).status_code == 403


def test_without_plain_certificate_authority_the_systems_own_are_asked(hostile: HostileOidc) -> None:
    with pytest.raises(SingleSignOnError):
        Fetcher(hostile.issuer).get(hostile.issuer)


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1/", "file:///etc/passwd", "https://a:b@127.0.0.1/", "https://"]
)
def test_only_plain_https_addresses_are_asked(address: str) -> None:
    with pytest.raises(SingleSignOnError):
        fetching.host_of(address)


def test_knocking_at_the_door_is_limited(mine: IdentityProvider, hostile: HostileOidc, visitor: Any) -> None:
    browser = visitor()
    answers = [browser.get(reverse("sso_which")).status_code for _ in range(views.A_MINUTE + 1)]
    assert answers[-1] == 429
    assert not hostile.asked


def test_a_session_of_a_former_identity_ends_when_another_is_linked(
    mine: IdentityProvider, hostile: HostileOidc, visitor: Any, linked: Any, warehouse: SimpleNamespace
) -> None:
    stolen, _ = attempt(visitor, hostile)
    assert stolen.get(reverse("home")).status_code == 200
    with scope(tenant=warehouse.tenant):
        SignInLink.objects.filter(user=warehouse.service).delete()
        linked(mine, warehouse.service, "somebody-new")
    assert stolen.get(reverse("home"))["Location"].startswith(reverse("account_login"))
    hostile.claims = {"sub": "somebody-new"}
    rightful, _ = attempt(visitor, hostile)
    assert rightful.get(reverse("home")).status_code == 200


def test_a_session_that_lay_still_while_the_provider_was_off_does_not_come_back_with_it(
    mine: IdentityProvider, hostile: HostileOidc, visitor: Any, warehouse: SimpleNamespace
) -> None:
    stolen, _ = attempt(visitor, hostile)
    with scope(tenant=warehouse.tenant):
        IdentityProvider.objects.filter(pk=mine.pk).update(active_since=None)
        IdentityProvider.objects.filter(pk=mine.pk).update(active_since=timezone.now())
    assert stolen.get(reverse("home"))["Location"].startswith(reverse("account_login"))
    fresh, _ = attempt(visitor, hostile)
    assert fresh.get(reverse("home")).status_code == 200


def test_whoever_finds_a_one_time_link_does_not_link_an_identity_of_their_own_past_the_second_factor(
    mine: IdentityProvider,
    hostile: HostileOidc,
    visitor: Any,
    made_up: ModuleType,
    warehouse: SimpleNamespace,
) -> None:
    with scope(tenant=warehouse.tenant):
        IdentityProvider.objects.filter(pk=mine.pk).update(second_factor=["mfa"])
    secret = OneTimeLink.issue(warehouse.owner, timezone.now())
    hostile.claims = {"sub": "a-colleague", "amr": ["mfa"]}
    finder = visitor()
    assert HERE not in finder.get(reverse("setup", args=[secret])).content.decode()
    session = finder.here.session  # begun before the person set a second factor up
    session["sso_intent"] = {
        "process": "invite", "link": OneTimeLink.objects.get(user=warehouse.owner).pk, "slug": "here", "at": time.time(),
    }  # fmt: skip
    session.save()
    assert finder.post(reverse("setup", args=[secret]), provider="1").status_code == 200
    answer = finder.get(hostile.come_back(finder.get(HERE)["Location"]))
    assert answer.status_code == 403
    assert finder.signed_in_as == ""
    with scope(tenant=warehouse.tenant):
        assert not SignInLink.objects.filter(user=warehouse.owner).exists()
