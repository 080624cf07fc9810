"""Tasks as ERPs know them: each printed once, whatever is sent again, and its state on request."""

import hashlib
from collections import OrderedDict
from typing import Any

import msgspec

from waybillguard.agent.shim.desk import DocumentResult, Outcome

_KEPT = 10_000

_WORDS = {Outcome.PRINTED: "success", Outcome.FAILED: "failed", Outcome.UNCERTAIN: "failed"}
_UNCERTAIN = (
    "不确定是否已出纸，请先看打印机，再到打印页处理；勿直接重发。"
    "It is not known whether paper came out: look at the printer, then use the print page; do not send it again."
)


def task_key(pairing: str, task: str) -> str:
    """Return the key under which a task is taken once: the same for the same pairing and task number."""
    return hashlib.sha256(f"{pairing}/{task}".encode()).hexdigest()


class TaskState(msgspec.Struct):
    """One task: its printer, its documents, the results that are known; ``asked`` is its number as it came."""

    number: str
    printer: str
    documents: tuple[str, ...]
    fingerprint: bytes
    results: dict[str, DocumentResult] = {}
    asked: str | int = ""

    def done(self) -> bool:
        """Say whether every document has its result."""
        return len(self.results) == len(self.documents)

    def status(self) -> str:
        """Return the word of the protocol for the whole task."""
        if not self.done():
            return "pending"
        good = all(result.outcome is Outcome.PRINTED for result in self.results.values())
        return "printed" if good else "failed"

    def lines(self) -> list[dict[str, str]]:
        """Return the state of every document as the protocol has it."""
        return [self._line(document) for document in self.documents]

    def _line(self, document: str) -> dict[str, str]:
        result = self.results.get(document)
        if result is None:
            return {
                "documentID": document,
                "status": "pending",
                "msg": "",
                "detail": "",
                "printer": self.printer,
            }
        message = result.message or (_UNCERTAIN if result.outcome is Outcome.UNCERTAIN else "")
        return {
            "documentID": document,
            "status": _WORDS[result.outcome],
            "msg": message,
            "detail": str(result.outcome),
            "printer": self.printer,
        }


class Tasks:
    """The last tasks of one pairing, oldest out first. Holds numbers and results, never a content."""

    def __init__(self) -> None:
        self._tasks: OrderedDict[str, TaskState] = OrderedDict()

    def get(self, number: str) -> TaskState | None:
        """Return a task that was taken before."""
        return self._tasks.get(number)

    def take(self, task: TaskState) -> None:
        """Remember a task from now on."""
        self._tasks[task.number] = task
        while len(self._tasks) > _KEPT:
            self._tasks.popitem(last=False)

    def forget(self, number: str) -> None:
        """Forget a task of which nothing was taken."""
        self._tasks.pop(number, None)

    def states(self, numbers: list[str | int]) -> list[dict[str, Any]]:
        """Return what getTaskStatus answers for some tasks; an unknown one has no documents."""
        return [
            {"taskID": number, "detailStatus": task.lines() if (task := self._tasks.get(str(number))) else []}
            for number in numbers
        ]
