"""Notes, checkpoints, cosignatures and policies in the C2SP formats."""

import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from waybillguard.ledger.errors import BadNoteError
from waybillguard.ledger.note import (
    COSIGN_ED25519,
    ED25519,
    MLDSA44,
    Checkpoint,
    Note,
    NoteSigner,
    parse_checkpoint,
    parse_note,
    parse_vkey,
    verified,
)
from waybillguard.ledger.policy import Policy, parse_policy

TEXT = Checkpoint("ledger.test/a", 7, bytes(range(32))).text()


def signer(name: str, kind: int, seed: int = 1) -> NoteSigner:
    secret = bytes([seed]) * 32
    key = (
        MLDSA44PrivateKey.from_seed_bytes(secret)
        if kind == MLDSA44
        else Ed25519PrivateKey.from_private_bytes(secret)
    )
    return NoteSigner(name, kind, key)


@pytest.mark.data
def test_the_published_note_verifies(test_data: Path) -> None:
    case = json.loads((test_data / "ledger/c2sp/examples.json").read_text())["signed-note"]
    note = parse_note(case["note"].encode())
    assert [v.name for v, _ in verified(note, [parse_vkey(case["vkey"])])] == ["example.com/foo"]
    assert note.encode().decode() == case["note"]


@pytest.mark.data
def test_the_published_cosignature_parses_to_its_timestamp(test_data: Path) -> None:
    case = json.loads((test_data / "ledger/c2sp/examples.json").read_text())["cosignature-example-note"]
    note = parse_note(case["note"].encode())
    assert parse_checkpoint(note.text).size == 20852163
    assert int.from_bytes(note.signatures[1].data[:8], "big") == case["witness_timestamp"]


@pytest.mark.parametrize("kind", [ED25519, COSIGN_ED25519, MLDSA44])
def test_each_kind_of_signature_verifies_and_breaks_with_the_text(kind: int) -> None:
    made = signer("w.test/1", kind)
    note = Note(TEXT, (made.sign(TEXT, 1_795_000_000),))
    key = parse_vkey(made.verifier.vkey())
    [(_, when)] = verified(parse_note(note.encode()), [key])
    assert when == (None if kind == ED25519 else 1_795_000_000)
    altered = Note(TEXT.replace("\n7\n", "\n8\n"), note.signatures)
    with pytest.raises(BadNoteError):
        verified(altered, [key])


def test_lines_of_unknown_keys_are_ignored() -> None:
    note = Note(TEXT, (signer("w.test/1", ED25519, 2).sign(TEXT, 0),))
    assert verified(note, [signer("w.test/1", ED25519, 3).verifier]) == []


@settings(deadline=None)
@given(st.binary(max_size=400))
def test_arbitrary_bytes_are_a_note_or_refused(data: bytes) -> None:
    try:
        note = parse_note(data)
    except BadNoteError:
        return
    assert note.encode() == data


@pytest.mark.parametrize(
    "text",
    [
        "a\n1\n",
        "a\n01\nAAAA\n",
        "a\n-1\n" + "A" * 43 + "=\n",
        "a\n1\n" + "A" * 43 + "=\n\n",
        "",
        "a\n1\nAAAA\n",
    ],
)
def test_malformed_checkpoints_are_refused(text: str) -> None:
    with pytest.raises(BadNoteError):
        parse_checkpoint(text)


def three_agencies() -> tuple[Policy, dict[str, NoteSigner], NoteSigner]:
    log = signer("ledger.test/a", ED25519, 9)
    witnesses = {
        n: signer(f"{n}.test", MLDSA44, i) for i, n in enumerate(["post1", "post2", "police", "cyber"], 20)
    }
    lines = [f"log {log.verifier.vkey()}"]
    lines += [f"witness {name} {w.verifier.vkey()}" for name, w in witnesses.items()]
    lines += ["group post any post1 post2", "group state 2 post police cyber", "quorum state", "# end"]
    return parse_policy("\n".join(lines).encode()), witnesses, log


@pytest.mark.parametrize(
    ("names", "enough"),
    [
        (["post1", "post2"], False),
        (["post2", "cyber"], True),
        (["police", "cyber"], True),
        (["police"], False),
    ],
)
def test_a_quorum_counts_agencies_not_machines(names: list[str], enough: bool) -> None:
    policy, witnesses, log = three_agencies()
    note = Note(TEXT, (log.sign(TEXT, 0), *(witnesses[n].sign(TEXT, 5) for n in names)))
    if enough:
        assert set(policy.judge(note).witnesses) == set(names)
    else:
        with pytest.raises(BadNoteError):
            policy.judge(note)


def test_witnesses_alone_do_not_make_a_checkpoint() -> None:
    policy, witnesses, _ = three_agencies()
    note = Note(TEXT, tuple(w.sign(TEXT, 5) for w in witnesses.values()))
    with pytest.raises(BadNoteError):
        policy.judge(note)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "quorum nobody\n",
        "quorum none\nquorum none\n",
        "group g any x\nquorum none\n",
        "witness none k\nquorum none\n",
        "log nonsense\nquorum none\n",
        "quorum none\x01\n",
    ],
)
def test_malformed_policies_are_refused(text: str) -> None:
    with pytest.raises(BadNoteError):
        parse_policy(text.encode())
