"""Verify the files of ``waybillguard ledger verify``: an entry, a list of views, a checkpoint or a timestamp."""

import time
from pathlib import Path
from typing import Any

from cryptography import x509

from waybillguard.ledger.entry import EntryKind, FieldClass, Leaf, Purpose
from waybillguard.ledger.errors import LedgerError
from waybillguard.ledger.looks import to_plain, verify_looks
from waybillguard.ledger.policy import Policy
from waybillguard.ledger.proof import verify_proof
from waybillguard.ledger.timestamps import proved_time


def check_file(
    path: Path, data: bytes, policy: Policy, roots: list[x509.Certificate], leaf: bytes | None
) -> dict[str, Any]:
    """Verify a file under a policy and return its content. The file extension selects the kind of proof.

    Raises:
        BadProofError, BadNoteError: the proof or the signature is invalid.
        LedgerError: a file needed for verification is missing.
    """
    if path.suffix == ".tsr":
        return _stamped(path, data, policy, roots)
    if path.suffix == ".checkpoint":
        return _signed(data, policy)
    return _checked(data, policy, leaf)


def _stamped(path: Path, response: bytes, policy: Policy, roots: list[x509.Certificate]) -> dict[str, Any]:
    """Verify a timestamp over the checkpoint in the same folder."""
    beside = path.with_suffix(".checkpoint")
    try:
        note = beside.read_bytes()
    except OSError as error:
        raise LedgerError(zh=f"无法读取 {beside}", en=f"cannot read {beside}") from error
    if not roots:
        raise LedgerError(zh="核验时间戳须用 --tsa 给出信任的根证书", en="a timestamp needs --tsa")
    judged = policy.judge(note)
    return {
        "kind": "timestamp",
        "origin": judged.checkpoint.origin,
        "tree_size": judged.checkpoint.size,
        "time": proved_time(note, response, roots).isoformat(),
        "witnesses": judged.witnesses,
    }


def _signed(note: bytes, policy: Policy) -> dict[str, Any]:
    judged = policy.judge(note)
    return {
        "kind": "checkpoint",
        "origin": judged.checkpoint.origin,
        "tree_size": judged.checkpoint.size,
        "root": judged.checkpoint.root.hex(),
        "witnesses": judged.witnesses,
    }


def _checked(data: bytes, policy: Policy, leaf: bytes | None) -> dict[str, Any]:
    if data.startswith(b"{"):
        rows = [to_plain(verify_looks(line, policy)) for line in data.splitlines() if line]
        return {"kind": "looks", "shards": rows}
    done = verify_proof(data, policy, leaf)
    row: dict[str, Any] = {
        "kind": "entry",
        "origin": done.judged.checkpoint.origin,
        "index": done.index,
        "tree_size": done.judged.checkpoint.size,
        "leaf_hash": done.leaf_hash.hex(),
        "witnesses": done.judged.witnesses,
    }
    if isinstance(done.leaf, Leaf):
        row |= {
            "time": time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime(done.leaf.time_s)),
            "entry": _name(EntryKind, done.leaf.kind),
            "field_class": _name(FieldClass, done.leaf.field_class),
            "purpose": _name(Purpose, done.leaf.purpose),
        }
    if done.words is not None:
        row["words"] = {k: v.hex() if isinstance(v, bytes) else v for k, v in done.words.items()}
    return row


def _name(kind: type[EntryKind] | type[FieldClass] | type[Purpose], value: int) -> str:
    return kind(value).name.lower() if value in kind else str(value)
