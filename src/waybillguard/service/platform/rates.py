"""Limits a key: how often one person, one machine key or one device may call an operation."""

import threading
from typing import Final

from django.http import HttpRequest
from ninja.throttling import BaseThrottle

from waybillguard.service.platform.limits import client_address, over_limit, rest_of

_SECONDS: Final = {"m": 60, "h": 3600}


class Rate(BaseThrottle):
    """Counts the calls of one caller under a name.

    Ninja's own keep the caller on the throttle, which all threads share: two at once wrote each other's count. And they
    believe a forwarded address.

    Args:
        name: what is counted.
        rate: calls in a minute or an hour, for example ``60/m``.
    """

    def __init__(self, name: str, rate: str) -> None:
        calls, _, unit = rate.partition("/")
        self._name, self._calls, self._seconds = f"api-{name}", int(calls), _SECONDS[unit]
        self._refused = threading.local()

    def allow_request(self, request: HttpRequest) -> bool:
        """Count a call and tell whether it is within the limit; what is refused does not make the wait longer."""
        self._refused.who = who = self.caller(request)
        return not over_limit(self._name, who, limit=self._calls, seconds=self._seconds)

    def wait(self) -> float:
        """Return in how many seconds the caller whom this thread has just refused may come back."""
        return rest_of(self._name, self._refused.who)

    def caller(self, request: HttpRequest) -> str:
        """Return who is counted: a person, whose second token does not buy more calls, or a machine key for itself."""
        user = request.user
        return str(getattr(user, "acting_key", "") or user.pk)


class AddressRate(Rate):
    """Counts the calls of one address, where nobody has signed in; a forwarded address is not believed."""

    def caller(self, request: HttpRequest) -> str:
        """Return the peer's address."""
        return client_address(request)
