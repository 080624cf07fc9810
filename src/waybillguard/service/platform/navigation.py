"""Entries of the console's main menu. An application's own stand in its ``nav.py`` as ``ENTRIES``.

An entry's secondary pages are tabs, drawn under the heading of each of its pages.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Group(StrEnum):
    """What people come for, in the order of the menu."""

    TODAY = "today"
    SHIP = "ship"
    RISK = "risk"
    PEOPLE = "people"
    COMPLY = "comply"
    SETTINGS = "settings"


GROUP_NAMES: dict[Group, Promise] = {
    Group.TODAY: _("Today"),
    Group.SHIP: _("Shipping"),
    Group.RISK: _("Risk"),
    Group.PEOPLE: _("People and devices"),
    Group.COMPLY: _("Compliance"),
    Group.SETTINGS: _("Settings"),
}


@dataclass(frozen=True, slots=True)
class Tab:
    """A secondary page of an entry.

    Attributes:
        name: name of its address.
        label: what it is called, as in its heading.
        needs: permissions of which the person has one (values of ``identity.Permission``); empty: anybody.
        pages: names of further addresses on which this tab is the current one.
    """

    name: str
    label: Any
    needs: frozenset[str] = frozenset()
    pages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the menu; its label is the heading of its page.

    Attributes:
        order: its place within the group, small first; 10, 20, … leave room.
        roles: who has it in the menu (values of ``identity.Role``); empty: all who may.
        tabs: the pages it consists of, its own first; empty where there is only one.
        pages: names of addresses that belong to it and are no tab.
        page: set when it is drawn: where it leads for the person who sees it.
        due: asked with the signed-in person; while it is true the entry leads the menu, else it is not in it. Its page
            belongs to another entry too.
    """

    group: Group
    order: int
    name: str
    label: Any
    icon: str
    needs: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()
    tabs: tuple[Tab, ...] = ()
    pages: tuple[str, ...] = ()
    page: str = ""
    due: Callable[[Any], bool] | None = None

    def every_page(self) -> frozenset[str]:
        """Return the names of all addresses that belong to this entry."""
        own = {self.name, *self.pages}
        return frozenset(own.union(*({tab.name, *tab.pages} for tab in self.tabs)))


def needs(*permissions: str) -> frozenset[str]:
    """Return the permissions of which one suffices."""
    return frozenset(map(str, permissions))


@cache
def entries() -> tuple[Entry, ...]:
    """Return the entries of every application in the order of the menu."""
    found = [
        entry
        for name in settings.APPLICATIONS
        if find_spec(f"{name}.nav")
        for entry in import_module(f"{name}.nav").ENTRIES
    ]
    groups = list(Group)
    return tuple(sorted(found, key=lambda entry: (groups.index(entry.group), entry.order, entry.name)))
