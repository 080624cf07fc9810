"""A witness (C2SP tlog-witness): stores each log's latest checkpoint and cosigns only extensions of it.

Promise: it never cosigns two contradictory checkpoints of one log, even across restarts and concurrent requests.
If a log submits a fork, the witness stores it as evidence.
"""

import hashlib
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path

import msgspec

from waybillguard.ledger.errors import BadNoteError, BadProofError
from waybillguard.ledger.merkle import EMPTY_ROOT, HASH, verify_consistency
from waybillguard.ledger.note import (
    ED25519,
    MLDSA44,
    Checkpoint,
    Ed25519Verifier,
    MLDSAVerifier,
    Note,
    NoteSigner,
    Verifier,
    b64decode,
    b64encode,
    parse_checkpoint,
    parse_decimal,
    parse_note,
    parse_vkey,
    verified,
)

_SCHEMA = """
CREATE TABLE IF NOT EXISTS latest (
  origin TEXT PRIMARY KEY, size INTEGER NOT NULL, root BLOB NOT NULL, note BLOB NOT NULL,
  time_s INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS fork (
  id INTEGER PRIMARY KEY, origin TEXT NOT NULL, time_s INTEGER NOT NULL, reason TEXT NOT NULL,
  digest BLOB NOT NULL UNIQUE, latest BLOB NOT NULL, request BLOB NOT NULL);
"""
MAX_REQUEST = 256 << 10
_MAX_PROOF = 63
_MAX_FORKS = 10_000
_TEXT = "text/plain; charset=utf-8"


class Answer(msgspec.Struct, frozen=True):
    """An HTTP answer."""

    status: int
    body: bytes = b""
    content_type: str = _TEXT


class KnownLog(msgspec.Struct, frozen=True):
    """A log key this witness trusts for one origin, or with ``family`` for every origin below its name."""

    verifier: Verifier
    family: bool = False

    def for_origin(self, origin: str) -> Verifier | None:
        """Return the verifier for an origin, or None if this key is not trusted for it."""
        if self.verifier.name == origin:
            return self.verifier
        if self.family and origin.startswith(self.verifier.name + "/"):
            kind = MLDSAVerifier if self.verifier.kind == MLDSA44 else Ed25519Verifier
            return kind(origin, self.verifier.public)
        return None


def parse_logs(text: str) -> list[KnownLog]:
    """Parse a file of trusted logs: lines ``log <vkey>`` or ``family <vkey>``; raises BadNoteError."""
    found = []
    for line in text.splitlines():
        words = line.split()
        if not words or words[0].startswith("#"):
            continue
        if len(words) != 2 or words[0] not in {"log", "family"}:  # noqa: PLR2004
            raise _bad_request()
        verifier = parse_vkey(words[1])
        if verifier.kind not in {ED25519, MLDSA44}:
            raise _bad_request()
        found.append(KnownLog(verifier, words[0] == "family"))
    return found


class Request(msgspec.Struct, frozen=True):
    """A parsed add-checkpoint request."""

    old: int
    proof: tuple[bytes, ...]
    note: Note
    checkpoint: Checkpoint


def parse_request(body: bytes) -> Request:
    """Parse the body of add-checkpoint; raises BadNoteError."""
    head, separator, note_bytes = body.partition(b"\n\n")
    if not separator or len(body) > MAX_REQUEST:
        raise _bad_request()
    try:
        first, *lines = head.decode().split("\n")
    except UnicodeDecodeError as error:
        raise _bad_request() from error
    if not first.startswith("old ") or len(lines) > _MAX_PROOF:
        raise _bad_request()
    proof = tuple(b64decode(line) for line in lines)
    if any(len(item) != HASH for item in proof):
        raise _bad_request()
    note = parse_note(note_bytes)
    return Request(parse_decimal(first[4:]), proof, note, parse_checkpoint(note.text))


def request_body(old: int, proof: list[bytes], note: bytes) -> bytes:
    """Return the body of add-checkpoint."""
    lines = [f"old {old}", *(b64encode(item) for item in proof)]
    return ("\n".join(lines) + "\n\n").encode() + note


