"""Entries in the navigation."""

from django.utils.translation import gettext_lazy as _

from waybillguard.service.platform.navigation import Entry, Group

ENTRIES = (
    Entry("home", _("Home"), "home", Group.DAY, 10),
    Entry("lanes", _("Lanes"), "route", Group.RULES, 10),
)
