"""Photos of anybody's labels: read by OCR, judged field by field by what passes GB/T 41833-2022.

Needs the extra ``[ocr]``; its models lie in the wheel, nothing leaves the machine.
"""

import logging
import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any, ClassVar, Final, Literal, Protocol

import msgspec
import numpy as np
import zxingcpp
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from waybillguard.label.check.codes import CodeClass, classify_code, judge_code
from waybillguard.label.check.fold import fold
from waybillguard.label.check.parties import assign
from waybillguard.label.check.text import check_text
from waybillguard.label.check.values import FieldVerdict, Party, Standard, TextLine, Zone
from waybillguard.label.errors import LabelError
from waybillguard.label.model import CodeKind, LabelSize

_LONGEST_SIDE: Final = 2_400
_MOST_PIXELS: Final = 120_000_000
_LEAST_SCORE: Final = 0.5
_ENOUGH: Final = 2
_STARS_MISREAD: Final = re.compile(r"[¥￥]{2,}|([女大太六木米])\1{3,}|[¥￥](?=\*)|(?<=\*)[¥￥大太]")
_BUILDING_MISREAD: Final = re.compile(r"(?<=\d)[童撞憧瞳](?=\*|$)")
_SMALL: Final = 1_500
_JUDGED: Final = (Zone.NAME, Zone.PHONE, Zone.ADDRESS, Zone.REMARK, Zone.GOODS)
_RATIO_SLACK: Final = 0.05
_LINEAR: Final = {"Code128", "Code39", "Code93", "EAN13", "ITF", "Codabar"}


class OcrMissingError(LabelError):
    """The extra for reading photos is not installed."""

    code: ClassVar[str] = "ocr_missing"


class TextReader(Protocol):
    """Reads text in a picture."""

    def __call__(self, picture: NDArray[np.uint8]) -> list[TextLine]:
        """Return the lines of an RGB picture (height, width, 3), ``exact`` False."""
        ...


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
    """A code in a photo and what its text is; never the text."""

    format: str
    text_class: str


class PhotoVerdict(msgspec.Struct, frozen=True):
    """What ``label check`` says of one photo (contract: label check PHOTO)."""

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
    box: tuple[int, int, int, int]
    turned: int = 0  # degrees clockwise


@dataclass(frozen=True, slots=True)
class Picture:
    """A photo as it is read: scaled, then turned by ``degrees`` counter-clockwise about its middle."""

    image: Image.Image
    scale: float
    degrees: int = 0
    before: tuple[int, int] = (0, 0)

    def turned(self, degrees: int) -> "Picture":
        """Return the photo turned further."""
        if not degrees:
            return replace(self, before=self.image.size)
        image = self.image.rotate(degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=(128, 128, 128))
        return Picture(image, self.scale, degrees, self.image.size)

    def back(self, box: tuple[float, float, float, float]) -> list[int]:
        """Return the upright box in pixels of the original photo, of (x, y, width, height) here."""
        x, y, width, height = box
        sine, cosine = math.sin(math.radians(self.degrees)), math.cos(math.radians(self.degrees))
        points = []
        for corner_x, corner_y in ((x, y), (x + width, y), (x + width, y + height), (x, y + height)):
            right, down = corner_x - self.image.width / 2, corner_y - self.image.height / 2
            points.append(
                (
                    (right * cosine - down * sine + self.before[0] / 2) / self.scale,
                    (right * sine + down * cosine + self.before[1] / 2) / self.scale,
                )
            )
        left, top = (min(point[axis] for point in points) for axis in (0, 1))
        return [
            round(left),
            round(top),
            round(max(point[0] for point in points) - left),
            round(max(point[1] for point in points) - top),
        ]


def ocr_reader() -> TextReader:
    """Return the reader of rapidocr. Raises ``OcrMissingError`` where the extra is not installed."""
    try:
        from rapidocr import RapidOCR  # noqa: PLC0415 - an extra
    except ImportError:
        raise OcrMissingError(
            zh="读取面单照片需要 OCR 组件：请运行 pip install 'waybillguard[ocr]' 后重试。",
            en="reading photos needs the OCR extra: run pip install 'waybillguard[ocr]' and try again.",
        ) from None
    logging.getLogger("RapidOCR").setLevel(logging.CRITICAL)
    engine = RapidOCR(params={"Global.log_level": "critical", "Global.max_side_len": _LONGEST_SIDE})

    def read(picture: NDArray[np.uint8]) -> list[TextLine]:
        answer: Any = engine(np.ascontiguousarray(picture[:, :, ::-1]))
        if answer.boxes is None or answer.txts is None or answer.scores is None:
            return []
        return list(_lines(answer.boxes, answer.txts, answer.scores))

    return read


