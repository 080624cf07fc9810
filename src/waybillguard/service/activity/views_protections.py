"""The owner's page of protections: which are in force and which are missing."""

from collections.abc import Iterable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from waybillguard.service.authorization.access import requires
from waybillguard.service.identity.models import Permission
from waybillguard.service.platform.health import Check, State, certificate, machine
from waybillguard.service.platform.words import Word
from waybillguard.service.tenancy.key_process import keyd_state
from waybillguard.service.tenancy.protections import lacking_here, protections

WORDS = {
    State.GOOD: Word(_("In order"), "circle-check", "good"),
    State.NOTE: Word(_("For your information"), "info-circle", "calm"),
    State.MISSING: Word(_("Missing"), "alert-triangle", "bad"),
    State.WARNING: Word(_("Needs attention"), "alert-triangle", "warn"),
    State.DAMAGED: Word(_("Damaged"), "ban", "bad"),
    State.UNKNOWN: Word(_("Not known"), "hourglass", "calm"),
}


_ORDER = (State.DAMAGED, State.MISSING, State.WARNING, State.UNKNOWN, State.NOTE, State.GOOD)


def checks() -> list[Check]:
    """Return the checks possible in the console's process; `waybillguard doctor` also checks files."""
    config, now = settings.CONFIG, timezone.now()
    return [
        *protections(keyd_state(), lacking_here()),
        machine.disk(config),
        machine.clock(config, now),
        *certificate.certificates(config, now),
    ]


def worst_first(found: Iterable[Check]) -> list[Check]:
    """Return checks sorted by severity, worst first."""
    return sorted(found, key=lambda check: _ORDER.index(check.state))


@requires(Permission.ADMINISTER)
@require_safe
def protections_page(request: HttpRequest) -> HttpResponse:
    """Show whether each protection is in force or missing."""
    return render(
        request,
        "activity/protections.html",
        {"rows": [(check, WORDS[check.state]) for check in worst_first(checks())]},
    )
