"""A witness cosigns only extensions of its last checkpoint; a log that is behind its witness refuses to run."""

import base64
import hashlib
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from waybillguard.ledger import Entry, Ledger, LedgerKeys
from waybillguard.ledger.asking import HttpWitness
from waybillguard.ledger.cosign import Reply, WitnessUnreachableError, submit
from waybillguard.ledger.errors import (
    BadNoteError,
    BadProofError,
    LedgerError,
    LedgerRolledBackError,
    WitnessRefusedError,
)
from waybillguard.ledger.looks import verify_looks
from waybillguard.ledger.note import ED25519, Checkpoint, Note, NoteSigner, parse_checkpoint, parse_note
from waybillguard.ledger.person import looks_at, looks_json, prove_entry
from waybillguard.ledger.policy import Policy, parse_policy
from waybillguard.ledger.proof import verify_proof
from waybillguard.ledger.witness import (
    Answer,
    KnownLog,
    WitnessServer,
    parse_logs,
    parse_request,
    request_body,
)
from waybillguard.ledger.witness_http import serve_witness, witness_secret, witness_signers

SHARD = "hz-01-2026q4"
ORIGIN = "ledger.test/wg/hz-01-2026q4"


class Direct:
    """A link to a witness in the same process."""

    def __init__(self, server: WitnessServer) -> None:
        self.server = server

    def add_checkpoint(self, body: bytes) -> Reply:
        answer = self.server.add_checkpoint(body)
        return Reply(answer.status, answer.body)

    def latest(self, origin: str) -> Checkpoint | None:
        answer = self.server.latest(hashlib.sha256(origin.encode()).hexdigest())
        return parse_checkpoint(parse_note(answer.body).text) if answer.status == 200 else None


SIGNERS = witness_signers("post.test/w1", bytes([3]) * 32)


@pytest.fixture
def make_witness(tmp_path: Path, policy: Policy) -> Iterator[Callable[..., WitnessServer]]:
    made = []
    logs = [KnownLog(v) for v in policy.logs]

    def maker(name: str = "w1") -> WitnessServer:
        server = WitnessServer(tmp_path / f"{name}.sqlite", SIGNERS, lambda: logs, lambda: 1_795_000_111)
        made.append(server)
        return server

    yield maker
    for server in made:
        server.close()


@pytest.fixture
def trust(policy: Policy) -> Policy:
    lines = [f"log {v.vkey()}" for v in policy.logs]
    lines += [f"witness post {SIGNERS[0].verifier.vkey()}", "quorum post"]
    return parse_policy("\n".join(lines).encode())


def test_a_witnessed_entry_is_proved_under_the_quorum(
    start: Callable[..., Ledger],
    look: Callable[..., Entry],
    make_witness: Callable[..., WitnessServer],
    trust: Policy,
) -> None:
    link = Direct(make_witness())
    with start() as ledger:
        for n in range(3):
            (receipt,) = ledger.append([look(n)])
            ledger.checkpoint(SHARD)
            assert ledger.cosign(SHARD, trust, {"post": link}).met
        assert ledger.level_of(receipt).level == "witnessed"
        proof = prove_entry(ledger, SHARD, 2)
    assert verify_proof(proof, trust).judged.witnesses == {"post": 1_795_000_111}


def uid(number: int) -> bytes:
    return number.to_bytes(16, "big")


@pytest.fixture
def half_witnessed(
    start: Callable[..., Ledger],
    look: Callable[..., Entry],
    make_witness: Callable[..., WitnessServer],
    trust: Policy,
    clock: Any,
) -> bytes:
    """Record 1: two witnessed looks, and two (one of them on the next day) not yet witnessed."""
    with start() as ledger:
        ledger.append([look(1), look(2), look(1)])
        ledger.checkpoint(SHARD)
        assert ledger.cosign(SHARD, trust, {"post": Direct(make_witness())}).met
        ledger.append([look(1)])
        clock.now += 86_400_000_000
        ledger.append([look(2), look(1)])
        return looks_json(looks_at(ledger, "hz-01", uid(1), msgspec.structs.replace(trust, logs=())))


def test_the_list_of_looks_holds_under_the_quorum_and_says_what_is_newer(
    half_witnessed: bytes, trust: Policy
) -> None:
    found = verify_looks(half_witnessed, trust)
    assert [leaf.counter for leaf in found.looks] == [1, 2, 3, 4]
    assert list(found.judged.witnesses) == ["post"]
    assert (found.judged.checkpoint.size, found.unwitnessed, found.unwitnessed_looks) == (3, 4, 2)
    assert (found.complete_to, found.open_day) == (4, 1)


