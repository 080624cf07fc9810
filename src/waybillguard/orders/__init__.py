"""Read order exports, names, phones and addresses, and mask them.

Promise: unreadable rows are refused with a reason and never dropped; masked values are never "repaired"; parts
of an address that are not understood are hidden.
"""

from typing import TYPE_CHECKING

from waybillguard.on_demand import on_demand

if TYPE_CHECKING:
    from waybillguard.orders.address import Address, parse_address
    from waybillguard.orders.child import read_in_child
    from waybillguard.orders.errors import (
        FileTooLargeError,
        HeaderNotFoundError,
        OrdersError,
        UnreadableFileError,
        WorkbookPasswordError,
    )
    from waybillguard.orders.limits import Limits
    from waybillguard.orders.masks import mask_contact, mask_field
    from waybillguard.orders.model import Lane, Masked, OrderRow, Reason, Sender, Status
    from waybillguard.orders.paste import parse_pasted
    from waybillguard.orders.phones import PhoneReading, read_phone
    from waybillguard.orders.reader import read_orders
    from waybillguard.orders.rows_cells import neutralise

# Imported on demand: code that only uses the order types needs no workbook reader.
__getattr__ = on_demand(
    __name__,
    {
        "Address": "address",
        "FileTooLargeError": "errors",
        "HeaderNotFoundError": "errors",
        "Lane": "model",
        "Limits": "limits",
        "Masked": "model",
        "OrderRow": "model",
        "OrdersError": "errors",
        "PhoneReading": "phones",
        "Reason": "model",
        "Sender": "model",
        "Status": "model",
        "UnreadableFileError": "errors",
        "WorkbookPasswordError": "errors",
        "mask_contact": "masks",
        "mask_field": "masks",
        "neutralise": "rows_cells",
        "parse_address": "address",
        "parse_pasted": "paste",
        "read_in_child": "child",
        "read_orders": "reader",
        "read_phone": "phones",
    },
)


__all__ = [
    "Address",
    "FileTooLargeError",
    "HeaderNotFoundError",
    "Lane",
    "Limits",
    "Masked",
    "OrderRow",
    "OrdersError",
    "PhoneReading",
    "Reason",
    "Sender",
    "Status",
    "UnreadableFileError",
    "WorkbookPasswordError",
    "mask_contact",
    "mask_field",
    "neutralise",
    "parse_address",
    "parse_pasted",
    "read_in_child",
    "read_orders",
    "read_phone",
]
