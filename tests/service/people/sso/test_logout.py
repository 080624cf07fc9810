# ruff: noqa: ARG001, ARG005 - fixtures are asked for by name; a signer takes what it is given
"""Back-channel logout: the provider's logout ends sessions, a forged one does not."""

import json
import logging
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope
from support.hostile import CLIENT, HostileOidc
from support.lemonldap import WITH_MFA, WITHOUT_MFA

from waybillguard.service.identity.accounts.sso_proof import LEEWAY_S, seal_secret
from waybillguard.service.identity.models import AccountChange, IdentityProvider, LogoutToken
from waybillguard.service.people.sso import views
from waybillguard.service.people.sso.logout import EVENT, MOST_AGE_S

HERE = "/sso/here/"
DOOR = "/sso/here/logout/"
SECRET = "an invented secret"
type Told = Callable[..., int]


@pytest.fixture
def hostile(tmp_path: Path) -> Iterator[HostileOidc]:
    running = HostileOidc(tmp_path)
    running.claims = {"sid": "s-1"}
    yield running
    running.stop()


@pytest.fixture
def mine(warehouse: SimpleNamespace, hostile: HostileOidc, linked: Any) -> IdentityProvider:
    """The provider set up in the warehouse, where its ``somebody`` is customer service."""
    with scope(tenant=warehouse.tenant):
        provider = IdentityProvider.objects.create(
            tenant=warehouse.tenant, kind="oidc", name="Group", origin="https://testserver", issuer=hostile.issuer,
            client_id=CLIENT, sealed_secret=seal_secret(SECRET), authority=hostile.tls.authority,
            active_since="2026-11-25T00:00:00Z", tried_revision=1,
        )  # fmt: skip
    linked(provider, warehouse.service, "somebody")
    return provider


@pytest.fixture
def browser(mine: IdentityProvider, hostile: HostileOidc, visitor: Any) -> Any:
    """A person's browser, signed in through the provider."""
    return signed_in(hostile, visitor)


def signed_in(hostile: HostileOidc, visitor: Any) -> Any:
    found = visitor()
    found.get(hostile.come_back(found.get(HERE)["Location"]))
    assert found.signed_in_as
    return found


def claims_of(hostile: HostileOidc, **about: Any) -> dict[str, Any]:
    now = int(time.time())
    claims = {
        "iss": hostile.issuer, "aud": CLIENT, "iat": now, "exp": now + 120, "jti": f"t-{time.monotonic_ns()}",
        "sub": "somebody", "events": {EVENT: {}}, **about,
    }  # fmt: skip
    return {name: value for name, value in claims.items() if value is not None}


def token_of(hostile: HostileOidc, **about: Any) -> str:
    return jwt.encode(
        claims_of(hostile, **about), hostile.key, algorithm="RS256", headers={"kid": "1", "typ": "logout+jwt"}
    )


def told(token: str, door: str = DOOR) -> Any:
    """Send a logout token as a provider does: from server to server, without a cookie."""
    return Client(enforce_csrf_checks=True).post(door, {"logout_token": token}, secure=True)


def is_in(browser: Any) -> bool:
    return bool(browser.get(reverse("home")).status_code == 200)


def test_a_logout_at_the_real_provider_ends_the_session_here_with_the_next_request(
    warehouse: SimpleNamespace, set_up: Any, visitor: Any, linked: Any, mailbox: Any
) -> None:
    provider = set_up(warehouse)
    linked(provider, warehouse.service, WITHOUT_MFA)
    linked(provider, warehouse.owner, WITH_MFA)
    gone, stays = visitor(), visitor()
    gone.sign_in(WITHOUT_MFA)
    stays.sign_in(WITH_MFA)
    assert is_in(gone)
    assert is_in(stays)
    mailbox.tokens.clear()
    gone.there.sign_out()
    (token,) = mailbox.tokens
    assert told(token).status_code == 200
    assert gone.get(reverse("home"))["Location"].startswith("/login/")
    assert is_in(stays)
    with scope(tenant=warehouse.tenant):
        change = AccountChange.objects.get(what="sso_logged_out")
    assert (change.person, change.actor, change.detail) == (warehouse.service, None, {"sessions": 1})


