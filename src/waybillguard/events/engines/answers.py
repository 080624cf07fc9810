"""Result rows of the queries: one struct per shape, with fields in the query's column order.

``*_us`` are microseconds since 1970-01-01 UTC. Accounts and stations may be None: an event may have none.
"""

import msgspec


class _Quiet(msgspec.Struct, frozen=True):
    """A row whose ``repr`` shows no personal data."""

    def __repr__(self) -> str:
        """Show only the type."""
        return f"{type(self).__name__}(…)"


class ActorRow(_Quiet, frozen=True):
    """Totals of an account or station (``name``); ``others`` counts an account's stations, or a station's accounts."""

    name: str | None
    events: int
    looks: int
    orders: int
    exposed: int
    explained: int
    refused: int
    failed_logins: int
    days: int
    others: int
    first_us: int
    last_us: int


class OrderRow(_Quiet, frozen=True):
    """How often an order was looked at, and by how many."""

    order_id: str
    looks: int
    accounts: int
    workstations: int
    exposed: int
    explained: int
    first_us: int
    last_us: int


class LookRow(_Quiet, frozen=True):
    """One event for display."""

    ts_us: int
    day: int
    w10: int
    action: str
    account: str | None
    person: str | None
    workstation: str | None
    session: str | None
    purpose: str | None
    exposed: bool
    allowed: bool
    explained_by: str | None
    explained_ref: str | None
    order_id: str | None
    event_id: str | None


class HeatRow(msgspec.Struct, frozen=True):
    """Looks in one hour (0–23, tenant's time zone) of one day."""

    day: int
    hour: int
    looks: int
    orders: int
    exposed: int
    explained: int


class PersonsRow(_Quiet, frozen=True):
    """Number of distinct consignees an account looked at; orders without a token are counted separately."""

    account: str | None
    persons: int
    orders_without_person: int
    persons_exposed: int


class VictimLookRow(_Quiet, frozen=True):
    """One look at a victim's order."""

    tenant: str
    order_id: str
    account: str | None
    workstation: str | None
    day: int
    w10: int
    ts_us: int
    action: str
    exposed: bool
    explained_by: str | None
    category: str | None
    order_day: int | None
    decoy: bool | None


class VictimActorRow(_Quiet, frozen=True):
    """Number of victims' orders an account looked at, at one station on one day."""

    tenant: str
    account: str | None
    workstation: str | None
    day: int
    victims: int
    looks: int
    exposed: int
    explained: int
    first_us: int
    last_us: int


class ExposureRow(_Quiet, frozen=True):
    """Orders first looked at by a source in six hours (``bin``: six-hour steps since 1970 UTC), by kernel."""

    kind: str
    account: str | None
    workstation: str | None
    kernel: str
    bin: int
    orders: int


class OrderCountRow(msgspec.Struct, frozen=True):
    """Orders of a shop, carrier, goods class and lane created in six hours."""

    shop: str | None
    carrier: str | None
    category: str | None
    lane: str | None
    bin: int
    orders: int


class LabelCountRow(msgspec.Struct, frozen=True):
    """Labels of a carrier and a shop first printed at a station in six hours."""

    carrier: str | None
    workstation: str | None
    shop: str | None
    bin: int
    orders: int


class VictimOrderRow(_Quiet, frozen=True):
    """A victim's order in the orders file."""

    order_id: str
    waybill_no: str | None
    tenant: str
    created_us: int | None
    category: str | None
    shop: str | None
    carrier: str | None
    erp: str | None
    lane: str | None


class ControlRow(_Quiet, frozen=True):
    """A control order comparable to a victim's, with the stratum it was drawn from."""

    order_id: str
    created_us: int
    day: int
    category: str
    shop: str


class SpanRow(msgspec.Struct, frozen=True):
    """Extent of a warehouse's log."""

    tenant: str
    looks: int
    exposed: int
    explained: int
    first_day: int
    last_day: int


class TokenRow(_Quiet, frozen=True):
    """An order of a consignee known by a keyed phone."""

    tenant: str
    order_id: str
    token: str


