"""Limits on searches for persons: a maximum per shift and account, and an alarm after too many misses.

Trying phone numbers one by one reveals who is a customer, and a hit reveals the masked row. Pages, API and keyd limit
the rate (`keyd.searching`); this module limits the total per shift. Hits and misses run the same statements, so that
timing does not tell them apart. The limits are our own: customer service was observed to look up about 150 persons per
shift, nearly all of whom exist.
"""

from typing import Any, Final

from django.db import connection
from django.dispatch import receiver

from waybillguard.service.authorization.principal import Principal, current_principal
from waybillguard.service.identity.models import User
from waybillguard.service.lookups import guard
from waybillguard.service.lookups.errors import GuardError
from waybillguard.service.lookups.models import LookAlarm
from waybillguard.service.lookups.services import tell_alarms
from waybillguard.service.vault.errors import TooManySearchesError, too_many_searches
from waybillguard.service.vault.signals import person_searched, search_answered

SEARCHES_A_SHIFT: Final = 500
"""Maximum searches per account and shift (per day outside a shift). keyd limits a machine key to 3,000 per day."""
MISSES_TOLD: Final = 40
"""Number of misses that raises an alarm, once per shift."""

_SEARCHES: Final = "search"
_MISSES: Final = "search_miss"
_COUNT: Final = (
    'INSERT INTO lookups_quotacounter (tenant_id, scope, holder, "window", used, at) VALUES (%s, %s, %s, %s, %s, %s)'
    ' ON CONFLICT (tenant_id, scope, holder, "window") DO UPDATE SET used = lookups_quotacounter.used + EXCLUDED.used'
    " RETURNING used"
)


@receiver(person_searched)
def count_searches(user: User, amount: int, **_: Any) -> None:  # noqa: ANN401 - a signal
    """Count searches for persons before they run. Refused searches count, too.

    Raises:
        TooManySearchesError: the shift's limit is reached, or the guard delays or refuses.
    """
    who = current_principal(user)
    if not user.acting_key:  # keyd limits the rate of machine keys
        try:
            guard.hold(who, "search", amount=amount)
        except GuardError as error:
            raise TooManySearchesError(zh=error.zh, en=error.en) from None
    used = _counted(who, _SEARCHES, amount)
    if used > SEARCHES_A_SHIFT and not user.acting_key:
        _raise_alarm(who, "searches", "high", SEARCHES_A_SHIFT)
        raise too_many_searches()


@receiver(search_answered)
def count_misses(user: User, missed: int, **_: Any) -> None:  # noqa: ANN401 - a signal
    """Count searches that found nobody. For hits, ``missed`` is 0 and the same statement runs."""
    who = current_principal(user)
    if _counted(who, _MISSES, missed) >= MISSES_TOLD:
        _raise_alarm(who, "search_misses", "medium", MISSES_TOLD)


def _counted(who: Principal, scope: str, amount: int) -> int:
    """Add to a counter atomically and return its new value."""
    at = connection.ops.adapt_datetimefield_value(who.now)
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [who.tenant.pk, scope, _holder(who), _window(who), amount, at])
        return int(cursor.fetchone()[0])


def _holder(who: Principal) -> str:
    return who.user.acting_key or who.holder.account


def _window(who: Principal) -> str:
    return who.holder.shift or who.now.date().isoformat()


def _raise_alarm(who: Principal, kind: str, severity: str, count: int) -> None:
    """Raise an alarm at most once per holder and window."""
    alarm, fresh = LookAlarm.objects.get_or_create(
        account=who.user, kind=kind, mark=f"{_holder(who)} {_window(who)}"[:60],
        defaults={"tenant": who.tenant, "severity": severity, "count": count, "at": who.now},
    )  # fmt: skip
    if fresh:
        tell_alarms(who, (alarm,))
