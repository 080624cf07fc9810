"""Errors of the shim. Their texts are sent to the ERP, so they never repeat content of the message."""

from waybillguard.errors import WaybillGuardError


class ShimError(WaybillGuardError):
    """Base of all errors of the shim."""

    code = "shim"


class MalformedError(ShimError):
    """The message is not a request of the protocol."""

    code = "malformed"


class LaneAError(ShimError):
    """A platform's encrypted waybill cannot be forwarded from here."""

    code = "lane_a"


class VirtualPrinterError(ShimError):
    """The request is for a preview, or for a printer that makes a file, a fax or a redirected copy."""

    code = "virtual_printer"


class DeskRefusedError(ShimError):
    """The service did not accept the order for printing."""

    code = "desk_refused"
