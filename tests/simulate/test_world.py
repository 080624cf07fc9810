"""Promises of a simulated world: truth that agrees with the events, models that hold, and reproducibility."""

import datetime as dt
from collections import Counter, defaultdict

import numpy as np
import pytest
from support.codes import has_code

from waybillguard.simulate import KINDS, UNSEEN, Made, Parameters, SimulateError, make_world
from waybillguard.simulate.first import calendar
from waybillguard.simulate.model import ACTIONS, LOGIN, PRINT, REVEAL, VIEW, EventColumns

WORLD = Parameters(seed=11, parcels=500.0, warehouses=6)
START = (WORLD.start - dt.date(1970, 1, 1)).days
EIGHT = 8 * 3_600_000_000


@pytest.fixture(scope="module")
def made() -> Made:
    return make_world(WORLD)


def hours(events: EventColumns) -> np.ndarray:
    return (events.columns["ts"] + EIGHT) % 86_400_000_000 / 3_600_000_000


def looks_by_order(made: Made, account: str | None = None) -> dict[str, list[tuple[int, str]]]:
    found: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for events in made.events:
        exposed = np.flatnonzero(events.columns["exposed"] & (events.columns["order_id"] >= 0))
        accounts, orders = events.texts("account"), events.texts("order_id")
        for row in exposed.tolist():
            if account is None or accounts[row] == account:
                found[orders[row] or ""].append((int(events.columns["ts"][row]), accounts[row] or ""))
    return found


def test_equal_parameters_make_equal_worlds(made: Made) -> None:
    again = make_world(WORLD)

    assert again.thefts == made.thefts
    assert again.victims == made.victims
    assert again.roster == made.roster
    for one, other in zip(made.events, again.events, strict=True):
        assert all(np.array_equal(one.columns[name], other.columns[name]) for name in one.columns)


def test_another_seed_makes_another_world(made: Made) -> None:
    other = make_world(Parameters(seed=12, parcels=500.0, warehouses=6))

    assert [len(day) for day in other.events] != [len(day) for day in made.events]
    assert [theft.account for theft in other.thefts] != [theft.account for theft in made.thefts]


def test_every_kind_of_theft_happens_and_takes_something(made: Made) -> None:
    assert {theft.kind for theft in made.thefts} == set(KINDS) - {"gangs"}
    assert all(theft.orders for theft in made.thefts)


def test_two_gangs_share_a_warehouse_and_a_window(made: Made) -> None:
    gangs = [theft for theft in made.thefts if theft.gang]

    assert len(gangs) == 2
    assert gangs[0].tenants == gangs[1].tenants
    assert gangs[0].first < gangs[1].last
    assert gangs[1].first < gangs[0].last


def test_what_was_stolen_in_sight_was_looked_at_by_that_account_in_that_window(made: Made) -> None:
    seen = [theft for theft in made.thefts if theft.seen]
    assert seen
    for theft in seen:
        looks = looks_by_order(made, theft.account)
        for order in theft.orders:
            assert any(theft.first <= ts <= theft.last for ts, _ in looks[order]), (theft.kind, order)


def test_a_tap_takes_what_its_station_printed_and_leaves_no_event(made: Made) -> None:
    taps = [theft for theft in made.thefts if theft.kind == "print_tap"]
    without = make_world(Parameters(seed=11, parcels=500.0, warehouses=6, kinds=tuple(UNSEEN)))
    assert taps
    assert all(theft.account is None for theft in without.thefts)
    for theft in taps:
        printed = set()
        for events in made.events:
            if events.tenant in theft.tenants:
                station = events.words["workstation"].index(theft.workstation or "")
                mine = (events.columns["action"] == PRINT) & (events.columns["workstation"] == station)
                orders = events.texts("order_id")
                printed |= {orders[row] for row in np.flatnonzero(mine).tolist()}
        assert set(theft.orders) <= printed


def test_thefts_that_events_cannot_show_change_no_event() -> None:
    quiet = Parameters(seed=5, parcels=300.0, warehouses=4, kinds=())
    tapped = Parameters(seed=5, parcels=300.0, warehouses=4, kinds=tuple(sorted(UNSEEN)))

    for one, other in zip(make_world(quiet).events, make_world(tapped).events, strict=True):
        assert np.array_equal(one.columns["ts"], other.columns["ts"])


def test_no_two_thefts_meet_in_a_warehouse_unless_it_is_meant(made: Made) -> None:
    local = [theft for theft in made.thefts if theft.kind != "erp_leak"]
    for place, one in enumerate(local):
        for other in local[place + 1 :]:
            together = set(one.tenants) & set(other.tenants) and not (one.gang and one.gang == other.gang)
            assert not together or one.last < other.first or other.last < one.first, (one.kind, other.kind)


def test_victims_come_from_what_was_stolen_or_from_outside(made: Made) -> None:
    by_theft = {theft.id: set(theft.orders) for theft in made.thefts}
    ours = [victim for victim in made.victims if victim.theft]
    outside = [victim for victim in made.victims if not victim.theft]

    assert all(victim.order_id in by_theft[victim.theft or ""] for victim in ours)
    assert sorted(victim.order_id for victim in ours) == sorted(o for t in made.thefts for o in t.victims)
    assert 0.35 < len(outside) / len(made.victims) < 0.6
    assert not {victim.order_id for victim in outside} & {victim.order_id for victim in ours}


def test_nobody_is_called_before_the_theft_nor_at_night(made: Made) -> None:
    firsts = {theft.id: theft.first for theft in made.thefts}
    for victim in made.victims:
        hour = (victim.contacted_at + EIGHT) % 86_400_000_000 / 3_600_000_000
        assert 9 <= hour < 21
        assert victim.reported_at >= victim.contacted_at
        assert victim.theft is None or victim.contacted_at > firsts[victim.theft]
        assert victim.names_order or victim.names_waybill
        assert 0 <= victim.certainty <= 1


