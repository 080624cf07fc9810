"""End the tenant scope that a bearer token opened; answer problems as problems under the API's address."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from waybillguard.service.api.problems import CONTENT_TYPE, problem
from waybillguard.service.merchants.wall import leave

_REFUSED = 400


class ApiScopeMiddleware:
    """Leaves no scope behind in the thread: the next request starts without one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, then close the scope that ``ShellTokenAuth`` opened."""
        try:
            response = self.get_response(request)
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
