"""Risk queue: answers to notices that wait for a confirmation."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Min
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from waybillguard.service.identity.context import tenant_of
from waybillguard.service.identity.models import Permission
from waybillguard.service.leaks.answers import WITHIN
from waybillguard.service.leaks.models import NoticeAnswer
from waybillguard.service.platform.risks import RISKS, Level, Risk


@RISKS.add
def answers_waiting(user: Any) -> Iterable[Risk]:  # noqa: ANN401
    """Show unconfirmed answers to people who may confirm them, except to the first confirmer."""
    if not user.may(Permission.SECOND):
        return
    states = (NoticeAnswer.State.ASKED, NoticeAnswer.State.CONFIRMED)
    since = timezone.now() - WITHIN
    waiting = NoticeAnswer.objects.filter(tenant=tenant_of(user), state__in=states, made_at__gt=since)
    found = waiting.exclude(first=user).aggregate(n=Count("pk"), first=Min("pk"), since=Min("made_at"))
    if found["n"]:
        yield Risk(
            Level.DUE,
            "file-text",
            ngettext(
                "%(n)d notice waits for your confirmation",
                "%(n)d notices wait for your confirmation",
                found["n"],
            )
            % {"n": found["n"]},
            _("Two people confirm; after seven days it lapses."),
            reverse("leak_answer", args=[found["first"]]) if found["n"] == 1 else reverse("leak_answers"),
            _("Look into it"),
            found["since"],
        )
