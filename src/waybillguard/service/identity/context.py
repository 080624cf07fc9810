"""The keyd request context and the tenant of a user."""

from waybillguard.service.identity.grant import shown_grant
from waybillguard.service.identity.models import User
from waybillguard.service.keyd.messages import Context
from waybillguard.service.tenancy.models import Tenant


def context_of(user: User, *, purpose: str = "", workstation: str = "", session: str = "") -> Context:
    """Return the context of a keyd request: tenant, actor, purpose and place, as the ledger records them.

    Raises:
        PermissionError: the user belongs to no tenant.
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
    """Return the user's tenant, never None."""
    if user.tenant is None:
        raise PermissionError("a person without a tenant can ask for nothing")
    return user.tenant
