"""Match a payroll list with the people of a tenant, apply it, and find people it no longer lists.

A row is matched by employee number. Leading zeros that a spreadsheet removed are ignored if the name agrees. A row
whose number is unknown matches the only person of that name without a number, if the name occurs once in the list.
A row updates the employment period that overlaps it, even if the start days differ, so that nobody has two open
periods.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from waybillguard.access import registry
from waybillguard.access.registry import fold, fold_name
from waybillguard.access.registry_reading import PayrollList
from waybillguard.service.identity.accounts.changes import note
from waybillguard.service.identity.accounts.employment import let_go
from waybillguard.service.identity.accounts.errors import LastOwnerError
from waybillguard.service.identity.accounts.periods import standing_period
from waybillguard.service.identity.models import AccountChange, Employment, Role, User
from waybillguard.service.identity.sites.services import by_words
from waybillguard.service.tenancy.models import Tenant

LET_GO: Final = ("let_go", "directory_let_go")
"""Account changes by which a user or the group's directory ended an employment; a payroll list cannot undo them."""

_NOT_EMPLOYED: Final = frozenset({Role.MERCHANT, Role.INSPECTOR})
"""Roles of people who are never on the warehouse's payroll list."""


@dataclass(slots=True, eq=False)
class Known:
    """A person of the tenant: the user account, if any, and the employment periods. One object per person."""

    user: User | None
    periods: list[Employment]

    @property
    def key(self) -> str:
        """Return the identifier of the person in forms."""
        return f"u{self.user.pk}" if self.user is not None else f"e{self.periods[0].pk}"

    @property
    def name(self) -> str:
        """Return the display name."""
        return next((one.name for one in reversed(self.periods) if one.name), str(self.user or ""))

    @property
    def number(self) -> str:
        """Return the employee number, or an empty string if none is known."""
        return next((one.number for one in reversed(self.periods) if one.number), "")

    @property
    def names(self) -> set[str]:
        """Return all folded names under which a list may contain the person."""
        shown = {fold_name(str(self.user))} if self.user is not None else set()
        return shown | {fold_name(one.name) for one in self.periods if one.name}


@dataclass(slots=True)
class PayrollMatch:
    """A payroll list matched with the people of the tenant.

    Attributes:
        rows: each row with the person it matches, or None for a new person.
        by_name: people with a user account who were matched by name only.
        missing: people who are employed or can sign in and whom no row matches.
    """

    rows: list[tuple[registry.Employment, Known | None]] = field(default_factory=list)
    by_name: list[Known] = field(default_factory=list)
    missing: list[Known] = field(default_factory=list)


def match_payroll(tenant: Tenant, found: PayrollList, today: date) -> PayrollMatch:
    """Match the rows of a list with people, and find people who are not on it."""
    people = _people(tenant)
    numbers = {fold(one.number): one for one in people if one.number}
    unnumbered = _by_name(one for one in people if not one.number)
    anybody = _by_name(people)
    listed = Counter(fold_name(name) for _, name in {(fold(row.number), row.name) for row in found.people})
    bare = _by_bare_number(people)
    bare_rows = Counter(number.lstrip("0") for number in {fold(row.number) for row in found.people})
    meant = PayrollMatch()
    named: set[Known] = set()
    by_name: dict[Known, None] = {}
    for row in found.people:
        known = numbers.get(fold(row.number)) if row.number else None
        number, name = fold(row.number).lstrip("0"), fold_name(row.name)
        if known is None and number and bare_rows[number] == 1:
            alike = bare.get(number, [])
            known = alike[0] if len(alike) == 1 and name in alike[0].names else None
        if known is None and listed[name] == 1:
            candidates = (unnumbered if row.number else anybody).get(name, [])
            known = candidates[0] if len(candidates) == 1 else None
            if known is not None and known.user is not None:
                by_name[known] = None
        if known is not None:
            named.add(known)
        meant.rows.append((row, known))
    meant.by_name = list(by_name)
    meant.missing = [one for one in people if one not in named and _still_here(one, today)]
    return meant


def apply_payroll(tenant: Tenant, found: PayrollList, today: date) -> None:
    """Apply a payroll list. An empty site keeps the period's site; a period ended by hand keeps its end."""
    sites = by_words(tenant)
    new: dict[tuple[str, str], Known] = {}
    used: set[int] = set()
    for line, known in match_payroll(tenant, found, today).rows:
        person = known
        if person is None:
            person = new.setdefault((fold(line.number), fold_name(line.name)), Known(None, []))
        row = _period_for(person, line, today)
        row.number, row.name = line.number[:40] or row.number, line.name[:60] or row.name
        _set_days(row, line, today, again=row.pk in used)
        row.temp, row.agency = line.temp, line.agency[:80]
        row.site = sites.get(fold(line.site)) or row.site
        row.tenant = tenant
        row.save()
        used.add(row.pk)
        if row not in person.periods:
            person.periods.append(row)


