"""Accounts and stations on pages and in URLs: pages show names, URLs hold keys."""

import re
from collections.abc import Callable, Mapping
from typing import Final

from waybillguard.service.audit.models import Actor
from waybillguard.service.identity.models import User
from waybillguard.service.platform import words
from waybillguard.service.tenancy.models import Tenant

_OWN: Final = re.compile(r"u\d{1,18}|browser-[0-9a-f]{8}")
_DIGITS: Final = 18


def is_own(name: str) -> bool:
    """Return whether a name has the format of this program's keys for a person or a browser."""
    return _OWN.fullmatch(name) is not None


class Names:
    """Display names and keys of accounts or stations.

    ``people`` maps our own users' keys to names; ``words`` formats all other names for display.
    """

    def __init__(
        self, keys: Mapping[str, int], people: Mapping[str, str], words: Callable[[str], str]
    ) -> None:
        self._keys = keys
        self._by_key = {str(pk): name for name, pk in keys.items()}
        self._people, self._words = people, words

    def shown(self, name: str) -> str:
        """Return the display name."""
        return self._people.get(name) or self._words(name)

    def key(self, name: str) -> str:
        """Return the key of a name for URLs; empty if it has none yet."""
        return name if is_own(name) else str(self._keys.get(name, ""))

    def named(self, key: str) -> str:
        """Return the name for a key in a URL; empty for an unknown key."""
        return key if is_own(key) else self._by_key.get(key[:_DIGITS], "")

    def choices(self) -> list[tuple[str, str]]:
        """Return all (key, display name) pairs, sorted by display name."""
        known = {*self._keys, *self._people}
        return sorted(((self.key(name), self.shown(name)) for name in known), key=lambda one: one[1])


def names_of(tenant: Tenant) -> tuple[Names, Names]:
    """Return the names of a tenant's accounts and of its stations."""
    keys: dict[str, dict[str, int]] = {"account": {}, "station": {}}
    for who, name, pk in Actor.objects.filter(tenant=tenant).values_list("who", "name", "pk"):
        keys[who][name] = pk
    people = {f"u{one.pk}": str(one) for one in User.objects.filter(tenant=tenant)}
    return Names(keys["account"], people, words.account), Names(keys["station"], {}, words.station)
