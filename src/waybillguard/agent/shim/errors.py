"""Errors of the shim. Their texts are sent to the ERP, so they never repeat content of the message."""

from typing import ClassVar

from waybillguard.errors import WaybillGuardError


class ShimError(WaybillGuardError):
    """Base of all errors of the shim."""

    code: ClassVar[str] = "shim"


class MalformedError(ShimError):
    """The message is not a request of the protocol."""

    code: ClassVar[str] = "malformed"


class PlaintextRefusedError(ShimError):
    """The message contains readable data of a consignee."""

    code: ClassVar[str] = "plaintext_refused"


class LaneAError(ShimError):
    """A platform's encrypted waybill cannot be forwarded from here."""

    code: ClassVar[str] = "lane_a"


class VirtualPrinterError(ShimError):
    """The request is for a preview, or for a printer that makes a file, a fax or a redirected copy."""

    code: ClassVar[str] = "virtual_printer"


class PreviewError(VirtualPrinterError):
    """The request is to show a label on a screen."""

    code: ClassVar[str] = "preview"


class DeskRefusedError(ShimError):
    """The service did not accept the order for printing."""

    code: ClassVar[str] = "desk_refused"
