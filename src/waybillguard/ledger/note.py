"""Signed notes, log signatures and cosignatures (C2SP signed-note, tlog-cosignature, byte for byte)."""

import base64
import binascii
import hashlib
import re
import struct
from collections.abc import Iterable, Sequence
from typing import Protocol

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey, MLDSA44PublicKey

from waybillguard.ledger.errors import BadNoteError

ED25519 = 0x01
COSIGN_ED25519 = 0x04
MLDSA44 = 0x06
_KEY_SIZE = {ED25519: 32, COSIGN_ED25519: 32, MLDSA44: 1312}
_MLDSA_SIGNATURE = 2420
_ED_SIGNATURE = 64
_DASH = "\u2014 "
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")
MAX_NOTE = 1 << 20
MAX_SIGNATURES = 64


def b64decode(text: str | bytes) -> bytes:
    """Decode strict, canonical standard base64; raises BadNoteError."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise _bad("base64") from error
    canonical = base64.b64encode(data)
    if canonical != (text.encode() if isinstance(text, str) else text):
        raise _bad("base64")
    return data


def b64encode(data: bytes) -> str:
    """Encode standard base64."""
    return base64.b64encode(data).decode()


def key_id(name: str, kind: int, public: bytes) -> bytes:
    """Return the 4-byte key ID."""
    return hashlib.sha256(name.encode() + b"\n" + bytes([kind]) + public).digest()[:4]


def check_name(name: str) -> str:
    """Return the key name if notes allow it; raises BadNoteError otherwise."""
    if not name or "+" in name or any(c.isspace() or ord(c) < 0x20 for c in name):  # noqa: PLR2004
        raise _bad("key name")
    return name


class Signature(msgspec.Struct, frozen=True):
    """One signature line: key name, 4-byte key ID, and signature bytes."""

    name: str
    key: bytes
    data: bytes

    def line(self) -> str:
        """Return the line with its newline."""
        return f"{_DASH}{self.name} {b64encode(self.key + self.data)}\n"


class Note(msgspec.Struct, frozen=True):
    """A text (ending in a newline) and its signature lines, not yet verified."""

    text: str
    signatures: tuple[Signature, ...]

    def encode(self) -> bytes:
        """Return the note's bytes."""
        return (self.text + "\n" + "".join(s.line() for s in self.signatures)).encode()

    def add(self, signatures: Iterable[Signature]) -> "Note":
        """Return the note with further signatures; duplicates are left out."""
        fresh = [s for s in signatures if s not in self.signatures]
        return Note(self.text, (*self.signatures, *fresh))


def parse_note(data: bytes) -> Note:
    """Parse a signed note; raises BadNoteError."""
    if len(data) > MAX_NOTE:
        raise _bad("size")
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        raise _bad("UTF-8") from error
    if _CONTROL.search(text):
        raise _bad("control character")
    cut = text.rfind("\n\n")
    if cut < 0 or not text.endswith("\n"):
        raise _bad("no signatures")
    body, block = text[: cut + 1], text[cut + 2 :]
    return Note(body, parse_signatures(block))


def parse_signatures(block: str) -> tuple[Signature, ...]:
    """Parse one or more signature lines; raises BadNoteError."""
    lines = block.split("\n")[:-1]
    if not lines or not block.endswith("\n") or len(lines) > MAX_SIGNATURES:
        raise _bad("signature lines")
    found = []
    for line in lines:
        name, _, encoded = line.removeprefix(_DASH).partition(" ")
        if not line.startswith(_DASH):
            raise _bad("signature line")
        data = b64decode(encoded)
        if len(data) < 5:  # noqa: PLR2004
            raise _bad("signature")
        found.append(Signature(check_name(name), data[:4], data[4:]))
    return tuple(found)


class Checkpoint(msgspec.Struct, frozen=True):
    """The body of a checkpoint: origin, tree size, root, further lines (C2SP tlog-checkpoint)."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def text(self) -> str:
        """Return the note text."""
        lines = (self.origin, str(self.size), b64encode(self.root), *self.extensions)
        return "\n".join(lines) + "\n"


def parse_decimal(text: str) -> int:
    """Parse an ASCII decimal without leading zeroes, below 2^63; raises BadNoteError."""
    if not (text.isascii() and text.isdigit()) or (len(text) > 1 and text[0] == "0") or len(text) > 19:  # noqa: PLR2004
        raise _bad("number")
    value = int(text)
    if value >= 1 << 63:
        raise _bad("number")
    return value


def parse_checkpoint(text: str) -> Checkpoint:
    """Parse a checkpoint's note text; raises BadNoteError."""
    lines = text.split("\n")
    if len(lines) < 4 or lines.pop() or not all(lines):  # noqa: PLR2004
        raise _bad("checkpoint")
    root = b64decode(lines[2])
    if len(root) != 32:  # noqa: PLR2004
        raise _bad("root")
    return Checkpoint(lines[0], parse_decimal(lines[1]), root, tuple(lines[3:]))


class Verifier(Protocol):
    """A named public key that verifies one kind of signature line."""

    name: str
    key: bytes
    kind: int
    public: bytes

    def verify(self, text: str, signature: Signature) -> int | None:
        """Verify a signature and return its POSIX time (None: the kind has none); raises BadNoteError."""

    def vkey(self) -> str:
        """Return the textual form of the key."""


class _Key:
    kind: int

    def __init__(self, name: str, public: bytes) -> None:
        if len(public) != _KEY_SIZE[self.kind]:
            raise _bad("key size")
        self.name = check_name(name)
        self.public = public
        self.key = key_id(name, self.kind, public)

    def vkey(self) -> str:
        """Return ``name+keyid+base64(kind, public key)``."""
        return f"{self.name}+{self.key.hex()}+{b64encode(bytes([self.kind]) + self.public)}"

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.name!r}, {self.key.hex()})"


