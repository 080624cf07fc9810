"""Our trees, tiles and proofs are those of an independent implementation, frozen.

``independent.json`` was written by tlog-scales 0.0.3 (Apache-2.0; never a dependency): 70,000 leaves
``leaf 0`` and so on, its tiles (by SHA-256), proofs, and its Ed25519 checkpoint under the seed 05…05.
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
from waybillguard.ledger.merkle import consistency_proof, inclusion_proof
from waybillguard.ledger.note import ED25519, Checkpoint, Note, NoteSigner
from waybillguard.ledger.view import ShardView, static_files

VECTOR: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "vectors/ledger/independent.json").read_text()
)


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
