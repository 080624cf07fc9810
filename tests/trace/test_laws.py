"""Waiting times and their truncation."""

import numpy as np
import pytest

from waybillguard.trace.laws import EDGES, START_LAG, USUAL_DELAYS, Waiting, reported_by


def test_a_law_has_all_its_mass_and_none_before_the_theft() -> None:
    assert START_LAG.mass.sum() == pytest.approx(1)
    assert START_LAG.density(np.array([-0.1, EDGES[-1] + 1])).tolist() == [0, 0]


def test_observed_waits_move_the_law_towards_them() -> None:
    waits = np.full(200, 12.0)
    refitted = START_LAG.refitted(waits, np.ones(200), np.ones(200))
    assert refitted.density(np.array([12.0])) > 5 * START_LAG.density(np.array([12.0]))
    assert refitted.mass.sum() == pytest.approx(1)


def test_who_waits_to_report_is_on_the_list_later() -> None:
    at_once, slow = reported_by(START_LAG, np.array([])), reported_by(START_LAG, np.full(50, 4.0))
    days = np.array([1.0, 3.0, 8.0])
    assert (slow(days) < at_once(days)).all()
    assert at_once(np.array([-1.0, 60.0])).tolist() == pytest.approx([0, 1], abs=0.01)


def test_where_only_the_report_has_a_time_the_delay_until_it_is_part_of_the_wait() -> None:
    waiting = Waiting.of(START_LAG, USUAL_DELAYS)
    waits = np.linspace(0.05, 30, 200)
    exact, late = (waiting.density(waits, np.full(200, told)) for told in (False, True))
    assert (waits * late).sum() / late.sum() > (waits * exact).sum() / exact.sum() + 1


def test_who_gives_no_time_at_all_fits_every_look_alike() -> None:
    waiting = Waiting.of(START_LAG, USUAL_DELAYS)
    found = waiting.density(np.array([np.nan, np.nan]), np.array([True, True]))
    assert found[0] == found[1] > 0
