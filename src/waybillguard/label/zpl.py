"""ZPL: sends the whole page as one graphic, or the hybrid form, which stores the template in the printer.

Graphics are encoded as ``:Z64:`` (zlib, base64, CRC-16). The hybrid form sends the template once with ``~DG``,
recalls it with ``^XG`` in every label, adds the label's own dots above and below the bars, and lets the printer draw
both codes.
Source: the ZPL II programming guide (^GF, ~DG, ^XG, ^BC, ^BQ, ^FO, ^PW, ^LL).
"""

import base64
import binascii
import hashlib
import zlib
from functools import cache, lru_cache
from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from waybillguard.label.bits import packed
from waybillguard.label.codes import QR_MODULES
from waybillguard.label.errors import LabelContentError
from waybillguard.label.model import CodeBox, CodeKind, Drawn, LabelSize
from waybillguard.label.raster import template

_LEVEL: Final = 1  # on a local network compression is the bottleneck, not the transfer
# Firmware draws ^BQ ten dots below its ^FO, as seen in printers and in every renderer that imitates them.
_QR_DROP: Final = 10
_WIDEST_MODULE: Final = 10


def to_zpl_full(drawn: Drawn) -> bytes:
    """Return a job that prints the label once as one graphic and uses no template stored in the printer."""
    rows = packed(drawn.bitmap)
    page = _graphic_field(rows.size, rows.shape[1], zlib.compress(rows, _LEVEL))
    return b"".join((_start(drawn), b"^FO0,0", page, b"^FS^PQ1^XZ\n"))


def zpl_template(size: LabelSize, dpi: int) -> bytes:
    """Return the command that stores the template in the printer; it goes first in every hybrid file.

    The name depends on the template's dots, so an outdated template in the printer is never used. The template
    holds no data of any order.
    """
    return _stored(size, dpi).command


def to_zpl_hybrid(drawn: Drawn) -> bytes:
    """Return a job that prints the label once with the template of ``zpl_template`` in the printer.

    The job is built from the checked raster: dots outside the template and the codes are sent as graphics.
    """
    stored = _stored(drawn.size, drawn.dpi)
    own = packed(drawn.bitmap) & stored.ground
    for code in drawn.codes:
        # Whole bytes can be cleared: a code's quiet zone is wider than the dots that share its outer bytes.
        own[code.y : code.y + code.height, code.x // 8 : -(-(code.x + code.width) // 8)] = 0
    parts = [_start(drawn), b"^FO0,0^XG", stored.name, b",1,1^FS"]
    # Above the bars are carrier, sort code and hub, which are the same on thousands of labels and not personal.
    bars = min(drawn.codes, key=lambda code: code.y)
    for top, rows, field in (
        (0, own[: bars.y], _shared_field),
        (bars.y + bars.height, own[bars.y + bars.height :], _text_field),
    ):
        parts += (b"^FO0,%d" % top, field(rows.tobytes(), rows.shape[1]), b"^FS")
    parts += [_native(code) for code in drawn.codes]
    parts.append(b"^PQ1^XZ\n")
    return b"".join(parts)


class _Stored(msgspec.Struct, frozen=True):
    name: bytes
    command: bytes
    ground: NDArray[np.uint8]


@cache
def _stored(size: LabelSize, dpi: int) -> _Stored:
    rows = packed(template(size, dpi).bitmap)
    raw = rows.tobytes()
    name = b"R:W" + hashlib.sha256(raw).hexdigest()[:7].upper().encode("ascii") + b".GRF"
    command = b"~DG%b,%d,%d,%b\n" % (name, len(raw), rows.shape[1], _z64(zlib.compress(rows, 9)))
    return _Stored(name, command, ~rows)


def _start(drawn: Drawn) -> bytes:
    height, width = drawn.bitmap.shape
    return b"^XA^PW%d^LL%d^LH0,0" % (width, height)


def _text_field(rows: bytes, row_bytes: int) -> bytes:
    """Deflate by run lengths, which takes two thirds of the time for text dots and gives a tenth more bytes."""
    deflate = zlib.compressobj(_LEVEL, zlib.DEFLATED, zlib.MAX_WBITS, zlib.DEF_MEM_LEVEL, zlib.Z_RLE)
    return _graphic_field(len(rows), row_bytes, deflate.compress(rows) + deflate.flush())


_shared_field = lru_cache(maxsize=512)(_text_field)


def _graphic_field(size: int, row_bytes: int, deflated: bytes) -> bytes:
    return b"^GFA,%d,%d,%d,%b" % (size, size, row_bytes, _z64(deflated))


def _z64(data: bytes) -> bytes:
    text = base64.b64encode(data)
    return b":Z64:%b:%04X" % (text, binascii.crc_hqx(text, 0))


def _native(code: CodeBox) -> bytes:
    text = code.text.encode("ascii")  # neither alphabet contains the caret or the tilde
    if code.kind is CodeKind.QR:
        return b"^FO%d,%d^BQN,2,%d^FDMA,%b^FS" % (code.x, code.y - _QR_DROP, code.width // QR_MODULES, text)
    module = _bar_module(code.width)
    return b"^FO%d,%d^BY%d^BCN,%d,N,N,N,A^FD%b^FS" % (code.x, code.y, module, code.height, text)


def _bar_module(width: int) -> int:
    """Return the dots per module of a Code128 of this width. It has 11n + 2 modules, so only one value fits."""
    for module in range(_WIDEST_MODULE, 0, -1):
        modules, rest = divmod(width, module)
        if not rest and modules % 11 == 2:  # noqa: PLR2004 - eleven modules a symbol, two more in the stop
            return module
    raise LabelContentError.of("codes", "条码宽度不是整模块", "the bars are no whole number of modules wide")
