"""The hash tree of RFC 6962: hashes, roots, inclusion and consistency proofs, and their verification."""

import hashlib
from collections.abc import Callable, Sequence

from waybillguard.ledger.errors import BadProofError

HASH = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()
MAX_PROOF = 64

_sha256 = hashlib.sha256

NodeReader = Callable[[int, int], bytes]
"""``reader(height, n)`` returns the hash of leaves ``[n << height, (n + 1) << height)``."""


def leaf_hash(data: bytes) -> bytes:
    """Return the hash of a leaf."""
    return _sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of an inner node."""
    return _sha256(b"\x01" + left + right).digest()


def level_up(hashes: Sequence[bytes]) -> list[bytes]:
    """Hash adjacent pairs; an odd last hash is left out."""
    pairs = iter(hashes)
    sha256 = _sha256
    return [sha256(b"\x01" + left + right).digest() for left, right in zip(pairs, pairs, strict=False)]


def full_root(hashes: Sequence[bytes]) -> bytes:
    """Return the root of a power-of-two number of hashes."""
    level: Sequence[bytes] = hashes
    while len(level) > 1:
        level = level_up(level)
    return level[0]


def root_of(hashes: Sequence[bytes]) -> bytes:
    """Return the root over any number of leaf hashes (the empty root for none)."""
    return range_root(lambda height, n: full_root(hashes[n << height : (n + 1) << height]), 0, len(hashes))


def _split(size: int) -> int:
    """Return the largest power of two smaller than ``size``."""
    return 1 << (size - 1).bit_length() - 1


def range_root(read: NodeReader, start: int, end: int) -> bytes:
    """Return the root of leaves ``[start, end)``; ``start`` must be the first leaf of a subtree of that size."""
    size = end - start
    if size == 0:
        return EMPTY_ROOT
    peaks = []
    at = start
    while size:
        height = size.bit_length() - 1
        peaks.append(read(height, at >> height))
        at += 1 << height
        size -= 1 << height
    root = peaks.pop()
    while peaks:
        root = node_hash(peaks.pop(), root)
    return root


def inclusion_proof(read: NodeReader, index: int, size: int) -> list[bytes]:
    """Return the audit path of leaf ``index`` in the tree of ``size`` leaves, from the leaf upwards."""
    if not 0 <= index < size:
        raise BadProofError(zh="树中没有这一条", en=f"the tree of {size} leaves has no leaf {index}")
    path = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(range_root(read, middle, end))
            end = middle
        else:
            path.append(range_root(read, start, middle))
            start = middle
    path.reverse()
    return path


def consistency_proof(read: NodeReader, old: int, new: int) -> list[bytes]:
    """Return the proof that the tree of ``old`` leaves is a prefix of the tree of ``new``."""
    if not 0 <= old <= new:
        raise BadProofError(zh="旧树不能比新树大", en=f"no tree of {old} leaves within one of {new}")
    if old in {0, new}:
        return []
    path = []
    start, end = 0, new
    known = True  # whether the subtree [start, end) begins at 0 and so is the old root itself
    while old != end:
        middle = start + _split(end - start)
        if old <= middle:
            path.append(range_root(read, middle, end))
            end = middle
        else:
            path.append(range_root(read, start, middle))
            start = middle
            known = False
    if not known:
        path.append(range_root(read, start, end))
    path.reverse()
    return path


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> None:
    """Check that leaf hash ``leaf`` is at ``index`` of the tree with ``root``; raises BadProofError."""
    if not 0 <= index < size or size >= 1 << 63 or len(leaf) != HASH or len(root) != HASH:
        raise _bad()
    node, last = index, size - 1
    current = leaf
    sha256 = _sha256
    for sibling in proof:
        if last == 0 or len(sibling) != HASH:
            raise _bad()
        if node & 1 or node == last:
            current = sha256(b"\x01" + sibling + current).digest()
            while node and not node & 1:
                node >>= 1
                last >>= 1
        else:
            current = sha256(b"\x01" + current + sibling).digest()
        node >>= 1
        last >>= 1
    if last != 0 or current != root:
        raise _bad()


def verify_consistency(old: int, new: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes) -> None:  # noqa: C901 - one rule a branch, in the order of the specification
    """Check that the tree (``new``, ``new_root``) extends (``old``, ``old_root``); raises BadProofError.

    ``old`` is at least 1, because every tree extends the empty tree.
    """
    if not 0 < old <= new < 1 << 63:
        raise _bad()
    if old == new:
        if proof or old_root != new_root:
            raise _bad()
        return
    path = list(proof)
    if old & (old - 1) == 0:
        path.insert(0, old_root)
    if not path or any(len(item) != HASH for item in path):
        raise _bad()
    node, last = old - 1, new - 1
    while node & 1:
        node >>= 1
        last >>= 1
    first = second = path[0]
    for sibling in path[1:]:
        if last == 0:
            raise _bad()
        if node & 1 or node == last:
            first = node_hash(sibling, first)
            second = node_hash(sibling, second)
            while node and not node & 1:
                node >>= 1
                last >>= 1
        else:
            second = node_hash(second, sibling)
        node >>= 1
        last >>= 1
    if last != 0 or first != old_root or second != new_root:
        raise _bad()


def _bad() -> BadProofError:
    return BadProofError(
        zh="证明不成立：内容、位置或检查点中至少有一样不是原来的",
        en="the proof does not hold: the entry, its place or the checkpoint is not the original",
    )
