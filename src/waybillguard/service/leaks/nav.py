"""Tracing in the menu."""

from django.utils.translation import gettext_lazy as _

from waybillguard.service.identity.models import Permission
from waybillguard.service.platform.navigation import Entry, Group, Tab, needs

ENTRIES = (
    Entry(
        Group.RISK,
        25,
        "leaks",
        _("Tracing"),
        "map-2",
        needs(Permission.SECOND),
        tabs=(
            Tab("leaks", _("Tracing"), pages=("leak",)),
            Tab("leak_station", _("Exposure of a station")),
            Tab("leak_answers", _("Answers to notices"), pages=("leak_answer",)),
        ),
    ),
)
