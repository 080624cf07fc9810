"""Check a handed-over folder, as a third party who has nothing but the folder.

Needs neither the warehouse, nor its service, nor a network. It checks every file against the hash list, counts the
records (to compare with the signed document), checks each ledger proof under the checkpoints of ``policy``, and
counts the orders that have no proof. The hash list is written by the warehouse: if it removes a row or a proof, it
can rewrite the list. Only the signed document and the proofs reveal that.
"""

import csv
import io
from collections.abc import Mapping

import msgspec

from waybillguard.ledger.errors import BadNoteError, BadProofError, LedgerError
from waybillguard.ledger.looks import verify_looks
from waybillguard.ledger.policy import Policy, parse_policy
from waybillguard.trace.errors import TraceError
from waybillguard.trace.handover import check


class Proof(msgspec.Struct, frozen=True):
    """One ledger proof: an order, the number of looks it proves, and why it does not hold (empty: it holds)."""

    file: str
    looks: int
    reason_zh: str = ""
    reason_en: str = ""


class Verification(msgspec.Struct, frozen=True):
    """The result of the check.

    Attributes:
        files: number of files in the hash list.
        wrong: files that are missing, added, or do not match the hash list.
        records: rows of ``records.csv``; 0 in the bundle of a trace, which has none.
        orders: number of orders in the rows.
        proofs: ledger proofs, one per file.
        unproved: orders in the rows without a ledger proof; only the warehouse vouches that their rows are
            complete.
        own_policy: the keys came from the folder itself; compare them with those registered elsewhere.
    """

    files: int
    wrong: tuple[str, ...]
    records: int
    orders: int
    proofs: tuple[Proof, ...]
    own_policy: bool
    unproved: int = 0

    @property
    def holds(self) -> bool:
        """Whether every file matches and every proof holds."""
        return not self.wrong and not any(proof.reason_en for proof in self.proofs)


def verify(files: Mapping[str, bytes], policy: bytes | None = None) -> Verification:
    """Check a handed-over folder.

    Args:
        files: name (with ``/``) to content of every file.
        policy: keys of the ledger and its witnesses from another source; None takes the folder's own.

    Raises:
        TraceError: not such a folder, or the policy cannot be read.
    """
    if "SHA256SUMS" not in files:
        raise TraceError(
            zh="这不是交出的材料文件夹：缺少 SHA256SUMS。",
            en="this is no folder of handed-over evidence: SHA256SUMS is missing.",
        )
    rows = list(csv.DictReader(io.StringIO(files.get("records.csv", b"").decode("utf-8-sig", "replace"))))
    listed = {name: content for name, content in files.items() if name.startswith("ledger/looks-")}
    proofs: tuple[Proof, ...] = ()
    if listed:
        keys = _policy(files.get("ledger/policy.txt", b"") if policy is None else policy)
        proofs = tuple(_proof(name, content, keys) for name, content in sorted(listed.items()))
    orders = {row.get("order_id") for row in rows} - {"", None}
    return Verification(
        files=files["SHA256SUMS"].count(b"\n"),
        wrong=tuple(check(files)),
        records=len(rows),
        orders=len(orders),
        proofs=proofs,
        own_policy=policy is None,
        unproved=sum(f"ledger/looks-{order}.jsonl" not in listed for order in orders),
    )


def _policy(text: bytes) -> Policy:
    try:
        return parse_policy(text)
    except LedgerError:
        raise TraceError(
            zh="台账公钥文件无法读取（policy.txt）。请向台账见证方索取。",
            en="the ledger's policy cannot be read (policy.txt). Ask its witness for it.",
        ) from None


def _proof(name: str, content: bytes, policy: Policy) -> Proof:
    looks = 0
    try:
        for line in content.splitlines():
            if line:
                looks += len(verify_looks(line, policy).looks)
    except (BadProofError, BadNoteError) as error:
        return Proof(name, looks, error.zh, error.en)
    return Proof(name, looks)
