"""Times as evidence writes them, turned into UTC; local times without a zone stay naive."""

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)
_LAST = 2_650_467_744_000_000_000
"""Windows ticks at the end of the year 9999."""


def filetime(ticks: int) -> datetime | None:
    """Return Windows ticks (100 ns since 1601) as UTC; None for nothing and for nonsense."""
    if not 0 < ticks < _LAST:
        return None
    return _EPOCH + timedelta(microseconds=ticks // 10)


def iso(text: str) -> datetime | None:
    """Return an ISO time, with up to nine digits of fraction; None if it is none."""
    text = text.strip()
    head, dot, rest = text.partition(".")
    if dot:
        digits = rest[: next((n for n, c in enumerate(rest) if not c.isdigit()), len(rest))]
        text = f"{head}.{digits[:6] or '0'}{rest[len(digits) :]}"
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None
