"""Identity providers controlled by an attacker; tests determine their responses."""

import base64
import json
import secrets
import ssl
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

from support.lemonldap import make_authority, signing_pair

CLIENT = "waybill-guard"


@cache
def _key() -> rsa.RSAPrivateKey:
    """Return the signing key of the providers, created once because RSA keys are slow to generate."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@cache
def _pair() -> tuple[str, str]:
    """Return the signing key for assertions."""
    return signing_pair()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: Any) -> None:
        """Report no error, because the tests break connections on purpose."""


class HostileOidc:
    """An OpenID Connect provider whose documents a test can change before they are sent.

    ``claims`` and ``header`` override the ID token of the next sign-in, ``documents`` the discovery documents;
    ``sign`` creates the token. ``asked`` records the requests to the token endpoint.
    """

    def __init__(self, folder: Path) -> None:
        self.tls = make_authority()
        (folder / "hostile.pem").write_text(self.tls.certificate + self.tls.key)
        self.key = _key()
        self.claims: dict[str, Any] = {}
        self.header: dict[str, Any] = {}
        self.documents: dict[str, Any] = {}
        self.answers: dict[str, Callable[[Any], None]] = {}
        self.asked: list[dict[str, str]] = []
        self.sign: Callable[[dict[str, Any], dict[str, Any]], str] = self._sign
        self.nonce = ""
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.answer(self, b"")

            def do_POST(self) -> None:
                outer.answer(self, self.rfile.read(int(self.headers["content-length"])))

            def log_message(self, *_: Any) -> None:
                """Write no access log."""

        self.server = _Server(("127.0.0.1", 0), Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(folder / "hostile.pem")
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.issuer = f"https://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def answer(self, asked: Any, body: bytes) -> None:
        """Answer one request."""
        path = urlsplit(asked.path).path
        if path in self.answers:
            self.answers[path](asked)
            return
        found: Any = {
            "/.well-known/openid-configuration": {
                "issuer": self.issuer, "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token", "jwks_uri": f"{self.issuer}/jwks", **self.documents,
            },
            "/jwks": {"keys": [self.public()]},
        }.get(path)  # fmt: skip
        if path == "/token":
            self.asked.append({name: values[0] for name, values in parse_qs(body.decode()).items()})
            found = {"access_token": "a", "token_type": "Bearer", "id_token": self.token()}
        data = json.dumps(found).encode()
        asked.send_response(200 if found else 404)
        asked.send_header("content-type", "application/json")
        asked.send_header("content-length", str(len(data)))
        asked.end_headers()
        asked.wfile.write(data)

    def public(self) -> dict[str, Any]:
        """Return the public key as published by the provider."""
        return {
            **jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key(), as_dict=True),
            "kid": "1",
            "use": "sig",
        }

    def token(self) -> str:
        """Return an ID token issued now."""
        now = int(time.time())
        claims = {
            "iss": self.issuer, "aud": CLIENT, "sub": "somebody", "iat": now, "exp": now + 300, "auth_time": now,
            "nonce": self.nonce, **self.claims,
        }  # fmt: skip
        return self.sign({k: v for k, v in claims.items() if v is not None}, {"kid": "1", **self.header})

    def _sign(self, claims: dict[str, Any], header: dict[str, Any]) -> str:
        return jwt.encode(claims, self.key, algorithm="RS256", headers=header)

    def come_back(self, address: str, **about: str) -> str:
        """Return the redirect for a browser that requested ``address``; ``about`` overrides its parameters."""
        given = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        self.nonce = given["nonce"]
        answer = {"code": secrets.token_hex(8), "state": given["state"], **about}
        return (
            urlsplit(given["redirect_uri"]).path + "?" + "&".join(f"{k}={v}" for k, v in answer.items() if v)
        )

    def stop(self) -> None:
        """Stop the server."""
        self.server.shutdown()
        self.server.server_close()


class HostileSaml:
    """Creates valid and invalid SAML responses of an invented provider."""

    def __init__(self) -> None:
        self.key, self.certificate = _pair()
        self.entity_id = "https://127.0.0.1/made-up"

    def metadata(self) -> str:
        """Return the metadata."""
        body = "".join(self.certificate.splitlines()[1:-1])
        return (
            f'<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="{self.entity_id}">'
            '<md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">'
            '<md:KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data>'
            f"<ds:X509Certificate>{body}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>"
            '<md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" '
            f'Location="{self.entity_id}/sso"/></md:IDPSSODescriptor></md:EntityDescriptor>'
        )

    def assertion(self, request: str, home: str, subject: str = "somebody", **about: str) -> str:
        """Return an assertion in response to ``request``; ``about`` overrides its values (empty removes one)."""
        now = datetime.now(UTC)

        def moment(minutes: float) -> str:
            return (now + timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%SZ")

        said = {
            "audience": f"{home}/metadata/", "recipient": f"{home}/acs/", "answers": request, "end": moment(5),
            "until": moment(5), "issuer": self.entity_id, "format": "persistent", "at": moment(0), **about,
        }  # fmt: skip
        confirmed = "".join(
            f' {name}="{said[key]}"'
            for name, key in (
                ("InResponseTo", "answers"),
                ("Recipient", "recipient"),
                ("NotOnOrAfter", "end"),
            )
            if said[key]
        )
        audience = (
            f"<saml:AudienceRestriction><saml:Audience>{said['audience']}</saml:Audience></saml:AudienceRestriction>"
            if said["audience"]
            else ""
        )
        return (
            '<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" '
            f'ID="_{secrets.token_hex(16)}" Version="2.0" IssueInstant="{moment(0)}"><saml:Issuer>{said["issuer"]}'
            f'</saml:Issuer><saml:Subject><saml:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:'
            f'{said["format"]}">{subject}</saml:NameID><saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:'
            f'cm:bearer"><saml:SubjectConfirmationData{confirmed}/></saml:SubjectConfirmation></saml:Subject>'
            f'<saml:Conditions NotBefore="{moment(-5)}" NotOnOrAfter="{said["until"]}">{audience}</saml:Conditions>'
            f'<saml:AuthnStatement AuthnInstant="{said["at"]}"><saml:AuthnContext><saml:AuthnContextClassRef>'
            "urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef></saml:AuthnContext>"
            "</saml:AuthnStatement></saml:Assertion>"
        )

    def signed(self, assertion: str, key: str = "", certificate: str = "") -> str:
        """Return the assertion with a signature."""
        from onelogin.saml2.constants import OneLogin_Saml2_Constants as Names
        from onelogin.saml2.utils import OneLogin_Saml2_Utils

        made = OneLogin_Saml2_Utils.add_sign(
            assertion, key or self.key, certificate or self.certificate, sign_algorithm=Names.RSA_SHA256,
            digest_algorithm=Names.SHA256,
        )  # fmt: skip
        return made.decode() if isinstance(made, bytes) else str(made)

    def response(self, request: str, home: str, inside: str, before: str = "") -> str:
        """Return a response with assertions; ``before`` is put before the document's root."""
        answers = f' InResponseTo="{request}"' if request else ""
        now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        return (
            f'{before}<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" '
            f'xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_{secrets.token_hex(16)}" Version="2.0" '
            f'IssueInstant="{now}" Destination="{home}/acs/"{answers}><saml:Issuer>{self.entity_id}</saml:Issuer>'
            '<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>'
            f"{inside}</samlp:Response>"
        )


def encoded(response: str) -> str:
    """Return a response as a browser posts it."""
    return base64.b64encode(response.encode()).decode()
