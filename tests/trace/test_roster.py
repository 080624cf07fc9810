"""Whether accounts are off shift or at work."""

import pytest

from waybillguard.trace import Shifts, TraceError

ROSTER = b"""tenant,account,shift_start,shift_end,employed_from,employed_to
w,day,9,18,2026-01-01,2026-11-10
w,night,22:30,6,,
w,always,,,,
"""
DAY = 20_767  # 2026-11-10


@pytest.mark.parametrize(
    ("account", "day", "hour", "off"),
    [
        ("day", DAY, 12, False),
        ("day", DAY, 8.2, False),
        ("day", DAY, 19.5, True),
        ("day", DAY + 1, 12, True),
        ("night", DAY, 2, False),
        ("night", DAY, 12, True),
        ("always", DAY, 3, False),
        ("nobody", DAY, 3, False),
    ],
)
def test_looks_fall_in_or_out_of_a_shift_widened_by_an_hour(
    account: str, day: int, hour: float, off: bool
) -> None:
    assert Shifts.read(ROSTER).off("w", account, day, int(hour * 6)) is off


def test_a_roster_without_accounts_is_refused() -> None:
    with pytest.raises(TraceError):
        Shifts.read(b"name,hours\nx,8\n")


def renamed(*rows: tuple[str, str, str, str]) -> dict[tuple[str, str], str]:
    named = [
        {"tenant": "w", "account": account, "person": person, "employed_from": first, "employed_to": last}
        for account, person, first, last in rows
    ]
    return Shifts.of(named).renamed


def test_an_account_that_one_person_used_under_two_names_in_turn_has_the_last_name() -> None:
    found = renamed(("old", "p1", "", "2026-05-31"), ("new", "p1", "2026-06-01", ""), ("b", "p2", "", ""))
    assert found == {("w", "old"): "new"}


@pytest.mark.parametrize(
    "rows",
    [
        (("a", "p1", "", ""), ("b", "p1", "", "")),
        (("a", "p1", "", "2026-06-10"), ("b", "p1", "2026-06-01", "")),
        (("a", "p1", "", "2026-05-31"), ("b", "p1", "2026-06-01", ""), ("b", "p2", "2026-06-01", "")),
        (("a", "", "", "2026-05-31"), ("b", "", "2026-06-01", "")),
        (("a", "王伟", "", "2026-03-31"), ("b", "王伟", "2026-06-01", "")),
    ],
    ids=["both at once", "overlapping", "shared with another", "nobody named", "a namesake months later"],
)
def test_other_accounts_stay_apart(rows: tuple[tuple[str, str, str, str], ...]) -> None:
    assert renamed(*rows) == {}


def test_both_names_shifts_hold_for_the_last_one() -> None:
    rows = [
        {"tenant": "w", "account": "old", "person": "p", "shift_start": "8", "shift_end": "16", "employed_to": "1970-04-10"},
        {"tenant": "w", "account": "new", "person": "p", "shift_start": "16", "shift_end": "23", "employed_from": "1970-04-11"},
    ]  # fmt: skip
    shifts = Shifts.of(rows)
    assert not shifts.off("w", "new", 99, 6 * 10)
    assert shifts.off("w", "new", 101, 6 * 10)
