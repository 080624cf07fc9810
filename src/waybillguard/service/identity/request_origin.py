"""The origin of the current request (session and workstation), for recording decisions."""

from collections.abc import Callable
from contextvars import ContextVar

from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

from waybillguard.service.audit.origin import RequestOrigin, request_origin
from waybillguard.service.identity.accounts.browsers import mark_given, mark_of
from waybillguard.service.identity.models import Device, ShellToken, User
from waybillguard.service.platform.limits import client_address
from waybillguard.service.platform.sessions import MARK_LENGTH, session_mark

_request: ContextVar[HttpRequest | None] = ContextVar("request", default=None)
_MARK_BYTES = 4


class RequestOriginMiddleware:
    """Stores the request while it is processed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Process the request and return the response."""
        token = _request.set(request)
        try:
            return self.get_response(request)
        finally:
            _request.reset(token)


@request_origin.answer
def where() -> RequestOrigin:
    """Return the origin of the current request; an empty one outside a request."""
    request = _request.get()
    if request is None:
        return RequestOrigin()
    address = client_address(request)
    return RequestOrigin("" if address == "unknown" else address, _session(request), workstation_of(request))


def _session(request: HttpRequest) -> str:
    if key := _key(request):
        return key
    token = getattr(request, "auth", None)
    if isinstance(token, ShellToken):
        return salted_hmac("waybillguard.token", str(token.pk), algorithm="sha256").hexdigest()[:MARK_LENGTH]
    return session_mark(request) if hasattr(request, "session") else ""


def _key(request: HttpRequest) -> str:
    """Return the calling machine key, which stands for both session and workstation of a program."""
    user = getattr(request, "user", None)
    return user.acting_key if isinstance(user, User) else ""


def workstation_of(request: HttpRequest) -> str:
    """Return the machine key, the enrolled station, or else the browser's cookie mark, shared by all its users."""
    if key := _key(request):
        return key
    device = getattr(request, "browser_device", None)
    if isinstance(device, Device) and device.state == Device.State.ACTIVE:
        return device.station
    mark = mark_of(request) or mark_given(request)
    return f"browser-{mark[:_MARK_BYTES].hex()}" if mark else ""
