"""The floor generator: its truth, its models, and that a seed determines a world."""

from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from support.codes import has_code

from waybillguard.simulate import KINDS, UNSEEN, Made, Parameters, SimulateError, make_world, write_world
from waybillguard.simulate.model import ACTIONS, LOGIN, PRINT, REPRINT, REVEAL, VIEW, EventColumns, Theft

WORLD = Parameters(seed=11, days=18, warehouses=4, parcels=500.0)
DAY = 86_400_000_000
EIGHT = 8 * 3_600_000_000


@pytest.fixture(scope="module")
def made() -> Made:
    return make_world(WORLD, "b")


def column(made: Made, name: str) -> np.ndarray[Any, Any]:
    return np.concatenate([events.columns[name] for events in made.events])


def of_kind(made: Made, kind: str) -> Theft:
    return next(theft for theft in made.thefts if theft.kind == kind and theft.gang is None)


def looks(made: Made, theft: Theft, *actions: int) -> list[tuple[int, str, str]]:
    """Return time, order and ip of what an account did in one of the theft's warehouses."""
    found = []
    for events in made.events:
        if events.tenant not in theft.tenants:
            continue
        accounts, orders, ips = events.texts("account"), events.texts("order_id"), events.texts("ip")
        found += [
            (int(events.columns["ts"][row]), orders[row] or "", ips[row] or "")
            for row in np.flatnonzero(np.isin(events.columns["action"], actions)).tolist()
            if accounts[row] == theft.account
        ]
    return found


def test_a_seed_is_a_world_and_another_seed_is_another(made: Made) -> None:
    again = make_world(WORLD, "b")
    assert again.thefts == made.thefts
    assert again.victims == made.victims
    assert np.array_equal(column(again, "ts"), column(made, "ts"))
    one, other = (
        make_world(Parameters(seed=seed, days=8, warehouses=1, parcels=60.0, kinds=("leaver",)), "b")
        for seed in (11, 12)
    )
    assert one.events
    assert not np.array_equal(column(other, "ts"), column(one, "ts"))