def test_a_logout_by_person_ends_every_session_of_that_person_through_the_provider(
    browser: Any, hostile: HostileOidc, visitor: Any
) -> None:
    hostile.claims = {"sid": "s-2"}
    second = signed_in(hostile, visitor)
    answer = told(token_of(hostile))
    assert (answer.status_code, answer.content) == (200, b"")
    assert "no-store" in answer["Cache-Control"]
    assert not is_in(browser)
    assert not is_in(second)


@pytest.mark.parametrize("subject", [None, "somebody"])
def test_a_logout_by_session_ends_that_session_alone(
    browser: Any, hostile: HostileOidc, visitor: Any, subject: str | None
) -> None:
    hostile.claims = {"sid": "s-2"}
    second = signed_in(hostile, visitor)
    assert told(token_of(hostile, sub=subject, sid="s-1")).status_code == 200
    assert not is_in(browser)
    assert is_in(second)


def test_a_session_whose_number_the_provider_never_gave_ends_by_the_name(
    mine: IdentityProvider, hostile: HostileOidc, visitor: Any
) -> None:
    hostile.claims = {}
    browser = signed_in(hostile, visitor)
    assert told(token_of(hostile, sub=None, sid="s-9")).status_code == 200
    assert is_in(browser)
    assert told(token_of(hostile, sid="s-9")).status_code == 200
    assert not is_in(browser)


def test_a_session_that_the_provider_had_no_part_in_goes_on(
    mine: IdentityProvider, hostile: HostileOidc, warehouse: SimpleNamespace, signed_in: Any
) -> None:
    local = signed_in(warehouse.service)
    assert told(token_of(hostile)).status_code == 200
    assert local.get(reverse("home")).status_code == 200


def test_a_token_counts_once(browser: Any, hostile: HostileOidc, visitor: Any) -> None:
    token = token_of(hostile)
    assert told(token).status_code == 200
    again = signed_in(hostile, visitor)
    assert told(token).status_code == 400
    assert is_in(again)


def test_what_is_remembered_of_tokens_is_forgotten_when_they_are_too_old(
    browser: Any, hostile: HostileOidc, warehouse: SimpleNamespace
) -> None:
    told(token_of(hostile))
    with scope(tenant=warehouse.tenant):
        (kept,) = LogoutToken.objects.all()
        assert kept.forget_at.timestamp() > time.time() + MOST_AGE_S + LEEWAY_S
        LogoutToken.objects.update(forget_at=timezone.now() - timezone.timedelta(seconds=1))
        told(token_of(hostile))
        assert LogoutToken.objects.exclude(pk=kept.pk).count() == LogoutToken.objects.count() == 1


now = int(time.time())
other = rsa.generate_private_key(public_exponent=65537, key_size=2048)
WRONG: dict[str, dict[str, Any]] = {
    "another issuer": {"iss": "https://127.0.0.1/other"},
    "no issuer": {"iss": None},
    "another audience": {"aud": "another-client"},
    "no audience": {"aud": None},
    "an audience of others": {"aud": ["a", "b"]},
    "no time of issue": {"iat": None},
    "a time that is none": {"iat": "now"},
    "issued in the future": {"iat": now + 3600, "exp": now + 7200},
    "issued long ago": {"iat": now - 3600},
    "issued beyond any clock": {"iat": 10**400},
    "issued endlessly long ago": {"iat": -float("inf")},
    "issued at no number": {"iat": float("nan")},
    "expired": {"exp": now - 600},
    "no id": {"jti": None},
    "an id that is none": {"jti": 7},
    "an empty id": {"jti": ""},
    "no events": {"events": None},
    "events that are none": {"events": [EVENT]},
    "another event": {"events": {"http://schemas.openid.net/event/other": {}}},
    "an event that is none": {"events": {EVENT: "yes"}},
    "a nonce, as an ID token has": {"nonce": "n"},
    "neither person nor session": {"sub": None},
    "a person that is none": {"sub": ["somebody"]},
    "a very long person": {"sub": "a" * 300},
    "the token of another party": {"aud": [CLIENT, "x"], "azp": "x"},
}


