"""The log's side of witnessing: submit checkpoints, collect cosignatures, fetch a witness's last checkpoint."""

from collections.abc import MutableMapping, Sequence
from typing import Protocol

import msgspec

from waybillguard.ledger.errors import BadNoteError, LedgerError, LedgerRolledBackError, WitnessRefusedError
from waybillguard.ledger.levels import TreeReader
from waybillguard.ledger.merkle import consistency_proof
from waybillguard.ledger.note import (
    Checkpoint,
    Note,
    Signature,
    Verifier,
    parse_checkpoint,
    parse_decimal,
    parse_note,
    parse_signatures,
)
from waybillguard.ledger.policy import Policy
from waybillguard.ledger.witness import request_body

_OK, _STALE, _FORK = 200, 409, 422


class WitnessUnreachableError(LedgerError):
    """A witness did not answer."""

    code = "witness_unreachable"


class Reply(msgspec.Struct, frozen=True):
    """A witness's response: HTTP status and body."""

    status: int
    body: bytes


class WitnessLink(Protocol):
    """The connection to one witness."""

    def add_checkpoint(self, body: bytes) -> Reply:
        """Submit a checkpoint; raises WitnessUnreachableError."""

    def latest(self, origin: str) -> Checkpoint | None:
        """Return the last checkpoint of an origin that the witness cosigned; raises WitnessUnreachableError."""


def submit(
    link: WitnessLink, verifiers: Sequence[Verifier], note: Note, tree: TreeReader, old: int = 0
) -> list[Signature]:
    """Have one witness cosign a checkpoint and return its valid signature lines.

    ``old`` is the size it last cosigned, as far as the caller knows. Asks again once with the size a stale answer names. Raises WitnessRefusedError (fork, unknown log, larger
    size there: the local log was rolled back) or WitnessUnreachableError.
    """
    checkpoint = parse_checkpoint(note.text)
    old = old if old <= checkpoint.size else 0
    for _ in range(3):
        proof = consistency_proof(tree.node, old, checkpoint.size) if old else []
        reply = link.add_checkpoint(request_body(old, proof, note.encode()))
        if reply.status != _STALE:
            break
        known = parse_decimal(reply.body.decode("ascii", "replace").strip())
        if known > checkpoint.size or known == old:
            raise WitnessRefusedError(
                zh=f"见证方已见过更大的树（{known} 条）：本机台账可能被回滚，请停止并报告",
                en=f"the witness has seen a larger or another tree ({known} entries): this log may have been "
                "rolled back; stop and report it",
            )
        old = known
    if reply.status != _OK:
        what = "与见证方见过的历史不一致（分叉）" if reply.status == _FORK else f"状态码 {reply.status}"
        raise WitnessRefusedError(
            zh=f"见证方拒绝签名：{what}", en=f"the witness refused to cosign (status {reply.status})"
        )
    known_keys = {(v.name, v.key): v for v in verifiers}
    valid = []
    for signature in parse_signatures(reply.body.decode("utf-8", "replace")):
        verifier = known_keys.get((signature.name, signature.key))
        if verifier is not None:
            verifier.verify(note.text, signature)
            valid.append(signature)
    if not valid:
        raise WitnessRefusedError(
            zh="见证方的签名不是政策文件所列的密钥",
            en="the witness signed with a key the policy does not list",
        )
    return valid


class Round(msgspec.Struct, frozen=True):
    """One round of witnessing: the note with the collected cosignatures, whether the quorum is met, who failed."""

    note: bytes
    met: bool
    failed: dict[str, LedgerError]


def gather(
    policy: Policy,
    links: dict[str, WitnessLink],
    note: bytes,
    tree: TreeReader,
    cosigned: MutableMapping[str, int] | None = None,
) -> Round:
    """Submit a checkpoint to every witness of a policy that has a link; a failing witness does not stop the others.

    ``cosigned`` maps each witness (by name) to the size it last cosigned. It is updated here, so that each
    witness needs only one request per checkpoint.
    """
    parsed = parse_note(note)
    sizes = {} if cosigned is None else cosigned
    size = parse_checkpoint(parsed.text).size
    failed: dict[str, LedgerError] = {}
    for name, link in links.items():
        verifier = policy.witnesses[name].verifier
        try:
            parsed = parsed.add(submit(link, [verifier], parsed, tree, sizes.get(name, 0)))
            sizes[name] = size
        except LedgerError as error:
            failed[name] = error
    try:
        policy.judge(parsed)
    except BadNoteError:
        return Round(parsed.encode(), met=False, failed=failed)
    return Round(parsed.encode(), met=True, failed=failed)


def check_against(seen: Checkpoint | None, tree: TreeReader, origin: str) -> None:
    """Raise LedgerRolledBackError if the log is behind, or differs from, the checkpoint a witness cosigned."""
    if seen is None or seen.size == 0:
        return
    if seen.size > tree.size:
        raise LedgerRolledBackError(
            zh=f"{origin} 只有 {tree.size} 条，而见证方已见过 {seen.size} 条：可能恢复了旧备份；"
            "拒绝签名，请从镜像恢复或开设接续分片",
            en=f"{origin} has {tree.size} entries but a witness has seen {seen.size}: an old backup was "
            "restored or its tail was cut; nothing is signed: recover from a mirror "
            "or open a successor shard",
        )
    if tree.root(seen.size) != seen.root:
        raise LedgerRolledBackError(
            zh=f"{origin} 的前 {seen.size} 条与见证方见过的不同：历史被改写；拒绝签名，请保全证据",
            en=f"the first {seen.size} entries of {origin} differ from what a witness has seen: history was "
            "rewritten; nothing is signed: keep the folder as evidence",
        )