def test_victims_of_our_thefts_are_surer_than_the_others(made: Made) -> None:
    ours = [victim.certainty for victim in made.victims if victim.theft]
    outside = [victim.certainty for victim in made.victims if not victim.theft]

    assert np.mean(ours) > np.mean(outside) + 0.1


def test_every_order_in_an_event_was_received_before(made: Made) -> None:
    created: dict[str, int] = {}
    for part in made.orders:
        for number, ts in zip(
            part.columns["number"].tolist(), part.columns["created_at"].tolist(), strict=True
        ):
            created[f"{part.tenant}-{number}"] = ts
    for events in made.events:
        orders = events.texts("order_id")
        for row, ts in enumerate(events.columns["ts"].tolist()):
            order = orders[row]
            assert order is None or created[order] <= ts


def test_waybills_are_different_for_every_order(made: Made) -> None:
    codes = np.concatenate([part.columns["waybill"] for part in made.orders])

    assert len(np.unique(codes)) == len(codes)


def test_each_day_holds_the_events_of_that_local_day_in_order_of_time(made: Made) -> None:
    for events in made.events:
        ts = events.columns["ts"]
        assert (np.diff(ts) >= 0).all()
        assert (((ts + EIGHT) // 86_400_000_000) == events.day).all()
        assert set(events.columns["w10"].tolist()) <= set(range(144))


def test_prints_fall_into_the_shift_and_most_looks_into_office_hours(made: Made) -> None:
    at = np.concatenate(
        [hours(e)[e.columns["action"] == PRINT] for e in made.events if calendar.volume(e.day) < 1.8]
    )
    desk = np.concatenate(
        [hours(e)[(e.columns["action"] == REVEAL) & (e.columns["explained_by"] >= 0)] for e in made.events]
    )

    assert at.min() > 7.5
    assert np.mean((desk >= 8) & (desk < 23)) > 0.9


def test_a_great_sale_is_printed_through_the_night_so_night_alone_is_no_proof(made: Made) -> None:
    eleven = (dt.date(2026, 11, 11) - dt.date(1970, 1, 1)).days
    night = sum(
        int(((hours(e) < 6) & (e.columns["action"] == PRINT)).sum()) for e in made.events if e.day == eleven
    )

    assert night > 100


def test_somebody_innocent_looks_at_night_from_home() -> None:
    quiet = make_world(Parameters(seed=11, parcels=200.0, warehouses=8, kinds=()))

    night = [
        e
        for e in quiet.events
        if ((hours(e) < 6) & (e.columns["action"] == VIEW) & (e.columns["workstation"] < 0)).any()
    ]

    assert night


def test_sale_days_stand_out_and_overtime_comes_with_them(made: Made) -> None:
    orders: Counter[int] = Counter()
    for part in made.orders:
        days = (part.columns["created_at"] + EIGHT) // 86_400_000_000
        for day, count in zip(*np.unique(days, return_counts=True), strict=True):
            orders[int(day)] += int(count)
    eleven = START + (dt.date(2026, 11, 11) - WORLD.start).days
    usual = np.median(list(orders.values()))

    assert orders[eleven] == max(orders.values())
    assert 3.5 < orders[eleven] / usual < 9


def test_nearly_every_look_is_explained_and_thefts_are_not(made: Made) -> None:
    explained = looked = 0
    for events in made.events:
        looks = (events.columns["order_id"] >= 0) & (events.columns["action"] != LOGIN)
        looked += int(looks.sum())
        explained += int((events.columns["explained_by"][looks] >= 0).sum())

    assert 0.9 < explained / looked < 0.999


def test_sizes_of_jobs_and_daily_looks_have_heavy_tails(made: Made) -> None:
    reveals = np.array(
        [
            count
            for events in made.events
            for count in Counter(
                events.columns["account"][events.columns["action"] == REVEAL].tolist()
            ).values()
        ]
    )

    assert reveals.max() > 8 * np.median(reveals)


def test_rosters_hold_every_account_that_acts_and_leavers_have_left(made: Made) -> None:
    known = {row.account: row for row in made.roster}
    for events in made.events:
        codes = np.unique(events.columns["account"])
        assert {events.words["account"][code] for code in codes.tolist() if code >= 0} <= set(known)
    for theft in made.thefts:
        if theft.kind == "leaver":
            left = dt.date.fromisoformat(known[theft.account or ""].employed_to)
            assert left < dt.datetime.fromtimestamp(theft.first / 1e6, dt.UTC).date()


def test_actions_cover_the_contract(made: Made) -> None:
    seen = {ACTIONS[code] for events in made.events for code in np.unique(events.columns["action"])}

    assert seen == set(ACTIONS)


@pytest.mark.parametrize(
    "wrong",
    [
        {"days": 0}, {"warehouses": 0}, {"parcels": 1.0}, {"seed": -1}, {"outside": 1.0},
        {"kinds": ("sorcery",)}, {"days": 3}, {"parcels": float("nan")}, {"thefts_per_kind": -1},
    ],
)  # fmt: skip
def test_parameters_that_make_no_world_are_refused_in_both_languages(wrong: dict[str, object]) -> None:
    with pytest.raises(SimulateError, check=has_code("simulate_parameters")) as caught:
        Parameters(**({"seed": 1} | wrong))  # type: ignore[arg-type]

    assert caught.value.zh
    assert caught.value.en


def test_more_thefts_than_the_days_can_hold_are_refused() -> None:
    with pytest.raises(SimulateError, check=has_code("simulate_parameters")):
        make_world(Parameters(seed=1, warehouses=1, days=10))