class Ed25519Verifier(_Key):
    """A plain Ed25519 signature over the note text (type 0x01)."""

    kind = ED25519

    def verify(self, text: str, signature: Signature) -> int | None:
        """Check the signature; raises BadNoteError."""
        _check_ed(self.public, signature.data, text.encode())
        return None


class CosignEd25519Verifier(_Key):
    """A timestamped Ed25519 cosignature (type 0x04)."""

    kind = COSIGN_ED25519

    def verify(self, text: str, signature: Signature) -> int | None:
        """Check the cosignature and return its time; raises BadNoteError."""
        when = _timestamp(signature.data, _ED_SIGNATURE)
        _check_ed(self.public, signature.data[8:], _cosign_text(when, text))
        return when


class MLDSAVerifier(_Key):
    """A timestamped ML-DSA-44 signature or cosignature (type 0x06)."""

    kind = MLDSA44

    def verify(self, text: str, signature: Signature) -> int | None:
        """Check the signature and return its time; raises BadNoteError."""
        when = _timestamp(signature.data, _MLDSA_SIGNATURE)
        try:
            key = MLDSA44PublicKey.from_public_bytes(self.public)
            key.verify(signature.data[8:], subtree_message(self.name, when, parse_checkpoint(text)))
        except (InvalidSignature, ValueError) as error:
            raise _bad("signature") from error
        return when


def _check_ed(public: bytes, signature: bytes, message: bytes) -> None:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError) as error:
        raise _bad("signature") from error


def _timestamp(data: bytes, size: int) -> int:
    if len(data) != 8 + size:
        raise _bad("signature size")
    when: int = struct.unpack_from(">Q", data)[0]
    if when >= 1 << 63:
        raise _bad("timestamp")
    return when


def _cosign_text(when: int, text: str) -> bytes:
    return f"cosignature/v1\ntime {when}\n{text}".encode()


def subtree_message(cosigner: str, when: int, checkpoint: Checkpoint) -> bytes:
    """Return the ``cosigned_message`` of an ML-DSA-44 cosignature over a checkpoint."""
    name, origin = cosigner.encode(), checkpoint.origin.encode()
    if not 0 < len(name) < 256 or not 0 < len(origin) < 256:  # noqa: PLR2004
        raise _bad("name too long")
    return b"".join(
        (
            b"subtree/v1\n\x00",
            bytes([len(name)]),
            name,
            struct.pack(">Q", when),
            bytes([len(origin)]),
            origin,
            struct.pack(">QQ", 0, checkpoint.size),
            checkpoint.root,
        )
    )


_KINDS: dict[int, type[Ed25519Verifier] | type[CosignEd25519Verifier] | type[MLDSAVerifier]] = {
    ED25519: Ed25519Verifier,
    COSIGN_ED25519: CosignEd25519Verifier,
    MLDSA44: MLDSAVerifier,
}


def parse_vkey(text: str) -> Verifier:
    """Parse a vkey of a supported kind; raises BadNoteError."""
    parts = text.split("+", 2)
    if len(parts) != 3:  # noqa: PLR2004
        raise _bad("vkey")
    name, hexed, encoded = parts
    data = b64decode(encoded)
    if not data or data[0] not in _KINDS:
        raise _bad("key type")
    verifier = _KINDS[data[0]](name, data[1:])
    if verifier.key.hex() != hexed:
        raise _bad("key id")
    return verifier


class NoteSigner:
    """A named private key that makes one kind of signature line."""

    def __init__(self, name: str, kind: int, key: Ed25519PrivateKey | MLDSA44PrivateKey) -> None:
        if isinstance(key, MLDSA44PrivateKey) != (kind == MLDSA44):
            raise _bad("key type")
        self._key = key
        self.kind = kind
        self.name = name
        self.verifier: Verifier = _KINDS[kind](name, key.public_key().public_bytes_raw())

    def sign(self, text: str, when: int) -> Signature:
        """Sign a note text; ``when`` is POSIX time (unused by plain Ed25519)."""
        if self.kind == ED25519:
            data = self._key.sign(text.encode())
        elif self.kind == COSIGN_ED25519:
            data = struct.pack(">Q", when) + self._key.sign(_cosign_text(when, text))
        else:
            message = subtree_message(self.name, when, parse_checkpoint(text))
            data = struct.pack(">Q", when) + self._key.sign(message)
        return Signature(self.name, self.verifier.key, data)

    def __repr__(self) -> str:
        """Return a repr with the name only."""
        return f"NoteSigner({self.name!r})"


def verified(note: Note, verifiers: Sequence[Verifier]) -> list[tuple[Verifier, int | None]]:
    """Return the keys that signed, with their times; lines of unknown keys are ignored.

    Raises BadNoteError if a line of a known key does not verify. An empty list means that no known key signed.
    """
    known = {(v.name, v.key): v for v in verifiers}
    found: dict[tuple[str, bytes], tuple[Verifier, int | None]] = {}
    for signature in note.signatures:
        verifier = known.get((signature.name, signature.key))
        if verifier is not None:
            found[verifier.name, verifier.key] = (verifier, verifier.verify(note.text, signature))
    return list(found.values())


def _bad(what: str) -> BadNoteError:
    return BadNoteError(
        zh=f"签名记录不合格式或签名不成立（{what}）；请向出具方重新索取",
        en=f"the signed note is malformed or its signature is wrong ({what}); ask whoever issued it again",
    )
