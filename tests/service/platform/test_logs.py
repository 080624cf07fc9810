"""A repeated error is logged once a minute, with its number of repetitions."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from waybillguard.service.platform import logs


class Kept(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@pytest.fixture
def kept() -> Iterator[Kept]:
    logger, handler = logging.getLogger("made up"), Kept()
    handler.addFilter(logs.OnceAMinute())
    logger.addHandler(handler)
    yield handler
    logger.removeHandler(handler)


def fail(number: int) -> None:
    try:
        Path(f"/proc/{number}/no/such/folder").mkdir()
    except OSError:
        logging.getLogger("made up").exception("Internal Server Error: /orders/%d/", number)


def test_a_traceback_a_request_is_said_once_a_minute(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1_000.0
    monkeypatch.setattr(logs.time, "monotonic", lambda: now)
    for number in range(50):
        fail(number)
    assert len(kept.lines) == 1
    assert "Traceback" in kept.lines[0]
    now += logs.AGAIN_AFTER_S
    fail(50)
    assert kept.lines[1].startswith("Internal Server Error: /orders/50/ (+49)")


def test_different_errors_and_warnings_are_all_said(kept: Kept) -> None:
    logger = logging.getLogger("made up")
    for number in range(3):
        logger.error("import %d failed", number)
        logger.warning("Not Found: %s", "/a/")
    fail(1)
    assert len(kept.lines) == 7
