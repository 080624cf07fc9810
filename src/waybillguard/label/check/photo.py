"""Judges photos of labels by OCR against GB/T 41833-2022. Needs the extra ``[ocr]``; its models work offline."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Final, Literal

import msgspec
import numpy as np
import zxingcpp
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from waybillguard.label.check.codes import CodeClass, classify_code, is_numbers_own, judge_code
from waybillguard.label.check.elsewhere import attesting_lines, left_of, place_of
from waybillguard.label.check.evidence import Surroundings, has_address, judge_read
from waybillguard.label.check.fields import placed as placed_fields
from waybillguard.label.check.fold import fold, tight
from waybillguard.label.check.headings import heading_alone
from waybillguard.label.check.judge_phones import is_service_number
from waybillguard.label.check.lines import CONTACT, same_row, without_neighbours
from waybillguard.label.check.names import contact_of, may_be_shop
from waybillguard.label.check.ocr import OcrMissingError, Pixels, Reading, TextReader, ocr_reader
from waybillguard.label.check.persons import is_brand
from waybillguard.label.check.text import redact
from waybillguard.label.check.values import Party, Reason, Standard, TextLine, Zone
from waybillguard.label.model import CodeKind, LabelSize
from waybillguard.on_demand import pattern_on_use

_LONGEST_SIDE: Final = 2_400
_MOST_PIXELS: Final = 120_000_000
_JUDGED: Final = (Zone.NAME, Zone.PHONE, Zone.ADDRESS, Zone.REMARK, Zone.GOODS)
_AT_EDGE, _NEAR_EDGE, _GOES_ON = 0.1, 0.6, 2.0
"""Distances to the photo's edge in type sizes: a line continues beyond it; more lines, or an address, may follow."""
_RATIO_SLACK: Final = 0.05
_LARGE: Final = 2
"""Multiple of the usual type size of a photo; larger marks belong to no field."""
_UPRIGHT: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_270, 7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}  # fmt: skip
_TAGGED: Final = pattern_on_use(
    r"[收寄][件货]|[发收]货|发件|运单|(?:快递|速运|快运)(?!驿站|柜|员|小哥|代收)|面单|单号|签收|内件|托寄|(?:物品|品名|商品):"
)
_PRINTED: Final = pattern_on_use(r"(?:打印|[打制开下]单|印)(?:时间|日期|于)?[: ]*20\d\d[-/.年]")
_EXPIRY: Final = pattern_on_use("有效|失效|到期|截止")
_OF_GOODS: Final = {"EAN13", "EAN8", "UPCA", "UPCE", "DataBar"}
_LINEAR: Final = _OF_GOODS | {"Code128", "Code39", "Code93", "ITF", "Codabar"}

__all__ = [
    "FoundCode", "FoundField", "OcrMissingError", "PhotoVerdict", "Reading", "TextReader", "check_photo", "load_picture",
    "ocr_reader",
]  # fmt: skip


class FoundField(msgspec.Struct, frozen=True):
    """A field of a label in a photo; ``text`` is masked, ``box`` is [x, y, width, height] in pixels."""

    field: str
    party: str
    text: str
    verdict: Literal["pass", "fail"]
    reason_zh: str
    box: list[int]
    label: int = 1


class FoundCode(msgspec.Struct, frozen=True):
    """A code in a photo and the class of its text; never the text itself."""

    format: str
    text_class: str


class PhotoVerdict(msgspec.Struct, frozen=True):
    """The result of ``label check`` for one photo (contract: label check PHOTO)."""

    photo: str
    verdict: Literal["pass", "fail", "unreadable"]
    fields: list[FoundField]
    layout: str
    codes: list[FoundCode]


@dataclass(frozen=True, slots=True)
class _Code:
    format: str
    text: str
    x: float
    y: float
    box: tuple[float, float, float, float]
    """Left, top, width, height in upright coordinates."""


@dataclass(frozen=True, slots=True)
class _Label:
    lines: list[TextLine]
    codes: list[_Code]


