"""A real identity provider: LemonLDAP::NG from Debian, on loopback over TLS, in its own folder.

It supports OpenID Connect and SAML. Its users are the package's demonstration accounts, whose password equals the
name. Only one of them has ``mfa`` in ``amr``.
"""

import html
import json
import re
import shutil
import ssl
import subprocess
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import httpx
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

from support.missing import missing
from support.ports import free_port

PORTAL = Path("/usr/share/lemonldap-ng/portal/htdocs/index.psgi")
TEMPLATES = "/usr/share/lemonldap-ng/portal/templates"
WITH_MFA, WITHOUT_MFA = "dwho", "rtyler"
CLIENT, CLIENT_SECRET = "waybill-guard", "an invented secret"
MFA_CONTEXT = "https://refeds.org/profile/mfa"


def service_metadata(home: str) -> str:
    """Return the metadata of a service whose addresses are below ``home``."""
    return (
        f'<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="{home}/metadata/">'
        '<md:SPSSODescriptor WantAssertionsSigned="true" '
        'protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">'
        "<md:NameIDFormat>urn:oasis:names:tc:SAML:2.0:nameid-format:persistent</md:NameIDFormat>"
        '<md:AssertionConsumerService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" '
        f'Location="{home}/acs/" index="1"/></md:SPSSODescriptor></md:EntityDescriptor>'
    )


def needed() -> None:
    """Skip if the packages of ``scripts/system-packages`` are not installed; in CI, fail instead."""
    if not PORTAL.exists() or shutil.which("plackup") is None:
        missing("LemonLDAP::NG", "run scripts/system-packages")


@dataclass(frozen=True)
class Authority:
    """A certificate for 127.0.0.1 and the authority that signed it, as PEM."""

    authority: str
    certificate: str
    key: str


def _pem(key: Any) -> str:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()


