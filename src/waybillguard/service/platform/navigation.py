"""Entries of the console's main menu. Each application defines its own in ``nav.py`` as ``ENTRIES``.

The secondary pages of an entry are tabs, shown under the heading of each of its pages.
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
    """Groups of the menu, in their order."""

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
        name: URL name of the page.
        label: the label; the same as the page's heading.
        needs: permissions, one of which is required (values of ``identity.Permission``); empty: none required.
        pages: names of further URLs on which this tab is the current one.
    """

    name: str
    label: Any
    needs: frozenset[str] = frozenset()
    pages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the menu; its label is also the heading of its page.

    Attributes:
        order: position within the group, ascending; 10, 20, … leave gaps.
        roles: roles whose menu shows the entry (values of ``identity.Role``); empty: all with the permission.
        tabs: the pages of the entry, its own first; empty if there is only one.
        pages: names of further URLs that belong to the entry but are not tabs.
        page: set on rendering: the target for the current person.
        due: function of the signed-in person; while it returns True the entry is first in the menu, otherwise it is
            hidden. Its page also belongs to another entry.
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
        """Return the names of all URLs that belong to this entry."""
        own = {self.name, *self.pages}
        return frozenset(own.union(*({tab.name, *tab.pages} for tab in self.tabs)))


def needs(*permissions: str) -> frozenset[str]:
    """Return the set of permissions, one of which suffices."""
    return frozenset(map(str, permissions))


@cache
def entries() -> tuple[Entry, ...]:
    """Return the entries of all applications in the order of the menu."""
    found = [
        entry
        for name in settings.APPLICATIONS
        if find_spec(f"{name}.nav")
        for entry in import_module(f"{name}.nav").ENTRIES
    ]
    groups = list(Group)
    return tuple(sorted(found, key=lambda entry: (groups.index(entry.group), entry.order, entry.name)))
