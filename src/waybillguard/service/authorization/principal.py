"""The principal: facts about the requesting person for the policies, loaded once per request."""

import time
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.http import HttpRequest
from django.utils import timezone

from waybillguard.access.decision import Decision
from waybillguard.access.quotas import Holder, Limits
from waybillguard.access.request import CONSOLE, UNNAMED, Device, Person, Place, SignIn
from waybillguard.access.shifts import Duty
from waybillguard.service.authorization.active_policies import ActivePolicies, active_policies
from waybillguard.service.authorization.restrictions import restriction_of
from waybillguard.service.authorization.shifts.calendar import duty_of
from waybillguard.service.identity.accounts.periods import standing_period
from waybillguard.service.identity.accounts.sso_records import (
    factor_proven_at,
    opened_by_provider,
    provider_factor,
)
from waybillguard.service.identity.context import tenant_of
from waybillguard.service.identity.merchants.scope import shops_of
from waybillguard.service.identity.models import Employment, User
from waybillguard.service.platform.database.raw_sql import Rows, first_row
from waybillguard.service.platform.hooks import Question
from waybillguard.service.tenancy.models import Tenant

BADGE_SESSION = "badge"
"""Session key that marks a badge sign-in."""

STEP_UP_S = 300
"""How long a confirmation by authenticator app or passkey counts, in seconds."""

FRESH_S = 2.0
"""Seconds that a principal is cached: one page uses it many times, a long task reloads it."""

_ACTIVE = "SELECT 1 FROM identity_user WHERE id = %s AND tenant_id = %s AND is_active = %s"
_STRONG = frozenset({Authenticator.Type.TOTP.value, Authenticator.Type.WEBAUTHN.value})
count_printed: Question[[Tenant, datetime, datetime], int] = Question("how many orders a warehouse printed")
"""Count orders printed in the whole warehouse, from the first time until before the second."""
_shipped: dict[tuple[int, str], int] = {}
_EMPLOYMENTS = Rows(
    Employment,
    "WHERE identity_employment.tenant_id = %s AND identity_employment.user_id = %s",
    beside=("site",),
)


@dataclass(frozen=True, slots=True)
class Principal:
    """A person at one time, with the policies in force and the limits of the role.

    ``decided`` caches decisions on everyday work by action.
    """

    user: User
    tenant: Tenant
    now: datetime
    person: Person
    sign_in: SignIn
    device: Device
    place: Place
    duty: Duty
    policies: ActivePolicies
    limits: Limits
    holder: Holder
    loaded: float = field(default_factory=time.monotonic, repr=False)
    decided: dict[str, Decision] = field(default_factory=dict, repr=False)

    @property
    def workstation(self) -> str:
        """Return the person's workstation, as named in the ledger."""
        return self.place.station or CONSOLE


def sign_in_of(request: HttpRequest) -> SignIn:
    """Return how the person signed in. ``stepped_up`` means a second factor within ``STEP_UP_S`` seconds.

    A badge sign-in remains one even if a factor is confirmed later. For a second factor at the identity provider, the
    time of confirmation there counts.
    """
    shared = bool(getattr(request.user, "shared", False))
    if request.session.get(BADGE_SESSION):
        return SignIn(method="badge", shared=shared)
    at, strong = _confirmations(request)
    recent = 0 <= time.time() - at < STEP_UP_S
    if strong:
        return SignIn(method="second_factor", stepped_up=recent, shared=shared)
    if provider_factor(request):
        return SignIn(method="sso_second_factor", stepped_up=recent, shared=shared)
    return SignIn(method="sso" if opened_by_provider(request) else "password", shared=shared)


def confirmed_at(request: HttpRequest) -> float:
    """Return when a second factor was last confirmed in this session (seconds since 1970); 0: never, or a badge."""
    return 0.0 if request.session.get(BADGE_SESSION) else _confirmations(request)[0]


