"""From where somebody asks: the request that is being answered, for whatever records a decision in it."""

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
    """Remembers the request while it is answered."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer."""
        token = _request.set(request)
        try:
            return self.get_response(request)
        finally:
            _request.reset(token)


@request_origin.answer
def where() -> RequestOrigin:
    """Return from where the present request comes; outside one, nothing."""
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
    """Return which machine key calls: session and station of a program are its key."""
    user = getattr(request, "user", None)
    return user.acting_key if isinstance(user, User) else ""


def workstation_of(request: HttpRequest) -> str:
    """Name the machine key or enrolled station, else the browser by its own cookie: one for all at that machine."""
    if key := _key(request):
        return key
    device = getattr(request, "browser_device", None)
    if isinstance(device, Device) and device.state == Device.State.ACTIVE:
        return device.station
    mark = mark_of(request) or mark_given(request)
    return f"browser-{mark[:_MARK_BYTES].hex()}" if mark else ""
