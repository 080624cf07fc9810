"""Searches for persons are looks: bounded a shift and account, and told when they find nobody too often.

Whoever tries phone after phone learns from each answer whether the person is a customer, and from a hit the masked
row. The pace is bounded by pages, API and keyd (`keyd.searching`); here the whole shift is. A hit and a miss cost the
same statements. The levels are ours: customer service was seen to look up some 150 persons a shift, nearly all of whom
exist.
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
"""Searches for a person by one account and shift (out of shift: a day). A machine key has keyd's 3,000 a day."""
MISSES_TOLD: Final = 40
"""So many of them that found nobody are an alarm, told once a shift."""

_SEARCHES: Final = "search"
_MISSES: Final = "search_miss"
_COUNT: Final = (
    'INSERT INTO lookups_quotacounter (tenant_id, scope, holder, "window", used, at) VALUES (%s, %s, %s, %s, %s, %s)'
    ' ON CONFLICT (tenant_id, scope, holder, "window") DO UPDATE SET used = lookups_quotacounter.used + EXCLUDED.used'
    " RETURNING used"
)


@receiver(person_searched)
def count_searches(user: User, amount: int, **_: Any) -> None:  # noqa: ANN401 - a signal
    """Count searches for persons before they are made; what is refused counts, too.

    Raises:
        TooManySearchesError: the shift's are used up, or the guard slows the person down or refuses.
    """
    who = current_principal(user)
    if not user.acting_key:  # a machine key has keyd's pace
        try:
            guard.hold(who, "search", amount=amount)
        except GuardError as error:
            raise TooManySearchesError(zh=error.zh, en=error.en) from None
    used = _counted(who, _SEARCHES, amount)
    if used > SEARCHES_A_SHIFT and not user.acting_key:
        _tell(who, "searches", "high", SEARCHES_A_SHIFT)
        raise too_many_searches()


@receiver(search_answered)
def count_misses(user: User, missed: int, **_: Any) -> None:  # noqa: ANN401 - a signal
    """Count the searches for persons that found nobody; of a hit the same statement counts none."""
    who = current_principal(user)
    if _counted(who, _MISSES, missed) >= MISSES_TOLD:
        _tell(who, "search_misses", "medium", MISSES_TOLD)


def _counted(who: Principal, scope: str, amount: int) -> int:
    """Add to a counter and return what it holds now; exact, however many ask at once."""
    at = connection.ops.adapt_datetimefield_value(who.now)
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [who.tenant.pk, scope, _holder(who), _window(who), amount, at])
        return int(cursor.fetchone()[0])


def _holder(who: Principal) -> str:
    return who.user.acting_key or who.holder.account


def _window(who: Principal) -> str:
    return who.holder.shift or who.now.date().isoformat()


def _tell(who: Principal, kind: str, severity: str, count: int) -> None:
    """Raise an alarm of this holder and window once."""
    alarm, fresh = LookAlarm.objects.get_or_create(
        account=who.user, kind=kind, mark=f"{_holder(who)} {_window(who)}"[:60],
        defaults={"tenant": who.tenant, "severity": severity, "count": count, "at": who.now},
    )  # fmt: skip
    if fresh:
        tell_alarms(who, (alarm,))
