"""A plain limiter on the cache: so many tries a key and window, a process."""

import hashlib
from typing import Final, cast

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.cache import cache, caches
from django.http import HttpRequest

from waybillguard.service.platform.steady_cache import SteadyCache

SEARCHES_A_MINUTE: Final = 60
"""Look-ups of orders by one person, all pages together."""


def client_address(request: HttpRequest) -> str:
    """Return the peer's address; forwarded headers are not believed."""
    return str(request.META.get("REMOTE_ADDR") or "unknown")


def over_limit(action: str, key: str, *, limit: int, seconds: int) -> bool:
    """Count one try of ``action`` for ``key`` and tell whether it is one too many."""
    name = _name(action, key)
    if cache.add(name, 1, seconds):
        return limit < 1
    try:
        return int(cache.incr(name)) > limit
    except ValueError:  # it ran out between the two calls
        cache.set(name, 1, seconds)
        return limit < 1


def over_searches(user: AbstractBaseUser) -> bool:
    """Count one look-up of orders, by whatever page, and tell whether it is one too many for this minute."""
    return over_limit("search", str(user.pk), limit=SEARCHES_A_MINUTE, seconds=60)


def seen(action: str, key: str) -> int:
    """Return how many tries ``over_limit`` has counted in the running window."""
    return int(cache.get(_name(action, key), 0))


def rest_of(action: str, key: str) -> float:
    """Return the seconds until the running window of ``over_limit`` ends."""
    return cast("SteadyCache", caches["default"]).rest(_name(action, key))


def _name(action: str, key: str) -> str:
    return f"limit:{action}:{hashlib.sha256(key.encode()).hexdigest()[:24]}"
