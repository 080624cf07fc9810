# ruff: noqa: ARG001 - fixtures are asked for by name
"""Attacks on SAML: none signs anybody in."""

import base64
import re
import zlib
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse
from django_scopes import scope
from support.hostile import HostileSaml, encoded
from support.lemonldap import WITH_MFA, WITHOUT_MFA, signing_pair

from waybillguard.service.identity.models import IdentityProvider

HERE = "/sso/here/"
HOME = "https://testserver/sso/here"


@pytest.fixture(scope="module")
def hostile() -> HostileSaml:
    return HostileSaml()


@pytest.fixture
def mine(warehouse: SimpleNamespace, hostile: HostileSaml, linked: Any) -> IdentityProvider:
    """An invented provider whose key the tests hold; its ``somebody`` is customer service."""
    with scope(tenant=warehouse.tenant):
        provider = IdentityProvider.objects.create(
            tenant=warehouse.tenant, kind="saml", name="Group", origin="https://testserver", issuer=hostile.entity_id,
            metadata=hostile.metadata(), active_since="2026-11-25T00:00:00Z", tried_revision=1,
        )  # fmt: skip
    linked(provider, warehouse.service, "somebody")
    return provider


def request_id(away: Any) -> str:
    packed = parse_qs(urlsplit(away["Location"]).query)["SAMLRequest"][0]
    return re.search(r'ID="([^"]+)"', zlib.decompress(base64.b64decode(packed), -15).decode())[1]  # type: ignore[index]


def bring(browser: Any, response: str) -> Any:
    return browser.come_back(f"{HOME}/acs/", {"SAMLResponse": encoded(response)})


def test_the_invented_provider_does_sign_in_when_it_behaves(
    mine: IdentityProvider, hostile: HostileSaml, visitor: Any, warehouse: SimpleNamespace
) -> None:
    browser = visitor()
    asked = request_id(browser.get(HERE))
    bring(browser, hostile.response(asked, HOME, hostile.signed(hostile.assertion(asked, HOME))))
    assert browser.signed_in_as == str(warehouse.service.pk)


SAYS: dict[str, dict[str, str]] = {
    "another audience": {"audience": "https://other.test/"},
    "no audience": {"audience": ""},
    "another recipient": {"recipient": "https://other.test/acs/"},
    "a longer recipient": {"recipient": f"{HOME}/acs/.other.test/"},
    "no recipient": {"recipient": ""},
    "expired": {"until": "2026-01-01T00:00:00Z"},
    "confirmation over": {"end": "2026-01-01T00:00:00Z"},
    "no end": {"end": ""},
    "answers another request": {"answers": "_another"},
    "answers none": {"answers": ""},
    "another issuer": {"issuer": "https://other.test/"},
    "a name for this once": {"format": "transient"},
}


@pytest.mark.parametrize("what", SAYS)
def test_a_rightly_signed_assertion_that_says_something_wrong_signs_nobody_in(
    mine: IdentityProvider, hostile: HostileSaml, visitor: Any, what: str, caplog: pytest.LogCaptureFixture
) -> None:
    browser = visitor()
    asked = request_id(browser.get(HERE))
    answer = bring(
        browser, hostile.response(asked, HOME, hostile.signed(hostile.assertion(asked, HOME, **SAYS[what])))
    )
    assert answer.status_code == 403
    assert not browser.signed_in_as
    assert "somebody" not in caplog.text + answer.content.decode()


def test_an_unsigned_response_signs_nobody_in(
    mine: IdentityProvider, hostile: HostileSaml, visitor: Any
) -> None:
    browser = visitor()
    asked = request_id(browser.get(HERE))
    assert bring(browser, hostile.response(asked, HOME, hostile.assertion(asked, HOME))).status_code == 403
    assert not browser.signed_in_as


def test_a_response_signed_by_somebody_else_signs_nobody_in(
    mine: IdentityProvider, hostile: HostileSaml, visitor: Any
) -> None:
    browser = visitor()
    asked = request_id(browser.get(HERE))
    forged = hostile.signed(hostile.assertion(asked, HOME), *signing_pair())
    assert bring(browser, hostile.response(asked, HOME, forged)).status_code == 403
    assert not browser.signed_in_as


def test_a_signed_message_around_an_unsigned_assertion_signs_nobody_in(
    mine: IdentityProvider, hostile: HostileSaml, visitor: Any
) -> None:
    browser = visitor()
    asked = request_id(browser.get(HERE))
    whole = hostile.signed(hostile.response(asked, HOME, hostile.assertion(asked, HOME)))
    assert bring(browser, whole).status_code == 403
    assert not browser.signed_in_as


def test_another_name_in_a_signed_assertion_signs_nobody_in(
    mine: IdentityProvider, hostile: HostileSaml, visitor: Any
) -> None:
    browser = visitor()
    asked = request_id(browser.get(HERE))
    signed = hostile.signed(hostile.assertion(asked, HOME, "nobody in particular"))
    changed = signed.replace("nobody in particular", "somebody")
    assert bring(browser, hostile.response(asked, HOME, changed)).status_code == 403
    assert not browser.signed_in_as


