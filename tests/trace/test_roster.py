"""Off shift, or at work."""

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
