"""Notices of authorities, in JSON or YAML."""

import pytest

from waybillguard.trace import TraceError
from waybillguard.trace.notice import read_notice

GOOD = """authority: 某市公安局
number: 公(网)调证字〔2026〕12号
date: 2026-11-20
from: 2026-11-01
to: 2026-11-10
scope: {workstations: [P-01], victims_only: false}
"""


def test_a_notice_is_read_from_yaml() -> None:
    notice = read_notice(GOOD.encode())
    assert (notice.start.isoformat(), notice.scope.workstations) == ("2026-11-01", ("P-01",))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("to: 2026-11-10", "to: 2026-10-01"),
        ("date: 2026-11-20", ""),
        ("authority: 某市公安局", "authority: ''"),
        ("from", "[from"),
    ],
)
def test_a_notice_that_makes_no_sense_says_what_it_needs(old: str, new: str) -> None:
    with pytest.raises(TraceError) as error:
        read_notice(GOOD.replace(old, new).encode())
    assert "from" in error.value.zh


def test_a_day_that_no_calendar_has_is_said() -> None:
    text = GOOD.replace("2026-11-01", "2026-13-45")
    assert text != GOOD
    with pytest.raises(TraceError) as error:
        read_notice(text.encode())
    assert "from" in error.value.en
