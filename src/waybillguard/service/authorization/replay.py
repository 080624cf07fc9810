"""Requests for trying out a draft: recorded decisions, and everyday work reconstructed from events.

Decisions on plaintext, exports, calls and policies are recorded. Everyday work (import, print, view, search) is too
frequent to record, except refusals at another site's printer. It is reconstructed from the event table, which holds
who did what in which hour, with the person's current facts and the shifts, overtime and sale days of that hour.
Device, place and order are no longer known.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

from waybillguard.access.errors import RecordedRequestError
from waybillguard.access.request import CONSOLE, Device, OrderFacts, Place, QuotaFacts, Request, SignIn
from waybillguard.access.shifts import Overtime, SaleDay, in_shift
from waybillguard.service.audit.everyday import everyday_acts
from waybillguard.service.authorization import models as duty
from waybillguard.service.authorization.active_policies import ActivePolicies
from waybillguard.service.authorization.authorize import IN_THE_PRINT_ROOM
from waybillguard.service.authorization.models import RecordedDecision
from waybillguard.service.authorization.principal import person_facts
from waybillguard.service.identity.accounts.periods import standing_period
from waybillguard.service.identity.models import Employment, Role, User
from waybillguard.service.tenancy.models import Tenant

EVERYDAY_DAYS: Final = 7
REPLAYED: Final = 2_000


@dataclass(frozen=True, slots=True)
class Replayed:
    """A past request to decide with a draft. ``recorded`` is false if it was reconstructed from events."""

    at: datetime
    actor: User
    request: Request
    recorded: bool

    @property
    def action(self) -> str:
        """Return the requested action."""
        return self.request.action


class Past:
    """The people, shifts, overtime and sale days of the last days, read once."""

    def __init__(self, tenant: Tenant, now: datetime) -> None:
        self._tenant, self._zone = tenant, ZoneInfo(tenant.time_zone)
        self._now = now.astimezone(self._zone)
        self._people = {
            f"u{one.pk}": one for one in User.objects.filter(tenant=tenant).select_related("tenant")
        }
        self._periods: dict[int, list[Employment]] = {}
        for period in Employment.objects.filter(tenant=tenant).exclude(user=None).select_related("site"):
            self._periods.setdefault(period.user_id or 0, []).append(period)
        since = self._now - timedelta(days=EVERYDAY_DAYS + 1)
        self._overtime = tuple(
            Overtime(f"u{who}", start.astimezone(self._zone), end.astimezone(self._zone), f"u{by}")
            for who, start, end, by in duty.Overtime.objects.filter(
                tenant=tenant, withdrawn_at=None, end__gt=since
            ).values_list("person_id", "start", "end", "granted_by")
        )
        sales = duty.Sale.objects.filter(tenant=tenant, withdrawn_at=None, last__gte=since.date())
        self._sales = tuple(SaleDay(*row) for row in sales.values_list("name", "first", "last"))

    def everyday(self, policies: ActivePolicies) -> list[Replayed]:
        """Return the everyday work of the last days as requests, with the shifts of ``policies``."""
        found = []
        for act in everyday_acts(self._tenant, self._now, EVERYDAY_DAYS):
            user = self._people.get(act.account)
            if user is not None:
                at = act.at.astimezone(self._zone)
                found.append(
                    Replayed(at, user, self._question(user, act.action, at, policies), recorded=False)
                )
        return found

    def with_shifts_of(self, policies: ActivePolicies, request: Request) -> Request:
        """Return a request with the shifts of ``policies``; its overtime and sale day are unchanged."""
        user = self._people.get(request.person.id)
        if user is None:
            return request
        at = request.at.astimezone(self._zone)
        roster = policies.roster(request.person.id, self._shift(user, at), (), ())
        on = in_shift(at, roster, request.person.id).facts.on
        return msgspec.structs.replace(request, shift=msgspec.structs.replace(request.shift, on=on))

    def _question(self, user: User, action: str, at: datetime, policies: ActivePolicies) -> Request:
        period = standing_period(self._periods.get(user.pk, []), at.date())
        person = person_facts(user, self._tenant, period, self._now)
        roster = policies.roster(person.id, self._shift(user, at), self._overtime, self._sales)
        slug = self._tenant.slug
        order = None
        if user.role == Role.MERCHANT:
            order = OrderFacts(tenant=slug, merchant=next(iter(person.merchants), ""))
        return Request(
            at=at, person=person, action=action, tenant=slug,
            device=Device(id=CONSOLE, tenant=slug, kind="desk", enrolled=True),
            place=Place(print_room=action in IN_THE_PRINT_ROOM), sign_in=SignIn(method="second_factor", shared=user.shared),
            shift=in_shift(at, roster, person.id).facts, quota=QuotaFacts(left=1), order=order,
        )  # fmt: skip

    def _shift(self, user: User, at: datetime) -> str:
        period = standing_period(self._periods.get(user.pk, []), at.date())
        return period.shift if period is not None else ""


def recorded(tenant: Tenant) -> list[Replayed]:
    """Return the last recorded decisions as requests, newest first, at most ``REPLAYED``.

    Decisions recorded by an earlier release in an unreadable format are skipped.
    """
    found = []
    rows = RecordedDecision.objects.filter(tenant=tenant).select_related("actor").order_by("-at", "-pk")
    for row in rows[:REPLAYED]:
        with suppress(RecordedRequestError):
            request = Request.from_record(bytes(row.request))
            found.append(Replayed(row.at, row.actor, request, recorded=True))
    return found
