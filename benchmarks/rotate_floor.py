"""The floor of a rotation: what the same orders cost with nothing around them.

Open, seal, five tokens and gram tokens in one loop; blobs written in the order of their key, tokens added to a
narrow table in the order of its key, and the old ones deleted. No socket, no ledger, no other index, no
postings, nobody else at work.
"""

import secrets
import sqlite3
import tempfile
import time
from contextlib import closing
from hashlib import blake2b
from typing import Final

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from benchmarks.search import made_up_address
from waybillguard.seal import Contact
from waybillguard.seal.contact import contact_bytes, decode_contact
from waybillguard.seal.grams import GramKeys

_PART: Final = 25_000
_TOKENS: Final = 5
_NONCE: Final = bytes(12)
_BOUND: Final = bytes(60)
_TABLES: Final = """
PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-65536;
CREATE TABLE blobs (id INTEGER PRIMARY KEY, blob BLOB);
CREATE TABLE tokens (generation, field, token, id, PRIMARY KEY (generation, field, token, id)) WITHOUT ROWID;
"""


def floor(rows: int) -> tuple[float, float]:
    """Return the CPU-seconds of the bare work on ``rows`` orders, and how many of them the database took."""
    keys = _Keys()
    parts = [range(first, min(rows, first + _PART)) for first in range(0, rows, _PART)]
    with (
        tempfile.TemporaryDirectory(prefix="waybillguard-bench-") as folder,
        closing(sqlite3.connect(f"{folder}/floor.sqlite3", isolation_level=None)) as data,
    ):
        data.executescript(_TABLES)
        for part in parts:
            blobs = [keys.seal(contact_bytes(_contact(n)), n) for n in part]
            data.executemany("INSERT INTO blobs VALUES (?, ?)", list(zip(part, blobs, strict=True)))
            tokens = [(1, field, secrets.token_bytes(16), n) for field in range(_TOKENS) for n in part]
            data.executemany("INSERT INTO tokens VALUES (?, ?, ?, ?)", sorted(tokens))
        began, sealing = time.process_time(), 0.0
        for part in parts:
            wanted = "SELECT blob FROM blobs WHERE id BETWEEN ? AND ? ORDER BY id"
            stored = data.execute(wanted, (part[0], part[-1])).fetchall()
            start = time.process_time()
            again = [keys.again(blob, n) for (blob,), n in zip(stored, part, strict=True)]
            sealing += time.process_time() - start
            data.execute("BEGIN IMMEDIATE")
            data.executemany("UPDATE blobs SET blob = ? WHERE id = ?", [(blob, n) for blob, n, _ in again])
            tokens = [(2, field, found[field], n) for field in range(_TOKENS) for _, n, found in again]
            data.executemany("INSERT INTO tokens VALUES (?, ?, ?, ?)", sorted(tokens))
            data.execute("COMMIT")
        data.execute("DELETE FROM tokens WHERE generation = 1")
        spent = time.process_time() - began
    return spent, spent - sealing


class _Keys:
    """Keys of an order's own for blob and tokens, as the vault derives them."""

    def __init__(self) -> None:
        root = secrets.token_bytes(32)
        self._epoch = root
        self._state = blake2b(digest_size=16, key=root)
        self._grams = GramKeys(root, "bench")

    def seal(self, plaintext: bytes, n: int) -> bytes:
        return self._cipher(n).encrypt(_NONCE, plaintext, _BOUND)

    def again(self, blob: bytes, n: int) -> tuple[bytes, int, list[bytes]]:
        plaintext = self._cipher(n).decrypt(_NONCE, blob, _BOUND)
        contact = decode_contact(plaintext)
        self._grams.of_contact(contact, 0)
        tokens = []
        for field in range(_TOKENS):
            keyed = self._state.copy()
            keyed.update(b"%d%s" % (field, contact.phone.encode()))
            tokens.append(keyed.digest())
        return self.seal(plaintext, n), n, tokens

    def _cipher(self, n: int) -> AESGCM:
        return AESGCM(blake2b(digest_size=32, key=self._epoch, salt=n.to_bytes(16)).digest())


def _contact(n: int) -> Contact:
    return Contact(
        name=f"测试{chr(0x4E00 + n % 5000)}", phone=f"19{n:09d}", detail=made_up_address(n), goods="袜子"
    )
