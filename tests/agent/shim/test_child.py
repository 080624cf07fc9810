"""The child's result for one message: the sealed consignees, and the content it lets through."""

import base64
import hashlib
import json
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from waybillguard.agent.boxes import open_box
from waybillguard.agent.protocol_intake import INFO, ArrivedOrder, bound_to
from waybillguard.agent.shim.child import Filtered, Job, filter_message

KEY = X25519PrivateKey.generate()
JOB = Job("d1", "pairing", KEY.public_key().public_bytes_raw(), [], [])


ENVELOPE = {
    "encryptedData": "AES:" + base64.b64encode(hashlib.shake_128(b"cipher").digest(120)).decode(),
    "templateURL": "http://template.invalid/1",
}


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
        bound = bound_to(JOB.device, filtered.task, one.document, one.shop)
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


@pytest.mark.parametrize("part", [ENVELOPE, consignee(), {"data": {"orderNo": "A-10001"}}])
@pytest.mark.parametrize("key", ["version", "ERPId", "command"])
def test_what_stands_beside_the_task_is_judged_before_a_message_goes_on(
    part: dict[str, Any], key: str
) -> None:
    body = json.loads(message(part)) | {key: "测试甲 13800000000"}
    assert filter_message(json.dumps(body).encode(), JOB) == Filtered(b'{"cmd":"print"}')


def test_of_a_key_that_came_twice_only_what_was_judged_goes_on() -> None:
    body = message(ENVELOPE)
    doubled = b'{"version": "13800000000", "task": {"x": "13800000000"}, ' + body[1:]
    assert json.loads(filter_message(doubled, JOB).frame) == json.loads(body)
    assert b"13800000000" not in filter_message(doubled, JOB).frame


def test_a_list_of_tasks_hides_no_second_task() -> None:
    listed = [{"taskID": "D1", "printInfo": ENVELOPE["encryptedData"], "printType": 1}]
    body = {
        "command": "print",
        "requestID": "r1",
        "version": "2.0",
        "taskList": listed,
        "size": {"width": 76},
    }
    assert json.loads(filter_message(json.dumps(body).encode(), JOB).frame) == body
    hidden = body | {"task": {"name": "测试甲", "mobile": "13800000000"}}
    assert b"13800000000" not in filter_message(json.dumps(hidden).encode(), JOB).frame
