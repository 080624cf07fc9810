"""Convert people and groups of one warehouse to SCIM resources and back. Call within the tenant's scope."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django_scopes import scopes_disabled
from scim2_models import (
    ForbiddenException,
    InvalidValueException,
    Meta,
    NotFoundException,
    Reference,
    UniquenessException,
)

from waybillguard.service.identity.accounts.changes import note
from waybillguard.service.identity.accounts.employment import employment_of, let_go, wake
from waybillguard.service.identity.accounts.errors import LastOwnerError, NotNowError
from waybillguard.service.identity.accounts.periods import covers
from waybillguard.service.identity.accounts.roles import give_role
from waybillguard.service.identity.accounts.services import add_person
from waybillguard.service.identity.models import DirectoryGroup, DirectoryPerson, Employment, Role, User
from waybillguard.service.people.scim import resources
from waybillguard.service.tenancy.models import Tenant

STRENGTH: Final = (
    Role.OWNER,
    Role.SUPERVISOR,
    Role.SERVICE,
    Role.CLERK,
    Role.INSPECTOR,
    Role.MERCHANT,
)
"""Roles from strongest to weakest; of several groups the strongest role counts.

A person without a group that has a role becomes an unvetted clerk.
"""

_NAME: Final = 150
_SHOWN: Final = 60


def people(tenant: Tenant, base: str) -> list[resources.User]:
    """Return everybody managed by the directory."""
    rows = DirectoryPerson.objects.filter(tenant=tenant).select_related("user").order_by("pk")
    return [_person(row, base) for row in rows]


def person(tenant: Tenant, key: str, base: str) -> resources.User:
    """Return one person.

    Raises:
        NotFoundException: no such person here.
    """
    return _person(_row(tenant, key), base)


def add(tenant: Tenant, given: resources.User, base: str) -> resources.User:
    """Add a person; an existing account is taken over unless it is an owner's.

    Raises:
        UniquenessException: the sign-in name belongs to somebody else.
    """
    now = timezone.now()
    name = _name(given)
    with transaction.atomic():
        with scopes_disabled():  # sign-in names are unique across warehouses
            user = User.objects.select_related("tenant").filter(username__iexact=name).first()
        if user is None:
            user = User(username=name, display_name=_shown(given), role=Role.CLERK)
            add_person(tenant, user, now)
            _begin(tenant, user, now)
            note(tenant, "employed", person=user, now=now, role=user.role, temp=0)
        elif user.tenant_id != tenant.pk or user.role == Role.OWNER or hasattr(user, "directory"):
            raise UniquenessException(detail="the sign-in name is taken")
        row = DirectoryPerson.objects.create(
            tenant=tenant, user=user, external_id=(given.external_id or "")[:200], made_at=now, changed_at=now
        )
        _apply_active(row, given, now)
    return _person(row, base)


def change(tenant: Tenant, key: str, given: resources.User, base: str) -> resources.User:
    """Update a person as the directory says; an inactive person is offboarded at once.

    Raises:
        NotFoundException: no such person here.
        UniquenessException: the sign-in name belongs to somebody else.
        ForbiddenException: the person is the last owner.
    """
    with transaction.atomic():
        row = _row(tenant, key)
        name = _name(given)
        with scopes_disabled():
            taken = User.objects.filter(username__iexact=name).exclude(pk=row.pk).exists()
        if taken:
            raise UniquenessException(detail="the sign-in name is taken")
        now = timezone.now()
        if (row.user.username, row.user.display_name) != (name, _shown(given)):
            row.user.username, row.user.display_name = name, _shown(given)
            row.user.save(update_fields=["username", "display_name"])
            note(tenant, "directory_renamed", person=row.user, now=now)
        row.external_id, row.changed_at = (given.external_id or "")[:200], now
        row.save(update_fields=["external_id", "changed_at"])
        _apply_active(row, given, now)
    return _person(row, base)


def remove(tenant: Tenant, key: str) -> None:
    """Offboard a person and end the management by the directory; records of their work stay.

    Raises:
        NotFoundException: no such person here.
        ForbiddenException: the person is the last owner.
    """
    with transaction.atomic():
        row = _row(tenant, key)
        if row.user.is_active or row.user.asleep_since is not None:
            _end(row.user, timezone.now())
        row.delete()


def groups(tenant: Tenant, base: str) -> list[resources.Group]:
    """Return the directory's groups with their members."""
    rows = DirectoryGroup.objects.filter(tenant=tenant).prefetch_related("members__user").order_by("pk")
    return [_group(row, base) for row in rows]


def group(tenant: Tenant, key: str, base: str) -> resources.Group:
    """Return one group.

    Raises:
        NotFoundException: no such group here.
    """
    return _group(_group_row(tenant, key), base)


def make_group(tenant: Tenant, given: resources.Group, base: str) -> resources.Group:
    """Make a group; see ``change_group``."""
    return change_group(tenant, "", given, base)


