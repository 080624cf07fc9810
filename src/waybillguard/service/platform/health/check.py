"""The result of a health check."""

from enum import StrEnum

import msgspec


class State(StrEnum):
    """The state that a check found. ``MISSING``: a protection is not in force; ``NOTE``: information, not a fault."""

    GOOD = "good"
    NOTE = "note"
    MISSING = "missing"
    WARNING = "warning"
    DAMAGED = "damaged"
    UNKNOWN = "unknown"


class Check(msgspec.Struct, frozen=True):
    """The result of a check, and what to do about it (empty if nothing)."""

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
