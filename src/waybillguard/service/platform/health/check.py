"""What a check says."""

from enum import StrEnum

import msgspec


class State(StrEnum):
    """How something stands. ``MISSING`` is a protection that is not in force here; a ``NOTE`` is no fault."""

    GOOD = "good"
    NOTE = "note"
    MISSING = "missing"
    WARNING = "warning"
    DAMAGED = "damaged"
    UNKNOWN = "unknown"


class Check(msgspec.Struct, frozen=True):
    """What was found, and what to do about it (empty where nothing has to be done)."""

    name: str
    state: State
    zh: str
    en: str
    do_zh: str = ""
    do_en: str = ""

    @property
    def good(self) -> bool:
        """Whether nothing has to be done."""
        return self.state in {State.GOOD, State.NOTE}
