"""Looks at the end of their retention: their bodies are erased, and everything else and every proof stays."""

from collections.abc import Callable
from typing import Any

import pytest
from support.codes import has_code

from waybillguard.ledger import Entry, EntryKind, Ledger
from waybillguard.ledger.erase import MINIMUM_S
from waybillguard.ledger.errors import BadEntryError, LedgerError
from waybillguard.ledger.person import (
    erase_words,
    forget_looks,
    lift_hold,
    looks_at,
    prove_entry,
    set_hold,
    words_of,
)
from waybillguard.ledger.policy import Policy
from waybillguard.ledger.proof import verify_proof

DAY_S = 86_400
SHARD = "hz-01-2026q3"


def uid(number: int) -> bytes:
    return number.to_bytes(16, "big")


def is_erased(ledger: Ledger, index: int, shard: str) -> bool:
    try:
        words_of(ledger, shard, index)
    except BadEntryError:
        return True
    return False


def now_s(ledger: Ledger) -> int:
    return ledger.now_us() // 1_000_000


def test_old_looks_lose_their_words_and_young_ones_and_other_kinds_keep_theirs(
    start: Callable[..., Ledger], look: Callable[..., Entry], clock: Any, policy: Policy
) -> None:
    with start() as ledger:
        ledger.append([look(1), look(2), look(3, kind=EntryKind.HANDOVER), look(4, kind=EntryKind.SHRED)])
        (shard,) = ledger.shards_of("hz-01")
        proof = prove_entry(ledger, shard, 0)
        clock.now += 100 * DAY_S * 1_000_000
        ledger.append([look(1)])
        clock.now += 85 * DAY_S * 1_000_000
        assert forget_looks(ledger, "hz-01", now_s(ledger) - MINIMUM_S, actor="retention") == 2
        assert [is_erased(ledger, index, shard) for index in range(4)] == [True, True, False, False]
        young = ledger.shards_of("hz-01")[1:]
        assert all(not is_erased(ledger, 1, name) for name in young if ledger.head(name).size > 1)
        verify_proof(proof, policy)
        verify_proof(prove_entry(ledger, shard, 0), policy)
        assert sum(len(answer.looks) for answer in looks_at(ledger, "hz-01", uid(1))) == 2
        assert forget_looks(ledger, "hz-01", now_s(ledger) - MINIMUM_S, actor="retention") == 0
    with start() as ledger:
        assert ledger.healthy
        assert is_erased(ledger, 0, shard)


def test_what_is_erased_is_recorded_first(
    start: Callable[..., Ledger], look: Callable[..., Entry], clock: Any
) -> None:
    with start() as ledger:
        ledger.append([look(1)])
        clock.now += 185 * DAY_S * 1_000_000
        forget_looks(ledger, "hz-01", now_s(ledger) - MINIMUM_S, actor="retention")
        last = ledger.shards_of("hz-01")[-1]
        ledger.checkpoint(last)
        words = words_of(ledger, last, ledger.head(last).size - 1)
        assert (words["actor"], words["detail"]["erased"]) == ("retention", 1)


def test_a_look_younger_than_six_months_is_never_erased(
    start: Callable[..., Ledger], look: Callable[..., Entry], clock: Any
) -> None:
    with start() as ledger:
        ledger.append([look(1)])
        clock.now += 183 * DAY_S * 1_000_000
        with pytest.raises(LedgerError, check=has_code("erasure_refused")):
            forget_looks(ledger, "hz-01", now_s(ledger) - 182 * DAY_S, actor="retention")
        assert forget_looks(ledger, "hz-01", now_s(ledger) - MINIMUM_S, actor="retention") == 0


def test_looks_at_a_record_under_a_hold_keep_their_words(
    start: Callable[..., Ledger], look: Callable[..., Entry], clock: Any
) -> None:
    with start() as ledger:
        ledger.append([look(1), look(2)])
        (shard,) = ledger.shards_of("hz-01")
        set_hold(ledger, "hz-01", uid(1), "2026-117", actor="officer")
        clock.now += 185 * DAY_S * 1_000_000
        assert forget_looks(ledger, "hz-01", now_s(ledger) - MINIMUM_S, actor="retention") == 1
        assert not is_erased(ledger, 0, shard)
        lift_hold(ledger, "hz-01", uid(1), "2026-117", actor="officer")
        assert forget_looks(ledger, "hz-01", now_s(ledger) - MINIMUM_S, actor="retention") == 1, (
            "as soon as it is lifted"
        )
        assert is_erased(ledger, 0, shard)


def test_a_look_under_a_clock_that_was_set_back_keeps_its_words_as_long_as_any(
    start: Callable[..., Ledger], look: Callable[..., Entry], clock: Any
) -> None:
    with start() as ledger:
        ledger.append([look(1)])
        clock.now -= 400 * DAY_S * 1_000_000
        (receipt,) = ledger.append([look(2, actor="set back")])
        shard = receipt.origin.rpartition("/")[2]
    with start() as ledger:
        (again,) = ledger.append([look(2)])
        clock.now += 401 * DAY_S * 1_000_000
        ledger.append([look(3)])
        assert forget_looks(ledger, "hz-01", now_s(ledger) - MINIMUM_S, actor="retention") == 0
        assert words_of(ledger, shard, receipt.index)["actor"] == "set back"
        with pytest.raises(LedgerError, check=has_code("erasure_refused")):
            erase_words(ledger, "hz-01", uid(2), actor="person")
        clock.now += 185 * DAY_S * 1_000_000
        while forget_looks(ledger, "hz-01", now_s(ledger) - MINIMUM_S, actor="retention"):
            pass
        assert is_erased(ledger, receipt.index, shard)
        assert is_erased(ledger, again.index, shard)