def test_a_comment_in_the_name_does_not_cut_it_short(
    mine: IdentityProvider, hostile: HostileSaml, visitor: Any
) -> None:
    """Canonical XML drops comments: ``somebody<!---->.else`` is signed as ``somebody.else``."""
    browser = visitor()
    asked = request_id(browser.get(HERE))
    signed = hostile.signed(hostile.assertion(asked, HOME, "somebody.else"))
    changed = signed.replace("somebody.else", "somebody<!---->.else")
    assert bring(browser, hostile.response(asked, HOME, changed)).status_code == 403
    assert not browser.signed_in_as


@pytest.mark.parametrize("how", ["before", "after", "extension", "object", "same id"])
def test_a_forged_assertion_wrapped_around_a_signed_one_signs_nobody_in(
    mine: IdentityProvider, hostile: HostileSaml, visitor: Any, how: str
) -> None:
    """XML signature wrapping: the thief has an assertion of his own and adds one of somebody else."""
    browser = visitor()
    asked = request_id(browser.get(HERE))
    signed = hostile.signed(hostile.assertion(asked, HOME, "the thief"))
    forged = hostile.assertion(asked, HOME, "somebody")
    signed_id = re.search(r'ID="([^"]+)"', signed)[1]  # type: ignore[index]
    if how == "before":
        inside = forged + signed
    elif how == "after":
        inside = signed + forged
    elif how == "same id":
        inside = re.sub(r'ID="[^"]+"', f'ID="{signed_id}"', forged, count=1) + signed
    elif how == "extension":
        inside = forged
    else:  # the original hides in an Object of the signature, which is moved to the forged one
        signature = re.search(r"<ds:Signature.*</ds:Signature>", signed, re.DOTALL)[0]  # type: ignore[index]
        original = signed.replace(signature, "")
        moved = signature.replace("</ds:Signature>", f"<ds:Object>{original}</ds:Object></ds:Signature>")
        inside = forged.replace("</saml:Issuer>", f"</saml:Issuer>{moved}", 1)
    response = hostile.response(asked, HOME, inside)
    if how == "extension":
        extension = f"<samlp:Extensions>{signed}</samlp:Extensions>"
        response = response.replace("<samlp:Status>", f"{extension}<samlp:Status>", 1)
    assert bring(browser, response).status_code == 403
    assert not browser.signed_in_as


@pytest.mark.parametrize(
    "before",
    [
        '<!DOCTYPE r [<!ENTITY e SYSTEM "file:///etc/hostname">]>',
        '<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>',
        '<!DOCTYPE r SYSTEM "https://127.0.0.1:1/evil.dtd">',
    ],
    ids=["file", "expansion", "outside"],
)
def test_a_document_type_is_refused_before_anything_is_read(
    mine: IdentityProvider, hostile: HostileSaml, visitor: Any, before: str
) -> None:
    browser = visitor()
    asked = request_id(browser.get(HERE))
    signed = hostile.signed(hostile.assertion(asked, HOME))
    assert bring(browser, hostile.response(asked, HOME, signed, before)).status_code == 403
    assert not browser.signed_in_as


def test_metadata_with_a_document_type_are_refused(
    warehouse: SimpleNamespace, hostile: HostileSaml, local: Any
) -> None:
    evil = '<!DOCTYPE r [<!ENTITY e SYSTEM "file:///etc/hostname">]>' + hostile.metadata()
    answer = local(warehouse.owner).post(reverse("sso_save_saml"), name="Group", metadata=evil)
    assert answer.status_code == 422


def test_a_response_works_once_and_in_the_browser_that_asked(
    mine: IdentityProvider, hostile: HostileSaml, visitor: Any
) -> None:
    browser, thief = visitor(), visitor()
    asked = request_id(browser.get(HERE))
    response = hostile.response(asked, HOME, hostile.signed(hostile.assertion(asked, HOME)))
    thief.get(HERE)
    assert bring(thief, response).status_code == 403
    bring(browser, response)
    assert browser.signed_in_as
    browser.post(reverse("account_logout"))
    assert bring(browser, response).status_code == 403
    assert not browser.signed_in_as


def test_what_begins_at_the_provider_is_refused(
    mine: IdentityProvider, hostile: HostileSaml, visitor: Any
) -> None:
    browser = visitor()
    response = hostile.response("", HOME, hostile.signed(hostile.assertion("", HOME, answers="")))
    assert bring(browser, response).status_code == 403
    assert not browser.signed_in_as


def test_the_real_providers_response_for_one_person_cannot_be_made_anothers(
    warehouse: SimpleNamespace, set_up: Any, visitor: Any
) -> None:
    set_up(warehouse, "saml")
    browser = visitor()
    target, form = browser.there.sign_in(browser.get(HERE)["Location"], WITHOUT_MFA)
    text = base64.b64decode(form["SAMLResponse"]).decode()
    assert "rtyler@badwolf.org" in text
    tampered = text.replace("rtyler@badwolf.org", f"{WITH_MFA}@badwolf.org")
    answer = browser.come_back(target, {**form, "SAMLResponse": encoded(tampered)})
    assert b"did not pass the checks" in answer.content


@pytest.mark.parametrize(
    "posted", ["", "not base64 ###", "PG5vdA==", "A" * 300_000], ids=["none", "no base64", "no xml", "huge"]
)
def test_rubbish_is_refused_in_words(mine: IdentityProvider, visitor: Any, posted: str) -> None:
    browser = visitor()
    browser.get(HERE)
    assert browser.come_back(f"{HOME}/acs/", {"SAMLResponse": posted}).status_code == 403
    assert browser.get(f"{HERE}acs/finish/").status_code == 403