class NodeCountRow(_Quiet, frozen=True):
    """Shipments of a day (None: unknown) with the same shop, ERP, warehouse …; ``all`` counts every one."""

    kind: str
    value: str
    day: int | None
    shipments: int


class NodeVictimRow(_Quiet, frozen=True):
    """A victim's shipment."""

    waybill_no: str | None
    order_id: str | None
    shop: str | None
    erp: str | None
    warehouse: str | None
    outlet: str | None
    carrier: str | None
    goods_class: str | None
    day: int | None


class CellRow(_Quiet, frozen=True):
    """Distinct orders shown to an account at a place in a ten-minute window (``detect_cells``).

    A place is the station, or the address if the event names no station. ``bare``: shown without an explanation
    (prints, reprints and exports are counted separately). ``nameless_exports``: exports that name no order.
    ``browsed``: masked, unexplained.
    """

    day: int
    tenant: str
    account: str | None
    workstation: str | None
    ip: str | None
    w10: int
    bare: int
    bare_prints: int
    bare_reprints: int
    exports: int
    nameless_exports: int
    shown: int
    reprints: int
    browsed: int
    decoys: int


class AccountDayRow(_Quiet, frozen=True):
    """Totals of an account at a place on one day, and the actions whose looks are explained (``detect_accounts``)."""

    day: int
    tenant: str
    account: str | None
    workstation: str | None
    ip: str | None
    events: int
    looks: int
    explained: int
    shown: int
    shown_explained: int
    prints: int
    prints_explained: int
    reprints: int
    reprints_explained: int
    first_w10: int
    last_w10: int


class LogDayRow(msgspec.Struct, frozen=True):
    """Summary of a tenant's log on one day (``detect_days``)."""

    tenant: str
    day: int
    events: int
    exposed: int
    explained: int
    prints: int
    reveals: int
    placed: int
    named: int
    scans: int


class UnscannedRow(_Quiet, frozen=True):
    """A label that was not scanned out in time (``detect_unscanned``); ``printed``: orders that the account printed.

    ``account`` is empty if events name none; ``order_id`` is None if all of an account's labels were scanned.
    """

    tenant: str
    account: str
    order_id: str | None
    late: bool
    printed: int


class UnprintedRow(_Quiet, frozen=True):
    """An order viewed as if scanned out, without a label that could be scanned (``detect_unprinted``).

    ``account`` is empty if events name none; ``order_id`` is None if all labels that it scanned were printed.
    ``scans``: orders that the account scanned.
    """

    tenant: str
    account: str
    order_id: str | None
    bait: bool
    scans: int


class UnorderedRow(_Quiet, frozen=True):
    """A label without an order (``unlisted``), or of an order made long before (``detect_unordered``)."""

    tenant: str
    account: str | None
    order_id: str
    unlisted: bool
    printed: int


class FirstPrintRow(_Quiet, frozen=True):
    """When an order's first label was printed."""

    tenant: str
    order_id: str
    day: int


class OrderedRow(msgspec.Struct, frozen=True):
    """Number of orders of a tenant on one day."""

    tenant: str
    day: int
    orders: int


class SuspectRow(_Quiet, frozen=True):
    """One look that may support an alert (``detect_looks``); ``plain``: it showed plaintext, ``bait``: a decoy."""

    tenant: str
    account: str | None
    workstation: str | None
    ip: str | None
    day: int
    w10: int
    ts_us: int
    action: str
    order_id: str | None
    session: str | None
    purpose: str | None
    explained_by: str | None
    event_id: str | None
    plain: bool
    bait: bool


class HandoverRow(_Quiet, frozen=True):
    """One access record, without consignee data."""

    event_id: str | None
    ts_us: int
    day: int
    w10: int
    account: str | None
    person: str | None
    workstation: str | None
    ip: str | None
    session: str | None
    device: str | None
    action: str
    order_id: str | None
    purpose: str | None
    exposed: bool
    allowed: bool
    explained_by: str | None
    explained_ref: str | None
    category: str | None


class StationOrderRow(_Quiet, frozen=True):
    """An order handled at a station."""

    order_id: str
    first_us: int
    last_us: int
    prints: int
    reads: int
    exposed: bool
    accounts: int
