"""A session's mark for ledger and events."""

from django.http import HttpRequest
from django.utils.crypto import salted_hmac

MARK_LENGTH = 16


def session_mark(request: HttpRequest) -> str:
    """Return a short keyed mark of the session for ledger and events; nobody can take the session over by it."""
    key = getattr(request.session, "session_key", None) or ""
    return (
        salted_hmac("waybillguard.session", key, algorithm="sha256").hexdigest()[:MARK_LENGTH] if key else ""
    )
