from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import msgspec
import numpy as np
from events.made_up import looks
from hypothesis import given
from hypothesis import strategies as st

from waybillguard.events import COLUMNS, AccessEvent, day_and_window, day_of
from waybillguard.events.schema import REQUIRED, micros, moment

CONTRACT = [
    "tenant",
    "ts",
    "day",
    "w10",
    "account",
    "workstation",
    "ip",
    "session",
    "action",
    "order_id",
    "purpose",
    "exposed",
    "allowed",
    "person",
    "device",
    "explained_by",
    "explained_ref",
    "category",
    "order_created_at",
    "decoy",
]


def test_the_columns_of_the_contract_come_first_and_in_its_order() -> None:
    assert list(COLUMNS)[: len(CONTRACT)] == CONTRACT
    assert set(AccessEvent.__struct_fields__) == set(COLUMNS)
    assert set(REQUIRED) == {field.name for field in msgspec.structs.fields(AccessEvent) if field.required}


def test_a_repr_says_nothing_of_the_clerk() -> None:
    assert "kf01" not in repr(looks(1)[0])


NAIVE = st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1))  # noqa: DTZ001 - given a zone below


@given(
    st.lists(NAIVE, min_size=1, max_size=30),
    st.sampled_from(["Asia/Shanghai", "Asia/Kathmandu", "America/St_Johns", "UTC", "Asia/Urumqi"]),
)
def test_day_and_window_are_those_of_the_wall_clock(times: list[datetime], name: str) -> None:
    zone = ZoneInfo(name)
    aware = [time.replace(tzinfo=UTC) for time in times]
    day, w10 = day_and_window(np.array([micros(time) for time in aware], dtype=np.int64), zone)
    for number, time in enumerate(aware):
        local = time.astimezone(zone)
        assert day[number] == local.date().toordinal() - 719_163
        assert w10[number] == (local.hour * 60 + local.minute) // 10
        assert day_of(time, zone) == day[number]


def test_no_time_gives_no_day() -> None:
    day, w10 = day_and_window(np.array([], dtype=np.int64), ZoneInfo("Asia/Shanghai"))
    assert day.tolist() == w10.tolist() == []


@given(NAIVE)
def test_microseconds_go_there_and_back(time: datetime) -> None:
    aware = time.replace(tzinfo=UTC)
    assert moment(micros(aware)) == aware
