"""The local print protocol as ERPs speak it: JSON text frames, one request or notice each.

Commands: getPrinters, getPrinterConfig, setPrinterConfig, print, getTaskStatus, getAgentInfo; the notice
notifyPrintResult. Every request has cmd, requestID and version; an answer repeats cmd and requestID.
Source: the published protocol of the print component on ws 13528 and wss 13529 (reference: protocol 1.0).
"""

import re
from enum import StrEnum
from typing import Any

import msgspec

from waybillguard.agent.shim.errors import MalformedError

#: Longest identifier that is taken over into an answer.
LONGEST_ID = 128
#: Documents in one task; more are refused, as components do.
MOST_DOCUMENTS = 1_000


#: Keys whose values say how to print, and are read as such; everything else is judged with the document.
_OF_REQUEST = frozenset({"cmd", "command", "requestID", "version", "ERPId", "printer", "task"})
_OF_TASK = frozenset({"taskID", "preview", "printer", "documents", "previewType", "notifyMode", "notifyType"})
_OF_DOCUMENT = frozenset({"documentID", "contents"})
#: In no identifier and no printer's name: no database keeps them all, and a log would break at them.
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_COMMANDS = {"getPrinterList": "getPrinters"}


class Command(StrEnum):
    """The requests that are answered."""

    GET_PRINTERS = "getPrinters"
    GET_PRINTER_CONFIG = "getPrinterConfig"
    SET_PRINTER_CONFIG = "setPrinterConfig"
    PRINT = "print"
    GET_TASK_STATUS = "getTaskStatus"
    GET_AGENT_INFO = "getAgentInfo"


class Document(msgspec.Struct, frozen=True):
    """One label of a task: its number, its parts as they came, and what stands beside them; ``asked``: the number as sent."""

    number: str
    contents: tuple[dict[str, Any], ...]
    beside: dict[str, Any] = {}
    asked: str | int = ""


class Task(msgspec.Struct, frozen=True):
    """What a print request asks for."""

    number: str
    asked: str | int
    printer: str
    preview: bool
    documents: tuple[Document, ...]


class Request(msgspec.Struct, frozen=True):
    """A request, as far as every command has it; ``body`` is the whole object."""

    command: str
    number: Any
    body: dict[str, Any]


def read_request(text: str | bytes) -> Request:
    """Read a frame.

    Raises:
        MalformedError: no JSON object, or without a command.
    """
    try:
        body = msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _malformed() from error
    if not isinstance(body, dict):
        raise _malformed()
    command = body.get("cmd", body.get("command"))  # the WeChat store's component says ``command``
    if not isinstance(command, str):
        raise _malformed()
    number = body.get("requestID", "")
    if not isinstance(number, str | int) or len(str(number)) > LONGEST_ID:
        number = ""
    return Request(_COMMANDS.get(command, command)[:LONGEST_ID], number, body)


def read_task(body: dict[str, Any]) -> Task:
    """Read the task of a print request.

    Raises:
        MalformedError: a part is missing or of another shape.
    """
    if isinstance(body.get("taskList"), list):
        if "task" in body:  # who reads it may take either
            raise _malformed()
        return _wechat_task(body)
    task = body.get("task")
    if not isinstance(task, dict):
        raise _malformed()
    number = _identifier(task.get("taskID"))
    printer = _printer(task)
    listed = task.get("documents")
    if not number or not isinstance(listed, list) or not listed:
        raise _malformed()
    beside = _beside(body, _OF_REQUEST) | _beside(task, _OF_TASK)
    return _checked(
        Task(
            number,
            task["taskID"],
            printer,
            any(said_anywhere(body, "preview")),
            tuple(_document(item, beside) for item in listed),
        )
    )


def _wechat_task(body: dict[str, Any]) -> Task:
    """Read a request of the WeChat store's protocol 2.0: every task of the list is one label."""
    printer = _printer(body)
    listed = body["taskList"]
    if not listed or not all(isinstance(item, dict) for item in listed):
        raise _malformed()
    kind = {"printType": body["printType"]} if "printType" in body else {}
    beside = _beside(body, (_OF_REQUEST - {"task"}) | {"taskList", "printType", "size"})
    documents = [
        Document(_identifier(item.get("taskID")), ({**kind, **item},), beside, item.get("taskID", ""))
        for item in listed
    ]
    number = _identifier(body.get("requestID")) or documents[0].number
    if not number or not all(document.number for document in documents):
        raise _malformed()
    asked = body["requestID"] if _identifier(body.get("requestID")) else documents[0].asked
    preview = any(said_anywhere(body, "preview"))
    return _checked(Task(number, asked, printer, preview=preview, documents=tuple(documents)))


