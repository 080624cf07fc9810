"""Code shared by the simulated printers of all languages: graphics, symbols, label dots."""

import base64
import zlib
from dataclasses import dataclass

import zxingcpp
from PIL import Image


class WrongJobError(Exception):
    """The printer received data that its manual does not allow."""


def crc16(data: bytes) -> int:
    """Return the CRC-16 of the manual: polynomial x^16 + x^12 + x^5 + 1, start 0, highest bit first."""
    value = 0
    for byte in data:
        value ^= byte << 8
        for _ in range(8):
            value = (value << 1 ^ 0x1021 if value & 0x8000 else value << 1) & 0xFFFF
    return value


def graphic(data: bytes, row_bytes: int, total: int) -> Image.Image:
    """Return the dots of graphic data (:Z64: or plain hex); 1 is black."""
    if data.startswith(b":Z64:"):
        _, _, text, check = data.split(b":")
        if int(check, 16) != crc16(text):
            raise WrongJobError("CRC of :Z64:")
        raw = zlib.decompress(base64.b64decode(text, validate=True))
    else:
        raw = bytes.fromhex(data.decode("ascii"))
    if len(raw) != total or total % row_bytes:
        raise WrongJobError(f"{len(raw)} bytes of a graphic of {total}")
    flipped = bytes(byte ^ 0xFF for byte in raw)  # PIL: 1 is white
    return Image.frombytes("1", (row_bytes * 8, total // row_bytes), flipped)


def modules(
    text: str, kind: zxingcpp.BarcodeFormat, *, scale: int, height: int = 0, level: str = ""
) -> Image.Image:
    """Return a barcode symbol in whole dots, without a quiet zone."""
    options = {"ec_level": level} if level else {}
    code = zxingcpp.create_barcode(text, kind, **options)
    image = Image.fromarray(code.to_image(scale=1, add_quiet_zones=False)).convert("1")
    if height:
        image = image.crop((0, 0, image.width, 1)).resize(
            (image.width * scale, height), Image.Resampling.NEAREST
        )
    else:
        image = image.resize((image.width * scale, image.height * scale), Image.Resampling.NEAREST)
    return image


@dataclass
class Page:
    """The content of the label so far; 1 is white."""

    width: int
    height: int

    def __post_init__(self) -> None:
        self.dots = Image.new("1", (self.width, self.height), 1)

    def put(self, image: Image.Image, x: int, y: int) -> None:
        black = image.convert("L").point(lambda value: 255 - value).convert("1")
        self.dots.paste(0, (x, y), black)
