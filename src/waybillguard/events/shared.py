"""The small values that rooms hand to each other and that belong to none of them.

``detect``, ``trace``, ``sensor`` and ``scam`` do not import each other; they meet here. Values that name a
person, an account or a machine have a ``repr`` that says nothing.
"""

from datetime import datetime
from enum import StrEnum
from typing import Literal

import msgspec

type Severity = Literal["low", "medium", "high", "critical"]


class OrderState(StrEnum):
    """Where an order stands, as far as anybody told us."""

    AWAITING_SHIPMENT = "awaiting_shipment"
    IN_TRANSIT = "in_transit"
    AT_PICKUP_POINT = "at_pickup_point"
    DELIVERY_FAILED = "delivery_failed"
    EXCEPTION = "exception"
    LOST = "lost"
    DELIVERED = "delivered"
    RETURNED = "returned"


class Fact(msgspec.Struct, frozen=True):
    """One thing that was read on a machine, and where.

    Attributes:
        fact: what, as a code; ``sensor.fact_words`` puts it into words.
        time: ISO 8601 with offset; empty where the source has none.
        file: name of the file it was read from.
        record: number or key of the record in it.
    """

    fact: str
    time: str = ""
    file: str = ""
    record: str = ""


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """What the sensor found on a station (contracts: sensor examine, ``findings``).

    ``severity`` high needs two independent facts. ``confidence`` is 0–1. ``tenant`` and ``workstation`` are
    empty on a machine that belongs to nobody yet.
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
        """Show kind and severity alone."""
        return f"Finding({self.kind!r}, {self.severity!r}, …)"


class RemoteSession(
    msgspec.Struct, frozen=True, kw_only=True, rename={"origin": "from", "origin_name": "from_name"}
):
    """A time during which somebody steered a station from afar (contracts: sensor examine, ``sessions``).

    ``origin`` and ``origin_name`` are ``from`` and ``from_name`` in JSON. ``end`` is None while it lasts or
    where no end was recorded.
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
        """Show the tool alone."""
        return f"RemoteSession({self.tool!r}, …)"


class Decoy(msgspec.Struct, frozen=True, kw_only=True):
    """An order no real customer has (诱饵): whoever contacts its number got it from a look at it.

    Attributes:
        order_id: the decoy's order.
        placed_at: from when it could be looked at.
        watched_until: until when its number is answered; None while it is.
        account: the one it was laid before; None when before everybody.
        contacted_at: when somebody first contacted it; None when nobody has.
    """

    order_id: str
    tenant: str
    placed_at: datetime
    watched_until: datetime | None = None
    account: str | None = None
    contacted_at: datetime | None = None

    def __repr__(self) -> str:
        """Show the type alone: whoever knows a decoy can avoid it."""
        return "Decoy(…)"


class VictimReport(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody whom a fraudster contacted with knowledge of an order (contracts: victims).

    At least one of ``order_id``, ``waybill_no`` and ``phone_token`` (hexadecimal) is there. ``certainty`` is
    the chance, 0–1, that this contact came from a leak at all.
    """

    order_id: str | None = None
    waybill_no: str | None = None
    phone_token: str | None = None
    contacted_at: datetime | None = None
    reported_at: datetime | None = None
    certainty: float = 1.0
    category: str | None = None

    def __repr__(self) -> str:
        """Show the type alone."""
        return "VictimReport(…)"


class Restriction(msgspec.Struct, frozen=True, kw_only=True):
    """What is taken from somebody for a while, by whom, and until when.

    In shift ``no_plaintext`` stops reveals, exports and virtual printers while real labels keep printing; out
    of shift ``locked`` stops all. At least one of ``account``, ``person`` and ``workstation`` is set; a request
    meets the restriction if any of them fits. ``until`` None: until somebody lifts it. ``set_by`` is a person,
    or ``guard`` where the inline guard set it at the moment of the request.
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
        """Show the kind alone."""
        return f"Restriction({self.kind!r}, …)"
