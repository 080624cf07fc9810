"""Entries in the navigation."""

from django.utils.translation import gettext_lazy as _

from waybillguard.service.identity.models import Permission
from waybillguard.service.platform.navigation import Entry, Group

ENTRIES = (
    Entry(
        "people",
        _("People"),
        "users",
        Group.RULES,
        30,
        Permission.ADMINISTER,
        (
            "person",
            "person_add",
            "person_link",
            "directory",
            "directory_token_add",
            "machine_keys",
            "machine_key_add",
            "badges",
            "badge",
            "sites",
        ),
    ),
    Entry(
        "merchants",
        _("Merchants"),
        "shopping-bag",
        Group.RULES,
        40,
        Permission.ADMINISTER,
        ("merchant", "entrustments", "entrustment", "entrustment_new", "entrustment_change"),
    ),
    Entry(
        "devices", _("Devices"), "device-desktop", Group.RULES, 60, Permission.ADMINISTER, ("device_code",)
    ),
)
