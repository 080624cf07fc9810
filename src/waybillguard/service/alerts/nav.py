"""Menu entries of alerts."""

from django.utils.translation import gettext_lazy as _

from waybillguard.service.identity.models import Permission
from waybillguard.service.platform.navigation import Entry, Group, Tab, needs

ENTRIES = (
    Entry(
        Group.RISK,
        10,
        "alerts",
        _("Alerts"),
        "alert-triangle",
        needs(Permission.SECOND),
        tabs=(
            Tab("alerts", _("Alerts"), pages=("alert",)),
            Tab("guard", _("Stopped at the request")),
            Tab("detectors", _("Rules and explanations")),
            Tab("channels", _("Who is told"), needs=needs(Permission.ADMINISTER)),
        ),
    ),
)
