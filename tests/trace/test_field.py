"""Windows and ways of stealing: an actor's actions decide how many hypotheses there are to choose from."""

from collections import Counter

import numpy as np
import pytest

from waybillguard.trace.field import Field, times_of
from waybillguard.trace.joining import Joined
from waybillguard.trace.laws import START_LAG, USUAL_DELAYS, Waiting, reported_by
from waybillguard.trace.material import Ground, Hits, Key

DAYS = 30
FIRST = 20_000


@pytest.fixture
def field() -> Field:
    """An account that read in three six-hour bins, one that read in all; one victim looked at by both."""
    keys = (Key("account", "busy", kernel="R"), Key("account", "night", kernel="X"))
    exposure = np.zeros((2, DAYS * 4))
    exposure[0], exposure[1, [8, 12, 16]] = 10, 50
    victims = tuple(
        Joined(f"o{n}", "t", FIRST + 8.0, np.nan, FIRST + 1.0, 0.9, "", "s", "c", "") for n in range(2)
    )
    ground = Ground(
        tenant="t", victims=victims, keys=keys, exposure=exposure, first_bin=FIRST * 4,
        hits=Hits(np.array([0, 1]), np.array([0, 0]), np.full(2, FIRST + 3.1), np.zeros(2, dtype=bool)),
        actors=Counter(account=2), holders=Counter({keys[0].way: 2, keys[1].way: 1}),
        cells=(("", "s", "c"),), cell_orders=np.full((1, DAYS * 4), 20.0), explained_known=True,
    )  # fmt: skip
    waiting, reach = Waiting.of(START_LAG, USUAL_DELAYS), reported_by(START_LAG, USUAL_DELAYS)
    return Field(ground, times_of(ground), waiting, reach, FIRST + 40.0)


def test_three_active_bins_have_six_windows_and_a_month_has_thousands(field: Field) -> None:
    assert np.exp(-field.window_prior).round().tolist() == [120 * 121 / 2, 6]


def test_the_weights_of_all_windows_around_a_look_are_those_that_hold_it(field: Field) -> None:
    nothing = np.zeros((1, 2, DAYS * 4))
    starts, ends, weight = field.windows(1, nothing)
    assert (starts.tolist(), ends.tolist()) == ([12], [13])
    assert np.exp(weight).ravel() == pytest.approx([4 / 6])


def test_a_way_that_one_account_alone_went_is_not_shared_with_the_others(field: Field) -> None:
    shared, alone = field.log_prior
    assert alone - shared == pytest.approx(np.log(0.2 / (0.38 / 2)))
