"""Invented jobs and fixed randomness."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from waybillguard.agent.protocol import JobHead

DEVICE = "00112233445566778899aabbccddeeff"


@pytest.fixture
def counting() -> Callable[[int], bytes]:
    """Bytes 0, 1, 2, …, for frozen examples."""
    return lambda size: bytes(range(size))


@pytest.fixture
def head() -> JobHead:
    return JobHead(
        job="0123456789abcdef0123456789abcdef",
        ticket="T7-0001",
        attempt=1,
        printer="label-1",
        language="tspl",
        expires=datetime(2026, 11, 25, 8, 30, tzinfo=UTC),
    )
