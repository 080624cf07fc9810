"""The process that reads one foreign log and may die of it: ``python -m waybillguard.service.activity.child``.

Request and log arrive on standard input, the answer goes out on standard output; nothing is said on
standard error, because a parser's complaint may quote what it reads.
"""

from datetime import datetime

from waybillguard.events.foreign import LogAnswer, LogMapping, LogRequest, answer
from waybillguard.sandbox import Bounds, SandboxError, ask, serve
from waybillguard.service.activity.errors import ForeignLogError

MEMORY = 2 * 1024 * 1024 * 1024
SECONDS = 120
MOST_BYTES = 16 * 1024 * 1024


def read_in_child(
    content: bytes, *, tenant: str, zone: str, now: datetime, mapping: LogMapping | None
) -> LogAnswer:
    """Read a log in a bounded child process: the suggestion for it, and what it gives.

    Raises:
        ForeignLogError: too large, no log, or the reading broke off; nothing was taken in.
    """
    if len(content) > MOST_BYTES:
        raise ForeignLogError(
            zh="日志超过 16 MB，未读取。请按月或按周分开导出。",
            en="the log is over 16 MB and was not read. Export it by month or by week.",
        )
    request = LogRequest(content=content, tenant=tenant, zone=zone, now=now, mapping=mapping)
    try:
        found = ask("waybillguard.service.activity.child", request, LogAnswer, seconds=SECONDS * 2)
    except SandboxError:
        raise ForeignLogError(
            zh="无法读取该日志，未导入任何内容。请另存为 CSV 或 XLSX，或按周分开导出后重试。",
            en="the log cannot be read; nothing was taken in. Save it as CSV or XLSX, or export it by week.",
        ) from None
    if found.suggestion is None:
        raise ForeignLogError(zh=found.zh, en=found.en)
    return found


if __name__ == "__main__":
    serve(LogRequest, answer, Bounds(memory=MEMORY, seconds=SECONDS))
