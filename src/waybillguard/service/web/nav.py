"""Menu entry of the home page."""

from django.utils.translation import gettext_lazy as _

from waybillguard.service.platform.navigation import Entry, Group

ENTRIES = (Entry(Group.TODAY, 10, "home", _("Today"), "home"),)
