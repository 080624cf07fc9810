"""Missing protections and upcoming failures (disk, clock, certificates) in the risk queue."""

from collections.abc import Iterable
from typing import Any

from django.core.cache import cache
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from waybillguard.service.activity.views_protections import checks, worst_first
from waybillguard.service.identity.models import Permission
from waybillguard.service.platform.health import Check, State
from waybillguard.service.platform.risks import RISKS, Level, Risk

_KEPT_S = 60
"""Seconds that the result is cached, because every page needs it."""


@RISKS.add
def missing_protections(user: Any) -> Iterable[Risk]:  # noqa: ANN401
    """Yield one risk for administrators: the number of failed checks and the worst one's reason."""
    if not user.may(Permission.ADMINISTER):
        return
    every: list[Check] = cache.get_or_set("protections", checks, _KEPT_S) or []
    found = worst_first(check for check in every if not check.good)
    if not found:
        return
    worst = found[0]
    why = worst.zh if (get_language() or "").startswith("zh") else worst.en
    yield Risk(
        Level.DANGER if worst.state == State.DAMAGED else Level.DUE,
        "shield-lock",
        ngettext("%(n)d protection needs a look", "%(n)d protections need a look", len(found))
        % {"n": len(found)},
        why,
        reverse("protections"),
        _("See them"),
    )
