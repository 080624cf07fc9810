"""SAML 2.0 with python3-saml (extra ``[saml]``), allauth's state, and checks that both omit.

python3-saml accepts an assertion without an audience, recipient or expiry, and without the request it answers. Here
each is required and checked (SAML profiles 4.1.4.2 and 4.1.4.3). Sign-ins started at the provider are refused: each
answer needs a request from here, and each request accepts one answer.
"""

import binascii
import importlib.util
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlsplit

from allauth.socialaccount.internal import statekit
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from waybillguard.service.identity.accounts.sso_proof import LEEWAY_S, MOST_SUBJECT, Proof, State
from waybillguard.service.identity.models import IdentityProvider
from waybillguard.service.people.sso.errors import SingleSignOnError

INSTALLED: Final = importlib.util.find_spec("onelogin") is not None
"""Whether the extra ``[saml]`` is installed."""

MOST_RESPONSE: Final = 256 * 1024
"""Most bytes of a base64 response; a signed assertion takes about 10 KiB."""

_PERSISTENT: Final = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"
_TRANSIENT: Final = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient"
_BEARER: Final = "urn:oasis:names:tc:SAML:2.0:cm:bearer"
_POST: Final = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"


def entity_id(provider: IdentityProvider) -> str:
    """Return the entity ID of this service at the provider: the address of its metadata."""
    return provider.origin + reverse("sso_metadata", args=[provider.tenant.slug])


def answer_address(provider: IdentityProvider) -> str:
    """Return the address to which the provider posts its answers."""
    return provider.origin + reverse("sso_acs", args=[provider.tenant.slug])


def read_metadata(text: str) -> dict[str, Any]:
    """Return the settings that python3-saml needs, from the provider's metadata.

    Raises:
        SingleSignOnError: SAML is not installed, or the metadata cannot be used.
    """
    if not INSTALLED:
        raise SingleSignOnError("no_saml")
    from lxml.etree import LxmlError
    from onelogin.saml2.idp_metadata_parser import OneLogin_Saml2_IdPMetadataParser

    try:
        found: dict[str, Any] = OneLogin_Saml2_IdPMetadataParser.parse(text.encode()).get("idp", {})
    except (ValueError, LxmlError):
        raise SingleSignOnError("metadata") from None
    certified = found.get("x509cert") or found.get("x509certMulti", {}).get("signing")
    address = found.get("singleSignOnService", {}).get("url", "")
    if not found.get("entityId") or not certified or not address.startswith("https://"):
        raise SingleSignOnError("metadata")
    return found


def own_metadata(provider: IdentityProvider) -> bytes:
    """Return the metadata of this service for the provider."""
    from onelogin.saml2.settings import OneLogin_Saml2_Settings

    made = OneLogin_Saml2_Settings(settings=_settings(provider), sp_validation_only=True).get_sp_metadata()
    return made.encode() if isinstance(made, str) else bytes(made)


def begin(request: HttpRequest, provider: IdentityProvider, state: State, *, fresh: bool) -> HttpResponse:
    """Redirect the browser to the provider; ``fresh`` forces a new sign-in there (ForceAuthn)."""
    auth = _auth(provider, "")
    address = auth.login(return_to="", force_authn=fresh)
    statekit.stash_state(
        request, provider_id=_mark(provider), state=dict(state), state_id=auth.get_last_request_id()
    )
    return HttpResponseRedirect(address)


def prove(request: HttpRequest, provider: IdentityProvider, response: str) -> tuple[Proof, State]:
    """Turn a posted response (base64) into a proof; the state of its request is used up.

    Raises:
        SingleSignOnError: any check fails.
    """
    if not INSTALLED:
        raise SingleSignOnError("no_saml")
    from onelogin.saml2.xml_utils import OneLogin_Saml2_XML

    auth = validated(provider, response)
    answered = auth.get_last_response_in_response_to()
    state = statekit.unstash_state(request, provider_id=_mark(provider), state_id=answered or "")
    if state is None:
        raise SingleSignOnError("unproven", "request")
    document = OneLogin_Saml2_XML.to_etree(auth.get_last_response_xml())
    _check(document, provider, str(answered))
    subject = auth.get_nameid() or ""
    if auth.get_nameid_format() == _TRANSIENT or not 0 < len(subject) <= MOST_SUBJECT:
        raise SingleSignOnError("unproven", "subject")
    (instant,) = _find(document, "/samlp:Response/saml:Assertion/saml:AuthnStatement/@AuthnInstant") or [""]
    return Proof(subject, tuple(auth.get_last_authn_contexts()), _moment(instant)), state


