"""Nothing personal fits into what a warehouse says to a hub."""

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from waybillguard.agent.protocol_town import Alarm, Checkpoint, Done, LogSigned, Posture, Reported


def _leaves(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    if isinstance(value, dict):
        return [leaf for key, inner in value.items() for leaf in _leaves(inner, (*path, key))]
    if isinstance(value, list):
        return [leaf for at, inner in enumerate(value) for leaf in _leaves(inner, (*path, at))]
    return [path]


FULL = Posture(
    sequence=1,
    made_at=datetime(2026, 11, 20, tzinfo=UTC),
    controls=(Reported(control="LBL-01", version=1, status="satisfied", evidence="b" * 64),),
    checkpoint=Checkpoint(
        shard=0,
        size=9,
        root="a" * 64,
        since=4,
        proof=(b"c" * 32,),
        signed=LogSigned(
            origin=f"{'d' * 16}.waybillguard.local/yw-01-2026q4", key=b"e" * 32, signature=b"f" * 64
        ),
    ),
    alarms=(
        Alarm(rule="bulk_reveal", severity="high", raised_at=datetime(2026, 11, 20, tzinfo=UTC), records=4),
    ),
    read=(3,),
    done=(Done(case=2, item="4", at=datetime(2026, 11, 20, tzinfo=UTC)),),
)


@pytest.mark.parametrize("leaf", _leaves(msgspec.to_builtins(FULL)))
@pytest.mark.parametrize(
    "personal", ["王小明", "13812345678", 13812345678, "浙江省金华市义乌市机场路88号", "John Smith"]
)
def test_no_field_takes_a_name_a_phone_or_an_address(leaf: tuple[Any, ...], personal: Any) -> None:
    whole = msgspec.to_builtins(FULL)
    inner = whole
    for step in leaf[:-1]:
        inner = inner[step]
    inner[leaf[-1]] = personal
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(msgspec.json.encode(whole), type=Posture)


def test_an_origin_with_a_number_as_long_as_a_phones_does_not_fit() -> None:
    whole = msgspec.to_builtins(FULL)
    whole["checkpoint"]["signed"]["origin"] = f"{'d' * 16}.waybillguard.local/t13812345678-2026q4"
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(msgspec.json.encode(whole), type=Posture)
