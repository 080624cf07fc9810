import datetime as dt
import ipaddress
import json
import re
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from events.made_up import MONDAY, looks

from waybillguard.events import AccessEvent, Action
from waybillguard.events.siem import SyslogError, SyslogSender, ocsf, syslog_message

HEAD = re.compile(rb"<(\d+)>1 (\S+) (\S+) (\S+) - (\S+) - \xef\xbb\xbf")


def event(**fields: object) -> AccessEvent:
    return looks(1, ip="10.0.0.3", session="s-1", person="王小芳", **fields)[0]


def test_a_look_is_an_api_activity() -> None:
    made = ocsf(event(action="reveal", exposed=True, purpose="after_sales"))
    assert (made["class_uid"], made["category_uid"], made["activity_id"], made["type_uid"]) == (
        6003,
        6,
        2,
        600_302,
    )
    assert made["time"] == int(MONDAY.timestamp() * 1000)
    assert made["actor"] == {
        "user": {"name": "kf01", "uid": "kf01", "full_name": "王小芳"},
        "session": {"uid": "s-1"},
    }
    assert made["src_endpoint"] == {"ip": "10.0.0.3", "hostname": "s1"}
    assert made["api"]["operation"] == "reveal"
    assert made["resources"] == [{"type": "order", "uid": "o-0"}]
    assert made["metadata"]["uid"] == "e-0"
    assert made["metadata"]["tenant_uid"] == "yuyao"
    assert (made["severity_id"], made["status_id"]) == (2, 1)


@pytest.mark.parametrize(
    ("action", "allowed", "type_uid", "status"),
    [("login", True, 300_201, 1), ("login_failed", False, 300_201, 2), ("logout", True, 300_202, 1)],
)
def test_a_sign_in_is_an_authentication(action: str, allowed: bool, type_uid: int, status: int) -> None:
    made = ocsf(event(action=action, allowed=allowed, order_id=None))
    assert (made["type_uid"], made["status_id"], made["user"]["name"]) == (type_uid, status, "kf01")
    assert "api" not in made


@pytest.mark.parametrize("action", list(Action))
def test_every_action_has_what_its_class_requires(action: str) -> None:
    made = ocsf(AccessEvent(tenant="t", ts=MONDAY, action=action))
    wanted = {"activity_id", "category_uid", "class_uid", "metadata", "severity_id", "time", "type_uid"}
    wanted |= {"user"} if made["class_uid"] == 3002 else {"actor", "api", "src_endpoint"}
    assert wanted <= made.keys()
    assert made["type_uid"] == made["class_uid"] * 100 + made["activity_id"]
    assert made["src_endpoint"] == {"name": "unknown"}


def test_a_siem_learns_neither_decoys_nor_tokens() -> None:
    token = b"token-of-someone"
    said = json.dumps(ocsf(event(decoy=True, person_token=token, person_token_previous=token)))
    assert "decoy" not in said
    assert "token" not in said


def test_a_message_is_rfc_5424() -> None:
    message = syslog_message(event(allowed=False), host="box 1.余姚")
    found = HEAD.match(message)
    assert found is not None
    assert found.groups() == (b"109", b"2026-11-02T01:00:00.000000Z", b"box?1.??", b"waybillguard", b"view")
    assert json.loads(message[found.end() :])["status"] == "Failure"


class Collector:
    """Reads messages with RFC 6587 octet counting, one connection after the other."""

    def __init__(self, tls: ssl.SSLContext | None, hang_up_after: int = 10**6) -> None:
        self.messages: list[bytes] = []
        self._tls = tls
        self._most = hang_up_after
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = self._server.getsockname()[1]
        self._arrived = threading.Condition()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def wait_for(self, count: int) -> list[bytes]:
        with self._arrived:
            assert self._arrived.wait_for(lambda: len(self.messages) >= count, timeout=10)
        return self.messages

    def close(self) -> None:
        self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        self._thread.join(10)

    def _serve(self) -> None:
        while True:
            try:
                plain, _ = self._server.accept()
            except OSError:
                return
            try:
                connection = self._tls.wrap_socket(plain, server_side=True) if self._tls else plain
            except OSError:
                plain.close()
                continue
            with connection, connection.makefile("rb") as stream:
                for _ in range(self._most):
                    length = b""
                    try:
                        while (digit := stream.read(1)) not in {b" ", b""}:
                            length += digit
                        if not length:
                            break
                        message = stream.read(int(length))
                    except OSError:
                        break
                    with self._arrived:
                        self.messages.append(message)
                        self._arrived.notify_all()


@contextmanager
def collector(tls: ssl.SSLContext | None = None, hang_up_after: int = 10**6) -> Iterator[Collector]:
    made = Collector(tls, hang_up_after)
    try:
        yield made
    finally:
        made.close()


def certificate(folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "collector")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(
            x509.KeyUsage(
                digital_signature=True,
                content_commitment=False,
                key_encipherment=False,
                data_encipherment=False,
                key_agreement=False,
                key_cert_sign=True,
                crl_sign=False,
                encipher_only=False,
                decipher_only=False,
            ),
            critical=True,
        )
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return server, ssl.create_default_context(cafile=folder / "cert.pem")


@pytest.mark.parametrize("encrypted", [False, True])
def test_messages_arrive_whole_over_a_real_socket(tmp_path: Path, encrypted: bool) -> None:
    server, client = certificate(tmp_path) if encrypted else (None, None)
    sent = [syslog_message(one, host="box") for one in looks(500, person="王小芳")]
    with collector(server) as there, SyslogSender("127.0.0.1", there.port, tls=client) as sender:
        sender.send(sent[:200])
        sender.send([])
        sender.send(sent[200:])
        assert there.wait_for(500) == sent


def test_a_collector_with_another_certificate_is_refused(tmp_path: Path) -> None:
    server, _ = certificate(tmp_path)
    with (
        collector(server) as there,
        SyslogSender("127.0.0.1", there.port, tls=ssl.create_default_context()) as sender,
        pytest.raises(SyslogError),
    ):
        sender.send([b"x"])


def test_a_collector_that_hung_up_is_called_again() -> None:
    with collector(hang_up_after=1) as there, SyslogSender("127.0.0.1", there.port, tls=None) as sender:
        for number in range(1, 4):
            sender.send([b"message %d" % number])
            there.wait_for(number)
            threading.Event().wait(0.1)  # until the closing notice has arrived
        assert there.messages == [b"message 1", b"message 2", b"message 3"]


def test_no_collector_is_said_in_two_languages() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with SyslogSender("127.0.0.1", port, tls=None, seconds=2) as sender, pytest.raises(SyslogError) as caught:
        sender.send([b"x"])
    assert str(port) in caught.value.zh
    assert str(port) in caught.value.en
