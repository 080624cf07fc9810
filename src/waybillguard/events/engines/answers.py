"""Rows that the queries answer with: one struct a shape, its fields the columns in the query's order.

``*_us`` are microseconds since 1970-01-01 UTC. Accounts and stations may be None: an event may have none.
"""

import msgspec


class _Quiet(msgspec.Struct, frozen=True):
    """A row whose ``repr`` names nobody."""

    def __repr__(self) -> str:
        """Show the type alone."""
        return f"{type(self).__name__}(…)"


class ActorRow(_Quiet, frozen=True):
    """What an account or a station (``name``) did; ``others`` counts stations of an account, or accounts of a station."""

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
    """How often an order was looked at, by how many."""

    order_id: str
    looks: int
    accounts: int
    workstations: int
    exposed: int
    explained: int
    first_us: int
    last_us: int


class LookRow(_Quiet, frozen=True):
    """One event as a page shows it."""

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
    """Looks of one hour (0–23 on the tenant's clock) of one day."""

    day: int
    hour: int
    looks: int
    orders: int
    exposed: int
    explained: int


class PersonsRow(_Quiet, frozen=True):
    """How many different consignees an account looked at; orders without a token are counted apart."""

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
    """How many victims' orders an account looked at, at one station on one day."""

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
    """How many orders a source first looked at in six hours (``bin``: six-hour steps since 1970 UTC), by kernel."""

    kind: str
    account: str | None
    workstation: str | None
    kernel: str
    bin: int
    orders: int


class OrderCountRow(msgspec.Struct, frozen=True):
    """How many orders of a shop, carrier, goods class and lane were created in six hours."""

    shop: str | None
    carrier: str | None
    category: str | None
    lane: str | None
    bin: int
    orders: int


class LabelCountRow(msgspec.Struct, frozen=True):
    """How many labels of a carrier and a shop were first printed at a station in six hours."""

    carrier: str | None
    workstation: str | None
    shop: str | None
    bin: int
    orders: int


class VictimOrderRow(_Quiet, frozen=True):
    """What the orders file says about a victim's order."""

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
    """An order like a victim's, by the stratum it was drawn from."""

    order_id: str
    created_us: int
    day: int
    category: str
    shop: str


class SpanRow(msgspec.Struct, frozen=True):
    """What a warehouse's log holds."""

    tenant: str
    looks: int
    exposed: int
    explained: int
    first_day: int
    last_day: int


class TokenRow(_Quiet, frozen=True):
    """An order of a consignee who is known by a keyed phone."""

    tenant: str
    order_id: str
    token: str


class NodeCountRow(_Quiet, frozen=True):
    """How many shipments of a day (None: unknown) have a shop, ERP, warehouse … in common; ``all`` for every one."""

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
    """Different orders shown to an account at a place in a ten-minute window (``detect_cells``).

    A place is the station, or the address where the event names no station. ``bare``: shown, and nothing explains it
    (prints, reprints and exports apart). ``nameless_exports`` are exports that name no order. ``browsed``: masked,
    unexplained.
    """

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
    """What an account did at a place on one day, and for which actions looks are explained (``detect_accounts``)."""

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
    """What a tenant's log says on one day (``detect_days``)."""

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

    ``account`` is empty where events name none; ``order_id`` is None where all of an account's labels were scanned.
    """

    tenant: str
    account: str
    order_id: str | None
    late: bool
    printed: int


class UnprintedRow(_Quiet, frozen=True):
    """An order viewed as if it were scanned out, without a label that could be (``detect_unprinted``).

    ``account`` is empty where events name none; ``order_id`` is None where all labels that it scanned were printed.
    ``scans``: orders that the account scanned.
    """

    tenant: str
    account: str
    order_id: str | None
    bait: bool
    scans: int


class UnorderedRow(_Quiet, frozen=True):
    """A label of no order (``unlisted``), or of one made long before (``detect_unordered``)."""

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
    """How many orders a tenant got on one day."""

    tenant: str
    day: int
    orders: int


class SuspectRow(_Quiet, frozen=True):
    """One look that an alert may rest on (``detect_looks``); ``plain``: it showed plaintext, ``bait``: a decoy."""

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
    """One access record as it was written, without anything of the consignee."""

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
    """An order that passed a station."""

    order_id: str
    first_us: int
    last_us: int
    prints: int
    reads: int
    exposed: bool
    accounts: int
