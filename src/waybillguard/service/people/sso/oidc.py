"""OpenID Connect with allauth (code flow, state, PKCE), and checks that it omits.

allauth has no nonce, does not compare the discovery document with the issuer, and trusts an ID token received over
TLS without checking its signature. Here each is checked (OpenID Connect Core 1.0, 3.1.3.7; Discovery 1.0, 4.3; RFC
9207). The only scope is ``openid``: names and e-mail addresses are not requested.
"""

import hmac
import secrets
from collections.abc import Mapping, Sequence
from typing import Any, Final

import jwt
from allauth.socialaccount.internal import statekit
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from waybillguard.service.identity.accounts.sso_proof import LEEWAY_S, MOST_SUBJECT, Proof, State, open_secret
from waybillguard.service.identity.models import IdentityProvider
from waybillguard.service.people.sso.errors import SingleSignOnError
from waybillguard.service.people.sso.fetching import Fetcher

ALGORITHMS: Final = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""Signatures by a key pair only: never ``none``, never one made with the shared secret."""

_ENDPOINTS: Final = ("token_endpoint", "jwks_uri")


class _Adapter(OpenIDConnectOAuth2Adapter):  # type: ignore[misc] # allauth is untyped
    """Use only addresses from a discovery document that names the configured issuer."""

    @property
    def openid_config(self) -> Mapping[str, Any]:
        if not hasattr(self, "_checked"):
            self._checked = configuration(self.request.sso_fetcher, self.request.sso_row)
        return self._checked

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        del app
        return callback_address(request.sso_row)  # type: ignore[attr-defined]


class _Provider(OpenIDConnectProvider):  # type: ignore[misc] # allauth is untyped
    oauth2_adapter_class = _Adapter


def callback_address(provider: IdentityProvider) -> str:
    """Return the address to which the provider sends people back; no request can change it."""
    return provider.origin + reverse("sso_callback", args=[provider.tenant.slug])


def configuration(fetcher: Fetcher, provider: IdentityProvider) -> Mapping[str, Any]:
    """Return the discovery document.

    Raises:
        SingleSignOnError: it names another issuer, or addresses that are not https or are on another host.
    """
    found = fetcher.json(f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration")
    if found.get("issuer") != provider.issuer:
        raise SingleSignOnError("unproven", "issuer of the discovery document")
    if not str(found.get("authorization_endpoint", "")).startswith("https://"):
        raise SingleSignOnError("unreachable", "authorization endpoint")
    if not all(isinstance(found.get(name), str) for name in _ENDPOINTS):
        raise SingleSignOnError("unreachable", "endpoints")
    return found


def begin(request: HttpRequest, provider: IdentityProvider, state: State, *, fresh: bool) -> HttpResponse:
    """Redirect the browser to the provider; ``fresh`` forces a new sign-in there."""
    nonce = secrets.token_urlsafe(24)
    asked = {"nonce": nonce}
    if fresh:
        asked |= {"prompt": "login", "max_age": "0"}
    process = state["process"]
    rest = {name: value for name, value in state.items() if name != "process"}
    answer: HttpResponse = _ready(request, provider).redirect(
        request, process, auth_params=asked, nonce=nonce, **rest
    )
    return answer


def prove(request: HttpRequest, provider: IdentityProvider) -> tuple[Proof, State]:
    """Turn the browser's return into a proof; its state is used up.

    Raises:
        SingleSignOnError: any check fails.
    """
    ready = _ready(request, provider)
    given = request.GET
    state = statekit.unstash_state(request, provider_id=ready.sub_id, state_id=given.get("state", ""))
    if state is None:
        raise SingleSignOnError("unproven", "state")
    if given.get("iss", provider.issuer) != provider.issuer:
        raise SingleSignOnError("unproven", "iss of the answer")
    if "error" in given or not given.get("code"):
        raise SingleSignOnError("cancelled")
    adapter = ready.get_oauth2_adapter(request)
    try:
        client = adapter.get_client(request, ready.app)
        answer = client.get_access_token(given["code"], pkce_code_verifier=state["pkce_code_verifier"])
    except OAuth2Error:
        raise SingleSignOnError("unproven", "code") from None
    claims = _claims(request, provider, adapter.openid_config, str(answer.get("id_token", "")))
    if not hmac.compare_digest(str(claims["nonce"]).encode(), state["nonce"].encode()):
        raise SingleSignOnError("unproven", "nonce")
    return _proof(claims), state


def _ready(request: HttpRequest, provider: IdentityProvider) -> _Provider:
    app = SocialApp(
        provider=OpenIDConnectProvider.id, provider_id=f"oidc-{provider.pk}-{provider.revision}", name=provider.name,
        client_id=provider.client_id, secret=open_secret(provider),
        settings={"server_url": provider.issuer, "oauth_pkce_enabled": True, "scope": ["openid"]},
    )  # fmt: skip
    request.sso_row = provider  # type: ignore[attr-defined]
    request.sso_fetcher = Fetcher(provider.issuer, provider.authority)  # type: ignore[attr-defined]
    request.sso_provider = _Provider(request, app=app)  # type: ignore[attr-defined]
    return request.sso_provider  # type: ignore[attr-defined, no-any-return]


def _claims(
    request: HttpRequest, provider: IdentityProvider, found: Mapping[str, Any], token: str
) -> Mapping[str, Any]:
    """Return the claims of an ID token with a valid signature, issuer, audience and time."""
    fetcher: Fetcher = request.sso_fetcher  # type: ignore[attr-defined]
    return verified(fetcher, provider, found, token, ("exp", "iat", "iss", "aud", "sub", "nonce"))


def verified(
    fetcher: Fetcher,
    provider: IdentityProvider,
    found: Mapping[str, Any],
    token: str,
    required: Sequence[str],
) -> Mapping[str, Any]:
    """Return the claims of a token that the provider signed for us; ``exp`` and ``iat`` are checked.

    Raises:
        SingleSignOnError: signature, algorithm, issuer, audience or time is wrong, or a required claim is missing.
    """
    keys = fetcher.json(found["jwks_uri"]).get("keys")
    try:
        header = jwt.get_unverified_header(token)
        algorithm = header.get("alg")
        if algorithm not in ALGORITHMS:
            raise SingleSignOnError("unproven", "algorithm")
        key = jwt.PyJWK(_key(keys, header.get("kid")), algorithm=algorithm)
        claims: Mapping[str, Any] = jwt.decode(
            token, key, algorithms=[algorithm], audience=provider.client_id, issuer=provider.issuer, leeway=LEEWAY_S,
            options={"require": list(required)},
        )  # fmt: skip
    except jwt.PyJWTError as error:
        raise SingleSignOnError("unproven", type(error).__name__) from None
    if claims.get("azp", provider.client_id) != provider.client_id:
        raise SingleSignOnError("unproven", "azp")
    return claims


def _key(keys: Any, kid: Any) -> dict[str, Any]:  # noqa: ANN401 - data from the provider
    usable = [key for key in keys if isinstance(key, dict) and key.get("use", "sig") == "sig"] if keys else []
    named = [key for key in usable if key.get("kid") == kid] if kid is not None else usable
    if len(named) != 1:
        raise SingleSignOnError("unproven", "key")
    return named[0]


def _proof(claims: Mapping[str, Any]) -> Proof:
    subject, methods, at = claims["sub"], claims.get("amr", []), claims.get("auth_time", 0)
    session = claims.get("sid", "")
    if not isinstance(subject, str) or not 0 < len(subject) <= MOST_SUBJECT:
        raise SingleSignOnError("unproven", "subject")
    contexts = [claims.get("acr"), *(methods if isinstance(methods, list) else [])]
    return Proof(
        subject,
        tuple(one for one in contexts if isinstance(one, str)),
        float(at) if isinstance(at, int | float) else 0.0,
        session if isinstance(session, str) and len(session) <= MOST_SUBJECT else "",
    )