def _confirmations(request: HttpRequest) -> tuple[float, bool]:
    """Return the time of the last second factor, here or at the identity provider, and whether one was used here."""
    here = [
        float(record.get("at", 0))
        for record in get_authentication_records(request, request.user)
        if record.get("method") == "mfa" and record.get("type") in _STRONG
    ]
    return max([factor_proven_at(request), *here]), bool(here)


def current_principal(user: User) -> Principal:
    """Return the principal cached on the user; load it again if it is older than ``FRESH_S`` seconds."""
    known: Principal | None = user.principal
    if known is None or time.monotonic() - known.loaded > FRESH_S:
        sign_in = user.here.sign_in if user.here else SignIn(method="password", shared=user.shared)
        loaded = load_principal(user, sign_in, timezone.now())
        known = user.principal = replace(loaded, person=still_employed(loaded))
    return known


def load_principal(
    user: User, sign_in: SignIn, now: datetime, at: tuple[Device, Place] | None = None
) -> Principal:
    """Load the principal of ``user``. ``now`` is aware, in any time zone.

    Device and place are ``at``, else those of the requesting browser (``user.here``), else the console.
    """
    tenant = tenant_of(user)
    local = now.astimezone(ZoneInfo(tenant.time_zone))
    policies = active_policies(tenant)
    employment = standing_period(_EMPLOYMENTS.all(tenant.pk, user.pk), local.date())
    person = person_facts(user, tenant, employment, local)
    duty = duty_of(user, policies, employment.shift if employment else "", local)
    limits = policies.settings.limits(user.role, shipped_yesterday=_shipped_yesterday(tenant, local))
    if at is not None:
        device, place = at
    elif user.here is not None:
        device, place = user.here.device, user.here.place
    else:
        device, place = Device(id=CONSOLE, tenant=tenant.slug, kind="desk", enrolled=True), Place()
    person = msgspec.structs.replace(person, restriction=restriction_of(user, place.station))
    holder = Holder(person.id, "" if device.id in UNNAMED else device.id, duty.shift, duty.ends)
    return Principal(user, tenant, local, person, sign_in, device, place, duty, policies, limits, holder)


def still_employed(principal: Principal) -> Person:
    """Read the account again and return the person; if deactivated since loading, with ``left_at`` set to now."""
    user = principal.user
    if first_row(_ACTIVE, user.pk, principal.tenant.pk, True) is not None:  # noqa: FBT003 - a query parameter
        return principal.person
    return msgspec.structs.replace(principal.person, left_at=principal.now)


def person_facts(user: User, tenant: Tenant, employment: Employment | None, now: datetime) -> Person:
    """Return a person's facts for the policies. ``now`` is in the warehouse's time zone."""
    joined = user.date_joined.astimezone(now.tzinfo).date()
    if employment is None:
        # No employment record: the owner handed over the invitation link in person, so the identity is checked.
        return Person(
            id=f"u{user.pk}", tenant=tenant.slug, role=user.role, employed_from=joined, first_day=joined,
            left_at=None if user.is_active else now, identity_checked=True, asleep=user.asleep_since is not None,
            merchants=shops_of(user) or (),
        )  # fmt: skip
    start = employment.employed_from or joined
    return Person(
        id=f"u{user.pk}", tenant=tenant.slug, role=user.role, employed_from=start, employed_to=employment.employed_to,
        left_at=None if user.is_active else now, first_day=start, temp=employment.temp, agency=employment.agency,
        identity_checked=employment.identity_checked_on is not None, home_station=employment.home_station,
        home_site=employment.site.code if employment.site is not None else "",
        asleep=user.asleep_since is not None, merchants=shops_of(user) or (),
    )  # fmt: skip


def _shipped_yesterday(tenant: Tenant, now: datetime) -> int:
    """Count the orders that the warehouse printed yesterday. Cached per day and process."""
    key = (tenant.pk, now.date().isoformat())
    if key not in _shipped:
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
        count = count_printed(tenant, midnight - timedelta(days=1), midnight)
        _shipped.clear()
        _shipped[key] = count
    return _shipped[key]
