"""The messages between agent and service keep their form."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import msgspec
import pytest

from waybillguard.agent import protocol as p
from waybillguard.agent.protocol import JobHead
from waybillguard.agent.sealedjob import lease

EXAMPLES = Path(__file__).with_name("examples")
AT = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)
JOB = "0123456789abcdef0123456789abcdef"


def messages(counting: Callable[[int], bytes], head: JobHead) -> dict[str, p.Message]:
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

    key = X25519PrivateKey.from_private_bytes(bytes(range(32, 64))).public_key().public_bytes_raw()
    job = lease(b"CLS\r\nPRINT 1\r\n", head, device="0" * 32, key=key, random=counting)
    printer = p.PrinterInfo(name="label-1", transport="raw", languages=["tspl"], model="TSC TE200")
    return {
        "enrol": p.Enrol(
            secret=bytes(16), signing_key=bytes(32), sealing_key=bytes(range(32)), host_class="box",
            os="Debian 13", version="0.1.0", printers=[printer], key_place="tpm",
        ),
        "enrolled": p.Enrolled(device="0" * 32, station="打包台1", server_time=AT),
        "lease_request": p.LeaseRequest(printers=["label-1"], most=8, wait_s=25),
        "leased": p.Leased(jobs=[job]),
        "acks": p.Acks(
            acks=[
                p.Ack(job=JOB, outcome="sent", at=AT),
                p.Ack(job=JOB, outcome="failed", at=AT, reason="paper_out"),
                p.Ack(job=JOB, outcome="uncertain", at=AT, reason="crashed"),
            ]
        ),
        "acks_taken": p.AcksTaken(taken=[JOB], refused=["f" * 32]),
        "status": p.Status(
            printers=[p.PrinterStatus(printer="label-1", state="paper_out", at=AT, waiting=0)],
            unacknowledged=2, version="0.1.0",
        ),
        "status_taken": p.StatusTaken(server_time=AT),
    }  # fmt: skip


NAMES = ["enrol", "enrolled", "lease_request", "leased", "acks", "acks_taken", "status", "status_taken"]


@pytest.mark.parametrize("name", NAMES)
def test_a_message_is_written_as_its_frozen_example(
    name: str, counting: Callable[[int], bytes], head: JobHead
) -> None:
    frozen = (EXAMPLES / f"{name}.json").read_bytes().rstrip(b"\n")
    assert p.encode(messages(counting, head)[name]) == frozen


@pytest.mark.parametrize("name", NAMES)
def test_a_frozen_example_reads_as_the_message(
    name: str, counting: Callable[[int], bytes], head: JobHead
) -> None:
    message = messages(counting, head)[name]
    assert p.decode(type(message), (EXAMPLES / f"{name}.json").read_bytes()) == message


def test_an_agent_of_before_does_not_say_where_its_key_lies() -> None:
    message = msgspec.json.decode((EXAMPLES / "enrol.json").read_bytes())
    del message["key_place"]
    assert p.decode(p.Enrol, msgspec.json.encode(message)).key_place == ""


def test_another_version_is_refused() -> None:
    with pytest.raises(msgspec.ValidationError):
        p.decode(p.AcksTaken, b'{"v":2}')


def test_a_field_of_a_later_minor_version_is_passed_over() -> None:
    assert p.decode(p.AcksTaken, b'{"v":1,"later":true}') == p.AcksTaken()


@pytest.mark.parametrize(
    "wrong",
    [
        {"printers": ["label 1"]},
        {"printers": ["../label"]},
        {"printers": [], "most": 0},
        {"printers": [], "most": p.MOST_JOBS + 1},
        {"printers": [], "wait_s": p.LONGEST_WAIT_S + 1},
        {"printers": ["x"] * 33},
    ],
)
def test_a_lease_request_out_of_bounds_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(msgspec.ValidationError):
        p.decode(p.LeaseRequest, msgspec.json.encode({"v": 1, **wrong}))


def test_the_refusal_of_a_message_never_repeats_its_content() -> None:
    with pytest.raises(msgspec.ValidationError) as caught:
        p.decode(p.LeaseRequest, '{"printers":["张三 13800000000"]}'.encode())
    assert "13800000000" not in str(caught.value)


def test_a_time_keeps_its_moment_whatever_its_offset() -> None:
    shanghai = AT.astimezone(timezone(timedelta(hours=8)))
    taken = p.decode(p.StatusTaken, p.encode(p.StatusTaken(server_time=shanghai)))
    assert taken.server_time == AT
