"""TLS from the first run, with our own certificate authority limited to names of the local network.

The private keys of authority and server are encrypted under secrets derived by keyd, so a copy of the data folder
cannot impersonate the console. Name constraints (RFC 5280, 4.2.1.10) limit the authority to names of this
installation, even if its key is stolen.
"""

import ipaddress
import socket
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from waybillguard.service.platform.config import write_private

AUTHORITY_LIFETIME = timedelta(days=3650)
SERVER_LIFETIME = timedelta(days=365)
RENEW_BEFORE = timedelta(days=30)
SLACK = timedelta(days=2)
"""How long before its issue a certificate becomes valid, for clocks that are behind or are set back."""
_LOCAL_NETWORKS = (
    "127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "::1/128", "fd00::/8",
    "fe80::/10",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ServerCertificate:
    """The web server's certificate files, and the password of the key file."""

    certificate: Path
    key: Path
    password: str
    authority: Path


def ensure_certificate(
    folder: Path, password: str, hosts: list[str], now: datetime, *, authority_password: str = ""
) -> ServerCertificate:
    """Return a certificate for ``hosts``; create or renew it if needed.

    Args:
        folder: folder of ``ca.pem``, ``ca.key``, ``server.pem`` and ``server.key``.
        password: encrypts the server's private key (derived by keyd); known to the web process.
        authority_password: encrypts the authority's private key; never known to the web process. Default:
            ``password``.
        hosts: DNS names and IP addresses of the console.
        now: the time, UTC.
    """
    names = sorted({*hosts, "localhost", "127.0.0.1", "::1", socket.gethostname()})
    authority_path, authority_key_path = folder / "ca.pem", folder / "ca.key"
    server_path, server_key_path = folder / "server.pem", folder / "server.key"
    secret, above = password.encode(), (authority_password or password).encode()
    authority, key = _authority(authority_path, authority_key_path, above)
    if authority is None or key is None or not _covers(authority, names):
        authority, key = None, ec.generate_private_key(ec.SECP256R1())
    if authority is None or not _in_time(authority, now):
        # Renew an expired authority under the same key, so that stations which trust it continue to work.
        authority = _make_authority(authority_path, authority_key_path, above, names, now, key)
    if not _still_good(server_path, server_key_path, secret, names, now, authority):
        _make_server(server_path, server_key_path, secret, names, now, authority, key)
    return ServerCertificate(server_path, server_key_path, password, authority_path)


def _authority(
    path: Path, key_path: Path, secret: bytes
) -> tuple[x509.Certificate | None, ec.EllipticCurvePrivateKey | None]:
    """Return certificate and key of the authority; None for one that is missing or damaged."""
    certificate, key = _read(path), _read_key(key_path, secret)
    if certificate is None or key is None or key.public_key() != certificate.public_key():
        return None, None
    return certificate, key


def _in_time(certificate: x509.Certificate, now: datetime) -> bool:
    return certificate.not_valid_before_utc <= now.astimezone(UTC) < certificate.not_valid_after_utc


def _read(path: Path) -> x509.Certificate | None:
    try:
        return x509.load_pem_x509_certificate(path.read_bytes())
    except (OSError, ValueError):
        return None


def _read_key(path: Path, secret: bytes) -> ec.EllipticCurvePrivateKey | None:
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), secret)
    except (OSError, ValueError, TypeError):
        return None
    return key if isinstance(key, ec.EllipticCurvePrivateKey) else None


def fingerprint(authority: Path) -> str:
    """Return the SHA-256 fingerprint of the authority's certificate for comparison by people (``AB:CD:…``)."""
    digest = x509.load_pem_x509_certificate(authority.read_bytes()).fingerprint(hashes.SHA256())
    return ":".join(f"{byte:02X}" for byte in digest)


def _dns(names: list[str]) -> list[str]:
    return [name for name in names if isinstance(_general_name(name), x509.DNSName)]


def _covers(authority: x509.Certificate, names: list[str]) -> bool:
    """Tell whether the authority's name constraints allow all names; otherwise a new authority is needed."""
    limits = authority.extensions.get_extension_for_class(x509.NameConstraints).value.permitted_subtrees or []
    held = {limit.value for limit in limits if isinstance(limit, x509.DNSName)}
    return set(_dns(names)) <= held


def _general_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _make_authority(
    path: Path,
    key_path: Path,
    secret: bytes,
    names: list[str],
    now: datetime,
    key: ec.EllipticCurvePrivateKey,
) -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Waybill Guard {socket.gethostname()}")])
    permitted: list[x509.GeneralName] = [x509.DNSName(name) for name in _dns(names)]
    # Unconstrained name types are unlimited (RFC 5280, 4.2.1.10), so e-mail and URI are limited to an unused name.
    permitted += [x509.RFC822Name("localhost"), x509.UniformResourceIdentifier("localhost")]
    # Allow all private networks: if the router assigns another IP address, stations need not trust a new authority.
    permitted += [x509.IPAddress(ipaddress.ip_network(network)) for network in _LOCAL_NETWORKS]
    public = [
        n for n in names if isinstance(g := _general_name(n), x509.IPAddress) and not g.value.is_private
    ]
    permitted += [x509.IPAddress(ipaddress.ip_network(n)) for n in public]
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - SLACK)
        .not_valid_after(now + AUTHORITY_LIFETIME)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_key_usage(sign_certificates=True), critical=True)
        .add_extension(x509.NameConstraints(permitted, None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    write_private(key_path, _encrypted(key, secret))
    write_private(path, certificate.public_bytes(serialization.Encoding.PEM))
    return certificate


def _make_server(
    path: Path,
    key_path: Path,
    secret: bytes,
    names: list[str],
    now: datetime,
    authority: x509.Certificate,
    authority_key: ec.EllipticCurvePrivateKey,
) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Waybill Guard console")]))
        .issuer_name(authority.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - SLACK)
        .not_valid_after(now + SERVER_LIFETIME)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_key_usage(sign_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName([_general_name(name) for name in names]), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key()), critical=False
        )
        .sign(authority_key, hashes.SHA256())
    )
    write_private(key_path, _encrypted(key, secret))
    write_private(path, certificate.public_bytes(serialization.Encoding.PEM))


def _still_good(
    path: Path, key_path: Path, secret: bytes, names: list[str], now: datetime, authority: x509.Certificate
) -> bool:
    """Tell whether the server's certificate is readable, valid now, by this authority, and covers every name."""
    certificate, key = _read(path), _read_key(key_path, secret)
    if certificate is None or key is None or key.public_key() != certificate.public_key():
        return False
    try:
        certificate.verify_directly_issued_by(authority)
        listed = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (ValueError, TypeError, InvalidSignature, x509.ExtensionNotFound):
        return False
    moment = now.astimezone(UTC)
    return (
        certificate.not_valid_before_utc <= moment
        and certificate.not_valid_after_utc - moment > RENEW_BEFORE
        and set(names) <= {str(name.value) for name in listed}
    )


def _key_usage(*, sign_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not sign_certificates,
        key_cert_sign=sign_certificates,
        crl_sign=sign_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _encrypted(key: ec.EllipticCurvePrivateKey, secret: bytes) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(secret),
    )
