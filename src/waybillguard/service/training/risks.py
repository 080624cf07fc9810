"""Risk queue: lessons due."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from waybillguard.service.identity.context import tenant_of
from waybillguard.service.platform.risks import RISKS, Level, Risk
from waybillguard.service.training.services import due_for


@RISKS.add
def own_lesson(user: Any) -> Iterable[Risk]:  # noqa: ANN401
    """Show users their own due lessons only."""
    if due_for([user], tenant_of(user), timezone.now(), only=user):
        yield Risk(
            Level.OPEN, "school", _("Your ten-minute lesson is due"),
            _("Sign in with your password to take it; a badge does not open it.") if user.by_badge
            else _("The tricks that were really used, and what to do."),
            "" if user.by_badge else reverse("training"), _("Begin"),
        )  # fmt: skip
