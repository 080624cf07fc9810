"""The floor generator: its truth, its laws, and that a seed is a world."""

from collections import Counter, defaultdict
from pathlib import Path

import pytest

from waybillguard.events.store import EventStore
from waybillguard.simulate.floor import FloorWorld, Plan, TheftKind
from waybillguard.simulate.floor.plan import DAY, MICRO, ZONE, local_day
from waybillguard.simulate.floor.run import prepare, run
from waybillguard.simulate.floor.shift import Look
from waybillguard.simulate.floor.table import columns

PLAN = Plan(seed=11, days=24, tenants=2, others=3, parcels=700)
type Played = tuple[FloorWorld, list[tuple[str, int, list[Look]]]]


def play(plan: Plan) -> Played:
    world = prepare(plan)
    return world, list(run(world))


@pytest.fixture(scope="module")
def played() -> Played:
    return play(PLAN)


def fingerprint(played: Played) -> list[tuple[int, str, str, str]]:
    return [
        (look.ts, look.person.account, look.action, look.parcel.number if look.parcel else "")
        for _, _, looks in played[1]
        for look in looks
    ]


def test_a_seed_is_a_world_and_another_seed_is_another(played: Played) -> None:
    again = fingerprint(play(PLAN))
    assert again == fingerprint(played)
    assert fingerprint(play(Plan(seed=12, days=24, tenants=2, others=3, parcels=700))) != again


def test_looks_come_in_order_and_near_their_day(played: Played) -> None:
    for _, day, looks in played[1]:
        moments = [look.ts for look in looks]
        assert moments == sorted(moments)
        # Overtime may pass midnight; nothing strays further.
        assert all(day <= local_day(ts) <= day + 1 for ts in moments)


def test_every_kind_of_theft_is_in_the_truth_once_with_what_it_took(played: Played) -> None:
    world, _ = played
    assert Counter(theft.kind for theft in world.thefts) == Counter(TheftKind)
    for theft in world.thefts:
        assert theft.stolen, theft.kind
        assert len({parcel.number for parcel in theft.stolen}) == len(theft.stolen)


def test_no_person_steals_twice(played: Played) -> None:
    numbers = [theft.person.number for theft in played[0].thefts]
    assert len(set(numbers)) == len(numbers)


def test_what_the_truth_calls_visible_stands_among_the_events_and_the_rest_does_not(played: Played) -> None:
    world, days = played
    there = {id(look) for _, _, looks in days for look in looks}
    for theft in world.thefts:
        if theft.visible:
            assert theft.looks
            assert all(id(look) in there for look in theft.looks)
            assert {look.parcel.number for look in theft.looks if look.parcel} == {
                p.number for p in theft.stolen
            }
        else:
            assert not theft.looks


def test_a_print_tap_takes_exactly_what_its_station_printed_in_its_time(played: Played) -> None:
    world, days = played
    (tap,) = [theft for theft in world.thefts if theft.kind is TheftKind.PRINT_TAP]
    printed = {
        look.parcel.number
        for tenant, day, looks in days
        for look in looks
        if tenant == tap.floor.tenant
        and tap.first_day <= day <= tap.last_day
        and look.action == "print"
        and look.station == tap.person.station
        and look.parcel
        and local_day(look.ts) == day
    }
    assert {parcel.number for parcel in tap.stolen} == printed


def test_a_leaver_looks_only_after_the_last_day_and_from_elsewhere(played: Played) -> None:
    (leaver,) = [theft for theft in played[0].thefts if theft.kind is TheftKind.LEAVER]
    assert leaver.person.last_day is not None
    assert all(local_day(look.ts) > leaver.person.last_day for look in leaver.looks)
    assert all(look.ip.startswith("203.0.113.") for look in leaver.looks)


def test_victims_of_a_theft_had_their_order_stolen_and_were_called_after(played: Played) -> None:
    world, _ = played
    assert world.victims
    for victim in world.victims:
        if victim.theft is not None:
            assert victim.parcel.number in world.thefts[victim.theft].seen
            assert victim.contacted_at > victim.parcel.created_at
        assert victim.reported_at >= victim.contacted_at
    outside = sum(victim.theft is None for victim in world.victims) / len(world.victims)
    assert 0.08 < outside < 0.25


def test_plaintext_is_shown_on_lane_c_and_in_reveals_alone(played: Played) -> None:
    for _, _, looks in played[1]:
        for look in looks:
            if look.exposed:
                assert look.action == "reveal" or (look.parcel is not None and look.parcel.shop.lane == "C")
                assert look.allowed


def test_every_parcel_is_printed_once_and_reprinted_only_in_a_jam(played: Played) -> None:
    every = [look for _, _, looks in played[1] for look in looks if look.parcel]
    prints = Counter(look.parcel.number for look in every if look.action == "print" and look.parcel)
    assert max(prints.values()) == 1
    reprints = [look for look in every if look.action == "reprint"]
    assert reprints
    assert all(look.purpose == "jam" and look.parcel and look.parcel.number in prints for look in reprints)


def test_honest_looks_are_mostly_explained_and_stolen_ones_never(played: Played) -> None:
    world, days = played
    stolen = {id(look) for theft in world.thefts for look in theft.looks}
    shown = [look for _, _, looks in days for look in looks if look.action in {"view", "reveal"}]
    service = [look for look in shown if id(look) not in stolen and look.person.role == "service"]
    assert sum(bool(look.explained_by) for look in service) / len(service) > 0.5
    assert not any(look.explained_by for theft in world.thefts for look in theft.looks)


def test_a_sale_day_brings_several_times_a_plain_days_orders() -> None:
    # 2026-11-11 is local day 20768.
    world = prepare(Plan(seed=5, first_day=20_766, days=3, tenants=1, others=0, parcels=800, thefts=()))
    for _ in run(world):
        pass
    counts: dict[int, int] = defaultdict(int)
    for parcel in next(iter(world.shipped.values())):
        counts[(parcel.created_at // MICRO + ZONE) // DAY] += 1
    assert counts[20_768] > 2 * counts[20_766]


def test_a_day_is_a_table_of_access_events(played: Played, tmp_path: Path) -> None:
    world, days = played
    store = EventStore(tmp_path, durable=False)
    for tenant, day, looks in days:
        if looks:
            store.append(f"{tenant}-{day}", columns(tenant, looks))
    with store.open() as connection:
        counted = connection.execute(
            "SELECT count(*), count(order_id), count(DISTINCT tenant) FROM events"
        ).fetchone()
    every = [look for _, _, looks in days for look in looks]
    assert counted == (len(every), sum(look.parcel is not None for look in every), len(world.floors))
