"""Limits a key: how often one person may call an operation."""

from django.http import HttpRequest
from ninja.throttling import AuthRateThrottle


class Rate(AuthRateThrottle):
    """Counts the calls of one account under a name of its own; ninja's class counts all of them together.

    Args:
        name: what is counted.
        rate: for example ``60/m``.
    """

    def __init__(self, name: str, rate: str) -> None:
        self.scope = name
        super().__init__(rate)

    def get_cache_key(self, request: HttpRequest) -> str:
        """Count by person: a second token of the same person does not buy more calls."""
        return self.cache_format % {"scope": f"api-{self.scope}", "ident": request.user.pk}
