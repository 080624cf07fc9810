"""A service with a wrong clock: libfaketime reads the offset from a file that can change while the service runs."""

from dataclasses import dataclass
from pathlib import Path

from support.running import Running

_PLACES = ("/usr/lib/*/faketime", "/usr/lib64/faketime", "/usr/local/lib/faketime")
HOUR, YEAR = 3600, 365 * 24 * 3600
STEPS = (YEAR, 0, HOUR, -HOUR, 0)
"""Successive clock offsets in seconds; the last one is 0."""


def faketime() -> Path | None:
    """Return libfaketime (for programs with threads) if it is installed."""
    for place in _PLACES:
        for found in Path("/").glob(f"{place[1:]}/libfaketimeMT.so.1"):
            return found
    return None


@dataclass
class WrongClock(Running):
    """`waybillguard up`, which starts with a wrong clock after `set` was called."""

    faked: bool = False

    @property
    def environment(self) -> dict[str, str]:
        environment = super().environment
        preload = faketime()
        if not self.faked or preload is None:
            return environment
        return {
            **environment,
            "LD_PRELOAD": str(preload),
            "FAKETIME_TIMESTAMP_FILE": str(self._offset),
            "FAKETIME_CACHE_DURATION": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "FAKETIME_DISABLE_SHM": "1",
            "FAKETIME_FORCE_MONOTONIC_FIX": "0",
        }

    @property
    def _offset(self) -> Path:
        return self.data / "events" / "clock"  # a folder that the confined processes may read

    def set(self, seconds: int) -> None:
        """Set the clock offset; a service that runs with a faked clock uses it within a second."""
        self._offset.parent.mkdir(exist_ok=True, mode=0o700)
        self._offset.write_text(f"{seconds:+d}\n")