def test_each_day_holds_the_events_of_that_local_day_in_order_of_time(made: Made) -> None:
    for events in made.events:
        ts = events.columns["ts"]
        assert np.all(np.diff(ts) >= 0)
        assert np.all((ts + EIGHT) // DAY == events.day)
        assert np.all((ts + EIGHT) % DAY // 600_000_000 == events.columns["w10"])


def test_every_kind_of_theft_takes_something(made: Made) -> None:
    assert {theft.kind for theft in made.thefts} == set(KINDS) - {"gangs"}
    assert all(theft.orders for theft in made.thefts)
    assert all(len(set(theft.orders)) == len(theft.orders) for theft in made.thefts)


def test_two_gangs_share_a_warehouse(made: Made) -> None:
    first, second = (theft for theft in made.thefts if theft.gang)
    assert first.tenants == second.tenants
    assert first.account != second.account or first.workstation != second.workstation


def test_what_was_stolen_in_sight_was_revealed_by_that_account_then(made: Made) -> None:
    for theft in made.thefts:
        if not theft.seen:
            assert theft.kind in UNSEEN
            continue
        revealed = {order for ts, order, _ in looks(made, theft, REVEAL) if theft.first <= ts <= theft.last}
        assert set(theft.orders) <= revealed


def test_a_print_tap_takes_what_its_station_printed_in_its_days(made: Made) -> None:
    tap = of_kind(made, "print_tap")
    printed: set[str] = set()
    days = {(ts + EIGHT) // DAY for ts in (tap.first, tap.last)}
    for events in made.events:
        if events.tenant in tap.tenants and min(days) <= events.day <= max(days):
            stations, orders = events.texts("workstation"), events.texts("order_id")
            rows = np.flatnonzero(events.columns["action"] == PRINT)
            printed |= {orders[row] or "" for row in rows.tolist() if stations[row] == tap.workstation}
    assert set(tap.orders) <= printed
    assert len(tap.orders) > 0.9 * len(printed)


def test_a_leaver_looks_after_the_last_day_of_employment_and_from_elsewhere(made: Made) -> None:
    leaver = of_kind(made, "leaver")
    (row,) = [one for one in made.roster if one.account == leaver.account]
    stolen = [look for look in looks(made, leaver, REVEAL) if look[1] in set(leaver.orders)]
    late = [look for look in stolen if leaver.first <= look[0] <= leaver.last]
    last = (date.fromisoformat(row.employed_to) - date(1970, 1, 1)).days
    assert all((ts + EIGHT) // DAY > last for ts, _, _ in late)
    assert all(ip.startswith("203.0.113.") for _, _, ip in late)


def test_victims_of_a_theft_had_their_order_stolen_and_were_called_after(made: Made) -> None:
    thefts = {theft.id: theft for theft in made.thefts}
    for victim in made.victims:
        assert victim.reported_at >= victim.contacted_at
        if victim.theft is not None:
            assert victim.order_id in thefts[victim.theft].orders
            assert victim.contacted_at > thefts[victim.theft].first
    outside = sum(victim.theft is None for victim in made.victims) / len(made.victims)
    assert 0.3 < outside < 0.7


def test_reprints_are_of_printed_orders_and_prints_happen_once(made: Made) -> None:
    counted: Counter[str] = Counter()
    again: set[str] = set()
    for events in made.events:
        orders = events.texts("order_id")
        actions = events.columns["action"]
        counted.update(orders[row] or "" for row in np.flatnonzero(actions == PRINT).tolist())
        again |= {orders[row] or "" for row in np.flatnonzero(actions == REPRINT).tolist()}
    assert max(counted.values()) == 1
    assert again
    assert again <= set(counted)


def test_most_looks_are_explained_and_stolen_ones_never(made: Made) -> None:
    stolen = {order for theft in made.thefts if theft.seen for order in theft.orders}
    explained = honest = 0
    for events in made.events:
        orders, why = events.texts("order_id"), events.texts("explained_by")
        for row in np.flatnonzero(np.isin(events.columns["action"], (VIEW, REVEAL))).tolist():
            if orders[row] not in stolen:
                honest += 1
                explained += why[row] is not None
    assert explained / honest > 0.6


def test_everyone_who_signs_in_is_on_the_roster(made: Made) -> None:
    listed = {row.account for row in made.roster}
    acting = {
        name
        for events in made.events
        for name, action in zip(events.texts("account"), events.columns["action"], strict=True)
        if action == LOGIN
    }
    assert acting <= listed


def test_actions_are_the_contracts(made: Made) -> None:
    actions = set(column(made, "action").tolist())
    assert actions <= set(range(len(ACTIONS)))
    assert {PRINT, REPRINT, VIEW, REVEAL, LOGIN} <= actions


def test_a_sale_day_brings_several_times_a_plain_days_orders() -> None:
    sale = make_world(
        Parameters(seed=5, start=date(2026, 11, 9), days=3, warehouses=1, parcels=800.0, kinds=()), "b"
    )
    created = np.concatenate([part.columns["created_at"] for part in sale.orders])
    by_day = Counter(((created + EIGHT) // DAY).tolist())
    assert by_day[20_768] > 2 * by_day[20_766]


def test_waybills_are_different_for_every_order(made: Made) -> None:
    waybills = np.concatenate([part.columns["waybill"] for part in made.orders])
    assert len(np.unique(waybills)) == len(waybills)


def test_more_thefts_than_people_are_refused() -> None:
    with pytest.raises(SimulateError, check=has_code("simulate_parameters"), match="more thefts than people"):
        make_world(Parameters(seed=1, warehouses=1, parcels=30.0, thefts_per_kind=9), "b")


def test_a_folder_is_written_like_any_other_worlds(tmp_path: Path) -> None:
    report = write_world(
        Parameters(seed=3, days=8, warehouses=2, parcels=200.0), tmp_path / "w", generator="b"
    )
    names = {one.name for one in (tmp_path / "w").iterdir()}
    assert {
        "events",
        "orders.parquet",
        "roster.csv",
        "victims.csv",
        "shipments.parquet",
        "truth.json",
    } <= names
    assert report.events > report.orders > 0


def test_a_looks_order_is_shown_in_plaintext_only_in_reveals_and_on_lane_c(made: Made) -> None:
    def exposed(events: EventColumns) -> set[int]:
        return set(events.columns["action"][events.columns["exposed"]].tolist())

    assert set().union(*map(exposed, made.events)) <= {PRINT, REPRINT, REVEAL}
