"""API middleware: close the tenant scope opened by a bearer token; return errors as problem documents."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from waybillguard.service.identity.merchants.scope import leave
from waybillguard.service.platform.problems import CONTENT_TYPE, problem

_REFUSED = 400
_PIECE = 65_536
_MOST_DRAINED = 16 * 1024 * 1024


class ApiScopeMiddleware:
    """Closes tenant and merchant scope after each request, so that the thread's next request starts without one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Process the request, then close the scopes opened by ``BearerAuth``."""
        try:
            response = _refuse_body(request) if _too_large(request) else self.get_response(request)
        finally:
            wall = getattr(request, "merchant_wall", None)
            if wall is not None:
                leave(wall)
            tenant_scope = getattr(request, "tenant_scope", None)
            if tenant_scope is not None:
                tenant_scope.__exit__(None, None, None)
        if (
            request.path_info.startswith("/api/")
            and response.status_code >= _REFUSED
            and response.headers.get("Content-Type") != CONTENT_TYPE
        ):
            made = problem(response.status_code)
            for name in ("Allow", "Retry-After"):
                if name in response.headers:
                    made[name] = response.headers[name]
            return made
        return response


def _refuse_body(request: HttpRequest) -> HttpResponse:
    """Return 413 after reading the body; with an unread body, the client's next call would get a broken connection."""
    for _ in range(_MOST_DRAINED // _PIECE):
        if not request.read(_PIECE):
            break
    return problem(413)


def _too_large(request: HttpRequest) -> bool:
    """Return whether the declared size of a body that is not an upload exceeds the limit."""
    said = request.META.get("CONTENT_LENGTH") or "0"
    most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    return (
        request.path_info.startswith("/api/")
        and not (request.content_type or "").startswith("multipart/")
        and most is not None
        and said.isascii()
        and said.isdigit()
        and int(said) > most
    )
