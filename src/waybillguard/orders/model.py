"""The result types of reading orders.

Field names are those of the contract ``orders read``; a missing value is an empty string. These are msgspec structs
rather than dataclasses, because a million of them are passed between processes as msgpack.
"""

from enum import StrEnum

import msgspec


class Lane(StrEnum):
    """The lane (通道) of a printed order (see the three lanes in the architecture)."""

    PLATFORM_CIPHERTEXT = "A"
    OURS = "B"
    PLAINTEXT = "C"


class Status(StrEnum):
    """The outcome for one data row of an export."""

    OK = "ok"
    ALREADY_MASKED = "already_masked"
    REJECT = "reject"


class Reason(StrEnum):
    """The reason why a row is a reference order (``masked_*``, ``ciphertext``) or held for review (all others)."""

    MASKED_NAME = "masked_name"
    MASKED_PHONE = "masked_phone"
    MASKED_ADDRESS = "masked_address"
    CIPHERTEXT = "ciphertext"
    NO_PHONE = "no_phone"
    BAD_PHONE = "bad_phone"
    PHONE_PRECISION_LOST = "phone_precision_lost"
    NO_NAME = "no_name"
    NO_ADDRESS = "no_address"
    DUPLICATE = "duplicate"
    FORMULA_IN_FIELD = "formula_in_field"
    DIVISION_CONFLICT = "division_conflict"
    SWAPPED_COLUMNS = "swapped_columns"
    COLUMN_COUNT = "column_count"
    SEVERAL_ORDERS = "several_orders"


class Masked(msgspec.Struct, frozen=True):
    """The masked contact for screens and labels (GB/T 41833-2022, column ``default``)."""

    name: str = ""
    phone: str = ""
    address: str = ""
    remark: str = ""


class Sender(msgspec.Struct, frozen=True):
    """The sender (寄件人) of an order, as far as the export names one."""

    name: str = ""
    phone: str = ""
    province: str = ""
    city: str = ""
    district: str = ""
    town: str = ""
    detail: str = ""


class OrderRow(msgspec.Struct, frozen=True):
    """One data row of an order export, as ``orders read`` prints it."""

    file: str = ""
    sheet: str = ""
    row: int = 0
    status: Status = Status.OK
    reason: str = ""
    lane: str = ""
    order_no: str = ""
    waybill_no: str = ""
    carrier: str = ""
    sort_code: str = ""
    shop: str = ""
    platform: str = ""
    created_at: str = ""
    name: str = ""
    phone: str = ""
    phones: tuple[str, ...] = ()
    extension: str = ""
    virtual_until: str = ""
    province: str = ""
    city: str = ""
    district: str = ""
    town: str = ""
    detail: str = ""
    goods: str = ""
    quantity: str = ""
    remark: str = ""
    sender: Sender | None = None
    masked: Masked = Masked()
