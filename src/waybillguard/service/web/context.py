"""Template context of the console: navigation, tabs, name of the page."""

from dataclasses import replace
from functools import cache, lru_cache
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from waybillguard.service.authorization.access import BADGE_PAGES
from waybillguard.service.identity.models import Permission, User
from waybillguard.service.platform.navigation import GROUP_NAMES, Entry, Group, entries

AT_HAND = 4
"""Number of menu entries shown in the bottom bar on phones."""
_DRAWN = 512


@cache
def _entry_of(page: str) -> Entry | None:
    return next((entry for entry in entries() if not entry.due and page in entry.every_page()), None)


@cache
def _asked() -> frozenset[str]:
    return frozenset().union(
        *(entry.needs for entry in entries()), *(t.needs for e in entries() for t in e.tabs)
    )


def console(request: HttpRequest) -> dict[str, Any]:
    """Return the rendered navigation and tabs of the signed-in user, and the name of the current page."""
    user = getattr(request, "user", None)
    match = getattr(request, "resolver_match", None)
    page = match.view_name if match else ""
    if not isinstance(user, User):
        return {"rooms": _menu(get_language(), None, "", ""), "page_name": page}
    open_to = frozenset(what for what in _asked() if user.may(Permission(what)))
    entry = _entry_of(page)
    due = tuple(e for e in entries() if e.due and _may(e.needs, open_to) and e.due(user))
    return {
        "rooms": _menu(
            get_language(), open_to, user.role, entry.name if entry else "", due, badge=user.by_badge
        ),
        "tabs": _tabs(get_language(), open_to, entry.name, page) if entry else "",
        "page_name": page,
    }


def _may(needed: frozenset[str], open_to: frozenset[str]) -> bool:
    return not needed or bool(needed & open_to)


def visible(open_to: frozenset[str], role: str, *, badge: bool = False) -> list[Entry]:
    """Return the visible menu entries in order. Each links to its first page that the user may open.

    A badge sign-in opens pages that need no permission only if they are among ``BADGE_PAGES``.
    """
    own = [e for e in entries() if not e.due and _may(e.needs, open_to) and (not e.roles or role in e.roles)]
    if badge:
        own = [e for e in own if e.needs or e.name in BADGE_PAGES]
    return [replace(e, page=next((t.name for t in e.tabs if _may(t.needs, open_to)), e.name)) for e in own]


@lru_cache(maxsize=_DRAWN)
def _menu(
    language: str | None,
    open_to: frozenset[str] | None,
    role: str,
    here: str,
    due: tuple[Entry, ...] = (),
    *,
    badge: bool = False,
) -> SafeString:
    """Render the menu on pages of the entry ``here``; cached for all users with the same permissions.

    ``open_to`` is None if nobody is signed in.
    """
    own = (
        []
        if open_to is None
        else [*(replace(e, page=e.name) for e in due), *visible(open_to, role, badge=badge)]
    )
    groups = [(GROUP_NAMES[group], [entry for entry in own if entry.group is group]) for group in Group]
    with translation.override(language):
        return render_to_string(
            "parts/menu.html", {"navigation": groups, "at_hand": own[:AT_HAND], "here": here}
        )


@lru_cache(maxsize=_DRAWN)
def _tabs(language: str | None, open_to: frozenset[str], name: str, page: str) -> SafeString:
    """Render the tabs of an entry on one of its pages; empty if the user may open only one."""
    entry = next(entry for entry in entries() if entry.name == name)
    own = [tab for tab in entry.tabs if _may(tab.needs, open_to)]
    if len(own) < 2:  # noqa: PLR2004 - a single page needs no tabs
        return mark_safe("")
    current = next((tab.name for tab in own if page == tab.name or page in tab.pages), "")
    with translation.override(language):
        return render_to_string("parts/tabs.html", {"entry": entry, "tabs": own, "current": current})
