"""Errors of the shim. Their texts go to whoever sent the message, so they never repeat what stood in it."""

from typing import ClassVar

from waybillguard.errors import WaybillGuardError


class ShimError(WaybillGuardError):
    """Base of what the shim refuses."""

    code: ClassVar[str] = "shim"


class MalformedError(ShimError):
    """The message is no request of the protocol."""

    code: ClassVar[str] = "malformed"


class PlaintextRefusedError(ShimError):
    """The message carries what a consignee could be read from."""

    code: ClassVar[str] = "plaintext_refused"


class LaneAError(ShimError):
    """A platform's encrypted waybill cannot be passed on here."""

    code: ClassVar[str] = "lane_a"


class VirtualPrinterError(ShimError):
    """A preview, or a printer that makes a file, a fax or a redirected copy."""

    code: ClassVar[str] = "virtual_printer"


class PreviewError(VirtualPrinterError):
    """A label was asked for on a screen."""

    code: ClassVar[str] = "preview"


class DeskRefusedError(ShimError):
    """The service did not take the order for printing."""

    code: ClassVar[str] = "desk_refused"