def check_photo(source: Path, read: TextReader, *, name: str = "") -> PhotoVerdict:
    """Judge one photo. A photo that cannot be opened or read is ``unreadable``; no error is raised for it.

    One certainly faulty field is enough for ``fail``. To pass, a consignee's address must have been read (a shorter
    one beside a name or phone) and must not touch the edge of the photo; a sticker without any address passes by a
    name and a phone. With several labels in a picture the worst verdict counts; each field names its label.
    """
    shown = name or str(source)
    loaded = load_picture(source)
    if loaded is None:
        return PhotoVerdict(shown, "unreadable", [], "unknown", [])
    pixels, scale = loaded
    reading = read(pixels)
    shape = pixels.shape
    codes = _codes(pixels, reading)
    verdicts: list[str] = []
    fields: list[FoundField] = []
    layouts: list[str] = []
    for number, label in enumerate(_labels(_text_lines(reading.lines, codes), codes), start=1):
        placed = placed_fields(label.lines)
        layouts.append(_layout(label))
        if not _is_label(label, placed):
            verdicts.append("unreadable")
            continue
        fields += (found := list(_fields(label, placed, number, lambda box: _back(box, reading, scale))))
        verdicts.append(_verdict(found, placed, lambda line: _to_edge(line, reading, shape)))
    if any(verdict != "unreadable" for verdict in verdicts):
        # A strip of a neighbouring label beside a whole one is ignored.
        verdicts = [verdict for verdict in verdicts if verdict != "unreadable"]
    return PhotoVerdict(
        shown,
        min(verdicts, key=("fail", "unreadable", "pass").index, default="unreadable"),  # type: ignore[arg-type]
        fields,
        layouts[0] if len(set(layouts)) == 1 else "+".join(layouts) or "unknown",
        [FoundCode(code.format, classify_code(code.text).value) for code in codes],
    )


def load_picture(source: Path) -> tuple[Pixels, float] | None:
    """Return a photo, rotated by its EXIF and reduced for reading, and its scale; None if damaged or too large."""
    try:
        with Image.open(source) as opened:
            longest = max(opened.size)
            if opened.width * opened.height > _MOST_PIXELS:
                return None
            opened.draft("RGB", (_LONGEST_SIDE, _LONGEST_SIDE))
            image: Image.Image = opened
            if max(image.size) > _LONGEST_SIDE:
                ratio = _LONGEST_SIDE / max(image.size)
                size = (max(1, round(image.width * ratio)), max(1, round(image.height * ratio)))
                image = image.convert("L" if image.mode in "1LI" else "RGB").resize(
                    size, Image.Resampling.LANCZOS, reducing_gap=2.0
                )
            turned = _UPRIGHT.get(opened.getexif().get(0x0112, 1))
            image = image.transpose(turned) if turned is not None else image
            pixels = np.asarray(image.convert("RGB"))
    except (OSError, SyntaxError, ValueError, UnidentifiedImageError, Image.DecompressionBombError):
        return None
    return pixels, max(pixels.shape[:2]) / longest


def _is_label(label: _Label, placed: list[TextLine]) -> bool:
    """Return whether more than one address or phone marks this as a label: menus and business cards have those too."""
    return (
        any(code.format == "QRCode" or classify_code(code.text) is CodeClass.WAYBILL for code in label.codes)
        or any("*" in line.text for line in placed if line.block)
        or any(line.zone is Zone.WAYBILL_NO for line in placed)
        or any(_TAGGED.search(tight(line.text)) for line in label.lines)
        or any(found.party for line in label.lines if (found := heading_alone(line.text)) is not None)
        or len({line.party for line in placed if line.block and line.zone is Zone.ADDRESS}) > 1
        or any(
            {line.zone for line in placed if line.block == block} >= set(CONTACT)
            for block in {line.block for line in placed if line.block}
        )
    )


def _verdict(fields: list[FoundField], lines: list[TextLine], to_edge: Callable[[TextLine], float]) -> str:
    """Return the verdict on a label from its fields; ``to_edge`` gives a line's distance from the photo's edge."""
    if any(field.verdict == "fail" for field in fields):
        return "fail"
    contact = [line for line in lines if line.block]
    receiver = [line for line in contact if line.party is Party.RECEIVER]
    address = [line for line in receiver if line.zone is Zone.ADDRESS]
    if any(to_edge(line) < _AT_EDGE for line in address):
        return "unreadable"
    if has_address(receiver):
        return "pass"
    if any(to_edge(line) < _NEAR_EDGE for line in contact) or not receiver:
        return "unreadable"
    # The party of a field may be unknown: a single name, phone or address may be the consignee's.
    zones = {line.block: {other.zone for other in contact if other.block == line.block} for line in contact}
    parts = [
        line for line in contact
        if line not in receiver and not (Zone.ADDRESS in zones[line.block] and len(zones[line.block]) > 1)
    ]  # fmt: skip
    # Stickers of stations have no address, nor has the visible part of a label that continues below the photo.
    without = all(line.zone is not Zone.ADDRESS and to_edge(line) > _GOES_ON for line in contact)
    named = {Zone.NAME, Zone.PHONE} <= {line.zone for line in receiver}
    return "pass" if has_address([*receiver, *parts]) or (without and named) else "unreadable"


