"""Quotas: exact at the limit, shown before a request, and increased temporarily by two people."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waybillguard.access.errors import QuotaError
from waybillguard.access.quotas import (
    MAX_RAISE,
    SCOPES,
    Charged,
    Holder,
    Limits,
    Refused,
    Usage,
    charge,
    dynamic_limit,
    freeze,
    gates,
    grant_raise,
    peek,
    prune,
    quota_facts,
)

ROOMY = Limits(hour=100, shift=100, day=100, device_day=100, persons_30d=100)
WHO = Holder("p-1", "d-1", "day 2026-11-24")


def _charged(answer: Charged | Refused) -> Charged:
    assert isinstance(answer, Charged)
    return answer


def _refused(answer: Charged | Refused) -> Refused:
    assert isinstance(answer, Refused)
    return answer


@pytest.mark.parametrize("scope", SCOPES)
def test_the_last_unit_of_each_scope_is_given_and_the_next_refused_with_nothing_counted(
    scope: str, now: datetime
) -> None:
    limits = replace(ROOMY, **{scope: 1})
    first = _charged(charge(Usage(), limits, WHO, now, b"a"))
    second = _refused(charge(first.usage, limits, WHO, now, b"b"))
    assert (second.scope, second.left) == (scope, 0)
    assert "未显示任何内容" in second.zh
    assert [one.used for one in peek(first.usage, limits, WHO, now) if one.scope == scope] == [1]


def test_every_window_starts_again_at_its_own_time(now: datetime) -> None:
    at = now.replace(hour=10, minute=59)
    found = {gate.key.scope: gate for gate in gates(ROOMY, replace_shift(now), at)}
    assert found["hour"].resets_at == now.replace(hour=11)
    assert found["day"].resets_at == now.replace(day=25, hour=0)
    assert found["shift"].resets_at == now.replace(hour=18)
    limits = replace(ROOMY, hour=1)
    used = _charged(charge(Usage(), limits, WHO, at, b"a")).usage
    assert isinstance(charge(used, limits, WHO, at, b"a"), Refused)
    assert isinstance(charge(used, limits, WHO, at + timedelta(minutes=1), b"a"), Charged)


def replace_shift(now: datetime) -> Holder:
    return WHO._replace(shift_ends=now.replace(hour=18))


def test_a_person_counts_once_in_thirty_days_and_comes_free_thereafter(now: datetime) -> None:
    limits = replace(ROOMY, persons_30d=1)
    usage = _charged(charge(Usage(), limits, WHO, now, b"a")).usage
    again = _charged(charge(usage, limits, WHO, now, b"a"))
    assert (again.persons_before, again.persons_after) == (1, 1)
    refused = _refused(charge(usage, limits, WHO, now + timedelta(days=29), b"b"))
    assert refused.resets_at == now.replace(month=12, day=24, hour=0)
    assert isinstance(charge(usage, limits, WHO, now + timedelta(days=30), b"b"), Charged)


def test_what_reaches_nobody_in_particular_counts_no_person(now: datetime) -> None:
    done = _charged(charge(Usage(), replace(ROOMY, persons_30d=0), WHO, now, None, amount=3))
    assert (done.persons_after, {one.scope: one.used for one in done.left}["hour"]) == (0, 3)


def test_a_device_is_counted_over_all_accounts_on_it(now: datetime) -> None:
    limits = replace(ROOMY, device_day=1)
    usage = _charged(charge(Usage(), limits, WHO, now, b"a")).usage
    assert _refused(charge(usage, limits, Holder("p-2", "d-1"), now, b"b")).scope == "device_day"
    assert isinstance(charge(usage, limits, Holder("p-2", "d-2"), now, b"b"), Charged)


def test_a_frozen_account_gets_nothing_and_can_be_thawed(now: datetime) -> None:
    frozen = freeze(Usage())
    answer = _refused(charge(frozen, ROOMY, WHO, now, b"a"))
    assert (answer.scope, answer.left) == (None, 0)
    assert isinstance(charge(freeze(frozen, frozen=False), ROOMY, WHO, now, b"a"), Charged)


def test_what_is_left_is_shown_before_asking_tightest_first(now: datetime) -> None:
    usage = _charged(charge(Usage(), ROOMY, WHO, now, b"a", amount=4)).usage
    lefts = peek(usage, replace(ROOMY, hour=5, day=50), WHO, now)
    assert [(one.scope, one.used, one.left) for one in lefts[:2]] == [("hour", 4, 1), ("day", 4, 46)]
    assert quota_facts(lefts).left == 1


def test_a_known_person_is_not_held_up_by_the_count_of_persons(now: datetime) -> None:
    lefts = peek(Usage(persons={b"a": now.date()}), replace(ROOMY, persons_30d=1), WHO, now)
    assert (quota_facts(lefts).left, quota_facts(lefts, known_person=True).left) == (0, 100)


limits = st.builds(Limits, *[st.integers(0, 6)] * 5)
steps = st.lists(
    st.tuples(st.sampled_from([b"a", b"b", b"c", b"d", None]), st.integers(1, 2), st.integers(0, 60)),
    max_size=40,
)


@given(limits=limits, steps=steps)
def test_no_sequence_of_looks_passes_a_limit_and_a_refusal_changes_nothing(
    now: datetime, limits: Limits, steps: list[tuple[bytes | None, int, int]]
) -> None:
    usage, at = Usage(), now
    for token, amount, minutes in steps:
        at += timedelta(minutes=minutes)
        before = peek(usage, limits, WHO, at)
        answer = charge(usage, limits, WHO, at, token, amount=amount)
        if isinstance(answer, Charged):
            usage = answer.usage
        else:
            assert peek(usage, limits, WHO, at) == before
            assert min(one.left for one in before) < amount
        for one in peek(usage, limits, WHO, at):
            assert 0 <= one.used <= one.limit
            assert one.left == one.limit - one.used


def test_a_raise_counts_for_its_account_and_scope_until_its_end(now: datetime) -> None:
    limits = replace(ROOMY, day=1)
    more = grant_raise(
        account="p-1",
        scope="day",
        extra=1,
        now=now,
        until=now + timedelta(hours=1),
        asked_by="p-1",
        agreed_by="p-9",
    )
    usage = _charged(charge(Usage(), limits, WHO, now, b"a")).usage
    assert isinstance(charge(usage, limits, WHO, now, b"b"), Refused)
    assert isinstance(charge(usage, limits, WHO, now, b"b", raises=[more]), Charged)
    assert isinstance(charge(usage, limits, WHO, more.until, b"b", raises=[more]), Refused)
    assert isinstance(charge(usage, limits, WHO, now, b"b", raises=[replace(more, account="p-2")]), Refused)


@pytest.mark.parametrize(
    "change",
    [
        {"agreed_by": ""},
        {"agreed_by": "p-1"},
        {"agreed_by": "p-2"},
        {"asked_by": ""},
        {"extra": 0},
        {"scope": "week"},
        {"until": timedelta()},
        {"until": MAX_RAISE + timedelta(seconds=1)},
    ],
)
def test_a_raise_needs_a_second_person_a_size_and_a_near_end(
    now: datetime, change: dict[str, object]
) -> None:
    fields: dict[str, object] = {
        "account": "p-1",
        "scope": "day",
        "extra": 1,
        "asked_by": "p-2",
        "agreed_by": "p-9",
        "until": timedelta(hours=1),
    } | change
    until = fields.pop("until")
    assert isinstance(until, timedelta)
    with pytest.raises(QuotaError):
        grant_raise(now=now, until=now + until, **fields)  # type: ignore[arg-type]


def test_a_raise_without_zone_is_refused(now: datetime) -> None:
    with pytest.raises(QuotaError):
        grant_raise(
            account="p-1",
            scope="day",
            extra=1,
            now=now,
            until=(now + timedelta(hours=1)).replace(tzinfo=None),
            asked_by="p-1",
            agreed_by="p-9",
        )


def test_pruning_keeps_the_open_windows_and_the_persons_of_thirty_days(now: datetime) -> None:
    usage = _charged(charge(Usage(), ROOMY, WHO, now - timedelta(days=1), b"a")).usage
    usage = _charged(charge(usage, ROOMY, WHO, now, b"b")).usage
    kept = prune(usage, [gate.key for gate in gates(ROOMY, WHO, now)], now.date() + timedelta(days=29))
    assert peek(kept, ROOMY, WHO, now) == peek(replace(usage, persons=kept.persons), ROOMY, WHO, now)
    assert (len(kept.used) < len(usage.used), set(kept.persons)) == (True, {b"b"})


@pytest.mark.parametrize("amount", [0, -1])
def test_less_than_one_look_cannot_be_charged(now: datetime, amount: int) -> None:
    with pytest.raises(QuotaError):
        charge(Usage(), ROOMY, WHO, now, b"a", amount=amount)


def test_a_time_without_zone_is_refused(now: datetime) -> None:
    with pytest.raises(QuotaError):
        gates(ROOMY, WHO, now.replace(tzinfo=None))


@pytest.mark.parametrize("limit", [-1, 1_000_001, 1.5, True])
def test_a_limit_that_is_no_sensible_number_is_refused(limit: object) -> None:
    with pytest.raises(QuotaError):
        Limits(limit, 1, 1, 1, 1)  # type: ignore[arg-type]


def test_the_repeated_hour_of_a_change_of_clocks_is_an_hour_of_its_own() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    first, second = (datetime(2026, 10, 25, hour, 30, tzinfo=UTC).astimezone(berlin) for hour in (0, 1))
    assert first.hour == second.hour == 2
    assert gates(ROOMY, WHO, first)[0].key != gates(ROOMY, WHO, second)[0].key


def test_gates_come_in_one_order_so_that_transactions_cannot_deadlock(now: datetime) -> None:
    assert [gate.key.scope for gate in gates(ROOMY, WHO, now)] == list(SCOPES)


@given(
    shipped=st.integers(0, 10**7),
    share=st.integers(0, 50),
    least=st.integers(0, 50),
    span=st.integers(0, 500),
)
def test_a_dynamic_limit_stays_within_its_bounds_and_grows_with_the_work(
    shipped: int, share: int, least: int, span: int
) -> None:
    limit = dynamic_limit(shipped, per_thousand=share, least=least, most=least + span)
    assert least <= limit <= least + span
    assert limit <= dynamic_limit(shipped + 1000, per_thousand=share, least=least, most=least + span)


def test_dynamic_bounds_must_make_sense() -> None:
    with pytest.raises(QuotaError):
        dynamic_limit(1, per_thousand=1, least=2, most=1)


def test_no_repr_shows_the_tokens_of_persons(now: datetime) -> None:
    assert "secret-token" not in repr(_charged(charge(Usage(), ROOMY, WHO, now, b"secret-token")))
