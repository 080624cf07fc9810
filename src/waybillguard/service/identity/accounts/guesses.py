"""Count wrong passwords per person and hour in the database, shared by all processes and kept over restarts.

Each process also counts unknown names, so that the limit does not reveal which names exist.
"""

from datetime import timedelta
from typing import Final

from django.db.models import Case, F, Q, Value, When
from django.utils import timezone

from waybillguard.service.identity.models import User
from waybillguard.service.platform.limits import over_limit, seen

WINDOW: Final = timedelta(hours=1)
_NOBODY: Final = "guesses-of-nobody"


def wrong_passwords(name: str) -> int:
    """Return how many wrong passwords were entered for a sign-in name in the current hour."""
    running = User.objects.filter(_running(), username__iexact=name)
    return next(iter(running.values_list("wrong_passwords", flat=True)), 0) or seen(_NOBODY, name.lower())


def count_wrong_password(name: str) -> None:
    """Count a wrong password; start a new hour if the last one is over, or lies in the future of a corrected clock."""
    counted = User.objects.filter(username__iexact=name).update(
        wrong_passwords=Case(When(_running(), then=F("wrong_passwords") + 1), default=Value(1)),
        wrong_since=Case(When(_running(), then=F("wrong_since")), default=Value(timezone.now())),
    )
    if not counted:
        over_limit(_NOBODY, name.lower(), limit=0, seconds=int(WINDOW.total_seconds()))


def _running() -> Q:
    now = timezone.now()
    return Q(wrong_since__gt=now - WINDOW, wrong_since__lte=now)
