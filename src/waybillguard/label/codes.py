"""Makes the modules of Code128 and QR codes in whole dots, and decodes codes from a bitmap."""

import re
from typing import Any, Final

import numpy as np
import zxingcpp
from numpy.typing import NDArray

from waybillguard.label.errors import LabelContentError
from waybillguard.label.model import CodeBox, CodeKind

QR_MODULES: Final = 33
"""Modules per side of version 4, the smallest that holds the sealed reference at level M."""
QUIET_QR: Final = 4
QUIET_CODE128: Final = 10
REFERENCE_LENGTH: Final = 72
_REFERENCE: Final = re.compile(rf"[0-9A-Z $%*+\-./:]{{{REFERENCE_LENGTH}}}")
_WAYBILL: Final = re.compile(r"[0-9A-Za-z][0-9A-Za-z-]{5,29}")
# The reference is ciphertext, so its bits are random and no QR mask is better than another on average;
# letting the encoder compare all eight masks takes six times as long. The version is fixed at 4, even for a
# reference that would fit a smaller one, because the layout relies on the size of the code. zxing-cpp 3.1
# drops the first option, hence the stand-in.
_QR_OPTIONS: Final = "first=dropped,version=4,ecLevel=M,dataMask=3"
_FORMATS: Final = {
    CodeKind.CODE128: zxingcpp.BarcodeFormat.Code128,
    CodeKind.QR: zxingcpp.BarcodeFormat.QRCode,
}
_READABLE: Final = zxingcpp.barcode_formats_from_str("Code128,QRCode")
_KINDS: Final = {value: key for key, value in _FORMATS.items()}


def qr_modules(reference: str) -> NDArray[np.bool_]:
    """Return the QR code of a sealed reference: bool (33, 33), True = black, no quiet zone.

    Raises ``LabelContentError`` for anything but 72 base45 characters, such as a web address or free text.
    """
    if _REFERENCE.fullmatch(reference) is None:
        raise LabelContentError.of(
            "reference", "二维码只许放 72 位 base45 密封编号", "the QR code holds 72 base45 characters only"
        )
    return modules_of(zxingcpp.create_barcode(reference, _FORMATS[CodeKind.QR], options=_QR_OPTIONS))


def code128_modules(waybill_no: str) -> NDArray[np.bool_]:
    """Return the Code128 of a waybill number: bool (modules,), True = black, no quiet zone.

    Raises ``LabelContentError`` unless it is 6 to 30 letters, digits and hyphens.
    """
    if _WAYBILL.fullmatch(waybill_no) is None:
        raise LabelContentError.of(
            "waybill_no",
            "运单号应为 6 至 30 位字母、数字或连字符",
            "a waybill number is 6 to 30 letters, digits or hyphens",
        )
    modules = modules_of(zxingcpp.create_barcode(waybill_no, _FORMATS[CodeKind.CODE128]))
    row: NDArray[np.bool_] = modules[0]
    return row


def modules_of(barcode: Any) -> NDArray[np.bool_]:  # noqa: ANN401 - zxing-cpp ships no types
    """Return the modules of a generated code without its quiet zone; True = black."""
    image = np.asarray(barcode.to_image(scale=1, add_quiet_zones=False))
    return image < 128  # noqa: PLR2004 - middle of 8-bit grey


def decode(bitmap: NDArray[np.bool_] | NDArray[np.uint8]) -> tuple[CodeBox, ...]:
    """Return the codes that a reader finds in a picture.

    ``bitmap`` is bool (True = black) as in ``Drawn``, or uint8 grey (0 = black) as from a scanner. Boxes
    are upright rectangles around each code found; codes of other kinds are left out. Order: top to bottom.
    """
    grey = np.where(bitmap, np.uint8(0), np.uint8(255)) if bitmap.dtype == np.bool_ else bitmap
    found = []
    for code in zxingcpp.read_barcodes(np.ascontiguousarray(grey), formats=_READABLE):
        position = code.position
        corners = (position.top_left, position.top_right, position.bottom_right, position.bottom_left)
        xs, ys = [corner.x for corner in corners], [corner.y for corner in corners]
        kind = _KINDS[code.format]
        found.append(CodeBox(kind, code.text, min(xs), min(ys), max(xs) - min(xs) + 1, max(ys) - min(ys) + 1))
    return tuple(sorted(found, key=lambda box: (box.y, box.x)))
