"""The print tasks of ERPs: each is printed once, even if it is sent again, and its state can be queried."""

import hashlib
from collections import OrderedDict
from typing import Any

import msgspec

from waybillguard.agent.shim.desk import DocumentResult, Outcome

_KEPT = 10_000

_LONGEST_SAID = 500
#: States of the platforms' components; ``rendered`` and similar ones do not mean that a label was printed.
_UPSTREAM = {"success": Outcome.PRINTED, "failed": Outcome.FAILED, "canceled": Outcome.FAILED}
_WORDS = {Outcome.PRINTED: "success", Outcome.FAILED: "failed", Outcome.UNCERTAIN: "failed"}
_UNCERTAIN = (
    "不确定是否已出纸，请先看打印机，再到打印页处理；勿直接重发。"
    "It is not known whether paper came out: look at the printer, then use the print page; do not send it again."
)
_PASSED_ON = "已交给平台打印组件，结果由该组件回报。 / Handed to the platform's component, which says what became of it."


def task_key(pairing: str, task: str) -> str:
    """Return the key that makes a task idempotent: the same for the same pairing and task number."""
    return hashlib.sha256(f"{pairing}/{task}".encode()).hexdigest()


class TaskState(msgspec.Struct):
    """One task: its printer, its documents and the known results.

    Attributes:
        asked: its number as received; a JSON number stays a number in every answer.
        documents: number of each document, with the number as received.
        passed_on: whether the platform's component prints it and reports its outcome.
    """

    number: str
    asked: str | int
    printer: str
    documents: dict[str, str | int]
    fingerprint: bytes = b""
    passed_on: bool = False
    results: dict[str, DocumentResult] = {}

    def done(self) -> bool:
        """Return whether every document has a result."""
        return len(self.results) == len(self.documents)

    def status(self) -> str:
        """Return the protocol's state of the whole task."""
        if not self.done():
            return "pending"
        good = all(result.outcome is Outcome.PRINTED for result in self.results.values())
        return "printed" if good else "failed"

    def lines(self) -> list[dict[str, str | int]]:
        """Return the state of every document in the protocol's form."""
        return [
            {"documentID": asked, **self._state(self.results.get(document)), "printer": self.printer}
            for document, asked in self.documents.items()
        ]

    def _state(self, result: DocumentResult | None) -> dict[str, str]:
        if result is None and self.passed_on:
            return {"status": "pending", "msg": _PASSED_ON, "detail": "passed_on"}
        if result is None:
            return {"status": "pending", "msg": "", "detail": ""}
        message = result.message or (_UNCERTAIN if result.outcome is Outcome.UNCERTAIN else "")
        return {"status": _WORDS[result.outcome], "msg": message, "detail": str(result.outcome)}


class Tasks:
    """The latest tasks of one pairing; the oldest are dropped. Holds numbers and results, never content."""

    def __init__(self) -> None:
        self._tasks: OrderedDict[str, TaskState] = OrderedDict()

    def get(self, number: str) -> TaskState | None:
        """Return a task that was accepted before."""
        return self._tasks.get(number)

    def take(self, task: TaskState) -> None:
        """Add a task."""
        self._tasks[task.number] = task
        while len(self._tasks) > _KEPT:
            self._tasks.popitem(last=False)

    def heard(self, notice: dict[str, Any]) -> None:
        """Store the component's report on a forwarded task; other messages are ignored.

        The report is a ``notifyPrintResult``, or, if the whole task is refused, the answer to ``print``.
        """
        task = self._tasks.get(str(notice.get("taskID")))
        if task is None or not task.passed_on:
            return
        if notice.get("cmd") == "print" and notice.get("status") == "failed":
            said = str(notice.get("msg") or "")[:_LONGEST_SAID]
            task.results |= {one: DocumentResult(one, Outcome.FAILED, said) for one in task.documents}
        listed = notice.get("printStatus")
        if notice.get("cmd") != "notifyPrintResult" or not isinstance(listed, list):
            return
        for item in listed:
            word = str(item.get("status")) if isinstance(item, dict) else ""
            document = str(item["documentID"]) if word in _UPSTREAM and "documentID" in item else ""
            if document in task.documents:
                said = str(item.get("msg") or item.get("detail") or "")[:_LONGEST_SAID]
                task.results[document] = DocumentResult(document, _UPSTREAM[word], said)

    def forget(self, number: str) -> None:
        """Remove a task of which no document was accepted."""
        self._tasks.pop(number, None)

    def states(self, numbers: list[str | int]) -> list[dict[str, Any]]:
        """Return what getTaskStatus answers for some tasks; an unknown one has no documents."""
        return [
            {"taskID": number, "detailStatus": task.lines() if (task := self._tasks.get(str(number))) else []}
            for number in numbers
        ]