def _to_edge(line: TextLine, reading: Reading, shape: tuple[int, ...]) -> float:
    """Return the distance of a line from the edge of the photo, in type sizes."""
    corners = [(x, y) for x in (line.x, line.x + line.width) for y in (line.y, line.y + line.size)]
    points = reading.back(np.array(corners, dtype=np.float64))
    return float(min(points.min(), (np.array(shape[1::-1]) - points).min())) / line.size


def _fields(
    label: _Label, lines: list[TextLine], number: int, back: Callable[["_Box"], list[int]]
) -> Iterator[FoundField]:
    phones = [line.text for line in lines if line.zone is Zone.PHONE]
    waybills = {
        code.text.upper() for code in label.codes
        if classify_code(code.text) is CodeClass.WAYBILL or (code.format in _LINEAR and is_numbers_own(code.text, phones))
    }  # fmt: skip
    placed = [
        replace(line, zone=Zone.WAYBILL_NO) if tight(fold(line.text)).upper() in waybills else line
        for line in lines
    ]
    dates = " ".join(
        line.text
        for line in sorted(placed, key=lambda line: _PRINTED.search(line.text) is None)
        if (line.zone is Zone.TRACE or _PRINTED.search(line.text)) and not _EXPIRY.search(line.text)
    )
    groups: dict[tuple[int, Zone], list[TextLine]] = {}
    for i, line in enumerate(placed):
        # A line outside every block is a field of its own.
        groups.setdefault((line.block or -1 - i, line.zone or Zone.UNKNOWN), []).append(line)
    for (block, zone), members in groups.items():
        beside = groups.get((block, Zone.NAME), []) if block > 0 else []
        # A service number is an organisation's if its name is elsewhere or in another row, or may be a shop's.
        names = [tight(fold(line.text)) for line in beside]
        numbers = groups.get((block, Zone.PHONE), []) if block > 0 else []
        shop = any(may_be_shop(name) or is_brand(name) for name in names) and any(
            map(is_service_number, numbers)
        )
        organisation = not beside or shop or any(contact_of(name) is not None for name in names)
        if zone is Zone.PHONE and all(map(is_service_number, members)):
            organisation = organisation or not any(same_row(members[0], line) for line in beside)
        heads = [left_of(line, placed) for line in (members if zone is Zone.PHONE else members[:1])]
        near = Surroundings(organisation, dates, heads[0], tuple(heads[1:]))
        told = attesting_lines(members, placed) if zone is Zone.PHONE else []
        reason = judge_read(zone, [*members, *told], near)
        if zone in _JUDGED:
            yield _found(zone, members, reason, number, back)
        elif reason is not None:
            # Personal data where none is expected, or an address that was not recognised as one.
            yield _found(place_of(reason, members[0].text), members, reason, number, back)
    for code in label.codes:
        kind = CodeKind.CODE128 if code.format in _LINEAR else CodeKind.QR
        fault = None if code.text.upper() in waybills else judge_code(kind, code.text, Standard.MIN)
        yield FoundField(
            "code", Party.RECEIVER.value, "", "fail" if fault else "pass", fault.zh if fault else "",
            back(code.box), number,
        )  # fmt: skip


def _found(
    zone: Zone, lines: list[TextLine], reason: Reason | None, label: int, back: Callable[["_Box"], list[int]]
) -> FoundField:
    left, top = min(line.x for line in lines), min(line.y for line in lines)
    right = max(line.x + line.width for line in lines)
    bottom = max(line.y + line.size for line in lines)
    text = "".join(line.text for line in lines)
    return FoundField(
        zone.value,
        (lines[0].party or Party.RECEIVER).value,
        # OCR results are uncertain, so the text is masked in any case.
        redact(zone, text, reason, read=True)
        if zone in (Zone.NAME, Zone.PHONE, Zone.ADDRESS) or reason
        else "",
        "fail" if reason else "pass",
        reason.zh if reason else "",
        back((left, top, right - left, bottom - top)),
        label,
    )


type _Box = tuple[float, float, float, float]


def _back(box: _Box, reading: Reading, scale: float) -> list[int]:
    """Return the box in pixels of the photo for (left, top, width, height) in upright coordinates."""
    x, y, width, height = box
    corners = np.array([[x, y], [x + width, y], [x + width, y + height], [x, y + height]])
    points = reading.back(corners) / scale
    left, top = points.min(axis=0)
    right, bottom = points.max(axis=0)
    return [round(float(left)), round(float(top)), round(float(right - left)), round(float(bottom - top))]


