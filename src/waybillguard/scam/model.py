"""Input and output types of a check (contracts: ``scam check``)."""

from enum import StrEnum
from typing import Literal

import msgspec

from waybillguard.events.shared import OrderState

type Channel = Literal["sms", "chat", "call"]


class Verdict(StrEnum):
    """Verdict on a message."""

    SCAM = "SCAM"
    LIKELY_SCAM = "LIKELY_SCAM"
    UNKNOWN = "UNKNOWN"
    CONSISTENT = "CONSISTENT"


class MessageClass(StrEnum):
    """Class of a message."""

    PARCEL_SCAM = "parcel_scam"
    OTHER_SCAM = "other_scam"
    LEGIT = "legit"


class Code(StrEnum):
    """Reason for a verdict. Its texts are in ``data/texts.yaml``."""

    OFF_PLATFORM_CONTACT = "off_platform_contact"
    ASKS_CARD_OR_CODE = "asks_card_or_code"
    ASKS_SCREEN_SHARE = "asks_screen_share"
    ASKS_PAYMENT = "asks_payment"
    LINK_NOT_OFFICIAL = "link_not_official"
    CLAIM_CONTRADICTS_STATE = "claim_contradicts_state"
    STATE_MATCHES = "state_matches"
    STATE_TRUE_BUT_OFF_PLATFORM_CONTACT = "state_true_but_off_platform_contact"
    CARRIER_MISMATCH = "carrier_mismatch"
    WAYBILL_MISMATCH = "waybill_mismatch"
    GOODS_MISMATCH = "goods_mismatch"
    NO_ORDER_ON_RECORD = "no_order_on_record"
    NEVER_HANDED_TO_CARRIER = "never_handed_to_carrier"
    NO_RECALL_ON_RECORD = "no_recall_on_record"
    NO_REFUND_ON_RECORD = "no_refund_on_record"
    SENDER_REGISTERED = "sender_registered"
    SENDER_NOT_REGISTERED = "sender_not_registered"
    PAYS_BACK_ORIGINAL_ROUTE = "pays_back_original_route"
    NO_ASK = "no_ask"
    WARNING_NOT_SCAM = "warning_not_scam"


class OrderFacts(msgspec.Struct, frozen=True, kw_only=True):
    """Known facts about the order that a message is about.

    Attributes:
        known: whether the shop or warehouse has the order at all.
        status: state of the order; None if unknown.
        carrier: name or code of the carrier; empty if unknown.
        waybill_tail: last digits of the waybill number; empty if unknown.
        exception: delivery problem reported by the carrier (code or text); empty if none.
        open_claim: a claim with the carrier is open; None if unknown, which never confirms a payment.
        open_refund: a refund is open or was paid; None as for ``open_claim``.
        items: names of the goods.
    """

    known: bool = True
    status: OrderState | None = None
    carrier: str | None = ""
    waybill_tail: str | None = ""
    exception: str | bool | None = ""
    open_claim: bool | None = None
    open_refund: bool | None = None
    items: tuple[str, ...] | str | None = ()

    def __repr__(self) -> str:
        """Return a text without data of the order."""
        return "OrderFacts(…)"


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """A received message, and the known facts about the order that it is about.

    The ``text`` of a call has one turn per line, with or without a speaker before a colon.
    """

    text: str
    id: str = ""
    channel: Channel | None = "sms"
    sender: str | None = ""
    order: OrderFacts | None = None

    def __repr__(self) -> str:
        """Return a text with only the message's id, because its content is personal."""
        return f"Message(id={self.id!r}, …)"


class Registry(msgspec.Struct, frozen=True, kw_only=True):
    """Numbers and domains that a warehouse, merchant or carrier vouches for, in addition to the published ones."""

    senders: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()


type Span = tuple[int, int, str]


class Assessment(msgspec.Struct, frozen=True, kw_only=True, rename={"kind": "class"}):
    """Result of a check; ``spans`` are character positions in the original text.

    Attributes:
        score: calibrated probability of a scam, 0–1.
        why: reasons, most important first.
        evasion: degree of disguise, 0–1; disguise alone does not decide the verdict.
    """

    id: str
    verdict: Verdict
    kind: MessageClass
    score: float
    why: tuple[Code, ...]
    spans: tuple[Span, ...]
    explanation_zh: str
    advice_zh: str
    evasion: float

    def __repr__(self) -> str:
        """Return a text with only the verdict."""
        return f"Assessment(id={self.id!r}, verdict={self.verdict.value!r}, …)"
