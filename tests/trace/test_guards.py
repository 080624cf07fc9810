import numpy as np
import pytest

from waybillguard.trace.answer import several_carriers
from waybillguard.trace.guards import ALPHA, BY_CHANCE, DRAWS, family_p
from waybillguard.trace.naming import Named


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


@pytest.mark.parametrize("bar", [ALPHA, BY_CHANCE])
@pytest.mark.parametrize("law", ["normal", "gumbel", "exponential"])
def test_chance_alone_passes_no_more_often_than_it_says(law: str, bar: float) -> None:
    dice = np.random.default_rng(3)
    draw = getattr(dice, law)
    passed = sum(family_p(float(draw()), lambda: float(draw())) <= bar for _ in range(1_500))
    assert passed <= 1_500 * bar / 2 + 3 * np.sqrt(1_500 * bar / 2)


def carrier(name: str, first: float, last: float, *, ground: int = 0, kind: str = "unlogged") -> Named:
    actor = (kind, "", "", name)
    return Named(
        ground=ground, place=0, actor=actor, members=frozenset({actor}), posterior=0.99, tie=(), kernel="P",
        first=first, last=last, explained=20.0, explained_by_work=0.0, looked_at=100, seen=20.0, log_odds=9.0,
        slots=(), outside=1.0,
    )  # fmt: skip


def test_carriers_of_one_warehouse_in_the_same_days_are_no_leads_together() -> None:
    zto, yto = carrier("zto", 10, 14), carrier("yto", 13, 20)
    alone = [
        carrier("sto", 30, 34),
        carrier("yunda", 10, 14, ground=1),
        carrier("", 10, 14),
        carrier("shop", 10, 14, kind="shop"),
    ]
    assert several_carriers([zto, yto, *alone]) == [zto, yto]
    assert several_carriers([zto, *alone]) == []
