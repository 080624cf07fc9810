"""How much keyd opens, whoever asks: the numbers of ``data/limits.toml``, until owners sign others (`policy`).

`usage` counts against them.
"""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any, Final

import msgspec

DAY_S: Final = 86_400


class Window(msgspec.Struct, frozen=True):
    """A shift: minutes of the day in UTC, ``until`` past midnight where it is smaller than ``since``."""

    since: int
    until: int

    def holds(self, minute: int) -> bool:
        """Tell whether a minute of the day lies in it."""
        if self.since <= self.until:
            return self.since <= minute < self.until
        return minute >= self.since or minute < self.until


class RoleLimits(msgspec.Struct, frozen=True):
    """What one person of a role may have opened at most."""

    role: str
    reveals_hour: int
    reveals_day: int
    tests_hour: int


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """The numbers, each a maximum. ``windows``: plaintext opens in one of them only; none: at any hour.

    ``reveals_hour``, ``reveals_day`` and ``tests_hour`` are of a person whose role stands not in ``roles``.
    ``device_reveals_hour`` counts by the device that is named with a look: it holds against people, and against a
    hijacked web process, which could name another, the person's and the warehouse's numbers do.
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
        """Return the numbers of a person of this role."""
        own = next((one for one in self.roles if one.role == role), None)
        return own or RoleLimits(role, self.reveals_hour, self.reveals_day, self.tests_hour)


def shipped_limits() -> Limits:
    """Return what holds until two owners have signed something else."""
    found, roles = _limits_of("person", "tenant", "young"), _read_toml()["roles"]
    return msgspec.structs.replace(
        found,
        roles=tuple(
            msgspec.structs.replace(found.of(role), **numbers, role=role) for role, numbers in roles.items()
        ),
    )


def ceilings() -> Limits:
    """Return how far a single owner may loosen."""
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
    """One number that differs; ``role`` is empty for what holds for the whole warehouse."""

    role: str
    name: str
    before: str
    after: str


def changes(old: Limits, new: Limits) -> list[Change]:
    """Return what differs, by role and then for the warehouse."""
    found = [
        Change(role, name, str(getattr(old.of(role), name)), str(getattr(new.of(role), name)))
        for role in ROLES
        for name in PERSON_LIMITS
    ]
    found += [Change("", name, str(getattr(old, name)), str(getattr(new, name))) for name in HOUSE_LIMITS]
    found.append(Change("", "windows", _shown(old.windows), _shown(new.windows)))
    return [one for one in found if one.before != one.after]


def tightens(old: Limits, new: Limits) -> bool:
    """Tell whether nothing that ``new`` allows was forbidden by ``old``."""
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
    """Tell whether these are limits at all: no negative number, known roles once, hours of one day."""
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
    """Return shifts as hours of UTC, ``22:00-06:00``; nothing: at any hour."""
    return " ".join(
        f"{one.since // 60:02}:{one.since % 60:02}-{one.until // 60:02}:{one.until % 60:02}"
        for one in windows
    )
