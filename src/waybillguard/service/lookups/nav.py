"""Entries in the navigation."""

from django.utils.translation import gettext_lazy as _

from waybillguard.service.identity.models import Permission
from waybillguard.service.platform.navigation import Entry, Group

ENTRIES = (
    Entry("orders", _("Orders"), "list-search", Group.DAY, 30, Permission.VIEW, ("order_detail",)),
    Entry("calls", _("Calls"), "device-mobile", Group.DAY, 60, Permission.CALL, ("call",)),
    Entry("quotas", _("Quotas"), "eye", Group.RULES, 50, Permission.SECOND),
)
