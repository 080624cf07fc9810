"""Menu entries of people, devices and merchants."""

from django.utils.translation import gettext_lazy as _

from waybillguard.service.identity.models import Permission
from waybillguard.service.platform.navigation import Entry, Group, Tab, needs

_ADMINISTER = needs(Permission.ADMINISTER)

ENTRIES = (
    Entry(
        Group.PEOPLE,
        10,
        "people",
        _("People"),
        "users",
        needs(Permission.ADMINISTER, Permission.SECOND),
        tabs=(
            Tab(
                "people",
                _("People"),
                _ADMINISTER,
                ("person", "person_add", "person_link", "person_edit", "person_role"),
            ),
            Tab("badges", _("Badges"), _ADMINISTER, ("badge",)),
            Tab("duty", _("Shifts"), _ADMINISTER),
            Tab("quotas", _("Daily limits"), needs(Permission.SECOND), ("looks_of",)),
            Tab("directory", _("Directory"), _ADMINISTER, ("directory_token_add",)),
            Tab("single_sign_on", _("Single sign-on"), _ADMINISTER),
        ),
    ),
    Entry(
        Group.PEOPLE,
        30,
        "devices",
        _("Devices"),
        "device-desktop",
        _ADMINISTER,
        tabs=(
            Tab("devices", _("Devices"), pages=("device_code",)),
            Tab("machine_keys", _("Interface keys"), pages=("machine_key_add",)),
            Tab("sites", _("Sites")),
        ),
    ),
    Entry(
        Group.SETTINGS,
        20,
        "merchants",
        _("Merchants and contracts"),
        "building-store",
        _ADMINISTER,
        tabs=(
            Tab("merchants", _("Merchants"), pages=("merchant",)),
            Tab(
                "entrustments",
                _("Contracts"),
                pages=("entrustment", "entrustment_new", "entrustment_change"),
            ),
        ),
    ),
)
