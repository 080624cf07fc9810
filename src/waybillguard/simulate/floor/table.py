"""Looks and parcels as columns; words become codes, which are only appended within a warehouse."""

from collections.abc import Iterable

import numpy as np

from waybillguard.simulate.floor.demand import Parcel
from waybillguard.simulate.floor.people import CATEGORIES, Floor
from waybillguard.simulate.floor.plan import at
from waybillguard.simulate.floor.shift import Look
from waybillguard.simulate.floor.victims import waybill
from waybillguard.simulate.model import ACTIONS, Array, EventColumns, OrderColumns, Sample, Taken

_WINDOW = 600 * 1_000_000
_CATEGORY = {name: code for code, name in enumerate(CATEGORIES)}
_ACTION = {name: code for code, name in enumerate(ACTIONS)}
_SAMPLE = 20_000


class Words:
    """The words of one warehouse's coded columns, in order of first use."""

    def __init__(self) -> None:
        self.lists: dict[str, list[str]] = {"category": list(CATEGORIES), "action": list(ACTIONS)}
        self._codes: dict[str, dict[str, int]] = {"category": dict(_CATEGORY), "action": dict(_ACTION)}

    def codes(self, column: str, texts: Iterable[str]) -> Array:
        """Return the codes of texts; '' is null."""
        known, listed = self._codes.setdefault(column, {}), self.lists.setdefault(column, [])
        found = []
        for text in texts:
            if text and text not in known:
                known[text] = len(listed)
                listed.append(text)
            found.append(known[text] if text else -1)
        return np.array(found, dtype=np.int16)


def events(tenant: str, day: int, looks: list[Look], words: Words) -> EventColumns:
    """Return the looks of one local day, in the given order."""
    parcels = [look.parcel for look in looks]
    ts = np.array([look.ts for look in looks], dtype=np.int64)
    columns: dict[str, Array] = {
        "ts": ts,
        "day": np.full(len(looks), day, dtype=np.int32),
        "w10": ((ts - at(day, 0)) // _WINDOW).astype(np.int32),
        "account": words.codes("account", (look.account or look.person.account for look in looks)),
        "workstation": words.codes("workstation", (look.station or look.person.station for look in looks)),
        "ip": words.codes("ip", (look.ip or look.person.ip for look in looks)),
        "session": np.array([look.session for look in looks], dtype=np.int64),
        "action": words.codes("action", (look.action for look in looks)),
        "order_id": np.array([parcel.number if parcel else -1 for parcel in parcels], dtype=np.int64),
        "purpose": words.codes("purpose", (look.purpose for look in looks)),
        "exposed": np.array([look.exposed for look in looks], dtype=bool),
        "allowed": np.array([look.allowed for look in looks], dtype=bool),
        "explained_by": words.codes("explained_by", (look.explained_by for look in looks)),
        "explained_ref": np.array([look.explained_ref for look in looks], dtype=np.int64),
        "category": words.codes("category", (parcel.shop.category if parcel else "" for parcel in parcels)),
        "order_created_at": np.array([p.created_at if p else -1 for p in parcels], dtype=np.int64),
    }
    numbers = {"order_id": f"{tenant}-", "session": "s", "explained_ref": "r"}
    coded = {name: tuple(texts) for name, texts in words.lists.items() if name in columns}
    return EventColumns(tenant, day, columns, coded, numbers)


def orders(floor: Floor, place: int, parcels: list[Parcel]) -> OrderColumns:
    """Return the orders a warehouse received."""
    shops = [shop.name for shop in floor.shops]
    codes = {name: code for code, name in enumerate(shops)}
    columns: dict[str, Array] = {
        "number": np.array([p.number for p in parcels], dtype=np.int64),
        "created_at": np.array([p.created_at for p in parcels], dtype=np.int64),
        "shipped_at": np.array([p.shipped_at or -1 for p in parcels], dtype=np.int64),
        "waybill": np.array([waybill(place, p.number) for p in parcels], dtype=np.int64),
        "category": np.array([_CATEGORY[p.shop.category] for p in parcels], dtype=np.int16),
        "shop": np.array([codes[p.shop.name] for p in parcels], dtype=np.int16),
        "carrier": np.zeros(len(parcels), dtype=np.int16),
        "outlet": np.zeros(len(parcels), dtype=np.int16),
    }
    words = {"category": CATEGORIES, "shop": shops, "carrier": [floor.carrier], "outlet": [floor.outlet]}
    return OrderColumns(floor.tenant, floor.erp, columns, words)


def taken(theft: str, today: list[tuple[Parcel, int]]) -> Taken:
    """Return the orders a theft took today."""
    return Taken(
        theft,
        np.array([parcel.number for parcel, _ in today], dtype=np.int64),
        np.array([ts for _, ts in today], dtype=np.int64),
        np.array([_CATEGORY[parcel.shop.category] for parcel, _ in today], dtype=np.int16),
        np.array([parcel.created_at for parcel, _ in today], dtype=np.int64),
    )


def sample(parcels: list[Parcel], rng: np.random.Generator) -> Sample:
    """Return a sample of the shipped orders, for victims of other leaks."""
    some: list[Parcel] = []
    if parcels:
        picked = rng.choice(len(parcels), size=min(_SAMPLE, len(parcels)), replace=False)
        some = [parcels[int(i)] for i in picked]
    return Sample(
        np.array([p.number for p in some], dtype=np.int64),
        np.array([p.shipped_at for p in some], dtype=np.int64),
        np.array([_CATEGORY[p.shop.category] for p in some], dtype=np.int16),
        len(parcels),
    )