def validated(provider: IdentityProvider, response: str) -> Any:  # noqa: ANN401 - python3-saml is untyped
    """Return python3-saml's result for a response (base64) that the provider has signed.

    Raises:
        SingleSignOnError: not signed by the provider, or invalid for any request.
    """
    if not 0 < len(response) <= MOST_RESPONSE:
        raise SingleSignOnError("unproven", "size")
    auth = _auth(provider, response)
    from lxml.etree import LxmlError
    from onelogin.saml2.errors import OneLogin_Saml2_Error

    try:
        auth.process_response()
    except (OneLogin_Saml2_Error, LxmlError, ValueError, binascii.Error, AttributeError):
        raise SingleSignOnError("unproven", "response") from None
    if auth.get_errors() or not auth.is_authenticated():
        raise SingleSignOnError("unproven", "response")
    return auth


def _check(document: Any, provider: IdentityProvider, answered: str) -> None:  # noqa: ANN401 - lxml is untyped
    """Check the one signed assertion for what python3-saml only checks if present."""
    audiences = _find(
        document,
        "/samlp:Response/saml:Assertion/saml:Conditions/saml:AudienceRestriction/saml:Audience/text()",
    )
    if [one.strip() for one in audiences] != [entity_id(provider)]:
        raise SingleSignOnError("unproven", "audience")
    now = datetime.now(UTC).timestamp()
    for node in _find(document, "/samlp:Response/saml:Assertion/saml:Subject/saml:SubjectConfirmation"):
        for data in _find(node, "./saml:SubjectConfirmationData"):
            if (
                node.get("Method") == _BEARER
                and data.get("InResponseTo") == answered
                and data.get("Recipient") == answer_address(provider)
                and _moment(data.get("NotOnOrAfter", "")) > now - LEEWAY_S
            ):
                return
    raise SingleSignOnError("unproven", "subject confirmation")


def _find(node: Any, path: str) -> list[Any]:  # noqa: ANN401
    from onelogin.saml2.constants import OneLogin_Saml2_Constants

    return list(node.xpath(path, namespaces=OneLogin_Saml2_Constants.NSMAP))


def _moment(text: str) -> float:
    """Return a SAML time in seconds since 1970; 0 if missing."""
    try:
        return datetime.fromisoformat(text).astimezone(UTC).timestamp() if text else 0.0
    except ValueError:
        return 0.0


def _mark(provider: IdentityProvider) -> str:
    return f"saml-{provider.pk}-{provider.revision}"


def _auth(provider: IdentityProvider, response: str) -> Any:  # noqa: ANN401 - python3-saml is untyped
    if not INSTALLED:
        raise SingleSignOnError("no_saml")
    from onelogin.saml2.auth import OneLogin_Saml2_Auth

    here = urlsplit(answer_address(provider))
    asked = {
        "https": "on" if here.scheme == "https" else "off", "http_host": here.netloc, "script_name": here.path,
        "get_data": {}, "post_data": {"SAMLResponse": response} if response else {},
    }  # fmt: skip
    return OneLogin_Saml2_Auth(
        asked, old_settings={**_settings(provider), "idp": read_metadata(provider.metadata)}
    )


def _settings(provider: IdentityProvider) -> dict[str, Any]:
    return {
        "strict": True,
        "sp": {
            "entityId": entity_id(provider),
            "assertionConsumerService": {"url": answer_address(provider), "binding": _POST},
            "NameIDFormat": _PERSISTENT,
        },
        "security": {
            "wantAssertionsSigned": True, "wantNameId": True, "wantAttributeStatement": False,
            "requestedAuthnContext": False, "rejectDeprecatedAlgorithm": True, "allowSingleLabelDomains": True,
        },
    }  # fmt: skip
