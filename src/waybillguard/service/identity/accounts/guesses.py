"""Wrong passwords of a person within an hour, in the database: all processes count together, and no restart forgets."""

from datetime import timedelta
from typing import Final

from django.db.models import Case, F, Q, Value, When
from django.utils import timezone

from waybillguard.service.identity.models import User

WINDOW: Final = timedelta(hours=1)


def wrong_passwords(name: str) -> int:
    """Return how many wrong passwords were given with a sign-in name in its running hour; of no account: none."""
    running = User.objects.filter(_running(), username__iexact=name)
    return next(iter(running.values_list("wrong_passwords", flat=True)), 0)


def count_wrong_password(name: str) -> None:
    """Count one; an hour that is over, or begins in the future of a clock put right, begins anew."""
    User.objects.filter(username__iexact=name).update(
        wrong_passwords=Case(When(_running(), then=F("wrong_passwords") + 1), default=Value(1)),
        wrong_since=Case(When(_running(), then=F("wrong_since")), default=Value(timezone.now())),
    )


def _running() -> Q:
    now = timezone.now()
    return Q(wrong_since__gt=now - WINDOW, wrong_since__lte=now)
