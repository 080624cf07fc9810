"""Defines one Windows event: file, record, time, provider and fields."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec

from waybillguard.sensor.observation import Kind, Observation

SECURITY = "microsoft-windows-security-auditing"


class Event(msgspec.Struct, frozen=True):
    """One event: file, record, time, provider, and fields by name."""

    file: str
    record: str
    time: datetime | None
    provider: str
    number: int
    channel: str
    fields: dict[str, str]
    user: str = ""

    def get(self, *names: str) -> str:
        """Return the first of these fields that is not empty."""
        for name in names:
            value = self.fields.get(name, "")
            if value and value not in {"-", "%%1793", "%%1794"}:
                return value
        return ""

    def seen(self, kind: Kind, **values: Any) -> Observation:  # noqa: ANN401 - the observation's own fields
        """Return an observation that refers to this event."""
        return Observation(kind=kind, file=self.file, record=self.record, time=self.time, **values)


type Meaning = Callable[[Event], Observation | None]


def account_of(event: Event, who: str = "Subject") -> str:
    """Return the account named in an event, with its domain."""
    name = event.get(f"{who}UserName", "User", "AccountName")
    domain = event.get(f"{who}DomainName", "AccountDomain")
    return f"{domain}\\{name}" if domain and name and "\\" not in name else name
