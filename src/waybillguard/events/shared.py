"""Small values shared between packages.

``detect``, ``trace``, ``sensor`` and ``scam`` do not import each other; they share these types. The ``repr`` of values
that name a person, an account or a machine shows none of it.
"""

from datetime import datetime
from enum import StrEnum
from typing import Literal

import msgspec

type Severity = Literal["low", "medium", "high", "critical"]


class OrderState(StrEnum):
    """State of an order, as far as reported."""

    AWAITING_SHIPMENT = "awaiting_shipment"
    IN_TRANSIT = "in_transit"
    AT_PICKUP_POINT = "at_pickup_point"
    DELIVERY_FAILED = "delivery_failed"
    EXCEPTION = "exception"
    LOST = "lost"
    DELIVERED = "delivered"
    RETURNED = "returned"


class Fact(msgspec.Struct, frozen=True):
    """One fact read on a machine, and its source.

    Attributes:
        fact: its code; ``sensor.fact_words`` translates it into words.
        time: ISO 8601 with offset; empty if the source has none.
        file: name of the source file.
        record: number or key of the record in it.
    """

    fact: str
    time: str = ""
    file: str = ""
    record: str = ""


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """A finding of the sensor on a station (contracts: sensor examine, ``findings``).

    ``severity`` high needs two independent facts. ``confidence`` is 0–1. ``tenant`` and ``workstation`` are
    empty on a machine not yet assigned to a warehouse.
    """

    kind: str
    tool: str
    severity: Severity
    confidence: float
    time: datetime | None = None
    account: str = ""
    source: str = ""
    detail_zh: str = ""
    detail_en: str = ""
    facts: tuple[Fact, ...] = ()
    tenant: str = ""
    workstation: str = ""

    def __repr__(self) -> str:
        """Show only kind and severity."""
        return f"Finding({self.kind!r}, {self.severity!r}, …)"


class RemoteSession(
    msgspec.Struct, frozen=True, kw_only=True, rename={"origin": "from", "origin_name": "from_name"}
):
    """A period of remote control of a station (contracts: sensor examine, ``sessions``).

    ``origin`` and ``origin_name`` are ``from`` and ``from_name`` in JSON. ``end`` is None if the session lasts or
    no end was recorded.
    """

    tool: str
    direction: Literal["in", "out", "unknown"]
    start: datetime
    end: datetime | None = None
    account: str = ""
    origin: str = ""
    origin_name: str = ""
    tunnel: bool = False
    evidence: str = ""
    tenant: str = ""
    workstation: str = ""

    def __repr__(self) -> str:
        """Show only the tool."""
        return f"RemoteSession({self.tool!r}, …)"


class Decoy(msgspec.Struct, frozen=True, kw_only=True):
    """A decoy order without a real customer (诱饵): anybody who contacts its number must have looked at it.

    Attributes:
        order_id: the decoy's order.
        placed_at: from when it could be looked at.
        watched_until: until when its number is answered; None while it still is.
        account: the account it was shown to; None if it was shown to all.
        contacted_at: first contact; None if there was none.
    """

    order_id: str
    tenant: str
    placed_at: datetime
    watched_until: datetime | None = None
    account: str | None = None
    contacted_at: datetime | None = None

    def __repr__(self) -> str:
        """Show only the type: a known decoy can be avoided."""
        return "Decoy(…)"


class VictimReport(msgspec.Struct, frozen=True, kw_only=True):
    """A report of a fraud contact that used knowledge of an order (contracts: victims).

    At least one of ``order_id``, ``waybill_no`` and ``phone_token`` (hexadecimal) is set. ``certainty`` is the
    probability, 0–1, that this contact came from a leak at all.
    """

    order_id: str | None = None
    waybill_no: str | None = None
    phone_token: str | None = None
    contacted_at: datetime | None = None
    reported_at: datetime | None = None
    certainty: float = 1.0
    category: str | None = None

    def __repr__(self) -> str:
        """Show only the type."""
        return "VictimReport(…)"


class Restriction(msgspec.Struct, frozen=True, kw_only=True):
    """A temporary restriction: who is restricted, by whom, and until when.

    In shift, ``no_plaintext`` stops reveals, exports and virtual printers while real labels keep printing; out of
    shift, ``locked`` stops everything. At least one of ``account``, ``person`` and ``workstation`` is set; a
    request is restricted if any of them matches. ``until`` None: until lifted. ``set_by`` is a person, or
    ``guard`` if the inline guard set it during the request.
    """

    tenant: str
    kind: Literal["no_plaintext", "locked"]
    since: datetime
    until: datetime | None = None
    account: str | None = None
    person: str | None = None
    workstation: str | None = None
    set_by: str = "guard"
    rule: str = ""
    alert: str = ""

    def __repr__(self) -> str:
        """Show only the kind."""
        return f"Restriction({self.kind!r}, …)"
