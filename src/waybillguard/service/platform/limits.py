"""A rate limiter on the cache: attempts per key and time window, per process, on the monotonic clock."""

import hashlib
import time
from typing import Final, cast

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.cache import cache, caches
from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.locmem import LocMemCache
from django.http import HttpRequest

SEARCHES_A_MINUTE: Final = 60
"""Maximum order look-ups per person and minute, over all pages."""


def client_address(request: HttpRequest) -> str:
    """Return the peer's IP address; forwarding headers are ignored."""
    return str(request.META.get("REMOTE_ADDR") or "unknown")


def over_limit(action: str, key: str, *, limit: int, seconds: int) -> bool:
    """Count one attempt of ``action`` for ``key``; return whether it exceeds the limit."""
    name = _name(action, key)
    if cache.add(name, 1, seconds):
        return limit < 1
    try:
        return int(cache.incr(name)) > limit
    except ValueError:  # it expired between the two calls
        cache.set(name, 1, seconds)
        return limit < 1


def over_searches(user: AbstractBaseUser) -> bool:
    """Count one order look-up on any page; return whether it exceeds the limit of this minute."""
    return over_limit("search", str(user.pk), limit=SEARCHES_A_MINUTE, seconds=60)


def seen(action: str, key: str) -> int:
    """Return how many attempts ``over_limit`` has counted in the current window."""
    return int(cache.get(_name(action, key), 0))


def rest_of(action: str, key: str) -> float:
    """Return the seconds until the current window of ``over_limit`` ends."""
    return cast("SteadyCache", caches["default"]).rest(_name(action, key))


def _name(action: str, key: str) -> str:
    return f"limit:{action}:{hashlib.sha256(key.encode()).hexdigest()[:24]}"


class SteadyCache(LocMemCache):
    """Django's in-memory cache on the monotonic clock: a corrected wall clock must not extend a limit."""

    _expire_info: dict[str, float | None]

    def get_backend_timeout(self, timeout: float | None = DEFAULT_TIMEOUT) -> float | None:
        """Return the monotonic time (seconds) at which an entry expires; None for never."""
        seconds = self.default_timeout if timeout is DEFAULT_TIMEOUT else timeout
        return None if seconds is None else time.monotonic() + seconds

    def rest(self, key: str) -> float:
        """Return the remaining lifetime of an entry in seconds; 0 if it is missing or never expires."""
        ends = self._expire_info.get(self.make_and_validate_key(key))
        return 0.0 if ends is None else max(0.0, ends - time.monotonic())

    def _has_expired(self, key: str) -> bool:
        ends = self._expire_info.get(key, -1.0)
        return ends is not None and ends <= time.monotonic()
