"""A simulated ERP that uses the local print protocol over a real socket (ws or wss)."""

import json
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from websockets.sync.client import ClientConnection, connect


class Erp:
    """One connection."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection

    def send(self, message: dict[str, Any] | str) -> None:
        self.connection.send(message if isinstance(message, str) else json.dumps(message, ensure_ascii=False))

    def hear(self, seconds: float = 60) -> dict[str, Any]:
        heard: dict[str, Any] = json.loads(self.connection.recv(seconds))
        return heard

    def ask(self, cmd: str, **more: Any) -> dict[str, Any]:
        self.send({"cmd": cmd, "requestID": "r1", "version": "1.0", **more})
        return self.hear()

    def notice(self, task: str, seconds: float = 120) -> dict[str, Any]:
        """Wait for the notification with the result of a task."""
        while (heard := self.hear(seconds)).get("cmd") != "notifyPrintResult" or heard["taskID"] != task:
            pass
        return heard


@contextmanager
def erp(address: str, *, origin: str = "", authority: Path | None = None) -> Iterator[Erp]:
    tls = ssl.create_default_context(cafile=str(authority)) if address.startswith("wss") else None
    headers = {"Origin": origin} if origin else {}
    with connect(
        address,
        additional_headers=headers,
        ssl=tls,
        proxy=None,
        max_size=2**24,
        open_timeout=30,
        ping_interval=None,
    ) as connection:
        yield Erp(connection)


def by_reference(task: str, numbers: list[str], **more: Any) -> dict[str, Any]:
    documents = [
        {"documentID": f"D{n}", "contents": [{"data": {"orderNo": number}}]}
        for n, number in enumerate(numbers, 1)
    ]
    return {"taskID": task, "printer": "", "preview": False, "documents": documents, **more}


def certificate(folder: Path) -> tuple[Path, Path]:
    """Create a self-signed certificate for localhost; return the files of certificate and key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    shown, kept = folder / "shim.pem", folder / "shim.key"
    shown.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    kept.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    kept.chmod(0o600)
    return shown, kept
