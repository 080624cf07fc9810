"""The life cycle of an account: employ, let go, suspend, reactivate."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django_scopes import scope

from waybillguard.service.identity.accounts.changes import note
from waybillguard.service.identity.accounts.errors import LastOwnerError, not_to_be_woken
from waybillguard.service.identity.accounts.factors import expect, let_back
from waybillguard.service.identity.accounts.periods import covers, standing_period
from waybillguard.service.identity.accounts.roles import require_another_owner
from waybillguard.service.identity.accounts.services import add_person, cut, deactivate
from waybillguard.service.identity.accounts.signals import person_left
from waybillguard.service.identity.context import tenant_of
from waybillguard.service.identity.models import (
    Employment,
    LeavingAudit,
    MachineKey,
    OneTimeLink,
    ShellToken,
    User,
)
from waybillguard.service.identity.sites.services import hold_open
from waybillguard.service.platform.queue import enqueue
from waybillguard.service.tenancy.models import Tenant

SLEEPS_AFTER = timedelta(days=14)
AUDITED = timedelta(days=30)


def employ(actor: User, user: User, employment: Employment, now: datetime) -> str:
    """Create the account and employment of a new person; return the secret of the one-time link.

    Raises:
        SiteError: the site of the employment was closed.
        KeydError: the ledger entry cannot be written, or ``actor`` is not an owner who just confirmed a code; no
            account is made.
    """
    tenant = tenant_of(actor)
    with transaction.atomic(), scope(tenant=tenant):
        secret = add_person(tenant, user, now)
        expect(actor, user, new=True)
        employment.tenant, employment.user = tenant, user
        employment.name = employment.name or user.display_name or user.username
        hold_open(employment.site)
        employment.save()
        at = {"site": employment.site.code} if employment.site is not None else {}
        note(
            tenant, "employed", person=user, actor=actor, now=now, role=user.role, temp=int(employment.temp), **at
        )  # fmt: skip
    return secret


def employment_of(user: User) -> Employment | None:
    """Return the employment that is in force today, else the one that ended last."""
    with scope(tenant=tenant_of(user)):
        return _standing(user, timezone.localdate())


def latest_employment(user: User) -> Employment | None:
    """Return the same as `employment_of`, from prefetched employments."""
    return standing_period(user.employments.all(), timezone.localdate())


def let_go(actor: User | None, user: User, now: datetime, *, why: str = "let_go") -> Employment:
    """End an employment and all access at once; start the leaving audit and the closing checklist.

    Raises:
        LastOwnerError: nobody could administer this warehouse any more; nothing was changed.
    """
    tenant = tenant_of(user)
    today = now.astimezone(timezone.get_default_timezone()).date()
    with transaction.atomic(), scope(tenant=tenant):
        require_another_owner(user)
        deactivate(user)
        employment = _standing(user, today)
        if employment is None:
            employment = Employment.objects.create(tenant=tenant, user=user, name=str(user))
        if employment.employed_to is None or employment.employed_to > today:
            employment.employed_to = today
            employment.save(update_fields=["employed_to"])
        note(tenant, why, person=user, actor=actor, now=now)
        audit = LeavingAudit.objects.create(tenant=tenant, user=user, since=now - AUDITED, until=now)
        person_left.send(
            sender=Employment, employment=employment, last_day=employment.employed_to, actor=actor
        )
        _audit_later(audit)
    return employment


def sleep(user: User, now: datetime) -> None:
    """Suspend an unused account; its second factors are kept, but it cannot sign in.

    Raises:
        LastOwnerError: nobody could administer this warehouse any more; nothing was changed.
    """
    tenant = tenant_of(user)
    with transaction.atomic(), scope(tenant=tenant):
        require_another_owner(user)
        cut(user)
        user.asleep_since = now
        user.save(update_fields=["asleep_since"])
        note(tenant, "asleep", person=user, now=now)


def wake(actor: User | None, user: User, now: datetime) -> str:
    """Reactivate a suspended account, or rehire a leaver; return the secret of a one-time link.

    Raises:
        NotNowError: the account is active, or its employment has ended.
    """
    tenant = tenant_of(user)
    with transaction.atomic(), scope(tenant=tenant):
        employment = _standing(user, timezone.localdate(now))
        over = employment is not None and not covers(employment, timezone.localdate(now))
        if user.is_active or over:
            raise not_to_be_woken()
        user.is_active, user.asleep_since = True, None
        user.set_unusable_password()
        user.save(update_fields=["is_active", "asleep_since", "password"])
        note(tenant, "woken", person=user, actor=actor, now=now)
        if (
            actor is not None
        ):  # a directory may reactivate accounts, but keyd accepts no grant of rights from it
            let_back(actor, user)
        return OneTimeLink.issue(user, now)


def end_expired(tenant: Tenant, now: datetime) -> int:
    """Let go people whose last day has passed (mostly temps); return how many."""
    today = now.date()
    with scope(tenant=tenant):
        over = list(
            Employment.objects.filter(tenant=tenant, user__is_active=True, employed_to__lt=today)
            .exclude(user__employments__employed_to=None)
            .exclude(user__employments__employed_to__gte=today)
            .select_related("user__tenant")
        )
        users = {one.user.pk: one.user for one in over if one.user is not None}
    return sum(
        _if_not_last(lambda user=user: let_go(None, user, now, why="expired")) for user in users.values()
    )


def sleep_unused(tenant: Tenant, now: datetime) -> int:
    """Suspend accounts unused for 14 days; return how many. The last owner stays active.

    Use of a machine key counts as use of its creator's account.
    """
    since = now - SLEEPS_AFTER
    with scope(tenant=tenant):
        keys = list(
            MachineKey.objects.filter(tenant=tenant, used_at__gte=since).values_list("made_by", flat=True)
        )
    idle = (
        User.objects.filter(tenant=tenant, is_active=True, date_joined__lt=since)
        .filter(Q(last_login=None) | Q(last_login__lt=since))
        .exclude(usersession__last_seen_at__gte=since)
        .exclude(pk__in=ShellToken.objects.filter(created_at__gte=since).values("user_id"))
        .exclude(pk__in=OneTimeLink.objects.filter(created_at__gte=since).values("user_id"))
        .exclude(pk__in=keys)
        .select_related("tenant")
        .order_by("last_login")
        .distinct()
    )
    return sum(_if_not_last(lambda user=user: sleep(user, now)) for user in idle)


def _standing(user: User, day: date) -> Employment | None:
    return standing_period(Employment.objects.filter(user=user), day)


def _if_not_last(action: object) -> int:
    try:
        action()  # type: ignore[operator]
    except LastOwnerError:
        return 0
    return 1


def _audit_later(audit: LeavingAudit) -> None:
    enqueue("identity.accounts.tasks.make_leaving_audit", audit.pk)
