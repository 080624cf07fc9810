"""Errors of the events package. None of them quotes a value of an event."""

from typing import Self

from waybillguard.errors import WaybillGuardError


class EventsError(WaybillGuardError):
    """Base class of errors about access events."""

    code = "events"


class EventValueError(EventsError):
    """An event has a value the table cannot store."""

    code = "event_value"

    @classmethod
    def of(cls, row: int, column: str, zh: str, en: str) -> Self:
        """Return the error for one row, counted from 1."""
        return cls(
            zh=f"第 {row} 条事件的 {column} {zh}。这一批事件没有写入；改正后用同一批名重写。",
            en=f"{column} of event {row} {en}. Nothing of this batch was written; correct it and write it again "
            "under the same name.",
        )


class EventsUnreadableError(EventsError):
    """A file or folder has no readable events."""

    code = "events_unreadable"
