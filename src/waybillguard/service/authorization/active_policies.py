"""The policies in force of each warehouse, cached as compiled handles in the process."""

import gc
from dataclasses import dataclass
from datetime import time
from functools import lru_cache

from waybillguard.access.policybook import PolicyBook
from waybillguard.access.settings import Settings, default_settings
from waybillguard.access.shifts import EVERY_DAY, Overtime, Roster, SaleDay, Shift
from waybillguard.access.whatif import book_of
from waybillguard.service.authorization.models import PolicyVersion
from waybillguard.service.platform.database.raw_sql import first_row
from waybillguard.service.tenancy.models import Tenant

DEFAULT_ROSTER: dict[str, list[dict[str, object]]] = {
    "shifts": [{"name": "白班", "start": "08:00", "end": "20:00", "weekdays": sorted(EVERY_DAY)}],
}
"""Shifts of a new warehouse; an owner changes them in the policy form."""

_KEPT = 256
_ACTIVE = "SELECT id FROM authorization_policyversion WHERE tenant_id = %s AND state = %s LIMIT 1"


@dataclass(frozen=True, slots=True)
class ActivePolicies:
    """One compiled policy version. ``number`` is 0 for the defaults of the package."""

    number: int
    book: PolicyBook
    settings: Settings
    shifts: dict[str, Shift]

    def roster(
        self, person: str, shift: str, overtime: tuple[Overtime, ...], sales: tuple[SaleDay, ...]
    ) -> Roster:
        """Return the roster of one person: the shift named in the employment, or all shifts if none is named.

        An unknown shift name gives no working hours: a typing error must not allow all hours.
        """
        names = (shift,) if shift else tuple(self.shifts)
        return Roster(self.shifts, {person: names}, overtime, sales)


def active_policies(tenant: Tenant) -> ActivePolicies:
    """Return the policies in force. Runs one small query per call."""
    found = first_row(_ACTIVE, tenant.pk, PolicyVersion.State.ACTIVE.value)
    return _defaults() if found is None else _kept(found[0])


def hours_of(policies: ActivePolicies) -> list[str]:
    """Return the name and hours of each shift for display."""
    return [f"{one.name} {one.start:%H:%M}–{one.end:%H:%M}" for one in policies.shifts.values()]


def compile_version(row: PolicyVersion) -> ActivePolicies:
    """Compile a stored version."""
    return ActivePolicies(
        row.number, PolicyBook.unpack(bytes(row.book), row.version), Settings.from_form(row.settings),
        read_roster(row.roster),
    )  # fmt: skip


def read_roster(values: dict[str, list[dict[str, object]]]) -> dict[str, Shift]:
    """Return shifts by name. Sale days are not part of a version; they are in ``authorization.shifts``.

    Raises:
        AccessError (shift): a shift is invalid.
        ValueError: a time or date cannot be read.
    """
    return {
        str(one["name"]): Shift(
            str(one["name"]),
            time.fromisoformat(str(one["start"])),
            time.fromisoformat(str(one["end"])),
            frozenset(int(str(day)) for day in one["weekdays"]),  # type: ignore[attr-defined]
            bool(one.get("only_working_days")),
        )
        for one in values.get("shifts", [])
    }


def warm() -> None:
    """Load default policies, URLs and templates at process start, so that the first look is not slow."""
    from django.template.loader import get_template
    from django.urls import get_resolver

    _defaults()
    _ = get_resolver().url_patterns
    for name in ("lookups/ask.html", "lookups/shown.html"):
        get_template(name)
    # Exclude the loaded objects from later garbage collections, which would take tens of milliseconds.
    gc.collect()
    gc.freeze()


@lru_cache(maxsize=_KEPT)
def _kept(pk: int) -> ActivePolicies:
    # An active version is immutable, so its cache entry never expires.
    return compile_version(PolicyVersion.objects.get(pk=pk))


@lru_cache(maxsize=1)
def _defaults() -> ActivePolicies:
    settings = default_settings()
    return ActivePolicies(0, book_of(settings), settings, read_roster(DEFAULT_ROSTER))
