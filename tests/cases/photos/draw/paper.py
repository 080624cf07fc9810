"""A sheet of thermal paper: text, rulings and codes are drawn, and where each field lies is remembered."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import zxingcpp
from PIL import Image, ImageDraw, ImageFont

#: Dots a millimetre: 300 dpi.
DOTS = 12
SHARE = Path("/usr/share/fonts")
NOTO = SHARE / "opentype" / "noto"
#: Style: (regular file, bold file, index). Debian: fonts-noto-cjk, -wqy-zenhei, -wqy-microhei, -arphic-uming,
#: -arphic-ukai, -lxgw-wenkai, -smiley-sans. A style that is not installed falls back to the first.
FONTS = {
    "sans": (NOTO / "NotoSansCJK-Regular.ttc", NOTO / "NotoSansCJK-Bold.ttc", 2),
    "serif": (NOTO / "NotoSerifCJK-Regular.ttc", NOTO / "NotoSerifCJK-Bold.ttc", 2),
    "zenhei": (SHARE / "truetype/wqy/wqy-zenhei.ttc",) * 2 + (0,),
    "microhei": (SHARE / "truetype/wqy/wqy-microhei.ttc",) * 2 + (0,),
    "ming": (SHARE / "truetype/arphic/uming.ttc",) * 2 + (0,),
    "kai": (SHARE / "truetype/arphic/ukai.ttc",) * 2 + (0,),
    "wenkai": (
        SHARE / "truetype/lxgw-wenkai/LXGWWenKai-Regular.ttf",
        SHARE / "truetype/lxgw-wenkai/LXGWWenKai-Medium.ttf",
        0,
    ),
    "smiley": (SHARE / "truetype/smiley-sans/SmileySans-Oblique.ttf",) * 2 + (0,),
}

#: 得意黑 has no discs and squares, and other stars of it look like none.
PLAIN_STARS = str.maketrans("＊●○×■□", "****··")


@dataclass(frozen=True)
class Role:
    """What a text on the label is for the judge."""

    field: str
    party: str
    verdict: str


@dataclass
class Sheet:
    """A label of ``wide`` × ``high`` millimetres; all places and sizes are millimetres."""

    wide: float
    high: float
    style: str = "sans"
    ink: int = 20
    boxes: dict[Role, list[tuple[float, float, float, float]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.picture = Image.new("L", (round(self.wide * DOTS), round(self.high * DOTS)), 255)
        self.pen = ImageDraw.Draw(self.picture)

    def font(self, size: float, *, bold: bool = False) -> ImageFont.FreeTypeFont:
        """The font of this label's style, ``size`` millimetres high."""
        regular, heavy, index = FONTS[self.style]
        path = heavy if bold else regular
        if not path.exists():
            regular, heavy, index = FONTS["sans"]
            path = heavy if bold else regular
        return ImageFont.truetype(str(path), round(size * DOTS), index=index)

    def measure(self, text: str, size: float, *, bold: bool = False) -> float:
        """The width of a text."""
        return self.font(size, bold=bold).getlength(text) / DOTS

    def note(self, role: Role | None, box: tuple[float, float, float, float]) -> None:
        """Remember that a field lies in ``box``."""
        if role:
            self.boxes.setdefault(role, []).append(box)

    def text(
        self,
        x: float,
        y: float,
        size: float,
        text: str,
        *,
        role: Role | None = None,
        bold: bool = False,
        white: bool = False,
    ) -> float:
        """One line; gives the x behind it."""
        if self.style == "smiley":
            text = text.translate(PLAIN_STARS)
        font = self.font(size, bold=bold)
        fill = 255 if white else self.ink
        # Fonts of one weight are printed bold by a second pass, as drivers do it.
        stroke = 1 if bold and FONTS[self.style][0] == FONTS[self.style][1] else 0
        self.pen.text((x * DOTS, y * DOTS), text, font=font, fill=fill, stroke_width=stroke, stroke_fill=fill)
        end = x + font.getlength(text) / DOTS
        self.note(role, (x, y, end, y + size * 1.25))
        return end

    def lines(self, text: str, size: float, width: float, *, bold: bool = False) -> list[str]:
        """The text cut into lines that fit ``width``."""
        font = self.font(size, bold=bold)
        out = [""]
        for char in text:
            if out[-1] and font.getlength(out[-1] + char) > width * DOTS:
                out.append("")
            out[-1] += char
        return out

    def wrap(
        self,
        x: float,
        y: float,
        size: float,
        text: str,
        width: float,
        *,
        role: Role | None = None,
        bold: bool = False,
    ) -> float:
        """A paragraph; gives the y below it."""
        for line in self.lines(text, size, width, bold=bold):
            self.text(x, y, size, line, role=role, bold=bold)
            y += size * 1.32
        return y

    def rule(
        self, x0: float, y0: float, x1: float, y1: float, *, thick: float = 0.25, dash: float = 0
    ) -> None:
        """A straight ruling, dashed if ``dash`` millimetres are given."""
        if not dash:
            self.pen.line([(x0 * DOTS, y0 * DOTS), (x1 * DOTS, y1 * DOTS)], self.ink, round(thick * DOTS))
            return
        steps = int(max(x1 - x0, y1 - y0) / dash / 2)
        for i in range(steps):
            at, to = 2 * i / (2 * steps), (2 * i + 1) / (2 * steps)
            a = ((x0 + (x1 - x0) * at) * DOTS, (y0 + (y1 - y0) * at) * DOTS)
            b = ((x0 + (x1 - x0) * to) * DOTS, (y0 + (y1 - y0) * to) * DOTS)
            self.pen.line([a, b], self.ink, round(thick * DOTS))

    def box(self, x0: float, y0: float, x1: float, y1: float, *, black: bool = False) -> None:
        """A frame, or a black field for white text."""
        place = [x0 * DOTS, y0 * DOTS, x1 * DOTS, y1 * DOTS]
        self.pen.rectangle(place, fill=self.ink if black else None, outline=self.ink, width=3)

    def tag(
        self, x: float, y: float, size: float, text: str, *, round_: bool = False, black: bool = True
    ) -> None:
        """A mark such as 收 or 寄 in a disc or a square."""
        place = [x * DOTS, y * DOTS, (x + size) * DOTS, (y + size) * DOTS]
        draw = self.pen.ellipse if round_ else self.pen.rectangle
        draw(place, fill=self.ink if black else None, outline=self.ink, width=3)
        inner = size * (0.62 if len(text) == 1 else 0.4)
        wide = self.measure(text, inner, bold=True)
        self.text(x + (size - wide) / 2, y + size / 2 - inner * 0.74, inner, text, bold=True, white=black)

    def upright(self, x: float, y: float, size: float, text: str) -> float:
        """Characters below each other; gives the y below them."""
        for char in text:
            self.text(x, y, size, char, bold=True)
            y += size * 1.15
        return y

    def code(self, x: float, y: float, wide: float, high: float, text: str, *, turned: bool = False) -> None:
        """A Code 128."""
        made = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.Code128)
        bars = Image.fromarray(np.array(made.to_image(scale=1, add_quiet_zones=False)))
        bars = bars.crop((0, 0, bars.width, 1)).point(lambda v: self.ink if v < 128 else 255)
        if turned:
            bars = bars.rotate(90, expand=True)
        bars = bars.resize((round(wide * DOTS), round(high * DOTS)), Image.Resampling.NEAREST)
        self.picture.paste(bars, (round(x * DOTS), round(y * DOTS)))

    def square(self, x: float, y: float, size: float, text: str, *, role: Role | None = None) -> None:
        """A QR code."""
        made = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode)
        dots = Image.fromarray(np.array(made.to_image(scale=1, add_quiet_zones=False)))
        dots = dots.point(lambda v: self.ink if v < 128 else 255)
        side = round(size * DOTS)
        self.picture.paste(
            dots.resize((side, side), Image.Resampling.NEAREST), (round(x * DOTS), round(y * DOTS))
        )
        self.note(role, (x, y, x + size, y + size))

    def stamp(self, x: float, y: float, text: str, angle: float) -> None:
        """A pale slanted stamp over what is printed."""
        font = self.font(5, bold=True)
        mark = Image.new("L", (int(font.getlength(text)) + 40, 5 * DOTS * 2), 255)
        pen = ImageDraw.Draw(mark)
        pen.rectangle([4, 4, mark.width - 5, mark.height - 5], outline=165, width=5)
        pen.text((20, 18), text, font=font, fill=165)
        mark = mark.rotate(angle, expand=True, fillcolor=255)
        place = (round(x * DOTS), round(y * DOTS))
        area = (*place, place[0] + mark.width, place[1] + mark.height)
        under = np.asarray(self.picture.crop(area))
        self.picture.paste(Image.fromarray(np.minimum(under, np.asarray(mark))), place)

    def places(self) -> Iterable[tuple[Role, tuple[float, float, float, float]]]:
        """Each field with the frame around all its lines."""
        for role, parts in self.boxes.items():
            left, top, right, bottom = zip(*parts, strict=True)
            yield role, (min(left), min(top), max(right), max(bottom))
