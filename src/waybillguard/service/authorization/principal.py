"""The principal: what the policies are told of a person who asks, loaded once a request from tables and session."""

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
"""Key in a session that was begun by a badge."""

STEP_UP_S = 300
"""How long a confirmation by authenticator app or passkey counts, in seconds."""

FRESH_S = 2.0
"""A principal counts so long: a page asks many times, a long piece of work asks anew."""

_ACTIVE = "SELECT 1 FROM identity_user WHERE id = %s AND tenant_id = %s AND is_active = %s"
_STRONG = frozenset({Authenticator.Type.TOTP.value, Authenticator.Type.WEBAUTHN.value})
count_printed: Question[[Tenant, datetime, datetime], int] = Question("how many orders a warehouse printed")
"""Of the whole warehouse, from the first moment up to the second."""
_shipped: dict[tuple[int, str], int] = {}
_EMPLOYMENTS = Rows(
    Employment,
    "WHERE identity_employment.tenant_id = %s AND identity_employment.user_id = %s",
    beside=("site",),
)


@dataclass(frozen=True, slots=True)
class Principal:
    """A person at this moment, with the policies in force and the limits of the role.

    ``decided`` holds the decisions on everyday work that were asked for already.
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
        """Return where the person stands, as the ledger names it."""
        return self.place.station or CONSOLE


def sign_in_of(request: HttpRequest) -> SignIn:
    """Return how the person signed in; stepped up: a second factor within ``STEP_UP_S``.

    A sign-in by badge stays one, whatever is confirmed in it later. Of a second factor at the identity provider the
    moment counts at which it was proven there.
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
    """Return when a second factor was last shown in this session, seconds since 1970; 0: never, or a badge."""
    return 0.0 if request.session.get(BADGE_SESSION) else _confirmations(request)[0]


def _confirmations(request: HttpRequest) -> tuple[float, bool]:
    """Return the last showing of a second factor, here or at the identity provider, and whether one was shown here."""
    here = [
        float(record.get("at", 0))
        for record in get_authentication_records(request, request.user)
        if record.get("method") == "mfa" and record.get("type") in _STRONG
    ]
    return max([factor_proven_at(request), *here]), bool(here)


def current_principal(user: User) -> Principal:
    """Return the principal of a person who was loaded for this request or piece of work; one that is old is loaded anew."""
    known: Principal | None = user.principal
    if known is None or time.monotonic() - known.loaded > FRESH_S:
        sign_in = user.here.sign_in if user.here else SignIn(method="password", shared=user.shared)
        loaded = load_principal(user, sign_in, timezone.now())
        known = user.principal = replace(loaded, person=still_employed(loaded))
    return known


def load_principal(
    user: User, sign_in: SignIn, now: datetime, at: tuple[Device, Place] | None = None
) -> Principal:
    """Gather what is known of ``user``; ``now`` aware in any zone.

    Device and place are ``at``, else those of the browser that asks (``user.here``). For a person loaded elsewhere
    the console stands for the device.
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
    """Read the account again: the person, as one who has just left where it was ended since it was loaded."""
    user = principal.user
    if first_row(_ACTIVE, user.pk, principal.tenant.pk, True) is not None:  # noqa: FBT003 - a value of the question
        return principal.person
    return msgspec.structs.replace(principal.person, left_at=principal.now)


def person_facts(user: User, tenant: Tenant, employment: Employment | None, now: datetime) -> Person:
    """Return what the policies are told of a person; ``now`` in the zone of the warehouse."""
    joined = user.date_joined.astimezone(now.tzinfo).date()
    if employment is None:
        # An account from before the register of people: the owner handed over its link in person.
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
    """Count the whole warehouse's orders printed yesterday, once a day and process, whoever asks first."""
    key = (tenant.pk, now.date().isoformat())
    if key not in _shipped:
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
        count = count_printed(tenant, midnight - timedelta(days=1), midnight)
        _shipped.clear()
        _shipped[key] = count
    return _shipped[key]