def _lines(boxes: Sequence[Any], texts: Sequence[str], scores: Sequence[float]) -> Iterator[TextLine]:
    for corners, text, score in zip(boxes, texts, scores, strict=True):
        if score < _LEAST_SCORE or not text.strip():
            continue
        points = np.asarray(corners, dtype=np.float64)
        left, right = np.linalg.norm(points[3] - points[0]), np.linalg.norm(points[2] - points[1])
        top = np.linalg.norm(points[1] - points[0])
        size = max(1, round((left + right) / 2))
        middle = points.mean(axis=0)
        # The left end's height: lines of one skewed row differ less there than their upright boxes do.
        y = (
            round(float(points[[0, 3], 1].mean()) - size / 2)
            if top > size
            else round(float(middle[1]) - size / 2)
        )
        yield TextLine(
            _misread_stars(text.strip()),
            round(float(points[:, 0].min())),
            y,
            size,
            width=round(float(top)),
            exact=False,
        )


def _misread_stars(text: str) -> str:
    """Put back stars that readers take for ¥ or 女, and the 幢 whose left half was lost."""
    text = _STARS_MISREAD.sub(lambda found: "*" * len(found[0]), text)
    return _BUILDING_MISREAD.sub("幢", text)


def check_photo(source: Path, read: TextReader, *, name: str = "") -> PhotoVerdict:
    """Judge one photo. What cannot be opened or read is ``unreadable``; nothing is raised for it.

    Passing needs a name, a phone and an address of the consignee that were read and pass; one field that
    fails is enough for ``fail``. Of several labels in a picture the worst counts; each field says which
    label it stands on.
    """
    shown = name or str(source)
    picture = load_picture(source)
    if picture is None:
        return PhotoVerdict(shown, "unreadable", [], "unknown", [])
    best = _best_turn(shown, picture, read)
    if best.verdict == "unreadable" and picture.scale > 1 and best.fields:
        # Some type is read better at its own size.
        again = _best_turn(
            shown, replace(picture, image=picture.image.reduce(2), scale=picture.scale / 2), read
        )
        best = again if again.verdict != "unreadable" else best
    return best


def _best_turn(name: str, picture: Picture, read: TextReader) -> PhotoVerdict:
    """Judge a photo turned as its codes say; without codes, turned so that most is recognised."""
    angle = _turned(_codes(np.asarray(picture.image)))
    best: PhotoVerdict | None = None
    for degrees in (0, 90, 270, 180) if angle is None else (angle,):
        found = _judge_picture(name, picture.turned(degrees), read)
        if best is None or _readings(found) > _readings(best):
            best = found
        if _readings(found) >= _ENOUGH:
            break
    return best or PhotoVerdict(name, "unreadable", [], "unknown", [])


def _readings(verdict: PhotoVerdict) -> int:
    """How many fields of a party were recognised."""
    return sum(field.field in ("name", "phone", "address") for field in verdict.fields)


def _turned(codes: list[_Code]) -> int | None:
    """Degrees (counter-clockwise) that bring the codes upright; None without codes. QR codes tell best."""
    ordered = sorted(codes, key=lambda code: code.format in _LINEAR)
    return ordered[0].turned % 360 if ordered else None


def load_picture(source: Path) -> Picture | None:
    """Return a photo, upright and of a size that reads well; None if broken or too large."""
    try:
        with Image.open(source) as opened:
            if opened.width * opened.height > _MOST_PIXELS:
                return None
            image = ImageOps.exif_transpose(opened).convert("RGB")
    except (OSError, SyntaxError, ValueError, UnidentifiedImageError, Image.DecompressionBombError):
        return None
    longest = max(image.size)
    # Stars and dense characters are lost below some 25 pixels of height.
    scale = 2.0 if longest < _SMALL else min(1.0, _LONGEST_SIDE / longest)
    if scale != 1.0:
        size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
        image = image.resize(size, Image.Resampling.BICUBIC)
    return Picture(image, scale)


def _judge_picture(name: str, picture: Picture, read: TextReader) -> PhotoVerdict:
    pixels = np.asarray(picture.image)
    codes = _codes(pixels)
    lines = read(pixels)
    verdicts: list[str] = []
    fields: list[FoundField] = []
    layouts: list[str] = []
    for number, (members, own) in enumerate(_labels(lines, codes), start=1):
        found = [
            msgspec.structs.replace(field, box=picture.back(_box(field.box)))
            for field in _fields(members, own, number)
        ]
        fields.extend(found)
        verdicts.append(_label_verdict(found))
        layouts.append(_layout(members, own))
    order: Callable[[str], int] = ("fail", "unreadable", "pass").index
    verdict = min(verdicts, key=order, default="unreadable")
    return PhotoVerdict(
        name,
        verdict,  # type: ignore[arg-type]
        fields,
        layouts[0] if len(set(layouts)) == 1 else "+".join(layouts) or "unknown",
        [FoundCode(code.format, classify_code(code.text).value) for code in codes],
    )


def _box(box: list[int]) -> tuple[int, int, int, int]:
    x, y, width, height = box
    return x, y, width, height