def test_a_list_of_looks_before_any_cosignature_is_refused_under_the_quorum(
    start: Callable[..., Ledger], look: Callable[..., Entry], trust: Policy
) -> None:
    with start() as ledger:
        ledger.append([look(1)])
        (answer,) = looks_at(ledger, "hz-01", uid(1), trust)
    with pytest.raises(BadNoteError):
        verify_looks(answer.encode(), trust)


@pytest.mark.parametrize("part", ["proof", "looks", "days", "checkpoint"])
def test_a_changed_newer_part_does_not_hold(half_witnessed: bytes, trust: Policy, part: str) -> None:
    answer = msgspec.json.decode(half_witnessed)
    newer = answer["newer"]
    match part:
        case "proof":
            newer["proof"][0] = newer["proof"][-1]
        case "looks":
            del newer["looks"][0]
        case "days":
            newer["days"] = []
            answer["days"] = [newer["looks"][0] | {"rows": []}]
        case _:
            newer["checkpoint"] = answer["checkpoint"]
    with pytest.raises(BadProofError):
        verify_looks(msgspec.json.encode(answer), trust)


def test_the_newer_part_must_be_signed_by_the_log(half_witnessed: bytes, trust: Policy) -> None:
    answer = msgspec.json.decode(half_witnessed)
    note = parse_note(base64.b64decode(answer["newer"]["checkpoint"]))
    (fresh,) = [line for line in note.signatures if line.name == ORIGIN][:1]
    damaged = Note(note.text, (msgspec.structs.replace(fresh, data=bytes(64)),))
    answer["newer"]["checkpoint"] = base64.b64encode(damaged.encode()).decode()
    with pytest.raises(BadNoteError):
        verify_looks(msgspec.json.encode(answer), trust)


def test_a_list_of_the_first_version_still_holds(half_witnessed: bytes, trust: Policy) -> None:
    answer = msgspec.json.decode(half_witnessed)
    del answer["newer"]
    answer["v"] = "waybillguard-looks/v1"
    assert [leaf.counter for leaf in verify_looks(msgspec.json.encode(answer), trust).looks] == [1, 2]


def test_a_forked_log_is_refused_and_kept_as_evidence(
    start: Callable[..., Ledger],
    look: Callable[..., Entry],
    make_witness: Callable[..., WitnessServer],
    trust: Policy,
    tmp_path: Path,
) -> None:
    witness = make_witness()
    with start() as ledger:
        ledger.append([look(n) for n in range(5)])
        ledger.checkpoint(SHARD)
        assert ledger.cosign(SHARD, trust, {"post": Direct(witness)}).met
    with start(folder=tmp_path / "second") as other:
        other.append([look(n) for n in range(9)])
        other.checkpoint(SHARD)
        done = other.cosign(SHARD, trust, {"post": Direct(witness)})
        assert not done.met
        assert isinstance(done.failed["post"], WitnessRefusedError)
        assert other.witnessed_size(SHARD) == 0
    [(origin, _, reason, before, refused)] = witness.forks()
    assert (origin, reason) == (ORIGIN, "no consistency proof")
    assert b"\n5\n" in before
    assert b"\n9\n" in refused


def test_a_restored_backup_is_refused_at_start(
    start: Callable[..., Ledger],
    look: Callable[..., Entry],
    make_witness: Callable[..., WitnessServer],
    trust: Policy,
    folder: Path,
    tmp_path: Path,
) -> None:
    link = Direct(make_witness())
    with start() as ledger:
        ledger.append([look(1), look(2)])
    shutil.copytree(folder, tmp_path / "backup")
    with start() as ledger:
        ledger.append([look(3)])
        ledger.checkpoint(SHARD)
        ledger.cosign(SHARD, trust, {"post": link})
    shutil.rmtree(folder)
    shutil.copytree(tmp_path / "backup", folder)
    with pytest.raises(LedgerRolledBackError):
        start(seen=link.latest)
    assert b"\n3\n" in link.server.latest(hashlib.sha256(ORIGIN.encode()).hexdigest()).body


def test_a_rewritten_history_of_the_same_length_is_refused_at_start(
    start: Callable[..., Ledger],
    look: Callable[..., Entry],
    make_witness: Callable[..., WitnessServer],
    trust: Policy,
    tmp_path: Path,
) -> None:
    link = Direct(make_witness())
    with start() as ledger:
        ledger.append([look(1), look(2)])
        ledger.checkpoint(SHARD)
        ledger.cosign(SHARD, trust, {"post": link})
    with start(folder=tmp_path / "rewritten") as ledger:
        ledger.append([look(1), look(3), look(4)])
    with pytest.raises(LedgerRolledBackError):
        start(folder=tmp_path / "rewritten", seen=link.latest)
    with start(seen=link.latest) as ledger:
        assert ledger.size == 2


