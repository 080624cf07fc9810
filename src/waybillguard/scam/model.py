"""What goes into a check and what comes out (contracts: ``scam check``)."""

from enum import StrEnum
from typing import Literal

import msgspec

from waybillguard.events.shared import OrderState

type Channel = Literal["sms", "chat", "call"]


class Verdict(StrEnum):
    """What may be said about a message."""

    SCAM = "SCAM"
    LIKELY_SCAM = "LIKELY_SCAM"
    UNKNOWN = "UNKNOWN"
    CONSISTENT = "CONSISTENT"


class MessageClass(StrEnum):
    """What kind of message it is."""

    PARCEL_SCAM = "parcel_scam"
    OTHER_SCAM = "other_scam"
    LEGIT = "legit"


class Code(StrEnum):
    """A reason for a verdict; the texts of each are in ``data/texts.yaml``."""

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
    """What is known of the order a message speaks of.

    Attributes:
        known: whether the asked shop or warehouse has the order at all.
        status: where it stands; None where nobody told us.
        carrier: name or code of the carrier; empty where unknown.
        waybill_tail: last digits of the waybill number; empty where unknown.
        exception: what went wrong on the way, as the carrier says (code or text); empty for nothing.
        open_claim: a claim with the carrier is open; None where nobody told us, which bears out no money.
        open_refund: a refund is open or was paid; None likewise.
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
        """Say nothing of the order."""
        return "OrderFacts(…)"


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """A message somebody received, and what is known of the order it speaks of.

    ``text`` of a call has one turn a line, with or without a speaker before a colon.
    """

    text: str
    id: str = ""
    channel: Channel | None = "sms"
    sender: str | None = ""
    order: OrderFacts | None = None

    def __repr__(self) -> str:
        """Show the number alone: a message is personal."""
        return f"Message(id={self.id!r}, …)"


class Registry(msgspec.Struct, frozen=True, kw_only=True):
    """Numbers and domains that a warehouse, merchant or carrier vouches for, beside the published ones."""

    senders: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()


type Span = tuple[int, int, str]


class Assessment(msgspec.Struct, frozen=True, kw_only=True, rename={"kind": "class"}):
    """The result of a check; ``spans`` count characters of the text as the person gave it.

    Attributes:
        score: calibrated probability of a scam, 0–1.
        why: reasons, the weightiest first.
        evasion: 0–1, how much the text was disguised; disguise alone is no verdict.
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
        """Show the verdict alone."""
        return f"Assessment(id={self.id!r}, verdict={self.verdict.value!r}, …)"
