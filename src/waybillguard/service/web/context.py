"""What every template of the console may use."""

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
from waybillguard.service.platform.navigation import Group, entries

_LABELS = {Group.DAY: _("Every day"), Group.RULES: _("Rules and people"), Group.PROOF: _("Keeping and proof")}
_ENTRIES = tuple(entries())
NAVIGATION = tuple(
    (label, tuple(entry for entry in _ENTRIES if entry.group is group)) for group, label in _LABELS.items()
)
"""The rooms, as people look for them; on a phone the first ``AT_HAND`` a person may enter stand in the bar."""

AT_HAND = 4
_DRAWN = 512
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
    open_to = frozenset(what for what in _ASKED if user.may(Permission(what)))
    live_port = urlsplit(settings.LIVE_ORIGINS[0]).port
    return {"rooms": _rooms(get_language(), open_to, here), "page_name": page, "live_port": live_port}


@lru_cache(maxsize=_DRAWN)
def _rooms(language: str | None, open_to: frozenset[str] | None, here: str) -> SafeString:
    """Draw the navigation, once for all who may do the same, on the pages of the room ``here``; None: a stranger's."""
    groups = [
        (label, [e for e in found if e.asks_for is None or e.asks_for in open_to])
        for label, found in NAVIGATION
        if open_to is not None
    ]
    bar = [entry for _label, found in groups for entry in found][:AT_HAND]
    with translation.override(language):
        return render_to_string("parts/rooms.html", {"navigation": groups, "at_hand": bar, "here": here})
