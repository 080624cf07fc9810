"""What the policies are told of a person who asks: gathered here, from tables and session, nowhere else."""

import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.http import HttpRequest

from waybillguard.access.quotas import Holder, Limits
from waybillguard.access.request import CONSOLE, UNNAMED, Device, Person, Place, SignIn
from waybillguard.access.shifts import Duty
from waybillguard.service.authorization import standing
from waybillguard.service.authorization.inforce import InForce, in_force
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
from waybillguard.service.platform.database.raw_sql import Rows
from waybillguard.service.platform.hooks import Question
from waybillguard.service.tenancy.models import Tenant

BADGE_SESSION = "badge"
"""Key in a session that was begun by a badge."""

STEP_UP_S = 300
"""How long a confirmation by authenticator app or passkey counts, in seconds."""

_DUTY = "_standing_duty"
_STRONG = frozenset({Authenticator.Type.TOTP.value, Authenticator.Type.WEBAUTHN.value})
_KEPT = "_employment"
count_printed: Question[[Tenant, datetime, datetime], int] = Question("how many orders a warehouse printed")
"""Of the whole warehouse, from the first moment up to the second."""
_shipped: dict[tuple[int, str], int] = {}
_EMPLOYMENTS = Rows(
    Employment,
    "WHERE identity_employment.tenant_id = %s AND identity_employment.user_id = %s",
    beside=("site",),
)


@dataclass(frozen=True, slots=True)
class Asker:
    """A person at this moment, with the policies in force and the limits of the role."""

    user: User
    tenant: Tenant
    now: datetime
    person: Person
    sign_in: SignIn
    device: Device
    place: Place
    duty: Duty
    policies: InForce
    limits: Limits
    holder: Holder

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
    strong = [
        float(record.get("at", 0))
        for record in get_authentication_records(request, request.user)
        if record.get("method") == "mfa" and record.get("type") in _STRONG
    ]
    there = factor_proven_at(request)
    recent = 0 <= time.time() - max([there, *strong]) < STEP_UP_S
    if strong:
        return SignIn(method="second_factor", stepped_up=recent, shared=shared)
    if provider_factor(request):
        return SignIn(method="sso_second_factor", stepped_up=recent, shared=shared)
    return SignIn(method="sso" if opened_by_provider(request) else "password", shared=shared)


def asker_of(user: User, sign_in: SignIn, now: datetime, at: tuple[Device, Place] | None = None) -> Asker:
    """Gather what is known of ``user``; ``now`` aware in any zone.

    Device and place are ``at``, else those of the browser that asks (``user.here``). For a person loaded elsewhere
    the console stands for the device.
    """
    tenant = tenant_of(user)
    local = now.astimezone(ZoneInfo(tenant.time_zone))
    policies = in_force(tenant)
    employment = _employment(user, tenant, local)
    person = person_facts(user, tenant, employment, local)
    duty = _duty(user, policies, employment.shift if employment else "", local)
    limits = policies.settings.limits(user.role, shipped_yesterday=_shipped_yesterday(tenant, local))
    if at is not None:
        device, place = at
    elif user.here is not None:
        device, place = user.here.device, user.here.place
    else:
        device, place = Device(id=CONSOLE, tenant=tenant.slug, kind="desk", enrolled=True), Place()
    holder = Holder(person.id, "" if device.id in UNNAMED else device.id, duty.shift, duty.ends)
    return Asker(user, tenant, local, person, sign_in, device, place, duty, policies, limits, holder)


def _duty(user: User, policies: InForce, shift: str, local: datetime) -> Duty:
    """Return whether somebody is at work, worked out once for one loaded person (`standing.FRESH_S`)."""
    asked = (policies.number, shift)
    known: tuple[float, tuple[int, str], Duty] | None = getattr(user, _DUTY, None)
    if known is None or known[1] != asked or time.monotonic() - known[0] > standing.FRESH_S:
        known = (time.monotonic(), asked, duty_of(user, policies, shift, local))
        setattr(user, _DUTY, known)  # not its __dict__, as with the employment
    return known[2]


def left_now(asker: Asker) -> Person:
    """Return the person as one who has just left: what the account's row says when it is read again."""
    return msgspec.structs.replace(asker.person, left_at=asker.now)


def _employment(user: User, tenant: Tenant, local: datetime) -> Employment | None:
    """Return the period of employment that counts now; read once for one loaded person and page (`standing.FRESH_S`)."""
    known: tuple[float, Employment | None] | None = getattr(user, _KEPT, None)
    if known is None or time.monotonic() - known[0] > standing.FRESH_S:
        known = (time.monotonic(), standing_period(_EMPLOYMENTS.all(tenant.pk, user.pk), local.date()))
        setattr(user, _KEPT, known)  # not its __dict__: a request's user stands behind a lazy object
    return known[1]


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
