"""Read and change keyd's own limits. keyd stores the numbers; the service keeps no copy."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

from waybillguard.service.authorization.errors import PolicyVersionError
from waybillguard.service.authorization.signals import limits_changed
from waybillguard.service.identity.accounts import factors
from waybillguard.service.identity.context import context_of, tenant_of
from waybillguard.service.identity.models import User
from waybillguard.service.keyd import messages, policy
from waybillguard.service.keyd.limits import (
    HOUSE_LIMITS,
    PERSON_LIMITS,
    ROLES,
    Limits,
    RoleLimits,
    Window,
    is_sound,
)
from waybillguard.service.tenancy.models import Tenant

_DAY_MIN: Final = 1_440
_DIGITS: Final = 9


@dataclass(frozen=True, slots=True)
class Signing:
    """Result of a signature: whether the limits are in force, and from when (seconds since 1970)."""

    in_force: bool
    from_s: int


def read(tenant: Tenant) -> policy.LimitsAnswer:
    """Return the limits in force and the pending limits.

    Raises:
        KeydError: keyd does not answer.
    """
    return factors.ask(policy.ReadLimits(tenant.slug), policy.LimitsAnswer)


def signing(user: User, limits: Limits) -> policy.SetLimits:
    """Return the request that `sign` sends, so that it can be confirmed first."""
    return policy.SetLimits(context_of(user), limits)


def sign(user: User, limits: Limits) -> Signing:
    """Sign limits. The last required signature puts them in force.

    Raises:
        RefusedError: the signer is no owner or has already signed, or the code was not confirmed for these limits.
    """
    answer = factors.ask(signing(user, limits), policy.SetLimitsAnswer)
    what = "proposed" if not answer.signed else "loosened" if answer.from_s else "set"
    limits_changed.send(sender=Limits, tenant=tenant_of(user), what=what)
    return Signing(answer.signed and not answer.from_s, answer.from_s)


def withdraw(user: User) -> None:
    """Withdraw the pending limits.

    Raises:
        RefusedError: the user is no owner.
    """
    factors.ask(policy.WithdrawLimits(context_of(user)), messages.Done)
    limits_changed.send(sender=Limits, tenant=tenant_of(user), what="withdrawn")


def limits_from(sent: Mapping[str, str], current: Limits, now: datetime) -> Limits:
    """Parse limits from a submitted form. ``now`` is in the warehouse's time zone, as are the shifts.

    Raises:
        PolicyVersionError (limits): a value is not a number or not a time of day.
    """
    base = {name: _number(sent, name) for name in HOUSE_LIMITS}
    rows = [RoleLimits(role, *(_number(sent, f"{role}.{name}") for name in PERSON_LIMITS)) for role in ROLES]
    fallback = RoleLimits("", current.reveals_hour, current.reveals_day, current.tests_hour)
    own = tuple(row for row in rows if msgspec.structs.replace(row, role="") != fallback)
    limits = msgspec.structs.replace(
        current, **base, roles=own, windows=windows_from(sent.get("windows", ""), now)
    )
    if not is_sound(limits):
        raise _invalid_limits_error()
    return limits


def windows_from(text: str, now: datetime) -> tuple[Window, ...]:
    """Parse shifts written as ``08:00-20:00 22:00-06:00`` in the time zone of ``now``."""
    offset = _offset(now)
    found = []
    for part in text.replace(",", " ").replace("，", " ").replace("—", "-").replace("：", ":").split():
        since, dash, until = part.partition("-")
        if not dash:
            raise _invalid_limits_error()
        found.append(Window((_minute(since) - offset) % _DAY_MIN, (_minute(until) - offset) % _DAY_MIN))
    return tuple(found)


def windows_text(windows: tuple[Window, ...], now: datetime) -> str:
    """Format shifts in the time zone of ``now``."""
    offset = _offset(now)
    return " ".join(f"{_clock(one.since + offset)}-{_clock(one.until + offset)}" for one in windows)


def warehouse_time(tenant: Tenant, seconds: int) -> datetime | None:
    """Convert a keyd timestamp (seconds since 1970) to the warehouse's time zone; 0 gives None."""
    return datetime.fromtimestamp(seconds, ZoneInfo(tenant.time_zone)) if seconds else None


def person_of(tenant: Tenant, name: str) -> User | None:
    """Return the user for a keyd name such as ``u7``; None if there is none."""
    number = name.removeprefix("u")
    return User.objects.filter(tenant=tenant, pk=int(number)).first() if number.isdecimal() else None


def _number(sent: Mapping[str, str], name: str) -> int:
    text = sent.get(name, "").strip()
    if not text.isascii() or not text.isdecimal() or len(text) > _DIGITS:
        raise _invalid_limits_error()
    return int(text)


def _minute(text: str) -> int:
    hour, _colon, minute = text.partition(":")
    if not (hour.isdecimal() and minute.isdecimal()) or not (int(hour) <= 24 and int(minute) < 60):  # noqa: PLR2004 - a clock
        raise _invalid_limits_error()
    return int(hour) * 60 + int(minute)


def _clock(minute: int) -> str:
    return f"{minute % _DAY_MIN // 60:02}:{minute % 60:02}"


def _offset(now: datetime) -> int:
    offset = now.utcoffset()
    return int(offset.total_seconds()) // 60 if offset is not None else 0


def _invalid_limits_error() -> PolicyVersionError:
    return PolicyVersionError(
        code="limits",
        zh="请填写非负整数；班次写成 08:00-20:00，多个班次用空格分开。未做更改。",
        en="enter whole numbers from 0 up; shifts are written as 08:00-20:00, several with a space between. Nothing changed.",
    )
