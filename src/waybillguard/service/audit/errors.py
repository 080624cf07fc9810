"""Errors of exporting access events."""

from typing import ClassVar

from waybillguard.events import EventsError


class EventsNotWrittenError(EventsError):
    """A part of the table could not be written; the events stay in the database."""

    code: ClassVar[str] = "events_not_written"
