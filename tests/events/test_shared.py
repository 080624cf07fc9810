from datetime import UTC, datetime

import msgspec
import pytest

from waybillguard.events import Decoy, Fact, Finding, RemoteSession, Restriction, VictimReport

AT = datetime(2026, 11, 2, tzinfo=UTC)
VALUES = [
    Finding(
        kind="remote_tool",
        tool="向日葵",
        severity="low",
        confidence=0.5,
        account="zhangsan",
        facts=(Fact("x"),),
    ),
    RemoteSession(tool="ToDesk", direction="in", start=AT, account="zhangsan", origin="203.0.113.9"),
    Decoy(order_id="zhangsan", tenant="a", placed_at=AT),
    VictimReport(order_id="zhangsan", contacted_at=AT),
    Restriction(tenant="a", kind="locked", since=AT, account="zhangsan"),
]


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_a_shared_value_goes_through_json_and_shows_no_person(value: msgspec.Struct) -> None:
    assert msgspec.json.decode(msgspec.json.encode(value), type=type(value)) == value
    assert "zhangsan" not in repr(value)
    assert "203.0.113.9" not in repr(value)


def test_a_session_says_from_where_under_the_name_of_the_contract() -> None:
    assert msgspec.to_builtins(VALUES[1])["from"] == "203.0.113.9"
