"""End the tenant scope that a bearer token opened, whatever became of the call."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


class ApiScopeMiddleware:
    """Leaves no scope behind in the thread: the next request starts without one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, then close the scope that ``ShellTokenAuth`` opened."""
        try:
            return self.get_response(request)
        finally:
            tenant_scope = getattr(request, "tenant_scope", None)
            if tenant_scope is not None:
                tenant_scope.__exit__(None, None, None)
