"""Child process that reads one foreign log in isolation: ``python -m waybillguard.service.activity.child``.

Reads request and log from standard input and writes the answer to standard output. Nothing is written to standard
error, because a parser's error message may quote log content.
"""

from datetime import datetime

from waybillguard.events.errors import EventsError
from waybillguard.events.foreign import LogAnswer, LogMapping, LogRequest, answer
from waybillguard.sandbox import Bounds, SandboxError, ask, serve

MEMORY = 2 * 1024 * 1024 * 1024
SECONDS = 120
MOST_BYTES = 16 * 1024 * 1024


def read_in_child(
    content: bytes, *, tenant: str, zone: str, now: datetime, mapping: LogMapping | None
) -> LogAnswer:
    """Read a log in a resource-limited child process; return the suggested mapping and its result.

    Raises:
        EventsError (foreign_log): too large, not a log, or the child failed; nothing was imported.
    """
    if len(content) > MOST_BYTES:
        raise EventsError(
            code="foreign_log",
            zh="日志超过 16 MB，未读取。请按月或按周分开导出。",
            en="the log is over 16 MB and was not read. Export it by month or by week.",
        )
    request = LogRequest(content=content, tenant=tenant, zone=zone, now=now, mapping=mapping)
    try:
        found = ask("waybillguard.service.activity.child", request, LogAnswer, seconds=SECONDS * 2)
    except SandboxError:
        raise EventsError(
            code="foreign_log",
            zh="无法读取该日志，未导入任何内容。请另存为 CSV 或 XLSX，或按周分开导出后重试。",
            en="the log cannot be read; nothing was taken in. Save it as CSV or XLSX, or export it by week.",
        ) from None
    if found.suggestion is None:
        raise EventsError(code="foreign_log", zh=found.zh, en=found.en)
    return found


if __name__ == "__main__":
    serve(LogRequest, answer, Bounds(memory=MEMORY, seconds=SECONDS))
