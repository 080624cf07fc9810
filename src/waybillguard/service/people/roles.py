"""Another role for somebody, by the hand of an owner."""

from datetime import datetime

from django.db import transaction
from django_scopes import scope

from waybillguard.service.common import tenant_of
from waybillguard.service.people.changes import note
from waybillguard.service.people.errors import last_owner, own_role, role_of_directory, shared_owner
from waybillguard.service.people.models import MAY, DirectoryPerson, Permission, Role, ShellToken, User
from waybillguard.service.people.services import end_sessions


def change_role(actor: User, person: User, role: Role, now: datetime) -> None:
    """Give a person another role. Whatever the old role allowed and the new one does not ends open sessions and tokens.

    Raises:
        NotNowError: one's own role, a role that the directory gives, or administration for a shared account.
        LastOwnerError: nobody could administer this warehouse any more; nothing was changed.
        KeydError: the new role allows more and the ledger does not write it; nothing was changed.
    """
    tenant = tenant_of(actor)
    with transaction.atomic(), scope(tenant=tenant):
        row = User.objects.select_for_update().get(pk=person.pk, tenant=tenant)
        before, after = MAY[Role(row.role)], MAY[role]
        if row.role == role:
            return
        if row.pk == actor.pk:
            raise own_role()
        if DirectoryPerson.objects.filter(user=row).exists():
            raise role_of_directory()
        if row.shared and Permission.ADMINISTER in after:
            raise shared_owner()
        owners = User.objects.filter(tenant=tenant, role=Role.OWNER, is_active=True)
        if row.role == Role.OWNER and not owners.exclude(pk=row.pk).exists():
            raise last_owner()
        note(
            tenant,
            "role_lowered" if after < before else "role",
            person=row,
            actor=actor,
            now=now,
            role=str(role),
        )
        User.objects.filter(pk=row.pk).update(role=role)
        if not after >= before:
            ShellToken.objects.filter(user=row).delete()
            end_sessions(row)
