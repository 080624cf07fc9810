"""What every template of the console may use."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from waybillguard.service.identity.models import Permission, User


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the main navigation."""

    name: str
    label: Any
    icon: str
    asks_for: Permission | None = None
    pages: tuple[str, ...] = ()


_DAY = (
    Entry("home", _("Home"), "home"),
    Entry("imports", _("Import"), "cloud-upload", Permission.IMPORT, ("imports", "import_detail")),
    Entry("orders", _("Orders"), "list-search", Permission.VIEW, ("orders", "order_detail")),
    Entry(
        "printing",
        _("Print"),
        "printer",
        Permission.PRINT,
        ("printing", "run_detail", "wave", "stations", "scans"),
    ),
    Entry(
        "exports",
        _("Exports"),
        "download",
        Permission.EXPORT,
        ("exports", "export", "export_new", "recipients"),
    ),
    Entry("calls", _("Calls"), "device-mobile", Permission.CALL, ("calls", "call")),
)
_RULES = (
    Entry("lanes", _("Lanes"), "route"),
    Entry(
        "policies",
        _("Policies"),
        "shield-check",
        Permission.ADMINISTER,
        ("policies", "policy_edit", "policy_version", "looks_of", "duty"),
    ),
    Entry(
        "people",
        _("People"),
        "users",
        Permission.ADMINISTER,
        (
            "people",
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
        Permission.ADMINISTER,
        (
            "merchants",
            "merchant",
            "entrustments",
            "entrustment",
            "entrustment_new",
            "entrustment_change",
        ),
    ),
    Entry("quotas", _("Quotas"), "eye", Permission.SECOND),
    Entry("devices", _("Devices"), "device-desktop", Permission.ADMINISTER, ("devices", "device_code")),
    Entry(
        "register",
        _("Outside accounts"),
        "key",
        Permission.ADMINISTER,
        ("register", "register_list", "leaving"),
    ),
)
_PROOF = (
    Entry("keys", _("Vault keys"), "lock", Permission.ADMINISTER),
    Entry("retention", _("Retention"), "archive", Permission.ADMINISTER, ("retention", "retention_destroy")),
    Entry(
        "activity",
        _("Activity"),
        "clock",
        None,
        (
            "activity",
            "activity_events",
            "order_activity",
            "activity_logs",
            "activity_log",
            "platform_logs",
            "platform_shop_add",
        ),
    ),
    Entry("ledger", _("Ledger"), "certificate", Permission.LEDGER, ("ledger",)),
)
NAVIGATION = ((_("Every day"), _DAY), (_("Rules and people"), _RULES), (_("Keeping and proof"), _PROOF))
"""The rooms, as people look for them; on a phone the first ``AT_HAND`` a person may enter stand in the bar."""

AT_HAND = 4
_DRAWN = 512
_ENTRIES = tuple(entry for _label, entries in NAVIGATION for entry in entries)
_ASKED = frozenset(entry.asks_for for entry in _ENTRIES if entry.asks_for is not None)
_ROOM_OF = {page: entry.name for entry in _ENTRIES for page in (entry.name, *entry.pages)}


def console(request: HttpRequest) -> dict[str, Any]:
    """Return the navigation of the signed-in person, drawn, and the name of the page shown."""
    user = getattr(request, "user", None)
    match = getattr(request, "resolver_match", None)
    page = match.view_name if match else ""
    here = _ROOM_OF.get(page, "")
    if not isinstance(user, User):
        return {"rooms": _rooms(get_language(), None, here), "page_name": page, "live_port": None}
    open_to = frozenset(what for what in _ASKED if user.may(what))
    live_port = urlsplit(settings.LIVE_ORIGINS[0]).port
    return {"rooms": _rooms(get_language(), open_to, here), "page_name": page, "live_port": live_port}


@lru_cache(maxsize=_DRAWN)
def _rooms(language: str | None, open_to: frozenset[Permission] | None, here: str) -> SafeString:
    """Draw the navigation, once for all who may do the same, on the pages of the room ``here``; None: a stranger's."""
    groups = [
        (label, [e for e in entries if e.asks_for is None or e.asks_for in open_to])
        for label, entries in NAVIGATION
        if open_to is not None
    ]
    bar = [entry for _label, entries in groups for entry in entries][:AT_HAND]
    with translation.override(language):
        return render_to_string("parts/rooms.html", {"navigation": groups, "at_hand": bar, "here": here})