class WitnessServer:
    """The witness's state and rules, without the network. Thread-safe."""

    def __init__(
        self,
        database: Path,
        signers: list[NoteSigner],
        logs: Callable[[], list[KnownLog]],
        clock_s: Callable[[], int],
    ) -> None:
        self._signers = signers
        self._logs = logs
        self._clock = clock_s
        self._guard = threading.Lock()
        self._db = sqlite3.connect(database, isolation_level=None, check_same_thread=False)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=FULL")
        self._db.executescript(_SCHEMA)

    def add_checkpoint(self, body: bytes) -> Answer:
        """Answer ``POST add-checkpoint``."""
        try:
            request = parse_request(body)
        except BadNoteError as error:
            return Answer(400, error.en.encode() + b"\n")
        origin = request.checkpoint.origin
        known = [v for log in self._logs() if (v := log.for_origin(origin)) is not None]
        if not known:
            return Answer(404, b"unknown log\n")
        try:
            if not verified(request.note, known):
                raise _bad_request()
        except BadNoteError:
            return Answer(403, b"no valid signature of the log\n")
        if request.old > request.checkpoint.size:
            return Answer(400, b"old size is larger than the checkpoint\n")
        with self._guard:
            return self._decide(request, body)

    def _decide(self, request: Request, body: bytes) -> Answer:
        """Check, cosign and store a checkpoint in one transaction."""
        checkpoint = request.checkpoint
        self._db.execute("BEGIN IMMEDIATE")
        try:
            query = "SELECT size, root, note FROM latest WHERE origin = ?"
            row = self._db.execute(query, (checkpoint.origin,)).fetchone()
            size, root, latest = row or (0, EMPTY_ROOT, b"")
            if size != request.old:
                if row is not None and checkpoint.size == size and checkpoint.root != root:
                    self._keep_fork(request, "two roots for one size", latest, body)
                return Answer(409, f"{size}\n".encode(), "text/x.tlog.size")
            if size and checkpoint.size == size and checkpoint.root != root:
                self._keep_fork(request, "two roots for one size", latest, body)
                return Answer(422, b"two roots for one size\n")
            try:
                if size:
                    verify_consistency(size, checkpoint.size, request.proof, root, checkpoint.root)
                elif request.proof or (checkpoint.size == 0 and checkpoint.root != EMPTY_ROOT):
                    raise _bad_proof()
            except BadProofError:
                self._keep_fork(request, "no consistency proof", latest, body)
                return Answer(422, b"the consistency proof does not hold\n")
            now = self._clock()
            lines = "".join(signer.sign(request.note.text, now).line() for signer in self._signers).encode()
            self._db.execute(
                "INSERT OR REPLACE INTO latest VALUES (?, ?, ?, ?, ?)",
                (checkpoint.origin, checkpoint.size, checkpoint.root, request.note.encode() + lines, now),
            )
        finally:
            self._db.execute("COMMIT")
        return Answer(200, lines)

    def _keep_fork(self, request: Request, reason: str, latest: bytes, body: bytes) -> None:
        """Store a checkpoint that contradicts an earlier one as evidence; duplicates are stored once."""
        count = self._db.execute("SELECT COUNT(*) FROM fork").fetchone()[0]
        if count < _MAX_FORKS:
            digest = hashlib.sha256(request.note.text.encode() + latest).digest()
            self._db.execute(
                "INSERT OR IGNORE INTO fork (origin, time_s, reason, digest, latest, request)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                (request.checkpoint.origin, self._clock(), reason, digest, latest, body),
            )

    def latest(self, origin_hash: str) -> Answer:
        """Answer ``GET <sha256 of the origin, hex>/checkpoint`` with the latest checkpoint cosigned."""
        with self._guard:
            rows = self._db.execute("SELECT origin, note FROM latest").fetchall()
        for origin, note in rows:
            if hashlib.sha256(origin.encode()).hexdigest() == origin_hash:
                return Answer(200, bytes(note))
        return Answer(404, b"unknown log\n")

    def silent(self, since_s: int) -> list[tuple[str, int]]:
        """Return (origin, time) of logs whose last checkpoint is older than ``since_s`` (POSIX)."""
        query = "SELECT origin, time_s FROM latest WHERE time_s < ? ORDER BY time_s"
        with self._guard:
            return self._db.execute(query, (since_s,)).fetchall()

    def forks(self) -> list[tuple[str, int, str, bytes, bytes]]:
        """Return the stored evidence: origin, time, reason, checkpoint cosigned before, refused request."""
        query = "SELECT origin, time_s, reason, latest, request FROM fork ORDER BY id"
        with self._guard:
            return self._db.execute(query).fetchall()

    def close(self) -> None:
        """Close the database."""
        self._db.close()


def _bad_proof() -> BadProofError:
    return BadProofError(zh="空树之后不需要证明", en="nothing is to be proved after the empty tree")


def _bad_request() -> BadNoteError:
    return BadNoteError(zh="请求或日志列表不合格式", en="malformed request or list of logs")
