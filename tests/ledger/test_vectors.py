"""Frozen vectors: bytes written by earlier versions stay readable.

The vectors are written by ``python tests/ledger/test_vectors.py`` and change only with a new version byte.
"""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from waybillguard.ledger.body import (
    DayKeys,
    commit_to,
    encode_body,
    open_body,
    open_key,
    seal_body,
    wipe_ranges,
)
from waybillguard.ledger.dayindex import index_root
from waybillguard.ledger.entry import (
    DAY_SIZE,
    DayLeaf,
    Entry,
    EntryKind,
    FieldClass,
    Leaf,
    Purpose,
    decode_leaf,
)
from waybillguard.ledger.ledgerkeys import LedgerKeys, Ratchet
from waybillguard.ledger.looks import to_plain, verify_looks
from waybillguard.ledger.merkle import leaf_hash, root_of
from waybillguard.ledger.note import (
    ED25519,
    MLDSA44,
    Checkpoint,
    Note,
    NoteSigner,
    parse_note,
    parse_vkey,
    verified,
)
from waybillguard.ledger.paper import paper_line, read_paper_line
from waybillguard.ledger.policy import parse_policy
from waybillguard.ledger.receipt import Receipt
from waybillguard.ledger.segment import encode_frame, frames_of

FOLDER = Path(__file__).parents[1] / "vectors" / "ledger"
ORIGIN = "ledger.test/wg/hz-01-2026q4"
TIME = 1_795_000_000


def counted() -> Callable[[int], bytes]:
    """Deterministic replacement for random bytes: SHA-256 of a counter."""
    state = [0]

    def random(size: int) -> bytes:
        state[0] += 1
        return hashlib.sha256(b"vector %d" % state[0]).digest()[:size]

    return random


def entry() -> Entry:
    return Entry(
        time_us=TIME * 1_000_000 + 123_456,
        kind=EntryKind.REVEAL,
        tenant="hz-01",
        actor="clerk-7",
        workstation="ws-1",
        session="s-1",
        field_class=FieldClass.PHONE,
        purpose=Purpose.COMPLAINT,
        record=bytes(range(16)),
        detail={"reason": "wrong size"},
    )


KEYS = LedgerKeys(secret=bytes(range(32)), prefix="ledger.test/wg")


def made() -> dict[str, Any]:
    """Generate all vectors."""
    shard = KEYS.for_shard(ORIGIN)
    days = DayKeys(7, bytes([1]) * 32, bytes([2]) * 32)
    body = encode_body(entry())
    sealed = seal_body(body, days, counted())
    ratchet = Ratchet(bytes([3]) * 32)
    blank = Leaf(
        TIME,
        EntryKind.REVEAL,
        FieldClass.PHONE,
        Purpose.COMPLAINT,
        shard.actor_pseudonym("hz-01", "clerk-7"),
        shard.workstation_pseudonym("hz-01", "ws-1"),
        shard.record_tag(bytes(range(16))),
        1,
        bytes(32),
        sealed.commit,
        bytes(16),
    ).encode()
    leaf = blank[:-16] + ratchet.seal(blank[:-16])
    rows = [(bytes([n]) * 16, n, n + 1) for n in (1, 5, 9)]
    day = DayLeaf(TIME + 90_000, 20_775, 0, 1, 3, index_root(rows), bytes(16)).encode()
    day = day[:-16] + ratchet.seal(day[:-16])
    root = root_of([leaf_hash(leaf), leaf_hash(day)])
    checkpoint = Checkpoint(ORIGIN, 2, root)
    signers = [NoteSigner(ORIGIN, ED25519, KEYS.ed25519()), NoteSigner(ORIGIN, MLDSA44, KEYS.mldsa())]
    note = Note(checkpoint.text(), (signers[0].sign(checkpoint.text(), TIME),))
    receipt = Receipt(ORIGIN, 0, leaf_hash(leaf), 2, TIME * 1_000_000 + 5)
    return {
        "leaf": {"look": leaf.hex(), "look_hash": leaf_hash(leaf).hex(), "day": day.hex()},
        "body": {"body": body.hex(), "record": sealed.record.hex(), "commit": sealed.commit.hex()},
        "frame": {"frame": encode_frame(0, [leaf, day], [sealed.record, b""]).hex()},
        "receipt": {"bytes": receipt.to_bytes().hex(), "json": receipt.to_json()},
        "note": {"note": note.encode().decode(), "vkeys": [s.verifier.vkey() for s in signers]},
        "paper": {"line": paper_line(checkpoint)},
        "kinds": {kind.name: kind.value for kind in EntryKind},
        "fields": {kind.name: kind.value for kind in FieldClass},
        "purposes": {kind.name: kind.value for kind in Purpose},
    }


