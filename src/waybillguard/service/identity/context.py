"""What several apps of the service share: the way to keyd, day numbers, who asks."""

from waybillguard.service.identity.grant import shown_grant
from waybillguard.service.identity.models import User
from waybillguard.service.keyd.messages import Context
from waybillguard.service.tenancy.models import Tenant


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
        grant=shown_grant(),
    )


def tenant_of(user: User) -> Tenant:
    """Return the person's tenant, never None."""
    if user.tenant is None:
        raise PermissionError("a person without a tenant can ask for nothing")
    return user.tenant
