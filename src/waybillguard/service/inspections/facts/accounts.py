"""Accounts and quotas (ACC-01 to ACC-07, PPL-03)."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db.models import Count, Exists, OuterRef, Q

from waybillguard.inspect.model import Fact
from waybillguard.service.authorization.active_policies import active_policies
from waybillguard.service.external_accounts.models import Finding, LeavingItem
from waybillguard.service.identity.models import Employment, Permission, Role, SharedUse, User
from waybillguard.service.lookups.models import Look, QuotaPerson
from waybillguard.service.tenancy.days import local_day
from waybillguard.service.tenancy.models import Tenant

_MONTH: Final = timedelta(days=30)
_QUOTA: Final = 250
_OPEN_KINDS: Final = ("used_after_leaving", "owner_left")
_DEFAULT_NAMES: Final = ("admin", "administrator", "root", "test", "guest", "user", "demo")
_STRONG: Final = (Authenticator.Type.TOTP.value, Authenticator.Type.WEBAUTHN.value)


def observe(tenant: Tenant, now: datetime) -> Mapping[str, Fact]:
    """Return the facts on accounts, sessions and quotas."""
    today = local_day(now, tenant)
    rules = active_policies(tenant)
    people = User.objects.filter(tenant=tenant, is_active=True)
    ended = Employment.objects.filter(tenant=tenant, user=OuterRef("pk"), employed_to__lt=today)
    running = Employment.objects.filter(
        Q(employed_to=None) | Q(employed_to__gte=today), tenant=tenant, user=OuterRef("pk")
    )
    leavers = people.filter(Exists(ended) & ~Exists(running))
    gone = User.objects.filter(Q(is_active=False) | Q(pk__in=leavers), tenant=tenant)
    revealing = [
        role for role, form in rules.settings.form.roles.items() if "reveal" in form.actions and role in Role
    ]
    plaintext = people.filter(role__in=revealing)
    strong = Authenticator.objects.filter(user=OuterRef("pk"), type__in=_STRONG)
    looked = Look.objects.filter(tenant=tenant, person=OuterRef("pk"), allowed=True, at__gt=now - _MONTH)
    at_work = Employment.objects.filter(
        Q(employed_to=None) | Q(employed_to__gte=today), tenant=tenant, user__is_active=True
    )
    sessions = UserSession.objects.filter(user__tenant=tenant, user__is_active=True)
    return {
        "leavers_active": leavers.count(),
        "leavers_sessions": UserSession.objects.filter(user__in=gone, user__tenant=tenant).count(),
        "external_accounts_open": _open_outside(tenant),
        "shared_accounts": people.filter(shared=True).count()
        + SharedUse.objects.filter(tenant=tenant, day__gte=today - timedelta(days=1)).count(),
        "reveal_rights_unused": plaintext.filter(~Exists(looked), date_joined__lt=now - _MONTH)
        .exclude(role=Role.OWNER)
        .count(),
        "admin_and_auditor": sum(
            1
            for one in people.filter(role=Role.INSPECTOR)
            if one.is_superuser or one.may(Permission.ADMINISTER)
        ),
        "plaintext_people": plaintext.count(),
        "plaintext_people_without_factor": plaintext.filter(~Exists(strong)).count(),
        "sessions_unenrolled_device": 0 if rules.settings.form.enrolled_only else sessions.count(),
        "quota_30_days": max(
            (rules.settings.form.roles[role].limits.persons_30d for role in revealing), default=0
        ),
        "quota_enforced": bool(rules.book),
        "people_over_quota": QuotaPerson.objects.filter(tenant=tenant, last_day__gt=today - _MONTH)
        .values("account")
        .annotate(seen=Count("token"))
        .filter(seen__gte=_QUOTA)
        .count(),
        "default_accounts": people.filter(username__in=_DEFAULT_NAMES).count(),
        "identities_unchecked": at_work.filter(identity_checked_on=None).count(),
    }


def _open_outside(tenant: Tenant) -> int:
    """Count accounts of former employees in other systems without proof that they were disabled."""
    findings = Finding.objects.filter(tenant=tenant, settled_at=None, kind__in=_OPEN_KINDS)
    items = LeavingItem.objects.filter(tenant=tenant, shown_at=None, leaving__closed_at=None).exclude(
        account=""
    )
    return findings.count() + items.count()
