"""A day's looks as columns of the table of access events."""

import numpy as np

from waybillguard.events.columns import Column
from waybillguard.simulate.floor.shift import Look


def columns(tenant: str, looks: list[Look]) -> dict[str, Column]:
    """Return looks as the columns of ``waybillguard.events``; one row a look, in the order given."""

    def text(values: list[str | None]) -> Column:
        return np.array(values, dtype=object)

    parcels = [look.parcel for look in looks]
    created = np.array(
        [parcel.created_at if parcel else np.iinfo(np.int64).min for parcel in parcels], dtype=np.int64
    )
    return {
        "tenant": tenant,
        "ts": np.array([look.ts for look in looks], dtype=np.int64),
        "account": text([look.account or look.person.account for look in looks]),
        "workstation": text([look.station or look.person.station for look in looks]),
        "ip": text([look.ip or look.person.ip for look in looks]),
        "session": text([look.session or None for look in looks]),
        "action": text([look.action for look in looks]),
        "order_id": text([parcel.number if parcel else None for parcel in parcels]),
        "purpose": text([look.purpose or None for look in looks]),
        "exposed": np.array([look.exposed for look in looks], dtype=bool),
        "allowed": np.array([look.allowed for look in looks], dtype=bool),
        "explained_by": text([look.explained_by or None for look in looks]),
        "explained_ref": text([look.explained_ref or None for look in looks]),
        "category": text([parcel.shop.category if parcel else None for parcel in parcels]),
        "order_created_at": np.ma.masked_equal(created, np.iinfo(np.int64).min),
    }
