"""A data subject sees every look at a record, with proof that there were no others; bodies can be erased."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.keywrap import aes_key_unwrap
from support.codes import has_code

from waybillguard.ledger import Entry, Ledger, LedgerKeys
from waybillguard.ledger.audit import audit
from waybillguard.ledger.dayindex import IndexRow, day_evidence
from waybillguard.ledger.errors import (
    BadEntryError,
    BadNoteError,
    BadProofError,
    LedgerCorruptError,
    LedgerError,
)
from waybillguard.ledger.looks import Looks, verify_looks
from waybillguard.ledger.person import (
    entries_since,
    erase_words,
    forget_days,
    lift_hold,
    looks_at,
    open_for_authority,
    prove_entry,
    set_hold,
    words_of,
)
from waybillguard.ledger.policy import Policy, parse_policy
from waybillguard.ledger.proof import verify_proof
from waybillguard.ledger.view import ShardView

SHARD = "hz-01-2026q4"
DAY = 86_400 * 1_000_000


def uid(number: int) -> bytes:
    return number.to_bytes(16, "big")


@pytest.fixture
def three_days(start: Callable[..., Ledger], look: Callable[..., Entry], clock: Any) -> Looks:
    """Record 1: two looks on the first day, none on the second, one on the (open) third."""
    with start() as ledger:
        ledger.append([look(1), look(2), look(1), look(3)])
        clock.now += DAY
        ledger.append([look(4), look(2)])
        clock.now += DAY
        ledger.append([look(1)])
        return looks_at(ledger, "hz-01", uid(1))[0]


def test_all_looks_are_shown_and_the_closed_days_are_complete(three_days: Looks, policy: Policy) -> None:
    found = verify_looks(three_days.encode(), policy)
    assert [leaf.counter for leaf in found.looks] == [1, 2, 3]
    assert (found.complete_to, found.open_day) == (7, 1)


def test_entries_of_late_are_read_in_one_pass_with_their_words(
    start: Callable[..., Ledger], look: Callable[..., Entry], clock: Any
) -> None:
    with start() as ledger:
        ledger.append([look(1), look(2)])
        clock.now += DAY
        since_s = ledger.now_us() // 1_000_000
        ledger.append([look(3), look(4)])
        ledger.append([look(5)])
        ledger.checkpoint(SHARD)
        view = ShardView(ledger.shard(SHARD).store)
        found = [(leaf.encode(), words()) for leaf, words in entries_since(ledger, SHARD, since_s)]
        places = [i for i in range(view.first_since(since_s), view.size) if view.record(i)]
        assert found == [(view.leaf(i), words_of(ledger, SHARD, i)) for i in places]
        assert len(found) == 3
        assert len(list(entries_since(ledger, SHARD, 0))) == 5
        assert list(entries_since(ledger, SHARD, since_s + 2 * DAY)) == []


def test_a_record_nobody_looked_at_is_proved_untouched(
    start: Callable[..., Ledger], look: Callable[..., Entry], clock: Any, policy: Policy
) -> None:
    with start() as ledger:
        ledger.append([look(1), look(2)])
        clock.now += DAY
        ledger.append([look(2)])
        answer = looks_at(ledger, "hz-01", uid(99))[0]
    found = verify_looks(answer.encode(), policy)
    assert (found.looks, found.complete_to) == ([], 2)


@pytest.mark.parametrize("hidden", [0, 1, 2])
def test_a_hidden_look_is_noticed(three_days: Looks, policy: Policy, hidden: int) -> None:
    """Hiding the last look of the open day is detected only once the day is closed; the answer shows this."""
    looks = [look for n, look in enumerate(three_days.looks) if n != hidden]
    partial = msgspec.structs.replace(three_days, looks=looks)
    if hidden == 2:
        assert verify_looks(partial.encode(), policy).complete_to == 7
    else:
        with pytest.raises(BadProofError):
            verify_looks(partial.encode(), policy)


def test_a_hidden_day_is_noticed(three_days: Looks, policy: Policy) -> None:
    partial = msgspec.structs.replace(three_days, days=three_days.days[1:])
    with pytest.raises(BadProofError):
        verify_looks(partial.encode(), policy)


def test_another_records_absence_does_not_serve(three_days: Looks, policy: Policy) -> None:
    other = msgspec.structs.replace(three_days, looks=[], tag=bytes([255] * 16))
    with pytest.raises(BadProofError):
        verify_looks(other.encode(), policy)


def test_old_words_are_erased_and_every_proof_still_holds(
    start: Callable[..., Ledger], look: Callable[..., Entry], clock: Any, policy: Policy
) -> None:
    with start() as ledger:
        ledger.append([look(1, detail={"reason": "call-4711"}), look(2)])
        proof = prove_entry(ledger, SHARD, 0)
        assert words_of(ledger, SHARD, 0)["detail"] == {"reason": "call-4711"}
        clock.now += 200 * DAY
        (done,) = erase_words(ledger, "hz-01", uid(1), actor="officer-1")
        assert (done.erased, done.restricted) == (1, 0)
        with pytest.raises(BadEntryError):
            words_of(ledger, SHARD, 0)
        assert words_of(ledger, SHARD, 1)["actor"] == "clerk-7"
        verify_proof(proof, policy)
        verify_proof(prove_entry(ledger, SHARD, 0), policy)
    with start() as ledger:
        assert ledger.healthy


def test_the_six_month_minimum_refuses_where_no_authority_could_read(
    start: Callable[..., Ledger], look: Callable[..., Entry]
) -> None:
    with start() as ledger:
        ledger.append([look(1)])
        with pytest.raises(LedgerError, check=has_code("erasure_refused")):
            erase_words(ledger, "hz-01", uid(1), actor="officer-1")
        assert words_of(ledger, SHARD, 0)["actor"] == "clerk-7"


def test_a_kept_key_that_does_not_open_is_said_to_be_damaged(
    start: Callable[..., Ledger], look: Callable[..., Entry], folder: Path
) -> None:
    with start() as ledger:
        ledger.append([look(1)])
    with closing(sqlite3.connect(folder / SHARD / "lock.sqlite")) as db:
        db.execute("UPDATE day_key SET owner = zeroblob(40)")
        db.commit()
    with start() as ledger, pytest.raises(LedgerCorruptError, match="does not open"):
        words_of(ledger, SHARD, 0)
    with (
        pytest.raises(LedgerCorruptError, match="another ledger's secret"),
        start(keys=LedgerKeys(secret=bytes(32), prefix="ledger.test/wg")) as ledger,
    ):
        ledger.shard(SHARD)


def test_within_six_months_the_authority_alone_can_read(
    start: Callable[..., Ledger], look: Callable[..., Entry], keys: LedgerKeys
) -> None:
    authority = X25519PrivateKey.from_private_bytes(bytes([7]) * 32)
    with start(
        keys=msgspec.structs.replace(keys, regulator=authority.public_key().public_bytes_raw())
    ) as ledger:
        ledger.append([look(1)])
        (done,) = erase_words(ledger, "hz-01", uid(1), actor="officer-1")
        assert (done.erased, done.restricted) == (0, 1)
        with pytest.raises(BadEntryError):
            words_of(ledger, SHARD, 0)
        store = ledger.shard(SHARD).store
        assert open_for_authority(store, 0, authority)["actor"] == "clerk-7"
        with pytest.raises(BadEntryError):
            open_for_authority(store, 0, X25519PrivateKey.from_private_bytes(bytes([8]) * 32))


def test_the_keys_of_a_day_are_destroyed_after_six_months_and_not_before(
    start: Callable[..., Ledger], look: Callable[..., Entry], clock: Any, policy: Policy
) -> None:
    with start() as ledger:
        ledger.append([look(1)])
        today = ledger.shard(SHARD).local_day(clock.now // 1_000_000)
        clock.now += 183 * DAY
        with pytest.raises(LedgerError, check=has_code("erasure_refused")):
            forget_days(ledger, "hz-01", today + 1, actor="officer-1")
        clock.now += 3 * DAY
        assert forget_days(ledger, "hz-01", today + 1, actor="officer-1") == 1
        with pytest.raises(LedgerError):
            words_of(ledger, SHARD, 0)
        verify_proof(prove_entry(ledger, SHARD, 0), policy)


def test_the_seal_of_every_entry_is_checked_from_the_first_key(
    start: Callable[..., Ledger], look: Callable[..., Entry], keys: LedgerKeys, clock: Any
) -> None:
    with start() as ledger:
        ledger.append([look(1)])
        clock.now += DAY
        ledger.append([look(2), look(1)])
        ledger.checkpoint(SHARD)
        store = ledger.shard(SHARD).store
        first = aes_key_unwrap(keys.owner_wrap(), store.meta("seal_owner") or b"")
        assert audit(store, seal_key=first).problems == []
        assert len(audit(store, seal_key=bytes(32)).problems) == 4


def test_a_legal_hold_stops_erasure_until_it_is_lifted(
    start: Callable[..., Ledger], look: Callable[..., Entry], clock: Any
) -> None:
    with start() as ledger:
        ledger.append([look(1)])
        clock.now += 200 * DAY
        set_hold(ledger, "hz-01", uid(1), "A-2026-17", actor="officer-1")
        with pytest.raises(LedgerError, check=has_code("erasure_refused")):
            erase_words(ledger, "hz-01", uid(1), actor="officer-1")
        lift_hold(ledger, "hz-01", uid(1), "A-2026-17", actor="officer-1")
        assert erase_words(ledger, "hz-01", uid(1), actor="officer-1")[0].erased == 1


def test_a_new_quarter_begins_a_shard_that_names_the_old_root(
    start: Callable[..., Ledger],
    look: Callable[..., Entry],
    clock: Any,
    folder: Path,  # noqa: ARG001
) -> None:
    with start() as ledger:
        ledger.append([look(1)])
        clock.now += 60 * DAY
        (receipt,) = ledger.append([look(1)])
        assert receipt.origin == "ledger.test/wg/hz-01-2027q1"
        assert receipt.index == 1
        assert words_of(ledger, "hz-01-2027q1", 0)["detail"]["origin"] == "ledger.test/wg/hz-01-2026q4"
        tags = {answer.tag for answer in looks_at(ledger, "hz-01", uid(1))}
    assert len(tags) == 2


def forged_absence(ledger: Ledger, answer: Looks) -> Looks:
    """Forge evidence that a record was not looked at: present its own row and the previous one as neighbours."""
    index = ledger.shard(SHARD).index
    rows = index.day_rows(index.closed_days()[0][0])
    place = [row[0] for row in rows].index(answer.tag)

    def neighbour(tag: bytes) -> IndexRow:
        return next(row for row in day_evidence(rows, tag) if row.tag == tag)

    own = neighbour(answer.tag)
    beyond = msgspec.structs.replace(own, tag=own.tag + b"\x01")  # packing truncates it to the hashed tag
    evidence = [neighbour(rows[place - 1][0]), beyond] if place else [beyond]
    day = msgspec.structs.replace(answer.days[0], rows=evidence)
    return msgspec.structs.replace(answer, looks=[], days=[day], newer=None)


def test_no_row_of_another_length_proves_that_nobody_looked(
    start: Callable[..., Ledger], look: Callable[..., Entry], clock: Any, policy: Policy
) -> None:
    with start() as ledger:
        ledger.append([look(n) for n in range(1, 6)])
        clock.now += DAY
        ledger.append([look(9)])
        for record in range(1, 6):
            (answer,) = looks_at(ledger, "hz-01", uid(record))
            assert len(verify_looks(answer.encode(), policy).looks) == 1
            with pytest.raises(BadProofError):
                verify_looks(forged_absence(ledger, answer).encode(), policy)


@pytest.mark.parametrize("change", [{"looks": 1 << 32}, {"counter": -1}, {"tag": b""}])
def test_a_row_that_no_index_could_hold_is_a_bad_proof(
    three_days: Looks, policy: Policy, change: dict[str, Any]
) -> None:
    day = three_days.days[0]
    row = msgspec.structs.replace(day.rows[0], **change)
    days = [msgspec.structs.replace(day, rows=[row, *day.rows[1:]]), *three_days.days[1:]]
    with pytest.raises(BadProofError):
        verify_looks(msgspec.structs.replace(three_days, days=days).encode(), policy)


def test_one_policy_holds_for_the_looks_of_several_quarters(
    start: Callable[..., Ledger], look: Callable[..., Entry], clock: Any
) -> None:
    with start() as ledger:
        ledger.append([look(1)])
        clock.now += 60 * DAY
        ledger.append([look(1)])
        logs = "".join(f"log {vkey}\n" for name in ledger.shards() for vkey in ledger.verifiers(name))
        trust = parse_policy(f"{logs}quorum none\n".encode())
        answers = looks_at(ledger, "hz-01", uid(1))
    assert [len(verify_looks(answer.encode(), trust).looks) for answer in answers] == [1, 1]
    with pytest.raises(BadNoteError, match="twice"):
        parse_policy(f"{logs}{logs}quorum none\n".encode())