def change_group(tenant: Tenant, key: str, given: resources.Group, base: str) -> resources.Group:
    """Make a group (``key`` empty) or update one as the directory says, and the roles of its members.

    Raises:
        NotFoundException: no such group or member here.
        ForbiddenException: nobody could administer the warehouse any more.
    """
    now = timezone.now()
    name = (given.display_name or "").strip()[:200]
    if not name:
        raise InvalidValueException(detail="a group needs a displayName")
    with transaction.atomic():
        row = _group_row(tenant, key) if key else DirectoryGroup(tenant=tenant, made_at=now)
        row.name, row.external_id, row.changed_at = name, (given.external_id or "")[:200], now
        row.save()
        wanted = {_number(member.value or "") for member in given.members or []}
        found = list(DirectoryPerson.objects.filter(tenant=tenant, pk__in=wanted))
        if len(found) != len(wanted):
            raise InvalidValueException(detail="a member is not known here")
        before = set(row.members.values_list("pk", flat=True))
        row.members.set(found)
        follow_roles(tenant, before ^ wanted)
    return _group(row, base)


def remove_group(tenant: Tenant, key: str) -> None:
    """Remove a group and update the roles of its members.

    Raises:
        NotFoundException: no such group here.
    """
    with transaction.atomic():
        row = _group_row(tenant, key)
        members = set(row.members.values_list("pk", flat=True))
        row.delete()
        follow_roles(tenant, members)


def follow_roles(tenant: Tenant, keys: set[int]) -> int:
    """Give people the strongest role of their groups; return how many roles changed.

    Raises:
        ForbiddenException: nobody could administer the warehouse any more, or a shared account could.
        KeydError: the ledger cannot be written, so no stronger role was given.
    """
    changed = 0
    rows = DirectoryPerson.objects.filter(tenant=tenant, pk__in=keys).select_related("user")
    for row in rows.prefetch_related("groups"):
        given = {one.role for one in row.groups.all() if one.role}
        role = next((one for one in STRENGTH if one.value in given), Role.CLERK)
        user = row.user
        if user.role == role:
            continue
        try:
            give_role(None, user, role, timezone.now())
        except (LastOwnerError, NotNowError) as error:
            raise ForbiddenException(detail=error.en) from None
        changed += 1
    return changed


def _apply_active(row: DirectoryPerson, given: resources.User, now: datetime) -> None:
    """Offboard or readmit a person according to ``active``; if it is missing, nothing changes."""
    user = row.user
    if given.active is False and (user.is_active or user.asleep_since is not None):
        _end(user, now)
    elif given.active is True and not user.is_active:
        employment = employment_of(user)
        if employment is None or not covers(employment, timezone.localdate(now)) or _left(employment, now):
            _begin(row.tenant, user, now)
        wake(None, user, now)


def _left(employment: Employment, now: datetime) -> bool:
    """Return whether the last day has come, as for a person who was offboarded today and is back."""
    last: date | None = employment.employed_to
    return last is not None and last <= timezone.localdate(now)


def _begin(tenant: Tenant, user: User, now: datetime) -> None:
    Employment.objects.create(
        tenant=tenant,
        user=user,
        name=user.display_name or user.username,
        employed_from=timezone.localdate(now),
    )


def _end(user: User, now: datetime) -> None:
    try:
        let_go(None, user, now, why="directory_let_go")
    except LastOwnerError as error:
        raise ForbiddenException(detail=error.en) from None


def _person(row: DirectoryPerson, base: str) -> resources.User:
    return resources.User(
        id=str(row.pk),
        external_id=row.external_id or None,
        user_name=row.user.username,
        display_name=row.user.display_name or None,
        active=row.user.is_active,
        meta=Meta(
            resource_type="User", created=row.made_at, last_modified=row.changed_at,
            location=f"{base}/Users/{row.pk}",
        ),
    )  # fmt: skip


def _group(row: DirectoryGroup, base: str) -> resources.Group:
    members: Sequence[DirectoryPerson] = list(row.members.select_related("user").order_by("pk"))
    return resources.Group(
        id=str(row.pk),
        external_id=row.external_id or None,
        display_name=row.name,
        members=[
            resources.Member(value=str(one.pk), ref=Reference[resources.User](f"{base}/Users/{one.pk}"), type="User")
            for one in members
        ]
        or None,
        meta=Meta(
            resource_type="Group", created=row.made_at, last_modified=row.changed_at,
            location=f"{base}/Groups/{row.pk}",
        ),
    )  # fmt: skip


def _row(tenant: Tenant, key: str) -> DirectoryPerson:
    row = (
        DirectoryPerson.objects.filter(tenant=tenant, pk=_number(key))
        .select_related("user__tenant", "tenant")
        .first()
    )
    if row is None:
        raise NotFoundException(detail="there is no such person here")
    return row


def _group_row(tenant: Tenant, key: str) -> DirectoryGroup:
    row = DirectoryGroup.objects.filter(tenant=tenant, pk=_number(key)).first()
    if row is None:
        raise NotFoundException(detail="there is no such group here")
    return row


def _number(key: str) -> int:
    return int(key) if key.isascii() and key.isdigit() and len(key) <= 15 else 0  # noqa: PLR2004 - below 2**63


def _name(given: resources.User) -> str:
    name = (given.user_name or "").strip()
    if not 0 < len(name) <= _NAME:
        raise InvalidValueException(detail=f"userName has 1 to {_NAME} characters")
    try:
        User.username_validator(name)
    except ValidationError:
        raise InvalidValueException(detail="userName has letters, digits and @.+-_ only") from None
    return name


def _shown(given: resources.User) -> str:
    shown = (given.display_name or "").strip()
    if len(shown) > _SHOWN:
        raise InvalidValueException(detail=f"displayName has at most {_SHOWN} characters")
    return shown
