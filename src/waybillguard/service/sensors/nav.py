"""Entries in the navigation."""

from django.utils.translation import gettext_lazy as _

from waybillguard.service.identity.models import Permission
from waybillguard.service.platform.navigation import Entry, Group

ENTRIES = (Entry("print_pcs", _("Print PCs"), "shield-lock", Group.RULES, 80, Permission.LEAD, ("print_pc",)),)
