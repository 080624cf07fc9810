"""Entries in the navigation."""

from django.utils.translation import gettext_lazy as _

from waybillguard.service.platform.navigation import Entry, Group

ENTRIES = (
    Entry(
        "training", _("Training"), "certificate", Group.RULES, 80,
        pages=("lesson", "training_people", "training_agreement"),
    ),
)  # fmt: skip
