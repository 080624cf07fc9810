"""A shard's own checkpoint: signed from a snapshot, and verified before the next one is built on it."""

from collections.abc import Sequence

import msgspec
from cryptography.hazmat.primitives.keywrap import aes_key_wrap

from waybillguard.ledger.errors import BadNoteError, LedgerCorruptError, LedgerRolledBackError
from waybillguard.ledger.note import Checkpoint, Note, NoteSigner, parse_checkpoint, parse_note, verified
from waybillguard.ledger.storage import Head

_SECOND = 1_000_000


class Snapshot(msgspec.Struct, frozen=True):
    """The state of a tree that a checkpoint signs."""

    size: int
    root: bytes
    seal_key: bytes
    time_us: int


def sign_head(snapshot: Snapshot, origin: str, signers: Sequence[NoteSigner], wrap: bytes) -> Head:
    """Sign a snapshot; ``wrap`` encrypts the forward-secure key that is stored with it."""
    text = Checkpoint(origin, snapshot.size, snapshot.root).text()
    when = snapshot.time_us // _SECOND
    note = Note(text, tuple(signer.sign(text, when) for signer in signers))
    key = aes_key_wrap(wrap, snapshot.seal_key)
    return Head(snapshot.size, snapshot.root, note.encode(), key, snapshot.time_us)


def check_head(head: Head, origin: str, signers: Sequence[NoteSigner]) -> None:
    """Refuse a stored checkpoint that this ledger did not sign for this shard; the next one would confirm it.

    Raises:
        LedgerCorruptError: the row contradicts its note, or a signature of this ledger for this shard is missing.
    """
    try:
        note = parse_note(head.note)
        said = parse_checkpoint(note.text)
        signed = verified(note, [signer.verifier for signer in signers])
    except BadNoteError as error:
        raise _not_ours(origin) from error
    if len(signed) != len(signers) or (said.origin, said.size, said.root) != (origin, head.size, head.root):
        raise _not_ours(origin)


def _not_ours(origin: str) -> LedgerCorruptError:
    return LedgerCorruptError(
        zh=f"分片 {origin} 保存的检查点不是本台账为它签的：文件被换过或改过；"
        "不再签名，请先备份整个目录作为证据，再从镜像或备份恢复",
        en=f"the checkpoint kept for {origin} is not one that this ledger signed for it: its files were exchanged or "
        "altered. Nothing is signed: back up the folder as evidence, then recover from a mirror or backup",
    )


def rolled_back(origin: str) -> LedgerRolledBackError:
    """Return the error for a shard that is shorter than its own checkpoint."""
    return LedgerRolledBackError(
        zh=f"分片 {origin} 比它签过名的检查点短：可能恢复了旧备份，或尾部被删；请从镜像恢复或开设接续分片",
        en=f"{origin} is shorter than the checkpoint it signed: an old backup was restored or its tail was "
        "cut; recover it from a mirror or open a successor shard",
    )
