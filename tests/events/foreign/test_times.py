from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waybillguard.events.foreign.times import BadTimeError, read_clock, read_date, read_time

CHINA = ZoneInfo("Asia/Shanghai")
NINE = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-02 09:00:00",
        "2026-11-2 9:00",
        "2026/11/02 09:00:00.000",
        "2026.11.02 09:00",
        "2026年11月2日 9时0分0秒",
        "2026年11月02日上午9:00",
        "２０２６-１１-０２ ０９：００",
        "2026-11-02T01:00:00Z",
        "2026-11-02T09:00:00+08:00",
        "2026-11-02T09:00:00.000+0800",
        "2026-11-02 01:00:00 UTC",
        "2026-11-02 09:00:00 GMT+8",
        "2026-11-02 09:00:00 CST",
        "2026-11-02T09:00:00+08:00[Asia/Shanghai]",
        "Mon, 02 Nov 2026 09:00:00 +0800",
        "Mon Nov 02 09:00:00 CST 2026",
        "02/Nov/2026:09:00:00 +0800",
        "Nov 2, 2026 9:00:00 AM",
        "2026-11-02 星期一 09:00",
        "20261102090000",
        "20261102090000000",
        "1793581200",
        "1793581200000",
        "1793581200000000",
        "1793581200000000000",
        "1793581200.0",
        "46328.375",
        "'2026-11-02 09:00:00",
    ],
)
def test_a_time_is_read_in_many_writings(text: str) -> None:
    assert read_time(text, CHINA) == NINE


@pytest.mark.parametrize(
    ("text", "order"), [("2/11/2026 09:00", "dmy"), ("11/2/2026 9:00 AM", "mdy"), ("26-11-02 09:00", "ymd")]
)
def test_day_and_month_stand_as_they_are_told(text: str, order: str) -> None:
    assert read_time(text, CHINA, order) == NINE  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "bad_time"),
        ("昨天", "bad_time"),
        ("2026-13-02 09:00", "bad_time"),
        ("2026-02-30 09:00", "bad_time"),
        ("2026-11-02 25:00", "bad_time"),
        ("2026-11-02", "date_only"),
        ("20261102", "date_only"),
        ("46328", "date_only"),
        ("2026-11-02T09:00:00+25:00", "bad_zone"),
        ("2026-11-02T09:00:00+08:75", "bad_zone"),
        ("9" * 400, "bad_time"),
        ("=NOW()", "bad_time"),
        ("2026-11-02 晚上12:05", "bad_time"),
    ],
)
def test_what_is_no_time_says_why(text: str, reason: str) -> None:
    with pytest.raises(BadTimeError) as caught:
        read_time(text, CHINA)
    assert caught.value.args[0] == reason


@pytest.mark.parametrize(
    ("text", "hour"),
    [("下午3:05", 15), ("3:05 PM", 15), ("12:05 am", 0), ("凌晨12:05", 0), ("晚上11:05", 23)],
)
def test_halves_of_the_day_are_understood(text: str, hour: int) -> None:
    assert read_clock(text)[:2] == (hour, 5)


def test_a_spreadsheets_part_of_a_day_is_a_clock() -> None:
    assert read_clock("0.375") == (9, 0, 0, 0)
    assert read_date("46328").isoformat() == "2026-11-02"


@given(st.text(max_size=60))
def test_any_text_is_a_time_or_says_why_not(text: str) -> None:
    said = "time"
    try:
        read_time(text, CHINA)
    except BadTimeError as error:
        said = error.args[0]
    assert said in {"time", "bad_time", "date_only", "bad_zone"}
