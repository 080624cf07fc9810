"""The local print protocol of ERPs: JSON text frames with one request or notice each.

Commands: getPrinters, getPrinterConfig, setPrinterConfig, print, getTaskStatus, getAgentInfo; the notice
notifyPrintResult. Every request has cmd, requestID and version; an answer repeats cmd and requestID.
Source: the published protocol of the print component on ws 13528 and wss 13529 (reference: protocol 1.0).
"""

import re
from enum import StrEnum
from typing import Any

import msgspec

from waybillguard.agent.shim.errors import MalformedError

#: Longest identifier that is copied into an answer.
LONGEST_ID = 128
#: Most documents in one task; larger tasks are refused, as the platforms' components do.
MOST_DOCUMENTS = 1_000


#: Keys whose values say how to print; all other values are judged with the document.
_OF_REQUEST = frozenset({"cmd", "command", "requestID", "version", "ERPId", "printer", "task"})
_OF_TASK = frozenset({"taskID", "preview", "printer", "documents", "previewType", "notifyMode", "notifyType"})
_OF_DOCUMENT = frozenset({"documentID", "contents"})
#: Characters not allowed in identifiers and printer names: databases cannot store all of them, and they break logs.
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
    """One label of a task: number, parts as received, and the values beside them; ``asked``: the number as sent."""

    number: str
    contents: tuple[dict[str, Any], ...]
    beside: dict[str, Any] = {}
    asked: str | int = ""


class Task(msgspec.Struct, frozen=True):
    """The task of a print request."""

    number: str
    asked: str | int
    printer: str
    preview: bool
    documents: tuple[Document, ...]


class Request(msgspec.Struct, frozen=True):
    """The fields that requests of all commands have; ``body`` is the whole object."""

    command: str
    number: Any
    body: dict[str, Any]


def read_request(text: str | bytes) -> Request:
    """Read a frame.

    Raises:
        MalformedError: not a JSON object, or without a command.
    """
    try:
        body = msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _malformed() from error
    if not isinstance(body, dict):
        raise _malformed()
    command = body.get("cmd", body.get("command"))  # the WeChat store's component uses ``command``
    if not isinstance(command, str):
        raise _malformed()
    number = body.get("requestID", "")
    if not isinstance(number, str | int) or len(str(number)) > LONGEST_ID:
        number = ""
    return Request(_COMMANDS.get(command, command)[:LONGEST_ID], number, body)


def read_task(body: dict[str, Any]) -> Task:
    """Read the task of a print request.

    Raises:
        MalformedError: a part is missing or malformed.
    """
    if isinstance(body.get("taskList"), list):
        if "task" in body:  # ambiguous, because readers may use either form
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
            any(values_of_key(body, "preview")),
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
    preview = any(values_of_key(body, "preview"))
    return _checked(Task(number, asked, printer, preview=preview, documents=tuple(documents)))


def values_of_key(body: dict[str, Any], word: str) -> list[Any]:
    """Return all values of a key, ignoring case: at the top of a print request, in its task, beside a document."""
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
    """Return a print request with its printer filled in."""
    if isinstance(body.get("taskList"), list):
        return {**body, "printer": printer}
    top = {"printer": printer} if "printer" in body else {}
    return {**body, **top, "task": {**body["task"], "printer": printer}}


def print_settings(body: dict[str, Any]) -> dict[str, Any]:
    """Return the values beside a print request's documents, which are not judged with any document.

    A caller that forwards the request has to judge them (`waybillguard.agent.shim.content.are_print_settings`).
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
    """Return the answer to a malformed request, in the client's own form if that is known.

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
    """Return the notice of the outcomes of a task's documents."""
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
