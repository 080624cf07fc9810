"""Wrong passwords of a person within an hour, in the database: all processes count together, and no restart forgets.

Names of no account are counted by the process, so that the limit does not tell which names there are.
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
    """Return how many wrong passwords were given with a sign-in name in its running hour."""
    running = User.objects.filter(_running(), username__iexact=name)
    return next(iter(running.values_list("wrong_passwords", flat=True)), 0) or seen(_NOBODY, name.lower())


def count_wrong_password(name: str) -> None:
    """Count one; an hour that is over, or begins in the future of a clock put right, begins anew."""
    counted = User.objects.filter(username__iexact=name).update(
        wrong_passwords=Case(When(_running(), then=F("wrong_passwords") + 1), default=Value(1)),
        wrong_since=Case(When(_running(), then=F("wrong_since")), default=Value(timezone.now())),
    )
    if not counted:
        over_limit(_NOBODY, name.lower(), limit=0, seconds=int(WINDOW.total_seconds()))


def _running() -> Q:
    now = timezone.now()
    return Q(wrong_since__gt=now - WINDOW, wrong_since__lte=now)
