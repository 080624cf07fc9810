"""The session mark recorded in ledger and access events."""

from django.http import HttpRequest
from django.utils.crypto import salted_hmac

MARK_LENGTH = 16


def session_mark(request: HttpRequest) -> str:
    """Return a short keyed hash of the session for ledger and events; it cannot be used to take over the session."""
    key = getattr(request.session, "session_key", None) or ""
    return (
        salted_hmac("waybillguard.session", key, algorithm="sha256").hexdigest()[:MARK_LENGTH] if key else ""
    )