@pytest.mark.parametrize("what", WRONG)
def test_a_token_that_is_not_right_ends_nothing(
    browser: Any, hostile: HostileOidc, what: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        answer = told(token_of(hostile, **WRONG[what]))
    assert (answer.status_code, json.loads(answer.content)) == (400, {"error": "invalid_request"})
    assert is_in(browser)
    assert "somebody" not in caplog.text


def test_forgeries_from_one_address_are_read_so_often_a_minute_and_logouts_are_not_counted(
    browser: Any, hostile: HostileOidc, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "A_MINUTE", 2)
    assert [told(token_of(hostile)).status_code for _ in range(3)] == [200] * 3
    forged = token_of(hostile, aud="another-client")
    assert [told(forged).status_code for _ in range(3)] == [400, 400, 429]
    assert told(token_of(hostile)).status_code == 429


def _public_as_secret(hostile: HostileOidc) -> bytes:
    return hostile.key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def _unchecked(header: dict[str, Any], claims: dict[str, Any], signature: bytes = b"") -> str:
    parts = [json.dumps(header).encode(), json.dumps(claims).encode(), signature]
    return ".".join(urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)


FORGED: dict[str, Callable[[HostileOidc], str]] = {
    "no signature": lambda at: jwt.encode(claims_of(at), None, algorithm="none"),
    "none, written otherwise": lambda at: _unchecked({"alg": "None", "kid": "1"}, claims_of(at)),
    "signed with the client secret": lambda at: jwt.encode(
        claims_of(at), SECRET * 3, algorithm="HS256", headers={"kid": "1"}
    ),
    "signed by another key": lambda at: jwt.encode(
        claims_of(at), other, algorithm="RS256", headers={"kid": "1"}
    ),
    "another key id": lambda at: jwt.encode(claims_of(at), at.key, algorithm="RS256", headers={"kid": "2"}),
    "a signature of other claims": lambda at: ".".join(
        [
            *_unchecked({"alg": "RS256", "kid": "1"}, claims_of(at)).split(".")[:2],
            token_of(at).rpartition(".")[2],
        ]
    ),
    "another type": lambda at: jwt.encode(
        claims_of(at), at.key, algorithm="RS256", headers={"kid": "1", "typ": "at+jwt"}
    ),
    "nothing": lambda at: "",
    "not a token": lambda at: "a.b.c",
    "deeply nested": lambda at: _unchecked({"alg": "RS256"}, {}) + "[" * 9_000,
    "very large": lambda at: token_of(at, padding="a" * 20_000),
}


@pytest.mark.parametrize("what", FORGED)
def test_a_forged_token_ends_nothing(browser: Any, hostile: HostileOidc, what: str) -> None:
    assert told(FORGED[what](hostile)).status_code == 400
    assert is_in(browser)


def test_the_public_key_used_as_a_shared_secret_ends_nothing(browser: Any, hostile: HostileOidc) -> None:
    import hashlib
    import hmac

    unsigned = _unchecked({"alg": "HS256", "kid": "1"}, claims_of(hostile)).rpartition(".")[0]
    signature = hmac.new(_public_as_secret(hostile), unsigned.encode(), hashlib.sha256).digest()
    token = f"{unsigned}.{urlsafe_b64encode(signature).rstrip(b'=').decode()}"
    assert told(token).status_code == 400
    assert is_in(browser)


def test_an_id_token_is_no_logout_token(browser: Any, hostile: HostileOidc) -> None:
    assert told(hostile.token()).status_code == 400
    assert is_in(browser)


def test_the_provider_is_not_asked_for_keys_before_the_token_could_be_right(
    browser: Any, hostile: HostileOidc
) -> None:
    asked: list[str] = []
    hostile.answers["/.well-known/openid-configuration"] = lambda request: asked.append(request.path)
    told(token_of(hostile, events=None))
    told(FORGED["no signature"](hostile))
    assert not asked


def test_a_token_at_another_warehouses_door_ends_nothing(
    browser: Any, hostile: HostileOidc, elsewhere: SimpleNamespace
) -> None:
    assert told(token_of(hostile), "/sso/elsewhere/logout/").status_code == 404
    with scope(tenant=elsewhere.tenant):
        IdentityProvider.objects.create(
            tenant=elsewhere.tenant, kind="oidc", name="Other", origin="https://testserver", issuer=hostile.issuer,
            client_id="another-client", authority=hostile.tls.authority, active_since="2026-11-25T00:00:00Z",
        )  # fmt: skip
    assert told(token_of(hostile), "/sso/elsewhere/logout/").status_code == 400
    assert is_in(browser)


def test_only_a_post_is_taken(mine: IdentityProvider) -> None:
    assert Client().get(DOOR, secure=True).status_code == 405
