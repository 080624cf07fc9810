"""The process that reads one foreign log and may die of it: ``python -m waybillguard.service.activity.child``.

Request and log arrive on standard input, the answer goes out on standard output; nothing is said on
standard error, because a parser's complaint may quote what it reads.
"""

import os
import subprocess
import sys
from datetime import datetime

import msgspec

from waybillguard.events.foreign import LogAnswer, LogMapping, LogRequest, answer
from waybillguard.service.activity.errors import ForeignLogError

MEMORY = 2 * 1024 * 1024 * 1024
SECONDS = 120
MOST_BYTES = 16 * 1024 * 1024
_KEPT_ENVIRONMENT = ("PATH", "PYTHONPATH", "PYTHONHOME", "LD_LIBRARY_PATH", "SYSTEMROOT", "VIRTUAL_ENV")


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
        done = subprocess.run(
            [sys.executable, "-P", "-B", "-X", "utf8", "-m", "waybillguard.service.activity.child"],
            input=msgspec.msgpack.encode(request),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={name: os.environ[name] for name in _KEPT_ENVIRONMENT if name in os.environ},
            timeout=SECONDS * 2,
            check=True,
        )
        found = msgspec.msgpack.decode(done.stdout, type=LogAnswer)
    except (subprocess.SubprocessError, msgspec.MsgspecError):
        raise ForeignLogError(
            zh="无法读取该日志，未导入任何内容。请另存为 CSV 或 XLSX，或按周分开导出后重试。",
            en="the log cannot be read; nothing was taken in. Save it as CSV or XLSX, or export it by week.",
        ) from None
    if found.suggestion is None:
        raise ForeignLogError(zh=found.zh, en=found.en)
    return found


def main() -> None:
    """Answer one request."""
    try:
        import resource

        for limit, most in (
            (resource.RLIMIT_AS, MEMORY),
            (resource.RLIMIT_CPU, SECONDS),
            (resource.RLIMIT_CORE, 0),
            (resource.RLIMIT_FSIZE, 0),
        ):
            resource.setrlimit(limit, (most, most))
    except ImportError:  # Windows has no such limits; the parent's clock still holds
        pass
    request = msgspec.msgpack.decode(sys.stdin.buffer.read(), type=LogRequest)
    sys.stdout.buffer.write(msgspec.msgpack.encode(answer(request)))


if __name__ == "__main__":
    main()
