"""The cache of a process, by a clock that only grows: what is kept for a minute lasts a minute, whatever the date says."""

import time

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.locmem import LocMemCache


class SteadyCache(LocMemCache):
    """Django's cache in memory, which asks the date: put right after a year ahead, it would keep a full limit a year."""

    _expire_info: dict[str, float | None]

    def get_backend_timeout(self, timeout: float | None = DEFAULT_TIMEOUT) -> float | None:
        """Return the second at which an entry ends, None for never."""
        seconds = self.default_timeout if timeout is DEFAULT_TIMEOUT else timeout
        return None if seconds is None else time.monotonic() + seconds

    def rest(self, key: str) -> float:
        """Return how many seconds an entry still lasts, 0 where it is gone or lasts for ever."""
        ends = self._expire_info.get(self.make_and_validate_key(key))
        return 0.0 if ends is None else max(0.0, ends - time.monotonic())

    def _has_expired(self, key: str) -> bool:
        ends = self._expire_info.get(key, -1.0)
        return ends is not None and ends <= time.monotonic()
