"""The process that reads a message with consignees (``python -m waybillguard.agent.shim.child``), then exits.

A new process is started for each message (not forked, so it cannot contain data of another message). It forbids
core dumps and access by other programs, opens no file, writes no log, and exits by ``os._exit``. Its input is the
masked frames of one WebSocket message; its output is a message without personal data and the consignees sealed to
keyd. Data that Python cannot overwrite disappears with the process.
"""

import hashlib
import os
import sys
from typing import Any, BinaryIO, Final

import msgspec

from waybillguard.agent.boxes import seal_box
from waybillguard.agent.protocol_intake import ArrivedOrder, SealedDocument, seal_arrived
from waybillguard.agent.shim.clean import is_clean
from waybillguard.agent.shim.consignee import read_consignee
from waybillguard.agent.shim.content import Kind, are_print_settings, classify
from waybillguard.agent.shim.errors import MalformedError
from waybillguard.agent.shim.tasks import task_key
from waybillguard.agent.shim.wire import (
    Command,
    Document,
    Request,
    Task,
    print_settings,
    read_request,
    read_task,
)
from waybillguard.keys.harden import harden_process
from waybillguard.label.goods import goods_class
from waybillguard.orders import OrderRow
from waybillguard.sandbox import Bounds, confine
from waybillguard.seal import Contact

READY: Final = b"r"
CPU_SECONDS: Final = 30
MEMORY: Final = 1 << 30
_SIZE: Final = 4
_MOST: Final = 64 << 20
_PASSED: Final = ("cmd", "command", "requestID", "version", "printer", "taskID")


class Job(msgspec.Struct, frozen=True, array_like=True):
    """The child's instructions: sender of the message, key to seal to (empty: not allowed), sizes of the fragments."""

    device: str
    pairing: str
    key: bytes
    masks: list[bytes]
    sizes: list[int]


class Filtered(msgspec.Struct, frozen=True, array_like=True):
    """The child's result: the message without personal data, and what was sealed or refused per document.

    ``frame`` is the received message, serialised again, if it contains no person; a message by reference if it did;
    empty if it is not a message of the protocol. ``task`` is the key of the print task.
    """

    frame: bytes
    task: str = ""
    documents: list[SealedDocument] = []


def filter_message(message: bytes, job: Job) -> Filtered:
    """Remove the persons from a message and seal them."""
    try:
        request = read_request(message)
    except MalformedError:
        return Filtered(b"")
    if request.command == Command.PRINT:
        return _filter_print(request, job)
    kept = {name: request.body[name] for name in _PASSED if name in request.body}
    return Filtered(msgspec.json.encode(kept) if is_clean(kept) else b"")


def _filter_print(request: Request, job: Job) -> Filtered:
    try:
        task = read_task(request.body)
    except MalformedError:
        return Filtered(b'{"cmd":"print"}')
    names = [request.number, task.number, task.printer, *(document.number for document in task.documents)]
    if not is_clean(names) or not are_print_settings(print_settings(request.body)):
        return Filtered(b'{"cmd":"print"}')
    found = [classify(document) for document in task.documents]
    kinds = {kind for kind, _ in found}
    if Kind.PLAINTEXT not in kinds:
        # Serialised again, because the bytes may hold a duplicate key whose other value was not checked.
        return Filtered(msgspec.json.encode(request.body))
    if not job.key or Kind.CIPHERTEXT in kinds:
        return Filtered(_by_reference(request, task, [""] * len(found)))
    key = task_key(job.pairing, task.number)
    documents, references = [], []
    for document, (kind, reference) in zip(task.documents, found, strict=True):
        if kind is Kind.PLAINTEXT:
            documents.append(_sealed(document, job, key))
            reference = arrived_reference(key, document.number)  # noqa: PLW2901 - in place of the consignee
        references.append(reference)
    return Filtered(_by_reference(request, task, references), key, documents)


def arrived_reference(task: str, document: str) -> str:
    """Return the number that replaces a consignee; it reveals nothing about the person."""
    return "WG-" + hashlib.sha256(f"{task}/{document}".encode()).hexdigest()[:24]


