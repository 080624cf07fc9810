"""Limits on how much keyd opens: the numbers of ``data/limits.toml`` until owners sign others (`policy`).

`usage` counts against them.
"""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any, Final

import msgspec

DAY_S: Final = 86_400


class Window(msgspec.Struct, frozen=True):
    """A shift in minutes of the day, UTC. If ``until`` is smaller than ``since``, it ends past midnight."""

    since: int
    until: int

    def holds(self, minute: int) -> bool:
        """Return whether a minute of the day lies in the shift."""
        if self.since <= self.until:
            return self.since <= minute < self.until
        return minute >= self.since or minute < self.until


class RoleLimits(msgspec.Struct, frozen=True):
    """Maximum that one person of a role may have opened."""

    role: str
    reveals_hour: int
    reveals_day: int
    tests_hour: int


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """Limits, each a maximum. Plaintext opens only in one of ``windows``; if there is none, at any hour.

    ``reveals_hour``, ``reveals_day`` and ``tests_hour`` apply to people whose role is not in ``roles``.
    ``device_reveals_hour`` counts by the device named in a look, which limits people. A hijacked web process could
    name other devices; the limits of person and warehouse bound it.
    """

    reveals_hour: int
    reveals_day: int
    tests_hour: int
    tenant_reveals_hour: int
    tenant_tests_hour: int
    sealed_hour: int
    sealed_day: int
    young_hours: int
    young_reveals_day: int
    device_reveals_hour: int
    roles: tuple[RoleLimits, ...] = ()
    windows: tuple[Window, ...] = ()

    def of(self, role: str) -> RoleLimits:
        """Return the limits of one person of this role."""
        own = next((one for one in self.roles if one.role == role), None)
        return own or RoleLimits(role, self.reveals_hour, self.reveals_day, self.tests_hour)


def shipped_limits() -> Limits:
    """Return the limits that apply until two owners sign others."""
    found, roles = _limits_of("person", "tenant", "young"), _read_toml()["roles"]
    return msgspec.structs.replace(
        found,
        roles=tuple(
            msgspec.structs.replace(found.of(role), **numbers, role=role) for role, numbers in roles.items()
        ),
    )


def ceilings() -> Limits:
    """Return the loosest limits that a single owner may sign."""
    return _limits_of("ceiling_person", "ceiling_tenant", "young")


@cache
def _read_toml() -> dict[str, dict[str, Any]]:
    return tomllib.loads((files(__package__) / "data" / "limits.toml").read_text(encoding="utf-8"))


def _limits_of(*names: str) -> Limits:
    person, tenant, young = (_read_toml()[name] for name in names)
    return Limits(
        reveals_hour=person["reveals_hour"],
        reveals_day=person["reveals_day"],
        tests_hour=person["tests_hour"],
        tenant_reveals_hour=tenant["reveals_hour"],
        tenant_tests_hour=tenant["tests_hour"],
        sealed_hour=tenant["sealed_hour"],
        sealed_day=tenant["sealed_day"],
        young_hours=young["hours"],
        young_reveals_day=young["reveals_day"],
        device_reveals_hour=tenant["device_reveals_hour"],
    )


ROLES: Final = ("owner", "supervisor", "clerk", "service", "merchant", "inspector")
PERSON_LIMITS: Final = ("reveals_hour", "reveals_day", "tests_hour")
HOUSE_LIMITS: Final = (
    "device_reveals_hour", "tenant_reveals_hour", "tenant_tests_hour", "sealed_hour", "sealed_day", "young_reveals_day",
    "young_hours",
)  # fmt: skip
_MOST: Final = 10**9
_MOST_WINDOWS: Final = 24
_MINUTES: Final = DAY_S // 60


class Change(msgspec.Struct, frozen=True):
    """One limit that differs; ``role`` is empty for a limit of the whole warehouse."""

    role: str
    name: str
    before: str
    after: str


def changes(old: Limits, new: Limits) -> list[Change]:
    """Return what differs, first by role, then for the warehouse."""
    found = [
        Change(role, name, str(getattr(old.of(role), name)), str(getattr(new.of(role), name)))
        for role in ROLES
        for name in PERSON_LIMITS
    ]
    found += [Change("", name, str(getattr(old, name)), str(getattr(new, name))) for name in HOUSE_LIMITS]
    found.append(Change("", "windows", _shown(old.windows), _shown(new.windows)))
    return [one for one in found if one.before != one.after]


def tightens(old: Limits, new: Limits) -> bool:
    """Return whether ``new`` allows nothing that ``old`` forbade."""
    return (
        all(
            getattr(new.of(role), name) <= getattr(old.of(role), name)
            for role in ROLES
            for name in PERSON_LIMITS
        )
        and all(getattr(new, name) <= getattr(old, name) for name in HOUSE_LIMITS if name != "young_hours")
        and new.young_hours >= old.young_hours
        and _minutes(new.windows) <= _minutes(old.windows)
    )


def is_sound(limits: Limits) -> bool:
    """Return whether the limits are valid: no negative number, known roles once each, hours of one day."""
    numbers = [getattr(limits.of(role), name) for role in ROLES for name in PERSON_LIMITS]
    numbers += [getattr(limits, name) for name in (*PERSON_LIMITS, *HOUSE_LIMITS)]
    named = [one.role for one in limits.roles]
    return (
        all(0 <= number <= _MOST for number in numbers)
        and len(set(named)) == len(named)
        and set(named) <= set(ROLES)
        and len(limits.windows) <= _MOST_WINDOWS
        and all(0 <= minute <= _MINUTES for one in limits.windows for minute in (one.since, one.until))
    )


def _minutes(windows: tuple[Window, ...]) -> frozenset[int]:
    return frozenset(
        minute for minute in range(_MINUTES) if not windows or any(window.holds(minute) for window in windows)
    )


def _shown(windows: tuple[Window, ...]) -> str:
    """Return shifts as hours in UTC, ``22:00-06:00``; empty for any hour."""
    return " ".join(
        f"{one.since // 60:02}:{one.since % 60:02}-{one.until // 60:02}:{one.until % 60:02}"
        for one in windows
    )