def make_authority() -> Authority:
    """Create an authority and a certificate for 127.0.0.1."""
    now = datetime.now(UTC)

    def build(name: str, public: Any, issuer: str) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
            .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(hours=1))
            .not_valid_after(now + timedelta(days=2))
        )

    root, leaf = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    usage = x509.KeyUsage(
        digital_signature=True, content_commitment=False, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=True, crl_sign=True, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    root_id = x509.SubjectKeyIdentifier.from_public_key(root.public_key())
    top = (
        build("made-up authority", root.public_key(), "made-up authority")
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(root_id, critical=False)
        .sign(root, hashes.SHA256())
    )
    below = (
        build("127.0.0.1", leaf.public_key(), "made-up authority")
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(root_id), critical=False
        )
        .sign(root, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    return Authority(top.public_bytes(pem).decode(), below.public_bytes(pem).decode(), _pem(leaf))


def signing_pair(name: str = "made-up signer") -> tuple[str, str]:
    """Return an RSA key and its self-signed certificate as PEM."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(who)
        .issuer_name(who)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=2))
        .sign(key, hashes.SHA256())
    )
    return _pem(key), certificate.public_bytes(serialization.Encoding.PEM).decode()


class Lemonldap:
    """A running provider; call ``stop`` when done."""

    def __init__(self, folder: Path, redirect_uri: str, service_metadata: str, logout_uri: str = "") -> None:
        needed()
        self.folder = folder
        self.tls = make_authority()
        self.port = free_port()
        self.issuer = f"https://127.0.0.1:{self.port}"
        self.entity_id = f"{self.issuer}/saml/metadata"
        self._write(redirect_uri, service_metadata, logout_uri)
        self.log = (folder / "log").open("w")
        self.process = subprocess.Popen(
            ["plackup", "--server", "HTTP::Server::PSGI", "--env", "deployment", "--host", "127.0.0.1",
             "--port", str(self.port), "--ssl", "1", "--ssl-key-file", str(folder / "tls.key"),
             "--ssl-cert-file", str(folder / "tls.pem"), str(folder / "portal.psgi")],
            env={"PATH": "/usr/bin:/bin", "LLNG_DEFAULTCONFFILE": str(folder / "lemonldap-ng.ini"), "LC_ALL": "C"},
            stdout=self.log, stderr=subprocess.STDOUT, cwd=folder,
        )  # fmt: skip
        self._wait()

    def _write(self, redirect_uri: str, service_metadata: str, logout_uri: str) -> None:
        folder = self.folder
        for name in ("conf", "sessions", "sessions/lock", "psessions", "psessions/lock", "cache"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        (folder / "tls.key").write_text(self.tls.key)
        (folder / "tls.pem").write_text(self.tls.certificate)
        (folder / "portal.psgi").write_text(
            "use Plack::Builder;\n"
            f'builder {{ enable "Static", path => qr{{^/static/}}, root => "{PORTAL.parent}"; do "{PORTAL}" }};\n'
        )
        (folder / "lemonldap-ng.ini").write_text(
            "[all]\nlogLevel=warn\nuseSafeJail=1\n"
            f"[configuration]\ntype=File\ndirName={folder}/conf\nlocalStorage=Cache::FileCache\n"
            f"localStorageOptions={{'namespace'=>'conf','default_expires_in'=>600,'cache_root'=>'{folder}/cache'}}\n"
            f"[portal]\nstaticPrefix=/static\ntemplateDir={TEMPLATES}\nlanguages=en\n[handler]\nstatus=0\n"
        )
        key, certificate = signing_pair("made-up provider")
        store = {"Directory": f"{folder}/sessions", "LockDirectory": f"{folder}/sessions/lock"}
        kept = {"Directory": f"{folder}/psessions", "LockDirectory": f"{folder}/psessions/lock"}
        conf = {
            "cfgNum": 1, "cfgAuthor": "tests", "cfgDate": int(time.time()), "cfgVersion": "2.21.2", "key": "made-up-key",
            "portal": f"{self.issuer}/", "domain": "127.0.0.1", "cookieName": "lemonldap", "securedCookie": 1,
            "authentication": "Demo", "userDB": "Same", "passwordDB": "Null", "registerDB": "Demo", "captcha_login_enabled": 0, "captcha_register_enabled": 0,
            "captcha_mail_enabled": 0, "portalDisplayRegister": 0, "portalDisplayResetPassword": 0,
            "demoExportedVars": {"cn": "cn", "mail": "mail", "uid": "uid"}, "whatToTrace": "uid",
            "globalStorage": "Apache::Session::File", "globalStorageOptions": store,
            "persistentStorage": "Apache::Session::File", "persistentStorageOptions": kept,
            "localSessionStorage": "Cache::FileCache",
            "localSessionStorageOptions": {"cache_root": f"{folder}/cache", "namespace": "sessions"},
            "locationRules": {}, "requireToken": 0, "portalForceAuthnInterval": 0, "notification": 0,
            "issuerDBOpenIDConnectActivation": 1, "issuerDBSAMLActivation": 1,
            "oidcServiceMetaDataIssuer": self.issuer, "oidcServiceMetaDataAuthorizeURI": "authorize",
            "oidcServiceMetaDataTokenURI": "token", "oidcServiceMetaDataUserInfoURI": "userinfo",
            "oidcServiceMetaDataJWKSURI": "jwks", "oidcServicePrivateKeySig": key,
            "oidcServicePublicKeySig": certificate, "oidcServiceKeyIdSig": "made-up",
            "oidcServiceAllowAuthorizationCodeFlow": 1, "oidcServiceKeyTypeSig": "RSA",
            "oidcServiceMetaDataAuthnContext": {f"loa-{level}": level for level in range(1, 6)},
            "oidcServiceMetaDataAmrRules": {"mfa": f"$uid eq '{WITH_MFA}'", "pwd": "1"},
            "oidcRPMetaDataExportedVars": {"guard": {"email": "mail", "name": "cn"}},
            "oidcRPMetaDataOptions": {"guard": {
                "oidcRPMetaDataOptionsClientID": CLIENT, "oidcRPMetaDataOptionsClientSecret": CLIENT_SECRET,
                "oidcRPMetaDataOptionsIDTokenSignAlg": "RS256", "oidcRPMetaDataOptionsBypassConsent": 1,
                "oidcRPMetaDataOptionsRedirectUris": redirect_uri, "oidcRPMetaDataOptionsRequirePKCE": 1,
                "oidcRPMetaDataOptionsUserIDAttr": "uid", "oidcRPMetaDataOptionsAuthMethod": "",
                "oidcRPMetaDataOptionsLogoutUrl": logout_uri, "oidcRPMetaDataOptionsLogoutType": "back",
                "oidcRPMetaDataOptionsLogoutSessionRequired": 1,
            }},
            "samlEntityID": self.entity_id, "samlServicePrivateKeySig": key, "samlServicePublicKeySig": certificate,
            "samlServiceSignatureMethod": "RSA_SHA256", "samlServiceUseCertificateInResponse": 1,
            # Every demonstration account signs in at level 2.
            "samlAuthnContextMapPassword": 1, "samlAuthnContextMapExtra": {MFA_CONTEXT: 2},
            "samlOrganizationName": "made up", "samlOrganizationDisplayName": "made up",
            "samlOrganizationURL": "http://127.0.0.1/",
            "samlSPMetaDataXML": {"guard": {"samlSPMetaDataXML": service_metadata}},
            "samlSPMetaDataExportedAttributes": {"guard": {"mail": "1;mail;;"}},
            "samlSPMetaDataOptions": {"guard": {
                "samlSPMetaDataOptionsNameIDFormat": "persistent", "samlSPMetaDataOptionsSignSSOMessage": 1,
                "samlSPMetaDataOptionsNameIDSessionKey": "uid", "samlSPMetaDataOptionsCheckSSOMessageSignature": 0,
                "samlSPMetaDataOptionsEncryptionMode": "none",
            }},
        }  # fmt: skip
        (folder / "conf" / "lmConf-1.json").write_text(json.dumps(conf))

    def _wait(self) -> None:
        context = ssl.create_default_context(cadata=self.tls.authority)
        for _ in range(150):
            if self.process.poll() is not None:
                break
            try:
                if httpx.get(f"{self.issuer}/ping", verify=context).status_code < 500:
                    return
            except httpx.HTTPError:
                pass
            time.sleep(0.2)
        said = (self.folder / "log").read_text()[-2000:]
        self.stop()
        raise RuntimeError(f"LemonLDAP::NG did not start: {said}")

    def browser(self) -> "Browser":
        """Return a browser without cookies."""
        return Browser(self)

    def stop(self) -> None:
        """Stop the process."""
        self.process.terminate()
        self.process.wait(10)
        self.log.close()


class Browser:
    """A person's browser at the provider: fills in the form and returns the resulting address or form."""

    def __init__(self, provider: Lemonldap) -> None:
        self.provider = provider
        self.client = httpx.Client(
            verify=ssl.create_default_context(cadata=provider.tls.authority),
            follow_redirects=False,
            timeout=30,
        )

    def sign_in(self, address: str, name: str) -> tuple[str, dict[str, str]]:
        """Open an address of the provider, sign in as ``name`` if asked; return the target address and its form.

        The form is empty for a redirect.
        """
        answer = self.client.get(address)
        for _ in range(8):
            if answer.is_redirect:
                target = str(answer.headers["location"])
                if not target.startswith(self.provider.issuer):
                    return target, {}
                answer = self.client.get(target)
                continue
            action, fields = _form(answer.text)
            if action and not action.startswith(("/", "#", self.provider.issuer)):
                return action, fields
            if not fields:
                raise AssertionError(f"the provider answered {answer.status_code}: {_text(answer.text)}")
            if "password" in fields:
                fields |= {"user": name, "password": name}
            target = str(answer.url) if action in {"", "#"} else str(answer.url.join(action))
            answer = self.client.post(target, data=fields)
        raise AssertionError("the provider does not come to an end")

    def sign_out(self) -> None:
        """Sign out at the provider, which notifies all services before it responds."""
        answer = self.client.get(f"{self.provider.issuer}/?logout=1")
        assert answer.status_code < 400, answer.status_code


def _form(page: str) -> tuple[str, dict[str, str]]:
    for form in re.findall(r"<form.*?</form>", page, re.DOTALL):
        action = re.search(r'<form[^>]*action="([^"]*)"', form)
        fields = {}
        for tag in re.findall(r"<input[^>]*>", form):
            name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
            if name:
                fields[name[1]] = html.unescape(value[1]) if value else ""
        return html.unescape(action[1]) if action else "", fields
    return "", {}


def _text(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<(script|style).*?</\1>|<[^>]+>", " ", page, flags=re.DOTALL))[:500]
