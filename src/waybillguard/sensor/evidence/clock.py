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


def in_form(text: str, form: str, *, utc: bool = False) -> datetime | None:
    """Return a time that is written in a form of ``strptime``; None if it is not. Without ``utc`` it stays naive."""
    try:
        found = datetime.strptime(text, form)  # noqa: DTZ007 - naive is meant: the source names no zone
    except ValueError:
        return None
    return found.replace(tzinfo=UTC) if utc else found


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
