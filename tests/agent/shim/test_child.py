"""What the child makes of one message: whom it seals, and what it lets through."""

import json
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from waybillguard.agent.boxes import open_box
from waybillguard.agent.protocol_intake import INFO, ArrivedOrder, bound_to
from waybillguard.agent.shim.child import Filtered, Job, filter_message

KEY = X25519PrivateKey.generate()
JOB = Job("d1", "pairing", KEY.public_key().public_bytes_raw(), [], [])


def consignee(**more: Any) -> dict[str, Any]:
    receiver = {"name": "测试甲", "mobile": "19900000001", "address": "浙江省金华市义乌市北苑街道机场路1号"}
    return {"data": {"receiver": receiver, "goods": "袜子", **more}}


def message(*parts: dict[str, Any], number: str = "T1") -> bytes:
    listed = [{"documentID": f"D{n}", "contents": [part]} for n, part in enumerate(parts, 1)]
    task = {"taskID": number, "printer": "", "preview": False, "documents": listed}
    return json.dumps({"cmd": "print", "requestID": "r1", "version": "1.0", "task": task}).encode()


def identities(filtered: Filtered) -> list[bytes]:
    found = []
    for one in filtered.documents:
        bound = bound_to(JOB.device, filtered.task, one.document)
        content = open_box(one.sealed, key=KEY, info=INFO, bound=bound)
        assert content is not None, one.reason
        found.append(msgspec.msgpack.decode(content, type=ArrivedOrder).identity)
    return found


def test_two_parcels_of_one_consignee_without_a_number_are_two_orders() -> None:
    first, second = identities(filter_message(message(consignee(), consignee()), JOB))
    assert first != second
    assert identities(filter_message(message(consignee(), consignee()), JOB)) == [first, second]
    assert identities(filter_message(message(consignee(), number="T2"), JOB))[0] not in {first, second}


def test_an_order_with_a_number_is_the_same_order_in_another_task() -> None:
    first, again = message(consignee(orderNo="A-10001")), message(consignee(orderNo="A-10001"), number="T2")
    assert identities(filter_message(first, JOB)) == identities(filter_message(again, JOB))
