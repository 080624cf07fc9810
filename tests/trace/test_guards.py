import numpy as np
import pytest

from waybillguard.trace.guards import ALPHA, DRAWS, family_p


def test_where_the_law_of_maxima_leaves_it_close_draws_decide() -> None:
    dice = np.random.default_rng(1)
    assert family_p(3.6, lambda: float(dice.normal())) < ALPHA  # true: 0.0003; the law of maxima says 0.01
    assert family_p(2.2, lambda: float(dice.normal())) > ALPHA  # true: 0.028


@pytest.mark.parametrize("far", [8.0, -1.0])
def test_where_it_is_clear_few_draws_are_made(far: float) -> None:
    dice = np.random.default_rng(2)
    made = []

    def draw() -> float:
        made.append(0)
        return float(dice.normal())

    assert (family_p(far, draw) < ALPHA) is (far > 0)
    assert len(made) == DRAWS


@pytest.mark.parametrize("law", ["normal", "gumbel", "exponential"])
def test_chance_alone_passes_no_more_often_than_it_says(law: str) -> None:
    dice = np.random.default_rng(3)
    draw = getattr(dice, law)
    passed = sum(family_p(float(draw()), lambda: float(draw())) <= ALPHA for _ in range(1_500))
    assert passed <= 1_500 * ALPHA / 2 + 3 * np.sqrt(1_500 * ALPHA / 2)