def note_of(
    start: Callable[..., Ledger], look: Callable[..., Entry], where: Path, count: int
) -> tuple[bytes, list[bytes]]:
    with start(folder=where) as ledger:
        ledger.append([look(n) for n in range(count)])
        return ledger.checkpoint(SHARD).note, []


@pytest.mark.parametrize(
    ("damage", "status"),
    [
        (lambda body: body.replace(b"old 0", b"old 00"), 400),
        (lambda body: body.replace(b"old 0\n", b"old 9\n"), 400),
        (lambda body: body.replace(b"old 0\n", b"old 1\n"), 409),
        (lambda body: body.replace(b"old 0\n", b"old 0\nAAAA\n"), 400),
        (lambda body: body.replace(b"old 0\n", b"old 0\n" + b"A" * 43 + b"=\n"), 422),
        (lambda body: body.replace(ORIGIN.encode(), b"ledger.test/unknown"), 404),
        (lambda body: body.replace(b"\n2\n", b"\n3\n"), 403),
        (lambda body: b"", 400),  # noqa: ARG005
        (lambda body: body[:-40], 400),
        (lambda body: body, 200),
    ],
)
def test_each_bad_request_gets_the_status_of_the_specification(
    start: Callable[..., Ledger],
    look: Callable[..., Entry],
    make_witness: Callable[..., WitnessServer],
    tmp_path: Path,
    damage: Callable[[bytes], bytes],
    status: int,
) -> None:
    note, proof = note_of(start, look, tmp_path / "one", 2)
    answer = make_witness().add_checkpoint(damage(request_body(0, proof, note)))
    assert answer.status == status


def test_a_stale_size_is_answered_with_the_latest(
    start: Callable[..., Ledger],
    look: Callable[..., Entry],
    make_witness: Callable[..., WitnessServer],
    tmp_path: Path,
) -> None:
    witness = make_witness()
    note, _ = note_of(start, look, tmp_path / "one", 2)
    assert witness.add_checkpoint(request_body(0, [], note)).status == 200
    assert witness.add_checkpoint(request_body(0, [], note)) == Answer(409, b"2\n", "text/x.tlog.size")
    assert witness.add_checkpoint(request_body(2, [], note)).status == 200


def test_two_roots_for_one_size_are_a_conflict_and_evidence(
    start: Callable[..., Ledger],
    look: Callable[..., Entry],
    make_witness: Callable[..., WitnessServer],
    tmp_path: Path,
) -> None:
    witness = make_witness()
    first, _ = note_of(start, look, tmp_path / "one", 2)
    second, _ = note_of(start, look, tmp_path / "two", 2)
    assert witness.add_checkpoint(request_body(0, [], first)).status == 200
    assert witness.add_checkpoint(request_body(2, [], second)).status == 422
    assert len(witness.forks()) == 1


def test_a_family_key_speaks_for_every_shard_of_the_log(keys: LedgerKeys) -> None:
    from waybillguard.ledger.note import ED25519, NoteSigner

    family = KnownLog(NoteSigner("ledger.test/wg", ED25519, keys.ed25519()).verifier, family=True)
    assert family.for_origin("ledger.test/wg/hz-01-2027q1") is not None
    assert family.for_origin("ledger.test/wgx/hz-01") is None


def test_a_silent_log_is_named(
    start: Callable[..., Ledger],
    look: Callable[..., Entry],
    make_witness: Callable[..., WitnessServer],
    tmp_path: Path,
) -> None:
    witness = make_witness()
    witness.add_checkpoint(request_body(0, [], note_of(start, look, tmp_path / "one", 2)[0]))
    assert witness.silent(1_795_000_111) == []
    assert witness.silent(1_795_000_112) == [(ORIGIN, 1_795_000_111)]


@pytest.fixture
def http(make_witness: Callable[..., WitnessServer]) -> Iterator[str]:
    server = serve_witness(make_witness(), "127.0.0.1", 0)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_witness_and_log_meet_over_http(
    start: Callable[..., Ledger], look: Callable[..., Entry], http: str, trust: Policy
) -> None:
    with closing(HttpWitness(http)) as link, start() as ledger:
        ledger.append([look(1)])
        ledger.checkpoint(SHARD)
        assert ledger.cosign(SHARD, trust, {"post": link}).met
        seen = link.latest(ORIGIN)
        assert seen is not None
        assert seen.size == 1