def _codes(picture: Pixels, reading: Reading) -> list[_Code]:
    """Read the codes in the picture; if there is no square one, also in the picture turned upright."""
    found = _codes_in(picture, reading)
    skew = (reading.degrees + 45) % 90 - 45
    if any(code.format not in _LINEAR for code in found):
        return found
    image = Image.fromarray(picture).convert("L")
    turned = image.rotate(skew, Image.Resampling.BICUBIC, expand=True, fillcolor=128)
    middle, new = np.array(image.size) / 2, np.array(turned.size) / 2

    def back(points: NDArray[np.float64]) -> NDArray[np.float64]:
        return Reading([], skew).back(points - new) + middle

    again = _codes_in(np.asarray(turned), reading, back)
    return found + [code for code in again if all(code.text != known.text for known in found)]


def _codes_in(
    picture: Pixels,
    reading: Reading,
    back: Callable[[NDArray[np.float64]], NDArray[np.float64]] | None = None,
) -> list[_Code]:
    found: list[_Code] = []
    for code in zxingcpp.read_barcodes(picture):
        where = code.position
        corners = [where.top_left, where.top_right, where.bottom_right, where.bottom_left]
        points = np.array([[corner.x, corner.y] for corner in corners], dtype=np.float64)
        points = reading.upright(back(points) if back is not None else points)
        left, top = (float(value) for value in points.min(axis=0))
        right, bottom = (float(value) for value in points.max(axis=0))
        name = re.sub(r"BarcodeFormat\.|(?<=Bar) .*|(?<=39) .*|[ -]", "", str(code.format))
        if any(known.text == code.text and known.format == name for known in found):
            continue
        box = (left, top, right - left, bottom - top)
        found.append(_Code(name, code.text, (left + right) / 2, (top + bottom) / 2, box))
    return sorted(found, key=lambda code: (code.y, code.x))


def _text_lines(lines: list[TextLine], codes: list[_Code]) -> list[TextLine]:
    """Leave out text that OCR read from the modules of a code, and marks larger than any type (an undecoded code)."""
    usual = sorted(line.size for line in lines)[len(lines) // 2] if lines else 0

    def drawn(line: TextLine) -> bool:
        x, y = line.x + line.width / 2, line.y + line.size / 2
        inside = any(
            0 < x - code.box[0] < code.box[2] and 0 < y - code.box[1] < code.box[3]
            for code in codes
            if code.format not in _LINEAR
        )
        return inside or (line.size > _LARGE * usual and not line.text.strip("*Oo0〇○口回 -"))

    return without_neighbours([line for line in lines if not drawn(line)])


def _labels(lines: list[TextLine], codes: list[_Code]) -> list[_Label]:
    """Separate several labels in one picture by their waybill numbers, or by their 收 marks."""
    anchors: dict[str, tuple[float, float]] = {}
    for code in codes:
        if code.format in _LINEAR - _OF_GOODS and classify_code(code.text) is CodeClass.WAYBILL:
            anchors.setdefault(code.text, (code.x, code.y))
    places = list(anchors.values())
    if len(places) <= 1:
        return [_Label(lines, codes)]
    xs, ys = [x for x, _ in places], [y for _, y in places]
    across = max(xs) - min(xs) > max(ys) - min(ys)
    cuts = _cuts(sorted(xs if across else ys), across=across)
    groups = [_Label([], []) for _ in range(len(cuts) + 1)]
    for line in lines:
        at = line.x + line.width / 2 if across else line.y
        groups[sum(at > cut for cut in cuts)].lines.append(line)
    for code in codes:
        groups[sum((code.x if across else code.y) > cut for cut in cuts)].codes.append(code)
    return groups


def _cuts(anchors: list[float], *, across: bool) -> list[float]:
    """Return where each label ends: half-way between neighbours side by side, above the next code if stacked.

    The code is about a third below the top of a label, so the cut is a third of the spacing before it.
    """
    share = 0.5 if across else 0.33
    return [after - share * (after - before) for before, after in pairwise(anchors)]


def _layout(label: _Label) -> str:
    """Guess the paper size from the proportions of the printed area."""
    boxes: list[tuple[float, float, float, float]] = [
        (line.x, line.y, line.x + line.width, line.y + line.size) for line in label.lines
    ]
    boxes += [
        (code.box[0], code.box[1], code.box[0] + code.box[2], code.box[1] + code.box[3])
        for code in label.codes
    ]
    if not boxes:
        return "unknown"
    width = max(box[2] for box in boxes) - min(box[0] for box in boxes)
    height = max(box[3] for box in boxes) - min(box[1] for box in boxes)
    if width <= 0:
        return "unknown"
    ratios = {size.value: size.millimetres[1] / size.millimetres[0] for size in LabelSize}
    name, ratio = min(ratios.items(), key=lambda item: abs(item[1] - height / width))
    return name if abs(ratio - height / width) <= _RATIO_SLACK * 2 * ratio else "unknown"
