"""A proof file proves one entry offline; an altered file is rejected."""

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from waybillguard.ledger import Entry, Ledger
from waybillguard.ledger.entry import Leaf
from waybillguard.ledger.errors import BadNoteError, BadProofError, LedgerError
from waybillguard.ledger.person import prove_entry
from waybillguard.ledger.policy import Policy
from waybillguard.ledger.proof import parse_proof, verify_proof

SHARD = "hz-01-2026q4"


@pytest.fixture
def proof(start: Callable[..., Ledger], look: Callable[..., Entry]) -> bytes:
    with start() as ledger:
        ledger.append([look(n, detail={"reason": f"number {n}"}) for n in range(300)])
        return prove_entry(ledger, SHARD, 271)


def test_a_proof_says_what_was_done_and_not_by_whom(proof: bytes, policy: Policy) -> None:
    found = verify_proof(proof, policy)
    assert isinstance(found.leaf, Leaf)
    assert (found.index, found.leaf.kind, found.words) == (271, 10, None)
    assert b"clerk" not in proof


def test_disclosed_words_must_match_the_commitment(
    start: Callable[..., Ledger], look: Callable[..., Entry], policy: Policy
) -> None:
    with start() as ledger:
        ledger.append([look(1, detail={"reason": "first"}), look(2, detail={"reason": "second"})])
        one, two = (prove_entry(ledger, SHARD, n, disclose=True) for n in (0, 1))
    words = verify_proof(one, policy).words
    assert words is not None
    assert words["detail"] == {"reason": "first"}
    from waybillguard.ledger.proof import Disclosure, TlogProof, parse_disclosure

    mine, other = parse_proof(one), parse_disclosure(parse_proof(two).extra)
    leaf = parse_disclosure(mine.extra).leaf
    swapped = TlogProof(
        mine.index, mine.path, mine.checkpoint, Disclosure(leaf, other.body, other.key).encode()
    )
    with pytest.raises(BadProofError):
        verify_proof(swapped.encode(), policy)


def test_a_proof_under_another_log_is_refused(proof: bytes, policy: Policy) -> None:  # noqa: ARG001
    with pytest.raises(BadNoteError):
        verify_proof(proof, Policy((), {}, {}, "none"))


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(st.integers(0), st.integers(0, 7))
def test_no_flipped_bit_leaves_another_truth(proof: bytes, policy: Policy, at: int, bit: int) -> None:
    data = bytearray(proof)
    data[at % len(data)] ^= 1 << bit
    try:
        found = verify_proof(bytes(data), policy)
    except LedgerError:
        return
    # The change can only have damaged an unknown signature line or a second signature.
    truth = verify_proof(proof, policy)
    assert (found.index, found.leaf_hash, found.judged.checkpoint) == (
        truth.index,
        truth.leaf_hash,
        truth.judged.checkpoint,
    )


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_arbitrary_bytes_are_no_proof(data: bytes) -> None:
    with pytest.raises(BadProofError):
        parse_proof(b"c2sp.org/tlog-proof@v1\n" + data[:0] + b"\x00" + data)


def test_a_proof_file_reads_back_byte_for_byte(proof: bytes) -> None:
    assert parse_proof(proof).encode() == proof
