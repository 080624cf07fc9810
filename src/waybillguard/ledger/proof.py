"""Proof files: each proves one entry and is verified offline (C2SP tlog-proof).

The ``extra`` line carries the entry itself as JSON: ``{"v": 1, "leaf": base64}``, and also ``"body"`` and
``"key"`` if the owner or the data subject discloses the body. Extra data is not trusted: the leaf is hashed and
must be in the tree, and the body must match the leaf's commitment.
"""

import re
from typing import Any

import msgspec

from waybillguard.ledger.body import commit_to
from waybillguard.ledger.entry import DayLeaf, Leaf, decode_leaf
from waybillguard.ledger.errors import BadEntryError, BadNoteError, BadProofError
from waybillguard.ledger.merkle import HASH, MAX_PROOF, leaf_hash, verify_inclusion
from waybillguard.ledger.note import b64decode, b64encode, parse_decimal
from waybillguard.ledger.policy import Judged, Policy

_FIRST = "c2sp.org/tlog-proof@v1"
_MAX = 4 << 20
_SHAPE = re.compile(
    rb"c2sp\.org/tlog-proof@v1\n(?:extra ([^\n]*)\n)?index ([0-9]+)\n((?:[^\n]+\n)*)\n(.*)", re.DOTALL
)


class TlogProof(msgspec.Struct, frozen=True):
    """A proof: position of the entry, audit path, signed checkpoint, untrusted extra data."""

    index: int
    path: tuple[bytes, ...]
    checkpoint: bytes
    extra: bytes = b""

    def encode(self) -> bytes:
        """Return the text of a ``.tlog-proof`` file."""
        lines = [_FIRST]
        if self.extra:
            lines.append(f"extra {b64encode(self.extra)}")
        lines.append(f"index {self.index}")
        lines += [b64encode(item) for item in self.path]
        return ("\n".join(lines) + "\n\n").encode() + self.checkpoint


class Disclosure(msgspec.Struct, frozen=True):
    """The content of ``extra``: the leaf, and optionally the body of the entry with its key."""

    leaf: bytes
    body: bytes = b""
    key: bytes = b""

    def encode(self) -> bytes:
        """Return the JSON bytes."""
        value: dict[str, Any] = {"v": 1, "leaf": b64encode(self.leaf)}
        if self.body:
            value |= {"body": b64encode(self.body), "key": b64encode(self.key)}
        return msgspec.json.encode(value)


class Verified(msgspec.Struct, frozen=True):
    """The result of verifying a proof.

    ``leaf`` is None for leaves of another application; ``words`` is the disclosed body, None if none was
    disclosed.
    """

    index: int
    judged: Judged
    leaf_hash: bytes
    leaf: Leaf | DayLeaf | None
    words: dict[str, Any] | None


def parse_proof(data: bytes) -> TlogProof:
    """Parse a ``.tlog-proof`` file; raises BadProofError."""
    found = _SHAPE.fullmatch(data) if len(data) <= _MAX else None
    if found is None:
        raise _bad()
    try:
        path = tuple(b64decode(line) for line in found[3].split(b"\n")[:-1])
        index = parse_decimal(found[2].decode())
        extra = b64decode(found[1]) if found[1] is not None else b""
    except BadNoteError as error:
        raise _bad() from error
    if len(path) > MAX_PROOF or any(len(item) != HASH for item in path):
        raise _bad()
    return TlogProof(index, path, found[4], extra)


def parse_disclosure(extra: bytes) -> Disclosure:
    """Parse the extra data of this project's proofs; raises BadProofError."""
    try:
        value = msgspec.json.decode(extra, type=dict[str, Any])
        if value.get("v") != 1:
            raise _bad()
        parts = {name: b64decode(value[name]) for name in ("leaf", "body", "key") if name in value}
        return Disclosure(**parts)
    except (msgspec.DecodeError, BadNoteError, TypeError, ValueError) as error:
        raise _bad() from error


def verify_proof(data: bytes, policy: Policy, leaf: bytes | None = None) -> Verified:
    """Check a proof file against a policy, offline.

    ``leaf`` is the entry when the proof does not carry it. Raises BadProofError (tree, commitment)
    or BadNoteError (signatures, witnesses).
    """
    proof = parse_proof(data)
    disclosure = parse_disclosure(proof.extra) if proof.extra else None
    if leaf is None:
        if disclosure is None:
            raise BadProofError(
                zh="证明文件里没有条目本身，请同时提供条目",
                en="the proof does not carry the entry; give it too",
            )
        leaf = disclosure.leaf
    judged = policy.judge(proof.checkpoint)
    digest = leaf_hash(leaf)
    verify_inclusion(digest, proof.index, judged.checkpoint.size, proof.path, judged.checkpoint.root)
    try:
        parsed: Leaf | DayLeaf | None = decode_leaf(leaf)
    except BadEntryError:
        parsed = None
    words = None
    if disclosure is not None and disclosure.body:
        if not isinstance(parsed, Leaf) or commit_to(disclosure.key, disclosure.body) != parsed.commit:
            raise BadProofError(
                zh="所附内容与台账条目的承诺不符，内容可能被改过",
                en="the disclosed words do not match the entry's commitment; they were changed",
            )
        try:
            words = msgspec.msgpack.decode(disclosure.body, type=dict[str, Any])
        except msgspec.DecodeError as error:
            raise _bad() from error
    return Verified(proof.index, judged, digest, parsed, words)


def _bad() -> BadProofError:
    return BadProofError(
        zh="不是 tlog-proof 证明文件，或文件已损坏；请向出具方重新索取",
        en="not a tlog-proof file, or a damaged one; ask whoever issued it again",
    )
