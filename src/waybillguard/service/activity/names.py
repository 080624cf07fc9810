"""Accounts and stations on pages and in addresses: people read names, addresses hold keys."""

import re
from typing import Final

from waybillguard.service.activity.models import Actor
from waybillguard.service.people.models import Tenant, User

_OWN: Final = re.compile(r"u\d{1,18}|browser-[0-9a-f]{8}")
_DIGITS: Final = 18


class Names:
    """The names of one kind (``account`` or ``station``) of a tenant, asked once a page."""

    def __init__(self, tenant: Tenant, who: str) -> None:
        self._tenant = tenant
        self._who = who
        self._keys = dict(Actor.objects.filter(tenant=tenant, who=who).values_list("name", "pk"))
        self._by_key = {str(pk): name for name, pk in self._keys.items()}
        self._people: dict[str, str] = {}
        if who == "account":
            self._people = {f"u{one.pk}": str(one) for one in User.objects.filter(tenant=tenant)}

    def shown(self, name: str) -> str:
        """Return how a name is shown."""
        return self._people.get(name, name)

    def key(self, name: str) -> str:
        """Return what stands for a name in an address; empty if nothing does yet."""
        return name if _OWN.fullmatch(name) else str(self._keys.get(name, ""))

    def named(self, key: str) -> str:
        """Return the name that a key of an address stands for; an unknown one stands for nobody."""
        return key if _OWN.fullmatch(key) else self._by_key.get(key[:_DIGITS], "")

    def choices(self) -> list[tuple[str, str]]:
        """Return key and shown name of all, by shown name."""
        known = {*self._keys, *self._people}
        return sorted(((self.key(name), self.shown(name)) for name in known), key=lambda one: one[1])
