"""Errors of the orders room."""

from typing import ClassVar

from waybillguard.errors import WaybillGuardError


class OrdersError(WaybillGuardError):
    """Base of what can go wrong when an export is read."""

    code: ClassVar[str] = "orders"


class UnreadableFileError(OrdersError):
    """Not an order export, or damaged beyond reading."""

    code: ClassVar[str] = "unreadable_file"


class WorkbookPasswordError(OrdersError):
    """The workbook is encrypted and the password is missing or wrong."""

    code: ClassVar[str] = "workbook_password"


class FileTooLargeError(OrdersError):
    """The file, one of its sheets, rows or cells is larger than the limits allow."""

    code: ClassVar[str] = "file_too_large"


class HeaderNotFoundError(OrdersError):
    """No row names the columns that an order needs."""

    code: ClassVar[str] = "header_not_found"
