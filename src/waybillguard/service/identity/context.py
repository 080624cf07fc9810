"""What several apps of the service share: the way to keyd, day numbers, who asks."""

from datetime import date, datetime
from functools import cache
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from waybillguard.service.keyd.client import KeydClient
from waybillguard.service.keyd.messages import Context
from waybillguard.service.tenancy.models import Tenant
from waybillguard.service.identity.models import User

MARK_LENGTH = 16
_EPOCH = date(1970, 1, 1).toordinal()


@cache
def keyd() -> KeydClient:
    """Return this process's way to the key process."""
    return KeydClient(settings.CONFIG.keyd_socket, patience=settings.KEYD_PATIENCE)


def day_number(moment: date | datetime, tenant: Tenant) -> int:
    """Return days since 1970-01-01 in the tenant's zone."""
    if isinstance(moment, datetime):
        return moment.astimezone(ZoneInfo(tenant.time_zone)).toordinal() - _EPOCH
    return moment.toordinal() - _EPOCH


def local_day(moment: datetime, tenant: Tenant) -> date:
    """Return the day of a moment in the tenant's zone."""
    return moment.astimezone(ZoneInfo(tenant.time_zone)).date()


def context_of(user: User, *, purpose: str = "", workstation: str = "", session: str = "") -> Context:
    """Return who asks, for the ledger.

    Raises:
        PermissionError: the person belongs to no tenant.
    """
    if user.tenant is None:
        raise PermissionError("a person without a tenant can ask for nothing")
    return Context(
        tenant=user.tenant.slug,
        actor=f"u{user.pk}",
        workstation=workstation,
        session=session or user.acting_key,
        purpose=purpose,
    )


def tenant_of(user: User) -> Tenant:
    """Return the person's tenant, never None."""
    if user.tenant is None:
        raise PermissionError("a person without a tenant can ask for nothing")
    return user.tenant


def session_mark(request: HttpRequest) -> str:
    """Return a short keyed mark of the session for ledger and events; nobody can take the session over by it."""
    key = getattr(request.session, "session_key", None) or ""
    return (
        salted_hmac("waybillguard.session", key, algorithm="sha256").hexdigest()[:MARK_LENGTH] if key else ""
    )
