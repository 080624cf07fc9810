"""Log filters: remove secrets, and limit repeated errors."""

import logging
import re
import threading
import time
from collections.abc import Hashable
from typing import Final

_LINK = re.compile(r"/setup/[^/\s]+")
AGAIN_AFTER_S: Final = 60.0
_MOST: Final = 1_000


class HideLinks(logging.Filter):
    """Removes the secrets of one-time links from log records, so that a log cannot be used to sign in."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite a record that contains a link; every record passes."""
        text = record.getMessage()
        if "/setup/" in text:
            record.msg, record.args = _LINK.sub("/setup/…", text), ()
        return True


class OnceAMinute(logging.Filter):
    """Logs a repeated error once a minute, with the number of suppressed repetitions.

    On a full disk every request fails with a traceback; the log must not use up the remaining space.
    """

    def __init__(self) -> None:
        super().__init__()
        self._said: dict[Hashable, tuple[float, int]] = {}
        self._guard = threading.Lock()

    def filter(self, record: logging.LogRecord) -> bool:
        """Pass an error that was not logged within the last minute, and every record that is not an error."""
        if record.levelno < logging.ERROR:
            return True
        what, now = _what(record), time.monotonic()
        with self._guard:
            said, kept_back = self._said.get(what, (-AGAIN_AFTER_S, 0))
            if now - said < AGAIN_AFTER_S:
                self._said[what] = (said, kept_back + 1)
                return False
            if len(self._said) >= _MOST:
                self._said.clear()
            self._said[what] = (now, 0)
        if kept_back:
            record.msg, record.args = f"{record.getMessage()} (+{kept_back})", ()
        return True


def _what(record: logging.LogRecord) -> Hashable:
    """Return the key of equal records: where the exception was raised, or the message with its first argument."""
    error = record.exc_info[1] if record.exc_info else None
    if error is None:
        first = record.args[0] if isinstance(record.args, tuple) and record.args else None
        return record.name, record.msg, str(first)
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = None if trace is None else (trace.tb_frame.f_code.co_filename, trace.tb_lineno)
    return record.name, type(error), place
