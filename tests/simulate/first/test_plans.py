"""Planned thefts do not overlap, whatever the seed."""

import pytest
from support.codes import has_code

from waybillguard.simulate import UNSEEN, Parameters, SimulateError
from waybillguard.simulate.first.plans import plan_thefts
from waybillguard.simulate.first.site import build_site
from waybillguard.simulate.first.world import FirstWorld


@pytest.mark.parametrize("seed", range(40))
def test_the_default_world_holds_every_kind_apart_for_every_seed(seed: int) -> None:
    parameters = Parameters(seed=seed)
    plans = plan_thefts(parameters)
    start, end = plans[0].first, plans[0].last
    for place, one in enumerate(plans):
        start, end = min(start, one.first), max(end, one.last)
        for other in plans[place + 1 :]:
            same = one.warehouse == other.warehouse and one.warehouse >= 0
            gang = one.gang is not None and one.gang == other.gang
            assert not same or gang or one.last < other.first or other.last < one.first
    assert end - start < parameters.days
    assert len({plan.id for plan in plans}) == len(plans) == 12


@pytest.mark.parametrize("seed", range(20))
def test_every_theft_in_sight_has_an_account_and_every_other_has_none(seed: int) -> None:
    for theft in FirstWorld(Parameters(seed=seed)).thefts:
        assert (theft.account is None) == (theft.kind in UNSEEN)
        assert theft.seen == (theft.kind not in UNSEEN)
        assert (theft.kind != "print_tap") or theft.workstation


def test_two_thefts_of_each_kind_are_placed_too() -> None:
    plans = plan_thefts(Parameters(seed=1, warehouses=12, thefts_per_kind=2))

    assert len(plans) == 24


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(SimulateError, check=has_code("simulate_parameters")) as caught:
        plan_thefts(Parameters(seed=1, warehouses=1, days=12))

    assert "--warehouses" in caught.value.zh
    assert "--days" in caught.value.en


def test_a_site_has_a_station_for_every_seat_and_names_that_are_its_own() -> None:
    for index in range(30):
        site = build_site(Parameters(seed=4, warehouses=30), index)
        names = [account.name for account in site.accounts]
        assert len(set(names)) == len(names)
        assert all(account.station < len(site.stations) for account in site.accounts)
        assert all(account.start < account.end <= 24 for account in site.accounts)
        assert abs(site.shop_share.sum() - 1) < 1e-9
        assert abs(site.carrier_share.sum() - 1) < 1e-9
