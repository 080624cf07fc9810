"""ZPL: printed by a small interpreter of our own commands, dot by dot."""

import base64
import binascii
import re
import zlib
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from waybillguard.label.codes import code128_modules, decode, qr_modules
from waybillguard.label.model import LabelContent, LabelSize
from waybillguard.label.raster import draw, template
from waybillguard.label.zpl import to_zpl_full, to_zpl_hybrid, zpl_template

COMMAND = re.compile(
    r"(~DG|\^XA|\^XZ|\^PW|\^LL|\^LH|\^FO|\^GFA,|\^XG|\^FS|\^BY|\^BCN|\^BQN|\^FD|\^PQ)([^\^~]*)"
)
Dots = NDArray[np.bool_]


class Printer:
    """What a printer does with the commands this project sends; anything else is an error."""

    def __init__(self) -> None:
        self.graphics: dict[str, Dots] = {}
        self.labels: list[Dots] = []

    def send(self, job: bytes) -> None:  # noqa: C901 - one case a command
        text = job.decode("ascii")
        assert "".join("".join(found) for found in COMMAND.findall(text)) == text.replace("\r", "")
        width, height, pen, module, code = 0, 0, (0, 0), 0, ""
        for name, argument in COMMAND.findall(text):
            argument = argument.strip("\n") if name != "^FD" else argument  # noqa: PLW2901
            match name:
                case "~DG":
                    stored, size, row_bytes, data = argument.split(",", 3)
                    self.graphics[stored] = self.unpack(data, int(size), int(row_bytes))
                case "^PW":
                    width = int(argument)
                case "^LL":
                    height = int(argument)
                    page = np.zeros((height, width), dtype=np.bool_)
                case "^FO":
                    pen = tuple(int(value) for value in argument.split(","))
                case "^GFA,":
                    size, total, row_bytes, data = argument.split(",", 3)
                    assert size == total
                    self.paste(page, self.unpack(data, int(size), int(row_bytes)), pen)
                case "^XG":
                    stored, across, down = argument.split(",")
                    assert (across, down) == ("1", "1")
                    self.paste(page, self.graphics[stored], pen)
                case "^BY":
                    module = int(argument)
                case "^BCN" | "^BQN":
                    code = name + argument
                case "^FD":
                    self.code(page, code, argument, pen, module)
                case "^PQ":
                    assert argument == "1"
                case "^XZ":
                    self.labels.append(page)

    @staticmethod
    def unpack(data: str, size: int, row_bytes: int) -> Dots:
        empty, kind, text, check = data.split(":")
        assert (empty, kind) == ("", "Z64")
        assert int(check, 16) == binascii.crc_hqx(text.encode("ascii"), 0)
        raw = zlib.decompress(base64.b64decode(text, validate=True))
        assert len(raw) == size
        return np.unpackbits(np.frombuffer(raw, np.uint8).reshape(-1, row_bytes), axis=1).astype(np.bool_)

    @staticmethod
    def paste(page: Dots, dots: Dots, pen: tuple[int, ...]) -> None:
        x, y = pen
        page[y : y + dots.shape[0], x : x + dots.shape[1]] |= dots

    def code(self, page: Dots, code: str, text: str, pen: tuple[int, ...], module: int) -> None:
        if code.startswith("^BCN"):
            height = int(code.split(",")[1])
            self.paste(page, np.tile(np.repeat(code128_modules(text), module), (height, 1)), pen)
        else:
            assert code.startswith("^BQN,2,")
            assert text.startswith("MA,")
            side = int(code.rsplit(",", 1)[1])
            dots = np.kron(qr_modules(text[3:]), np.ones((side, side), dtype=np.bool_))
            self.paste(page, dots, (pen[0], pen[1] + 10))


@pytest.mark.parametrize("dpi", [203, 300])
@pytest.mark.parametrize("size", list(LabelSize))
def test_a_hybrid_file_prints_the_very_dots_that_were_checked(
    content: LabelContent, long_content: LabelContent, size: LabelSize, dpi: int
) -> None:
    labels = [draw(content, size, dpi), draw(long_content, size, dpi)]
    printer = Printer()
    printer.send(zpl_template(size, dpi) + b"".join(to_zpl_hybrid(drawn) for drawn in labels))
    for burnt, drawn in zip(printer.labels, labels, strict=True):
        assert np.array_equal(burnt, drawn.bitmap)


@pytest.mark.parametrize("dpi", [203, 300])
@pytest.mark.parametrize("size", list(LabelSize))
def test_a_full_page_prints_the_very_dots_that_were_checked(
    long_content: LabelContent, size: LabelSize, dpi: int
) -> None:
    drawn = draw(long_content, size, dpi)
    printer = Printer()
    printer.send(to_zpl_full(drawn))
    assert np.array_equal(printer.labels[0], drawn.bitmap)


def test_a_hybrid_label_without_its_template_cannot_print_silently(content: LabelContent) -> None:
    with pytest.raises(KeyError):
        Printer().send(to_zpl_hybrid(draw(content, LabelSize.S76X130, 203)))


def test_templates_of_different_dots_have_different_names() -> None:
    names = {zpl_template(size, dpi).split(b",", 1)[0] for size in LabelSize for dpi in (203, 300)}
    assert len(names) == 6
    assert all(re.fullmatch(rb"~DGR:[A-Z0-9]{1,8}\.GRF", name) for name in names)


def test_the_stored_template_is_the_label_without_its_content() -> None:
    printer = Printer()
    printer.send(zpl_template(LabelSize.S100X150, 203))
    (stored,) = printer.graphics.values()
    assert np.array_equal(stored, template(LabelSize.S100X150, 203).bitmap)


def test_a_hybrid_label_sends_two_thirds_of_a_full_page_at_most(
    make_content: Callable[..., LabelContent],
) -> None:
    drawn = draw(make_content(), LabelSize.S76X130, 203)
    assert len(to_zpl_hybrid(drawn)) < 0.67 * len(to_zpl_full(drawn))


def test_bars_and_square_are_drawn_by_the_printer_itself(content: LabelContent) -> None:
    drawn = draw(content, LabelSize.S76X130, 203)
    job = to_zpl_hybrid(drawn)
    assert b"^FD" + content.waybill_no.encode() + b"^FS" in job
    assert b"^FDMA," + content.reference.encode() + b"^FS" in job
    assert [box.text for box in decode(drawn.bitmap)] == [content.waybill_no, content.reference]


def test_a_zpl_file_is_plain_ascii_without_a_control_character_in_its_data(
    long_content: LabelContent,
) -> None:
    job = to_zpl_hybrid(draw(long_content, LabelSize.S76X130, 203))
    assert re.fullmatch(rb"[\x20-\x7e]*\n", job)
