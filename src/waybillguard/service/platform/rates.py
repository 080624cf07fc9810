"""Limits a key: how often one person, or one machine key, may call an operation."""

from django.http import HttpRequest
from ninja.throttling import AuthRateThrottle


class Rate(AuthRateThrottle):
    """Counts the calls of one caller under a name of its own; ninja's class counts all of them together.

    Args:
        name: what is counted.
        rate: for example ``60/m``.
    """

    def __init__(self, name: str, rate: str) -> None:
        self.scope = name
        super().__init__(rate)

    def get_cache_key(self, request: HttpRequest) -> str:
        """Count by person, whose second token does not buy more calls; a machine key counts for itself."""
        user = request.user
        ident = getattr(user, "acting_key", "") or user.pk
        return self.cache_format % {"scope": f"api-{self.scope}", "ident": ident}