def mark_left(actor: User, tenant: Tenant, found: PayrollList, chosen: Iterable[str], now: datetime) -> int:
    """End the employment of people missing from a list whom an owner has marked; return how many.

    ``chosen`` holds keys of `Known`; people who are on the list are skipped. The last owner always stays.
    """
    wanted = set(chosen)
    if not wanted:
        return 0
    today = now.astimezone(ZoneInfo(tenant.time_zone)).date()
    gone = 0
    for one in match_payroll(tenant, found, today).missing:
        if one.key not in wanted:
            continue
        if one.user is not None and one.user.is_active:
            try:
                let_go(actor, one.user, now)
            except LastOwnerError:
                continue
        else:
            for period in one.periods:
                if period.employed_to is None or period.employed_to > today:
                    period.employed_to = today
                    period.save(update_fields=["employed_to"])
                    note(tenant, "let_go", person=one.user, actor=actor, now=now, period=period.pk)
        gone += 1
    return gone


def _people(tenant: Tenant) -> list[Known]:
    users = {
        user.pk: Known(user, [])
        for user in User.objects.filter(tenant=tenant)
        .exclude(role__in=_NOT_EMPLOYED)
        .select_related("tenant")
    }
    others: dict[tuple[str, str], Known] = {}
    for one in Employment.objects.filter(tenant=tenant).select_related("user__tenant").order_by("pk"):
        if one.user is not None:
            users.setdefault(one.user.pk, Known(one.user, [])).periods.append(one)
        else:
            key = (fold(one.number), "") if one.number else ("", fold_name(one.name))
            others.setdefault(key, Known(None, [])).periods.append(one)
    return [*users.values(), *others.values()]


def _by_name(people: Iterable[Known]) -> dict[str, list[Known]]:
    found: dict[str, list[Known]] = {}
    for one in people:
        for name in one.names:
            found.setdefault(name, []).append(one)
    return found


def _by_bare_number(people: Iterable[Known]) -> dict[str, list[Known]]:
    found: dict[str, list[Known]] = {}
    for one in people:
        if number := fold(one.number).lstrip("0"):
            found.setdefault(number, []).append(one)
    return found


def _still_here(one: Known, today: date) -> bool:
    if one.user is not None and one.user.role in _NOT_EMPLOYED:
        return False
    open_period = any(period.employed_to is None or period.employed_to >= today for period in one.periods)
    if one.user is None:
        return open_period
    return one.user.is_active or (one.user.asleep_since is not None and open_period)


def _period_for(person: Known, line: registry.Employment, today: date) -> Employment:
    """Return the person's period that a row updates, or a new one filled in from the person's last period."""
    exact = [one for one in person.periods if one.employed_from == line.employed_from]
    overlapping = [one for one in person.periods if _overlap(one, line)]
    if (row := standing_period(exact or overlapping, today)) is not None:
        return row
    last = standing_period(person.periods, today)
    if last is None:
        user = person.user
        # An account without an employment got its sign-up link from the owner in person.
        checked = user.date_joined.date() if user is not None else None
        return Employment(user=user, identity_checked_on=checked)
    return Employment(
        user=person.user, identity_checked_on=last.identity_checked_on, shift=last.shift,
        home_station=last.home_station, site=last.site,
    )  # fmt: skip


def _overlap(one: Employment, line: registry.Employment) -> bool:
    start, end = one.employed_from or date.min, one.employed_to or date.max
    return start <= (line.employed_to or date.max) and (line.employed_from or date.min) <= end


def _set_days(row: Employment, line: registry.Employment, today: date, *, again: bool) -> None:
    """Set a period's days from a row. ``again``: an earlier row of this list set them, so the range only widens."""
    end = line.employed_to
    if line.left and end is None:
        end = row.employed_to or today - timedelta(days=1)
    if _ended_by_hand(row):
        end = row.employed_to
    if again:
        starts = [day for day in (row.employed_from, line.employed_from) if day is not None]
        row.employed_from = min(starts, default=None)
        row.employed_to = None if row.employed_to is None or end is None else max(row.employed_to, end)
        return
    row.employed_from = line.employed_from or row.employed_from
    row.employed_to = end


def _ended_by_hand(row: Employment) -> bool:
    if row.user is None or row.user.is_active or row.employed_to is None:
        return False
    return AccountChange.objects.filter(tenant=row.tenant_id, person=row.user, what__in=LET_GO).exists()
