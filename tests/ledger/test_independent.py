"""Our trees, tiles, proofs and notes equal the frozen output of two independent implementations.

Both processed 70,000 leaves ``leaf 0`` and so on. ``independent.json`` was written by tlog-scales 0.0.3 (Apache-2.0;
not a dependency): tiles (by SHA-256), proofs, and an Ed25519 checkpoint under the seed 05…05. ``golang.json`` was
written with golang.org/x/mod 0.19.0 (sumdb/tlog and sumdb/note) by the program in the same folder.
"""

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from waybillguard.ledger import Ledger, LedgerKeys, LocalStorage
from waybillguard.ledger.merkle import (
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    verify_consistency,
    verify_inclusion,
)
from waybillguard.ledger.note import ED25519, Checkpoint, Note, NoteSigner, parse_note, parse_vkey, verified
from waybillguard.ledger.view import ShardView, static_files, tile_path

VECTOR: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "vectors/ledger/independent.json").read_text()
)

FOLDER = Path(__file__).parents[1] / "vectors" / "ledger"
GO: dict[str, Any] = json.loads((FOLDER / "golang.json").read_text())


@pytest.fixture(scope="module")
def view(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ShardView]:
    folder = tmp_path_factory.mktemp("independent")
    leaves = [b"leaf %d" % n for n in range(VECTOR["size"])]
    with Ledger.open(LocalStorage(folder), LedgerKeys(secret=bytes(32))) as ledger:
        for at in range(0, len(leaves), 7_777):
            ledger.append_prebuilt("hz-01", leaves[at : at + 7_777])
        (name,) = ledger.shards()
    with closing(LocalStorage(folder).shard(name, read_only=True)) as store:
        yield ShardView(store)


def test_the_root_is_the_same(view: ShardView) -> None:
    assert (view.size, view.checkpoint.root.hex()) == (VECTOR["size"], VECTOR["root"])


def test_the_proofs_are_the_same(view: ShardView) -> None:
    def shown(make: Callable[..., list[bytes]], number: str) -> list[str]:
        return [item.hex() for item in make(view.tree().node, int(number), view.size)]

    for index, path in VECTOR["inclusion"].items():
        assert shown(inclusion_proof, index) == path
    for old, path in VECTOR["consistency"].items():
        assert shown(consistency_proof, old) == path


def test_the_static_files_are_the_same_byte_for_byte(view: ShardView) -> None:
    ours = {path: content for path, content in static_files(view) if path in VECTOR["files"]}
    shared = {
        path: digest
        for path, digest in VECTOR["files"].items()
        if ".p/" not in path or path in ours  # the peer also keeps partial tiles of earlier checkpoints
    }
    assert len(shared) > 8
    assert {path: hashlib.sha256(ours[path]()).hexdigest() for path in shared} == shared


def test_the_signed_checkpoint_is_the_same_byte_for_byte() -> None:
    name = "ledger.test/independent"
    signer = NoteSigner(name, ED25519, Ed25519PrivateKey.from_private_bytes(bytes([5]) * 32))
    text = Checkpoint(name, VECTOR["size"], bytes.fromhex(VECTOR["root"])).text()
    assert Note(text, (signer.sign(text, 0),)).encode().decode() == VECTOR["checkpoint"]


# -- golang.org/x/mod ----------------------------------------------------------------------------------------


def test_the_root_of_every_size_is_that_of_go(view: ShardView) -> None:
    tree = view.tree()
    assert {size: tree.root(int(size)).hex() for size in GO["roots"]} == GO["roots"]


def test_the_proofs_of_go_are_ours_and_verify(view: ShardView) -> None:
    tree, root = view.tree(), bytes.fromhex(GO["roots"][str(GO["size"])])
    for index, path in GO["inclusion"].items():
        assert [item.hex() for item in inclusion_proof(tree.node, int(index), GO["size"])] == path
        leaf = leaf_hash(b"leaf %d" % int(index))
        verify_inclusion(leaf, int(index), GO["size"], [bytes.fromhex(item) for item in path], root)
    for old, path in GO["consistency"].items():
        assert [item.hex() for item in consistency_proof(tree.node, int(old), GO["size"])] == path
        before = bytes.fromhex(GO["roots"][old])
        verify_consistency(int(old), GO["size"], [bytes.fromhex(item) for item in path], before, root)


def test_the_tiles_of_go_are_ours_byte_for_byte(view: ShardView) -> None:
    ours = {path: content for path, content in static_files(view) if not path.startswith("tile/entries")}
    assert len(GO["tiles"]) == len(ours) - 1  # the checkpoint
    for place, digest in GO["tiles"].items():
        level, n, width = (int(part) for part in place.split("/"))
        assert hashlib.sha256(ours[tile_path(level, n, width)]()).hexdigest() == digest


def test_a_note_that_go_signed_is_ours_byte_for_byte_and_verifies() -> None:
    signer = NoteSigner("ledger.test/golang", ED25519, Ed25519PrivateKey.from_private_bytes(bytes([9]) * 32))
    assert signer.verifier.vkey() == GO["vkey"]
    note = parse_note(GO["note"].encode())
    assert verified(note, [parse_vkey(GO["vkey"])])
    assert Note(note.text, (signer.sign(note.text, 0),)).encode().decode() == GO["note"]


def test_go_reads_the_note_that_is_frozen_as_ours() -> None:
    ours = json.loads((FOLDER / "note.json").read_text())["note"]
    assert GO["read_of_ours"] == parse_note(ours.encode()).text
