"""Frozen cases of thefts and of honest days that resemble thefts (run all with ``python -m detect.casebook``)."""

import pytest
from detect.casebook import cases, judged

UNSEEN = {
    "mimic-bare": "as many looks again as a clerk has, where no log says why: counts do not tell them apart",
}
HERE = (
    "low-and-slow", "work-shared", "print-and-cancel", "old-orders-bare", "after-the-shift", "peak", "migration-bare",
    "training", "jam", "invented-calls", "labels-nobody-ships", "sale-backlog", "three-quotas-one-desk", "presale", *UNSEEN,
)  # fmt: skip
BY_ID = {one.id: one for one in cases()}


@pytest.mark.parametrize(
    "which",
    [
        pytest.param(one, marks=pytest.mark.xfail(strict=True, reason=UNSEEN[one]) if one in UNSEEN else ())
        for one in HERE
    ],
)
def test_a_frozen_case_ends_as_its_story_demands(which: str) -> None:
    outcome = judged(BY_ID[which], "a")
    assert outcome.holds, (outcome.gone, outcome.stolen, [one.rule for one in outcome.false])


def test_every_case_is_a_theft_or_an_honest_day_and_can_be_played() -> None:
    assert len(BY_ID) == len(cases())
    assert all(one.acts or one.scene if one.thief else not one.acts for one in cases())