def _by_reference(request: Request, task: Task, references: list[str]) -> bytes:
    """Return the task with consignees replaced by numbers; the session refuses a document without a number."""
    documents: list[dict[str, Any]] = [
        {"documentID": document.number, "contents": [{"data": {"orderNo": reference} if reference else {}}]}
        for document, reference in zip(task.documents, references, strict=True)
    ]
    asked = {"taskID": task.number, "printer": task.printer, "preview": task.preview, "documents": documents}
    named = {name: request.body[name] for name in ("cmd", "command", "requestID") if name in request.body}
    return msgspec.json.encode({**named, "version": "1.0", "task": asked})


def _sealed(document: Document, job: Job, task: str) -> SealedDocument:
    row, reason = read_consignee(document)
    if row is None:
        return SealedDocument(document=document.number, reason=reason[:40])
    order = ArrivedOrder(Contact.from_row(row), _identity(row, task, document.number))
    shop = row.shop[:80]
    sealed = seal_arrived(
        order, device=job.device, task=task, document=document.number, shop=shop, key=job.key,
        random=os.urandom,
    )  # fmt: skip
    if not sealed:
        return SealedDocument(document=document.number, reason="bad_key")
    return SealedDocument(
        document=document.number,
        sealed=sealed,
        order_no=row.order_no[:80],
        waybill_no=row.waybill_no[:80],
        carrier=row.carrier[:40],
        sort_code=row.sort_code[:60],
        shop=shop,
        platform=row.platform[:40],
        province=row.province[:30],
        city=row.city[:30],
        district=row.district[:30],
        goods=goods_class(row.goods),
        quantity=row.quantity[:20],
        masked=row.masked,
    )


def _identity(row: OrderRow, task: str, document: str) -> bytes:
    """Return the identity of an order line, which is the same if the line is sent again.

    Without an order or waybill number, two parcels of one consignee look alike. Then the identity is the position in
    the task, which is the same if the task is sent again.
    """
    parts = [
        row.platform,
        row.order_no,
        row.goods,
        row.quantity,
        row.name,
        row.phone,
        row.detail,
        row.waybill_no,
    ]
    if not row.order_no and not row.waybill_no:
        parts += [task, document]
    return msgspec.json.encode(parts)


def _confine() -> None:
    harden_process()
    confine(Bounds(memory=MEMORY, seconds=CPU_SECONDS))
    if sys.platform == "linux":
        import ctypes  # noqa: PLC0415 - here alone

        # MCL_CURRENT | MCL_FUTURE, mlockall(2): keeps this process out of swap if the limits allow it.
        ctypes.CDLL(None).mlockall(3)


def _warm() -> None:
    """Load tables and compile patterns in advance, so that reading a message takes milliseconds."""
    data = {"name": "测试人", "mobile": "13800000000", "address": "浙江省金华市义乌市北苑街道机场路88号"}
    for part in ({"data": data}, {"data": {"text": " ".join(data.values())}}):
        document = Document("warm", (part,))
        classify(document)
        read_consignee(document)
    seal_box(b"", key=bytes([9]) + bytes(31), info=b"", bound=b"", random=os.urandom)


def _read(source: BinaryIO, size: int) -> bytearray:
    if not 0 <= size <= _MOST:
        raise EOFError
    into = bytearray(size)
    view, got = memoryview(into), 0
    while got < size:
        count = source.readinto(view[got:])  # type: ignore[attr-defined]  # a raw file has it
        if not count:
            raise EOFError
        got += count
    return into


def _unmask(payload: bytearray, mask: bytes) -> None:
    for place in range(4):
        payload[place::4] = payload[place::4].translate(bytes(byte ^ mask[place] for byte in range(256)))


def main() -> None:
    """Answer one message and exit at once, without the interpreter's clean-up."""
    _confine()
    _warm()
    source = os.fdopen(0, "rb", buffering=0)
    os.write(1, READY)
    status = 1
    try:
        head = _read(source, int.from_bytes(_read(source, _SIZE)))
        job = msgspec.msgpack.decode(head, type=Job)
        message = bytearray()
        for mask, size in zip(job.masks, job.sizes, strict=True):
            piece = _read(source, size)
            _unmask(piece, mask)
            message += piece
            piece[:] = bytes(size)
        filtered = msgspec.msgpack.encode(filter_message(bytes(message), job))
        message[:] = bytes(len(message))
        view = memoryview(len(filtered).to_bytes(_SIZE) + filtered)
        while view:
            view = view[os.write(1, view) :]
        status = 0
    except (EOFError, BrokenPipeError):
        pass
    finally:
        os._exit(status)


if __name__ == "__main__":
    main()
