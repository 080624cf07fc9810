"""Change a person's role, by an owner or by the directory."""

from datetime import datetime

from django.db import transaction
from django_scopes import scope

from waybillguard.service.identity.accounts import factors
from waybillguard.service.identity.accounts.changes import note
from waybillguard.service.identity.accounts.errors import (
    last_owner,
    own_role,
    role_of_directory,
    shared_owner,
)
from waybillguard.service.identity.accounts.services import end_sessions
from waybillguard.service.identity.context import tenant_of
from waybillguard.service.identity.models import MAY, DirectoryPerson, Permission, Role, ShellToken, User


def change_role(actor: User, person: User, role: Role, now: datetime) -> None:
    """Change a person's role on behalf of an owner.

    Raises:
        NotNowError: it is the actor's own role, the directory sets the role, or a shared account would administer.
        LastOwnerError: nobody could administer this warehouse any more; nothing was changed.
        KeydError: the new role allows more and the ledger entry cannot be written; nothing was changed.
    """
    tenant = tenant_of(actor)
    with transaction.atomic(), scope(tenant=tenant):
        row = User.objects.get(pk=person.pk, tenant=tenant)
        if row.role == role:
            return
        if row.pk == actor.pk:
            raise own_role()
        if DirectoryPerson.objects.filter(user=row).exists():
            raise role_of_directory()
        give_role(actor, row, role, now)


def give_role(actor: User | None, person: User, role: Role, now: datetime) -> None:
    """Write a role to the ledger and set it, within the caller's transaction.

    If the new role allows less than the old one, open sessions and tokens end.

    Raises:
        NotNowError: a shared account would administer.
        LastOwnerError: nobody could administer this warehouse any more.
        KeydError: the new role allows more, and the ledger entry cannot be written or no owner just confirmed a code.
    """
    require_another_owner(person)
    row = User.objects.select_for_update(of=("self",), no_key=True).select_related("tenant").get(pk=person.pk)
    before, after = MAY[Role(row.role)], MAY[role]
    if row.shared and Permission.ADMINISTER in after:
        raise shared_owner()
    what = "role" if after - before else "role_lowered"
    note(tenant_of(row), what, person=row, actor=actor, now=now, role=str(role))
    if actor is not None or role != Role.OWNER:  # keyd accepts no new owner from a directory
        factors.set_role(actor, row, role)
    User.objects.filter(pk=row.pk).update(role=role)
    if before - after:
        ShellToken.objects.filter(user=row).delete()
        end_sessions(row)


def require_another_owner(person: User) -> None:
    """Refuse to remove a warehouse's last owner; lock its owners until the caller's transaction ends.

    Because of the lock, two owners who remove each other at the same time cannot both succeed.

    Raises:
        LastOwnerError: the person is the only one who can administer.
    """
    owners = User.objects.filter(tenant=person.tenant_id, role=Role.OWNER, is_active=True).order_by("pk")
    if set(owners.select_for_update(no_key=True).values_list("pk", flat=True)) == {person.pk}:
        raise last_owner()
