"""Training in the menu."""

from django.utils.translation import gettext_lazy as _

from waybillguard.service.identity.models import Permission, Role
from waybillguard.service.platform.navigation import Entry, Group, Tab, needs

ENTRIES = (
    Entry(
        Group.PEOPLE,
        40,
        "training",
        _("Training"),
        "school",
        roles=frozenset({Role.OWNER, Role.SUPERVISOR, Role.CLERK, Role.SERVICE}),
        tabs=(
            Tab("training", _("Training"), pages=("lesson", "training_agreement")),
            Tab("training_people", _("Who is due"), needs(Permission.LEAD)),
        ),
    ),
)
