"""Benchmark of the label room: labels per CPU-second of one core, codes and the check of each label included."""

import random
import time
from collections.abc import Callable
from typing import Final, TypedDict

import numpy as np
from PIL import Image, ImageFont

from waybillguard.label.check import require
from waybillguard.label.codes import decode
from waybillguard.label.font import BOLD, face
from waybillguard.label.model import Drawn, LabelContent, LabelSize
from waybillguard.label.pdf import PdfWriter
from waybillguard.label.png import to_png
from waybillguard.label.raster import draw
from waybillguard.label.tspl import to_tspl
from waybillguard.label.zpl import to_zpl_full, to_zpl_hybrid, zpl_template


class Row(TypedDict):
    """One figure."""

    name: str
    value: float
    unit: str
    note: str


LABELS: Final = 2000
_BASE45: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_FORMAT: Final = (LabelSize.S76X130, 203)
_PLACES: Final = ("浙-义乌", "粤-东莞", "苏-昆山", "京-朝阳", "川-成都", "皖-合肥", "闽-晋江", "鲁-临沂")
_ROADS: Final = "中山人民解放建设和平新华文化胜利光明长江黄河朝阳东风花园学府云海松林"
_SURNAMES: Final = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"


def run(labels: int = LABELS) -> list[Row]:
    """Measure every output on the same invented labels, all different, and a peer that draws text anew."""
    contents = _contents(labels)
    for content in contents:
        draw(content, *_FORMAT)  # glyphs of this batch into the cache, as after some minutes of printing
    zpl_template(*_FORMAT)
    pdf_bytes: list[int] = []
    pdf = PdfWriter(lambda data: pdf_bytes.append(len(data)))
    outputs: list[tuple[str, Callable[[Drawn], object]]] = [
        ("draw and check", lambda drawn: drawn),
        ("hybrid ZPL", to_zpl_hybrid),
        ("full-page ZPL", to_zpl_full),
        ("TSPL", to_tspl),
        ("PDF", pdf.add),
        ("PNG", to_png),
    ]
    rows: list[Row] = []
    for name, encode in outputs:
        size = 0
        start = time.process_time()
        for content in contents:
            drawn = draw(content, *_FORMAT)
            require(drawn)
            made = encode(drawn)
            if isinstance(made, bytes):
                size += len(made)
        spent = time.process_time() - start
        size = sum(pdf_bytes) if name == "PDF" else size
        note = f"{size / labels:,.0f} bytes a label" if size else "bitmap, both codes, check"
        rows.append(_row(name, labels / spent, "labels/CPU-s", note))
    rows.append(_peer(contents[: labels // 10 or 1]))
    rows += _decodability(contents[:100])
    return rows


def _row(name: str, value: float, unit: str, note: str = "") -> Row:
    return {"name": name, "value": round(value, 3), "unit": unit, "note": note}


def _contents(labels: int) -> list[LabelContent]:
    dice = random.Random(20261124)  # noqa: S311 - invented labels, the same in every run
    made = []
    for number in range(labels):
        place = dice.choice(_PLACES)
        road = "".join(dice.choices(_ROADS, k=dice.randrange(2, 5)))
        made.append(
            LabelContent(
                waybill_no=f"SX{dice.randrange(10**14):014d}",
                sort_code=f"{place}-{dice.randrange(1, 31):02d}",
                hub=f"{place[2:]}集散",
                carrier="示例速运",
                name=f"{dice.choice(_SURNAMES)}**",
                phone=f"*******{dice.randrange(10**4):04d}",
                address=f"浙江省杭州市余杭区{road}街道{road}路{dice.randrange(1, 999)}号"
                f"{road}小区{dice.randrange(1, 40)}幢****",
                goods_class=dice.choice(("服装", "食品", "日用品", "玩具")),
                reference="".join(dice.choices(_BASE45, k=72)),
                ticket=f"{dice.randrange(2**32):08X}",
                station=f"站{number % 7:02d}",
                printed_at="11-24 13:05",
            )
        )
    return made


def _peer(contents: list[LabelContent]) -> Row:
    """Draw the same glyphs with Pillow's text routine and no cache, codes left out: the usual way."""
    layouts = []
    for content in contents:
        glyphs = draw(content, *_FORMAT).glyphs
        layouts.append(
            [(face(BOLD).char_of(int(g["gid"])), int(g["x"]), int(g["y"]), int(g["size"])) for g in glyphs]
        )
    fonts: dict[int, ImageFont.FreeTypeFont] = {}
    for layout in layouts:
        for _, _, _, size in layout:
            fonts.setdefault(size, face(BOLD)._font(size))  # noqa: SLF001 - the peer uses the same font file
    start = time.process_time()
    for layout in layouts:
        page = np.zeros((1040, 608), dtype=np.uint8)
        for character, x, y, size in layout:
            mask = fonts[size].getmask(character, mode="L")
            width, height = mask.size
            if width and height:
                ink = np.asarray(Image.frombytes("L", mask.size, bytes(mask)))
                target = page[y : y + height, x : x + width]
                np.maximum(target, ink[: target.shape[0], : target.shape[1]], out=target)
    spent = time.process_time() - start
    return _row(
        "peer, Pillow text without a cache", len(layouts) / spent, "labels/CPU-s", "raster only, no codes"
    )


def _decodability(contents: list[LabelContent]) -> list[Row]:
    dice = np.random.default_rng(20261124)
    clean = dead = 0
    start = time.process_time()
    for content in contents:
        clean += len(decode(draw(content, *_FORMAT).bitmap)) == 2
    spent = time.process_time() - start
    for content in contents:
        bitmap = draw(content, *_FORMAT).bitmap.copy()
        bitmap[:, dice.choice(bitmap.shape[1], 3, replace=False)] = False
        dead += bool(decode(bitmap))
    return [
        _row(
            "both codes read",
            clean / len(contents),
            "share",
            f"{len(contents) / spent:,.0f} frames/CPU-s with drawing",
        ),
        _row("a code read with three dead head columns", dead / len(contents), "share"),
    ]
