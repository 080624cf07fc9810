"""Sentinels identify accounts that leak together, and no innocent one."""

import numpy as np

from waybillguard.trace.sentinels import needed, place, scores, threshold

ACCOUNTS = tuple(f"a{n}" for n in range(60))


def test_two_who_leak_together_pass_and_no_innocent_does() -> None:
    caught = wrong = 0
    for seed in range(30):
        draw = np.random.default_rng(seed)
        laid = place(ACCOUNTS, 600, draw)
        seen = np.array(laid.seen)
        union = seen[0] | seen[1]
        touched = tuple(bool(one) for one in union & (draw.random(600) < 0.9))
        line = threshold(laid, 0.01)
        passed = {name for name, score in scores(laid, touched).items() if score > line}
        caught += bool(passed & {"a0", "a1"})
        wrong += bool(passed - {"a0", "a1"})
    assert wrong == 0
    assert caught >= 27


def test_noise_accuses_nobody() -> None:
    draw = np.random.default_rng(9)
    laid = place(ACCOUNTS, 400, draw)
    for _ in range(50):
        touched = tuple(bool(one) for one in draw.random(400) < 0.1)
        assert max(scores(laid, touched).values()) < threshold(laid, 0.01)


def test_more_sentinels_are_needed_where_fewer_are_called() -> None:
    assert needed(0.6, 0.01) > needed(0.6, 0.05) == 76


def test_a_placement_shows_nobody_where_the_sentinels_lie() -> None:
    assert repr(place(ACCOUNTS[:2], 5, np.random.default_rng(1))) == "Placement(2 accounts, 5 sentinels)"