def test_a_witness_that_is_down_is_reported_and_stops_nothing(
    start: Callable[..., Ledger], look: Callable[..., Entry], trust: Policy
) -> None:
    with closing(HttpWitness("http://127.0.0.1:9", timeout_s=0.5)) as link, start() as ledger:
        ledger.append([look(1)])
        ledger.checkpoint(SHARD)
        done = ledger.cosign(SHARD, trust, {"post": link})
        assert isinstance(done.failed["post"], WitnessUnreachableError)
        assert ledger.append([look(2)])[0].index == 1


def test_a_cosignature_by_another_key_is_refused(
    start: Callable[..., Ledger], look: Callable[..., Entry], make_witness: Callable[..., WitnessServer]
) -> None:
    stranger = witness_signers("post.test/w1", bytes([4]) * 32)[0].verifier
    with start() as ledger:
        ledger.append([look(1)])
        head = ledger.checkpoint(SHARD)
        with pytest.raises(WitnessRefusedError):
            submit(Direct(make_witness()), [stranger], parse_note(head.note), ledger.shard(SHARD).reader())


def test_the_witness_key_file_is_private_and_kept(tmp_path: Path) -> None:
    secret = witness_secret(tmp_path / "key")
    assert witness_secret(tmp_path / "key") == secret
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600
    (tmp_path / "key").chmod(0o644)
    with pytest.raises(LedgerError):
        witness_secret(tmp_path / "key")


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=300), st.integers(0, 3000))
def test_hostile_requests_never_get_a_cosignature(
    start: Callable[..., Ledger],
    look: Callable[..., Entry],
    make_witness: Callable[..., WitnessServer],
    tmp_path: Path,
    noise: bytes,
    at: int,
) -> None:
    path = tmp_path / "note"
    if not path.exists():
        path.write_bytes(note_of(start, look, tmp_path / "one", 2)[0])
    body = request_body(0, [], path.read_bytes())
    witness = make_witness("fuzzed")
    assert witness.add_checkpoint(noise).status == 400
    spoiled = body[: at % len(body)] + noise + body[at % len(body) :]
    answer = witness.add_checkpoint(spoiled)
    if answer.status == 200:  # only a signature line of an unknown key was changed
        assert parse_request(spoiled).checkpoint == parse_request(body).checkpoint
    else:
        assert answer.status in {400, 403, 404, 409, 422}


def test_a_list_of_logs_with_a_witness_key_in_it_is_refused() -> None:
    with pytest.raises(BadNoteError):
        parse_logs(f"log {SIGNERS[1].verifier.vkey()}")


def test_the_latest_checkpoint_is_served_with_the_witnesss_own_cosignature(
    start: Callable[..., Ledger],
    look: Callable[..., Entry],
    make_witness: Callable[..., WitnessServer],
    tmp_path: Path,
) -> None:
    witness = make_witness()
    note, _ = note_of(start, look, tmp_path / "one", 2)
    cosigned = witness.add_checkpoint(request_body(0, [], note)).body
    latest = witness.latest(hashlib.sha256(ORIGIN.encode()).hexdigest())
    assert latest.body == note + cosigned


def test_a_growing_log_asks_a_witness_once_a_checkpoint(
    start: Callable[..., Ledger],
    look: Callable[..., Entry],
    make_witness: Callable[..., WitnessServer],
    trust: Policy,
) -> None:
    asked: list[bytes] = []

    class Counting(Direct):
        def add_checkpoint(self, body: bytes) -> Reply:
            asked.append(body)
            return super().add_checkpoint(body)

    link = Counting(make_witness())
    with start() as ledger:
        for _ in range(3):
            ledger.append([look()])
            ledger.cosign(SHARD, trust, {next(iter(trust.witnesses)): link})
    assert len(asked) == 3


def test_a_checkpoint_that_the_ledger_never_signed_counts_for_nothing_at_a_start(
    start: Callable[..., Ledger], look: Callable[..., Entry], http: str, trust: Policy, keys: LedgerKeys
) -> None:
    """Otherwise an impostor of the witness could stop the ledger with a made-up tree size."""
    with closing(HttpWitness(http)) as link, start() as ledger:
        ledger.append([look(1)])
        ledger.checkpoint(SHARD)
        assert ledger.cosign(SHARD, trust, {"post": link}).met
        seen = link.latest(ORIGIN, trust.logs)
        assert seen is not None
        assert seen.size == 1
        others = LedgerKeys(bytes(32), keys.prefix)
        stranger = NoteSigner(ORIGIN, ED25519, others.ed25519()).verifier
        with pytest.raises(BadNoteError, match="not signed by this ledger"):
            link.latest(ORIGIN, [stranger])