def _label_verdict(fields: list[FoundField]) -> str:
    if any(field.verdict == "fail" for field in fields):
        return "fail"
    read = {field.field for field in fields if field.party == Party.RECEIVER.value}
    return "pass" if {"name", "phone", "address"} <= read else "unreadable"


def _fields(lines: list[TextLine], codes: list[_Code], label: int) -> Iterator[FoundField]:
    waybills = {code.text.upper() for code in codes if classify_code(code.text) is CodeClass.WAYBILL}
    placed = [
        replace(line, zone=Zone.WAYBILL_NO) if "".join(fold(line.text).split()).upper() in waybills else line
        for line in assign(lines)
    ]
    for verdict in check_text(placed, standard=Standard.MIN):
        if verdict.field in _JUDGED:
            yield _found(verdict, verdict.field, placed, label)
        elif not verdict.passed and verdict.reason is not None and verdict.field is not Zone.WAYBILL_NO:
            # Something personal where none belongs: named after what it is.
            field = {"PHN": Zone.PHONE, "ADR": Zone.ADDRESS, "NAM": Zone.NAME}.get(
                verdict.reason.rule[:3], Zone.REMARK
            )
            yield _found(verdict, field, placed, label)
    for code in codes:
        reason = judge_code(
            CodeKind.CODE128 if code.format in _LINEAR else CodeKind.QR, code.text, Standard.MIN
        )
        yield FoundField(
            "code",
            Party.RECEIVER.value,
            "",
            "fail" if reason else "pass",
            reason.zh if reason else "",
            list(code.box),
            label,
        )


def _found(verdict: FieldVerdict, field: Zone, lines: list[TextLine], label: int) -> FoundField:
    members = [lines[index] for index in verdict.lines]
    left, top = min(line.x for line in members), min(line.y for line in members)
    right = max(line.x + line.width for line in members)
    bottom = max(line.y + line.size for line in members)
    return FoundField(
        field.value,
        verdict.party.value,
        verdict.text,
        "pass" if verdict.passed else "fail",
        verdict.reason.zh if verdict.reason else "",
        [left, top, right - left, bottom - top],
        label,
    )


def _codes(picture: NDArray[np.uint8]) -> list[_Code]:
    found: list[_Code] = []
    for code in zxingcpp.read_barcodes(picture):
        corners = (
            code.position.top_left,
            code.position.top_right,
            code.position.bottom_right,
            code.position.bottom_left,
        )
        xs, ys = [corner.x for corner in corners], [corner.y for corner in corners]
        box = (min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys))
        name = str(code.format).replace("BarcodeFormat.", "").replace(" ", "")
        if any(known.text == code.text and known.format == name for known in found):
            continue
        found.append(_Code(name, code.text, sum(xs) / 4, sum(ys) / 4, box, int(code.orientation)))
    return sorted(found, key=lambda code: (code.y, code.x))


def _labels(lines: list[TextLine], codes: list[_Code]) -> list[tuple[list[TextLine], list[_Code]]]:
    """Tell several labels in one picture apart by their waybill numbers, or by their 收 marks."""
    anchors: dict[str, tuple[float, float]] = {}
    for code in codes:
        if code.format in _LINEAR and classify_code(code.text) is CodeClass.WAYBILL:
            anchors.setdefault(code.text, (code.x, code.y))
    places = list(anchors.values())
    if not places:
        places = [
            (line.x, line.y) for line in lines if fold(line.text).strip() in ("收", "收件", "收件人", "收方")
        ]
    if len(places) <= 1:
        return [(lines, codes)]
    xs, ys = [x for x, _ in places], [y for _, y in places]
    across = max(xs) - min(xs) > max(ys) - min(ys)
    cuts = _cuts(sorted(xs if across else ys), across=across)
    groups: list[tuple[list[TextLine], list[_Code]]] = [([], []) for _ in range(len(cuts) + 1)]
    for line in lines:
        at = line.x + line.width / 2 if across else line.y
        groups[sum(at > cut for cut in cuts)][0].append(line)
    for code in codes:
        groups[sum((code.x if across else code.y) > cut for cut in cuts)][1].append(code)
    return groups


def _cuts(anchors: list[float], *, across: bool) -> list[float]:
    """Where one label ends: half-way between neighbours side by side; above the next one's code when stacked.

    On a label the code stands about a third from the top, so the cut lies a third of the spacing before it.
    """
    share = 0.5 if across else 0.33
    return [after - share * (after - before) for before, after in pairwise(anchors)]


def _layout(lines: list[TextLine], codes: list[_Code]) -> str:
    """Guess the paper by the proportions of what is printed on it."""
    boxes = [(line.x, line.y, line.x + line.width, line.y + line.size) for line in lines]
    boxes += [
        (code.box[0], code.box[1], code.box[0] + code.box[2], code.box[1] + code.box[3]) for code in codes
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