def said_anywhere(body: dict[str, Any], word: str) -> list[Any]:
    """Return what a print request says under a key, in capitals or not: at its top, in its task, beside a document."""
    task = body.get("task")
    levels: list[Any] = [body, task]
    for level, key in ((body, "taskList"), (task, "documents")):
        listed = level.get(key) if isinstance(level, dict) else None
        levels += listed if isinstance(listed, list) else []
    return [
        value
        for level in levels
        if isinstance(level, dict)
        for key, value in level.items()
        if key.lower() == word
    ]


def with_printer(body: dict[str, Any], printer: str) -> dict[str, Any]:
    """Return a print request that names its printer."""
    if isinstance(body.get("taskList"), list):
        return {**body, "printer": printer}
    top = {"printer": printer} if "printer" in body else {}
    return {**body, **top, "task": {**body["task"], "printer": printer}}


def how_to_print(body: dict[str, Any]) -> dict[str, Any]:
    """Return what a print request says beside its documents: values that no document is judged with.

    Whoever passes the request on judges them (`waybillguard.agent.shim.content.is_how`).
    """
    if isinstance(body.get("taskList"), list):
        kept = (_OF_REQUEST - {"task"}) | {"printType", "size"}
        return {key: value for key, value in body.items() if key in kept}
    found = {key: value for key, value in body.items() if key in _OF_REQUEST - {"task"}}
    task = body.get("task")
    of_task = task if isinstance(task, dict) else {}
    inner = {key: value for key, value in of_task.items() if key in _OF_TASK - {"documents"}}
    return found | {"task": inner}


def _beside(item: dict[str, Any], known: frozenset[str]) -> dict[str, Any]:
    return {key: value for key, value in item.items() if key not in known}


def _checked(task: Task) -> Task:
    listed = documents = task.documents
    if len(listed) > MOST_DOCUMENTS:
        raise MalformedError(
            zh=f"一个打印任务最多 {MOST_DOCUMENTS} 张面单，请分批发送；本次未打印。",
            en=f"A print task has at most {MOST_DOCUMENTS} labels; send it in parts. Nothing was printed.",
        )
    if len({document.number for document in documents}) < len(documents):
        raise MalformedError(
            zh="同一任务里有重复的 documentID；本次未打印。",
            en="Two documents of the task have the same documentID. Nothing was printed.",
        )
    return task


def _document(item: object, beside: dict[str, Any]) -> Document:
    if not isinstance(item, dict):
        raise _malformed()
    number = _identifier(item.get("documentID"))
    contents = item.get("contents")
    if not number or not isinstance(contents, list) or not contents:
        raise _malformed()
    if not all(isinstance(part, dict) for part in contents):
        raise _malformed()
    return Document(number, tuple(contents), beside | _beside(item, _OF_DOCUMENT), item["documentID"])


def _printer(body: dict[str, Any]) -> str:
    printer = body.get("printer") or ""
    if not isinstance(printer, str) or _CONTROL.search(printer):
        raise _malformed()
    return printer


def _identifier(value: object) -> str:
    text = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    return text if len(text) <= LONGEST_ID and not _CONTROL.search(text) else ""


def answer(request: Request, *, ok: bool, message: str = "", **more: object) -> bytes:
    """Return the answer to a request."""
    body = {
        "cmd": request.command,
        "requestID": request.number,
        "status": "success" if ok else "failed",
        "msg": message,
        "errorCode": 0 if ok else 1,
        **more,
    }
    if "command" in request.body:
        body["command"] = request.body["command"]
    return msgspec.json.encode(body)


def answer_malformed(frame: str | bytes, message: str) -> bytes:
    """Return the answer to what is no request of the protocol, in the asker's own form where that is known.

    JD's print client sends ``orderType``, ``key`` and ``parameters`` and waits for ``success`` as a text;
    an answer in another form would leave it waiting.
    """
    try:
        body = msgspec.json.decode(frame)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        body = None
    if not (isinstance(body, dict) and isinstance(body.get("orderType"), str)):
        return answer(Request("", "", {}), ok=False, message=message)
    told: dict[str, Any] = {"success": "false", "code": "1", "message": message, "content": ""}
    told |= {key: body[key] for key in ("orderType", "key") if _identifier(body.get(key))}
    return msgspec.json.encode(told)


def print_notice(task: str | int, printer: str, status: str, results: list[dict[str, str | int]]) -> bytes:
    """Return the notice that says what became of a task's documents."""
    body = {
        "cmd": "notifyPrintResult",
        "taskID": task,
        "printer": printer,
        "taskStatus": status,
        "printStatus": results,
    }
    return msgspec.json.encode(body)


def _malformed() -> MalformedError:
    return MalformedError(
        zh="报文不是打印协议的请求：应为带 cmd 和 requestID 的 JSON 对象。",
        en="The message is no request of the print protocol: a JSON object with cmd and requestID is expected.",
    )
