"""Rate limits of API operations per person, machine key, device or address."""

import threading
from typing import Final

from django.http import HttpRequest
from ninja.throttling import BaseThrottle

from waybillguard.service.platform.limits import client_address, over_limit, rest_of

_SECONDS: Final = {"m": 60, "h": 3600}


class Rate(BaseThrottle):
    """Limits the calls of one caller to a named operation.

    Replaces Ninja's throttles: they store the caller on the throttle object, which all threads share, so concurrent
    requests overwrite each other's counts, and they trust forwarded addresses.

    Args:
        name: name of the counter.
        rate: calls per minute or hour, for example ``60/m``.
    """

    def __init__(self, name: str, rate: str) -> None:
        calls, _, unit = rate.partition("/")
        self._name, self._calls, self._seconds = f"api-{name}", int(calls), _SECONDS[unit]
        self._refused = threading.local()

    def allow_request(self, request: HttpRequest) -> bool:
        """Count a call and tell whether it is within the limit; refused calls do not extend the wait."""
        self._refused.who = who = self.caller(request)
        return not over_limit(self._name, who, limit=self._calls, seconds=self._seconds)

    def wait(self) -> float:
        """Return after how many seconds the caller just refused by this thread may retry."""
        return rest_of(self._name, self._refused.who)

    def caller(self, request: HttpRequest) -> str:
        """Return the caller to count: the person, shared by all tokens, or the machine key."""
        user = request.user
        return str(getattr(user, "acting_key", "") or user.pk)


class AddressRate(Rate):
    """Limits the calls of one IP address, for requests without sign-in; forwarded addresses are ignored."""

    def caller(self, request: HttpRequest) -> str:
        """Return the peer's IP address."""
        return client_address(request)