def frozen(name: str) -> Any:
    return json.loads((FOLDER / f"{name}.json").read_text())


@pytest.mark.parametrize("name", sorted(made()))
def test_the_bytes_of_each_format_are_the_frozen_ones(name: str) -> None:
    assert made()[name] == frozen(name)


def test_frozen_leaves_are_read() -> None:
    look, day = (decode_leaf(bytes.fromhex(frozen("leaf")[name])) for name in ("look", "day"))
    assert isinstance(look, Leaf)
    assert isinstance(day, DayLeaf)
    assert (look.kind, look.counter, day.records) == (EntryKind.REVEAL, 1, 3)


def test_the_closing_leaf_of_a_day_lies_as_the_documents_say() -> None:
    data = bytes.fromhex(frozen("leaf")["day"])
    text = (Path(__file__).parents[2] / "docs" / "ledger-formats.md").read_text()
    assert len(data) == DAY_SIZE == 81
    assert "## Leaf, version 2: a day closed (81 bytes)" in text
    assert "## Leaf, version 1: a look (144 bytes)" in text
    assert (data[0], int.from_bytes(data[1:9])) == (2, TIME + 90_000)
    assert [int.from_bytes(data[at:end]) for at, end in ((9, 13), (13, 21), (21, 29), (29, 33))] == [
        20_775, 0, 1, 3,
    ]  # fmt: skip
    day = decode_leaf(data)
    assert isinstance(day, DayLeaf)
    assert (day.root, day.seal) == (data[33:65], data[65:81])


def test_a_frozen_list_of_looks_proves_what_it_proved() -> None:
    """Generate the vectors that are written only once, because ML-DSA signatures are randomised."""
    vector = frozen("looks")
    policy = parse_policy(vector["policy"].encode())
    assert to_plain(verify_looks(json.dumps(vector["answer"]).encode(), policy)) == vector["proves"]
    assert vector["proves"]["unwitnessed"] == 2
    first = {key: value for key, value in vector["answer"].items() if key != "newer"}
    found = verify_looks(json.dumps(first | {"v": "waybillguard-looks/v1"}).encode(), policy)
    assert (len(found.looks), found.unwitnessed) == (2, 0)


def test_a_frozen_record_opens_for_owner_and_authority_and_not_after_erasure() -> None:
    vector = frozen("body")
    record = bytes.fromhex(vector["record"])
    for key, regulator in ((bytes([1]) * 32, False), (bytes([2]) * 32, True)):
        words, commit = open_body(record, key, regulator=regulator)
        assert (words["actor"], commit.hex()) == ("clerk-7", vector["commit"])
    body, key = open_key(record, bytes([1]) * 32)
    assert commit_to(key, body).hex() == vector["commit"]
    wiped = bytearray(record)
    for start, length in wipe_ranges(record, everything=True):
        wiped[start : start + length] = bytes(length)
    with pytest.raises(Exception, match="erased"):
        open_key(bytes(wiped), bytes([1]) * 32)


def test_a_frozen_frame_is_read() -> None:
    (frame,) = frames_of(bytes.fromhex(frozen("frame")["frame"]))
    assert [leaf.hex() for leaf in frame.leaves()] == [frozen("leaf")["look"], frozen("leaf")["day"]]
    assert frame.private_unchanged


def test_a_frozen_receipt_is_read_in_both_forms() -> None:
    vector = frozen("receipt")
    assert Receipt.from_bytes(bytes.fromhex(vector["bytes"])) == Receipt.from_json(vector["json"])


def test_a_frozen_note_verifies_and_the_paper_line_names_it() -> None:
    vector = frozen("note")
    note = parse_note(vector["note"].encode())
    assert len(verified(note, [parse_vkey(v) for v in vector["vkeys"]])) == 1
    assert read_paper_line(frozen("paper")["line"]).text() == note.text


if __name__ == "__main__":
    for vector_name, value in made().items():
        (FOLDER / f"{vector_name}.json").write_text(json.dumps(value, indent=1, ensure_ascii=False) + "\n")
