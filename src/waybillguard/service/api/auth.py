"""Who calls the machine API: a bearer token of a named person, nothing else (no cookies, so no CSRF)."""

from django.http import HttpRequest
from django.utils import timezone
from django_scopes import scope
from ninja.security import HttpBearer

from waybillguard.service.merchants.wall import enter
from waybillguard.service.people.models import ShellToken


class ShellTokenAuth(HttpBearer):
    """Accepts a living shell token of an active person who belongs to a tenant."""

    def authenticate(self, request: HttpRequest, token: str) -> ShellToken | None:
        """Return the token's row and set ``request.user``; None refuses the call."""
        found = ShellToken.find(token, timezone.now())
        if found is None or found.user.tenant is None:
            return None
        request.user = found.user
        # Every query of this request is limited to the person's tenant.
        tenant_scope = scope(tenant=found.user.tenant)
        tenant_scope.__enter__()
        request.tenant_scope = tenant_scope  # type: ignore[attr-defined]  # left by ApiScopeMiddleware
        request.merchant_wall = enter(found.user)  # type: ignore[attr-defined]  # the same
        return found
