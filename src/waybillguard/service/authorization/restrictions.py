"""Restrictions in response to an alert: remove plaintext access from a person or station, or lock a person.

In shift, ``no_plaintext`` stops reveals, exports and label files; printing continues. Outside the shift, ``locked``
stops everything. Setting a restriction never waits for the ledger. Lifting one is written to the ledger first, and
people cannot lift their own restrictions.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, Literal, cast

from django.db import transaction
from django.db.models import Q, QuerySet
from django.dispatch import receiver

from waybillguard.access.request import Restriction as InForce
from waybillguard.service.authorization.errors import RestrictionError
from waybillguard.service.authorization.models import Restriction
from waybillguard.service.identity.accounts.changes import note
from waybillguard.service.identity.accounts.factors import end_access, let_back, repeat_ends
from waybillguard.service.identity.accounts.services import end_sessions
from waybillguard.service.identity.models import Role, User
from waybillguard.service.platform.database.raw_sql import first_row
from waybillguard.service.tenancy.models import Tenant
from waybillguard.service.tenancy.signals import round_made

type Kind = Literal["no_plaintext", "locked"]

_STRONGEST: Final = (
    "SELECT kind FROM authorization_restriction WHERE tenant_id = %s AND lifted_at IS NULL"
    " AND (person_id = %s OR (station <> '' AND station = %s)) ORDER BY kind LIMIT 1"
)


def restriction_of(user: User, station: str) -> InForce:
    """Return the strongest restriction in force for this person or station."""
    row = first_row(_STRONGEST, user.tenant_id, user.pk, station)
    return cast("InForce", row[0]) if row is not None else "none"


def in_force_for(tenant: Tenant, *, person: User | None = None, station: str = "") -> QuerySet[Restriction]:
    """Return the restrictions in force for a person or a station, oldest first."""
    about = Q(person=person) if person is not None else Q(station=station) & ~Q(station="")
    return (
        Restriction.objects.filter(about, tenant=tenant, lifted_at=None)
        .select_related("person", "set_by")
        .order_by("pk")
    )


def is_only_owner(person: User) -> bool:
    """Return whether the person is the only active owner, so that nobody could lift a restriction."""
    others = User.objects.filter(tenant=person.tenant, role=Role.OWNER, is_active=True).exclude(pk=person.pk)
    return person.role == Role.OWNER and not others.exists()


def restrict(
    tenant: Tenant,
    kind: Kind,
    *,
    person: User | None = None,
    station: str = "",
    by: User | None = None,
    source: str = "",
    rule: str = "",
    now: datetime,
) -> Restriction | None:
    """Restrict a person or a station; return None if already restricted that much. Never waits for the ledger.

    Raises:
        RestrictionError: the person is the caller, or the only owner, whose restriction nobody could lift.
    """
    if person is not None and (person == by or is_only_owner(person)):
        raise RestrictionError(
            zh="不能限制自己或唯一的负责人。请先增加一位负责人",
            en="You cannot restrict yourself or the only owner. Add a second owner first",
        )
    with transaction.atomic():
        held = Restriction.objects.filter(tenant=tenant, person=person, station=station[:60], lifted_at=None)
        if held.filter(kind__in=[kind, Restriction.Kind.LOCKED]).exists():
            return None
        made = Restriction.objects.create(
            tenant=tenant, person=person, station=station[:60], kind=kind, rule=rule, source=source, since=now,
            set_by=by,
        )  # fmt: skip
        note(
            tenant, "restricted", person=person, actor=by, now=now, kind=kind, station=station[:60],
            source=source, rule=rule,
        )  # fmt: skip
    if person is not None and kind == "locked":
        end_sessions(person)
        end_access(person)
    return made


@receiver(round_made, dispatch_uid="locked people")
def resend_locks(tenant: Tenant, **_: object) -> None:
    """Report the locked people to keyd again every hour, in case the process that reported them died."""
    locked = Restriction.objects.filter(tenant=tenant, kind=Restriction.Kind.LOCKED, lifted_at=None)
    people = User.objects.filter(pk__in=locked.exclude(person=None).values("person"))
    repeat_ends(people.select_related("tenant"))


def lift(rows: Sequence[Restriction], by: User, why: str, now: datetime) -> int:
    """Lift restrictions; return how many. Each is written to the ledger first.

    Raises:
        RestrictionError: the caller's own restriction, or no reason is given.
        KeydError: the ledger or keyd does not answer; nothing was lifted.
    """
    why = why.strip()[:200]
    if not why:
        raise RestrictionError(zh="请写明恢复的原因", en="Say why access is given back")
    if any(row.person_id == by.pk for row in rows):
        raise RestrictionError(
            zh="不能解除对自己的限制，请另一位负责人处理", en="Another owner lifts your own restriction"
        )
    done = 0
    for row in rows:
        with transaction.atomic():
            if not Restriction.objects.filter(pk=row.pk, lifted_at=None).update(
                lifted_at=now, lifted_by=by, why=why
            ):
                continue
            note(row.tenant, "restriction_lifted", person=row.person, actor=by, now=now, restriction=row.pk)
            if row.person is not None and row.kind == Restriction.Kind.LOCKED:
                let_back(by, row.person)
        done += 1
    return done
