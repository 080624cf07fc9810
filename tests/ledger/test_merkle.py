"""The tree agrees with RFC 6962 vectors, and with a simple reference implementation."""

import base64
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from waybillguard.ledger.errors import BadProofError
from waybillguard.ledger.levels import TreeReader
from waybillguard.ledger.merkle import (
    EMPTY_ROOT,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    root_of,
    verify_consistency,
    verify_inclusion,
)

SIZES = st.integers(1, 700)


def slow_root(hashes: list[bytes]) -> bytes:
    """The literal definition of RFC 6962, section 2.1."""
    if not hashes:
        return hashlib.sha256(b"").digest()
    if len(hashes) == 1:
        return hashes[0]
    k = 1
    while k * 2 < len(hashes):
        k *= 2
    return hashlib.sha256(b"\x01" + slow_root(hashes[:k]) + slow_root(hashes[k:])).digest()


LEAVES = [leaf_hash(b"%d" % n) for n in range(700)]


def reader(size: int) -> TreeReader:
    """Tiles computed directly from the definition."""

    def source(level: int, first: int, count: int) -> bytes:
        span = 256**level
        found = b""
        for n in range(first, first + count):
            part = LEAVES[n * span : min(size, (n + 1) * span)]
            if len(part) < span:
                break
            found += slow_root(part)
        return found

    return TreeReader(source, size)


def test_the_empty_tree_has_the_hash_of_nothing() -> None:
    assert root_of([]) == EMPTY_ROOT == hashlib.sha256(b"").digest()


@settings(deadline=None)
@given(SIZES)
def test_roots_agree_with_the_definition(size: int) -> None:
    assert root_of(LEAVES[:size]) == reader(size).root() == slow_root(LEAVES[:size])


@settings(deadline=None)
@given(SIZES, st.data())
def test_every_leaf_is_provable_and_only_at_its_place(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    root = slow_root(LEAVES[:size])
    proof = inclusion_proof(reader(size).node, index, size)
    verify_inclusion(LEAVES[index], index, size, proof, root)
    if size > 1:
        with pytest.raises(BadProofError):
            verify_inclusion(LEAVES[index], (index + 1) % size, size, proof, root)


@settings(deadline=None)
@given(SIZES, st.data())
def test_every_earlier_tree_is_provably_a_prefix(size: int, data: st.DataObject) -> None:
    old = data.draw(st.integers(1, size))
    proof = consistency_proof(reader(size).node, old, size)
    roots = slow_root(LEAVES[:old]), slow_root(LEAVES[:size])
    verify_consistency(old, size, proof, *roots)
    with pytest.raises(BadProofError):
        verify_consistency(old, size, proof, roots[0], leaf_hash(b"another"))


@settings(deadline=None)
@given(st.integers(0, 40), st.integers(0, 40), st.lists(st.binary(min_size=31, max_size=33), max_size=8))
def test_hostile_proofs_are_refused_without_a_crash(index: int, size: int, proof: list[bytes]) -> None:
    with pytest.raises(BadProofError):
        verify_inclusion(leaf_hash(b"never logged"), index, size, proof, leaf_hash(b"root"))
    with pytest.raises(BadProofError):
        verify_consistency(index, size, proof, leaf_hash(b"x"), leaf_hash(b"y"))


def cases(folder: Path, name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "ledger/merkle" / name).read_text().splitlines()]


@pytest.mark.data
def test_published_inclusion_vectors(test_data: Path) -> None:
    judged = 0
    for case in cases(test_data, "inclusion.jsonl"):
        proof = [base64.b64decode(p) for p in case["proof"] or []]
        arguments = (
            base64.b64decode(case["leafHash"] or ""),
            case["leafIdx"],
            case["treeSize"],
            proof,
            base64.b64decode(case["root"] or ""),
        )
        if case["wantErr"]:
            with pytest.raises(BadProofError):
                verify_inclusion(*arguments)
        else:
            verify_inclusion(*arguments)
        judged += 1
    assert judged == 98


@pytest.mark.data
def test_published_consistency_vectors(test_data: Path) -> None:
    judged = 0
    for case in cases(test_data, "consistency.jsonl"):
        proof = [base64.b64decode(p) for p in case["proof"] or []]
        roots = [base64.b64decode(case[name] or "") for name in ("root1", "root2")]
        if case["wantErr"]:
            with pytest.raises(BadProofError):
                verify_consistency(case["size1"], case["size2"], proof, *roots)
        else:
            verify_consistency(case["size1"], case["size2"], proof, *roots)
        judged += 1
    assert judged == 98
