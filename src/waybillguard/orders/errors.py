"""Errors of the orders package."""

from waybillguard.errors import WaybillGuardError


class OrdersError(WaybillGuardError):
    """Base of the errors of reading an export."""

    code = "orders"


class UnreadableFileError(OrdersError):
    """The file is not an order export, or too damaged to read."""

    code = "unreadable_file"


class WorkbookPasswordError(OrdersError):
    """The workbook is encrypted and the password is missing or wrong."""

    code = "workbook_password"


class FileTooLargeError(OrdersError):
    """The file, one of its sheets, rows or cells is larger than the limits allow."""

    code = "file_too_large"


class HeaderNotFoundError(OrdersError):
    """No row contains the titles of the columns that an order needs."""

    code = "header_not_found"
