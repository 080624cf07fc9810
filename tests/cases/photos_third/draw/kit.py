"""A label as dots: text, codes, rulings, stamps and pen writing, with the box of every field that counts."""

import math
import random

import numpy as np
import zxingcpp
from PIL import Image, ImageDraw, ImageFont

NOTO = "/usr/share/fonts/opentype/noto/"
FACES = {
    "sans": ("NotoSansCJK-Regular.ttc", 2),
    "bold": ("NotoSansCJK-Bold.ttc", 2),
    "mono": ("NotoSansCJK-Regular.ttc", 7),
    "monobold": ("NotoSansCJK-Bold.ttc", 7),
    "serif": ("NotoSerifCJK-Regular.ttc", 2),
    "serifbold": ("NotoSerifCJK-Bold.ttc", 2),
}
# style: face of the text, face of what stands out, width of a glyph against its height
STYLES = {
    "sans": ("sans", "bold", 1.0),
    "bold": ("bold", "bold", 1.0),
    "narrow": ("sans", "bold", 0.82),
    "narrowbold": ("bold", "bold", 0.84),
    "wide": ("sans", "bold", 1.12),
    "mono": ("mono", "monobold", 1.0),
    "serif": ("serif", "serifbold", 1.0),
    "serifbold": ("serifbold", "serifbold", 0.92),
}
FIELDS = {"n": "name", "p": "phone", "a": "address"}
PARTIES = {"r": "receiver", "s": "sender"}
_fonts = {}


def font(face, size):
    key = face, size
    if key not in _fonts:
        name, index = FACES[face]
        _fonts[key] = ImageFont.truetype(NOTO + name, size, index=index)
    return _fonts[key]


class Label:
    """Paper of some millimetres; every length is in millimetres, `dots` a millimetre."""

    def __init__(self, case, width, height, paper=(252, 252, 250)):
        self.case, self.w, self.h = case, width, height
        self.rng = random.Random(case["id"] + case["layout"])
        self.dots = case.get("dots", 8)
        self.style = STYLES[case["style"]]
        self.image = Image.new("RGB", (round(width * self.dots), round(height * self.dots)), paper)
        self.draw = ImageDraw.Draw(self.image)
        self.fields = []  # [field, party, verdict, [x0, y0, x1, y1]]
        self.ink = (18, 18, 20)

    def px(self, *values):
        return [round(v * self.dots) for v in values]

    # -- text ---------------------------------------------------------------------------------------
    def glyphs(self, text, h, face, cond):
        f = font(face, max(8, round(h * self.dots)))
        x0, _, x1, _ = f.getbbox(text)
        ascent, descent = f.getmetrics()
        mask = Image.new("L", (x1 + 2, ascent + descent), 0)
        ImageDraw.Draw(mask).text((0, 0), text, font=f, fill=255)
        # Noto's line is 1.45 em high: keep what ink there may be
        top = round(ascent - 0.92 * h * self.dots)
        mask = mask.crop((0, top, mask.width, top + round(1.14 * h * self.dots)))
        if cond != 1.0:
            mask = mask.resize((max(1, round(mask.width * cond)), mask.height), Image.Resampling.LANCZOS)
        if self.dots == 8:
            mask = mask.point(lambda v: 255 if v > 110 else 0)
        return mask

    def width(self, text, h, bold=False, cond=None):
        face = self.style[1 if bold else 0]
        f = font(face, max(8, round(h * self.dots)))
        return max(f.getlength(part) for part in text.split("\n")) * (cond or self.style[2]) / self.dots

    def text(self, x, y, text, h, bold=False, ink=None, face=None, cond=None, right=None, mid=None):
        face = face or self.style[1 if bold else 0]
        mask = self.glyphs(text, h, face, cond or self.style[2])
        if right is not None:
            x = right - mask.width / self.dots
        if mid is not None:
            x = mid - mask.width / self.dots / 2
        self.image.paste(ink or self.ink, tuple(self.px(x, y)), mask)
        return [x, y, x + mask.width / self.dots, y + mask.height / self.dots]

    def lines(self, text, h, maxw, bold=False):
        out, line = [], ""
        for ch in text:
            if ch == "\n" or (line and self.width(line + ch, h, bold) > maxw):
                out.append(line)
                line = ch.strip()
            else:
                line += ch
        return [*out, line]

    def para(self, x, y, text, h, maxw, bold=False, lead=1.2, ink=None):
        box = None
        for line in self.lines(text, h, maxw, bold):
            b = self.text(x, y, line, h, bold, ink)
            box = b if box is None else [min(box[0], b[0]), box[1], max(box[2], b[2]), b[3]]
            y += h * lead
        return box

    def vtext(self, x, y, text, h, bold=False, ink=None, lead=1.12):
        box = None
        for ch in text:
            b = self.text(x, y, ch, h, bold, ink, cond=1.0)
            box = b if box is None else [min(box[0], b[0]), box[1], max(box[2], b[2]), b[3]]
            y += h * lead
        return box

    # -- fields -------------------------------------------------------------------------------------
    def mark(self, field, party, verdict, box):
        self.fields.append([field, party, verdict, box])

    def value(self, key):
        text = self.case.get(key)
        if text is None and key.endswith("2"):
            text = self.case.get(key[:-1])
        return text

    def put(self, key, x, y, h, maxw=200, bold=False, lead=1.2, prefix=""):
        """Draw a value of the case and note where; a leading ! says it shows too much. Returns its box."""
        text = self.value(key)
        if text is None:
            return [x, y, x, y]
        verdict = "fail" if text.startswith("!") else "pass"
        if prefix:
            x0 = x
            x = self.text(x, y, prefix, h)[2]
            maxw -= x - x0
        box = self.para(x, y, text.lstrip("!"), h, maxw, bold, lead)
        base = key.rstrip("2")
        field, party = (FIELDS[base[1]], PARTIES[base[0]]) if len(base) == 2 else (base, "")
        self.mark(field, party, verdict, box)
        return box

    def person(self, who, x, y, h, w, order="np/a", bold="n", small=None, gap=2.5, tag="2", labels=("", "", "")):
        """Name, phone and address as `order` has it; what does not fit goes to the next line. Returns y below."""
        names = dict(zip("npa", labels, strict=True))
        for row in order.split("/"):
            cx, bottom = x, y
            for key in row:
                k = who + key + (tag if tag != "2" or self.case.get(who + key + "2") is None else "")
                k = who + key + ("2" if tag == "second" else "")
                text = self.value(k)
                if text is None:
                    continue
                hh = (small or h) if key == "a" else h
                b = key in bold
                need = self.width(names[key] + text.lstrip("!"), hh, b)
                if cx > x and cx + need > x + w:
                    cx, y = x, bottom + 0.6
                box = self.put(k, cx, y, hh, x + w - cx, b, prefix=names[key])
                cx, bottom = box[2] + gap, max(bottom, box[3])
            y = bottom + 0.7
        return y

    # -- codes --------------------------------------------------------------------------------------
    def code(self, x, y, w, h, key=None, kind="128", number=None, turn=0, human=0, spaced=False):
        """A code of the waybill number, or of the case's `key`; returns the box."""
        text = number or (self.case.get(key) if key else None) or self.case["no"]
        verdict = "fail" if text.startswith("!") else "pass"
        text = text.lstrip("!")
        fmt = {"128": "Code128", "qr": "QRCode", "dm": "DataMatrix", "pdf": "PDF417"}[kind]
        bar = zxingcpp.create_barcode(text, getattr(zxingcpp.BarcodeFormat, fmt))
        art = np.array(zxingcpp.write_barcode_to_image(bar, scale=1, add_quiet_zones=False))
        if kind == "128":
            art = art[art.shape[0] // 2 : art.shape[0] // 2 + 1]
        if turn:
            w, h = h, w
        pw, ph = self.px(w, h)
        m = max(1, pw // art.shape[1])
        if kind == "128":
            art = np.repeat(np.repeat(art, m, 1), ph, 0)
        else:
            n = max(1, min(m, ph // art.shape[0]))
            art = np.repeat(np.repeat(art, n, 1), n, 0)
        art = np.where(art[..., None] < 128, np.array(self.ink), 255).astype(np.uint8)
        pic = Image.fromarray(art)
        if turn:
            pic = pic.rotate(turn, expand=True)
        self.image.paste(pic, tuple(self.px(x, y)))
        box = [x, y, x + pic.width / self.dots, y + pic.height / self.dots]
        self.mark("code", "", verdict, box)
        if human:
            shown = " ".join(text[i : i + 4] for i in range(0, len(text), 4)) if spaced else text
            self.text(0, box[3] + 0.6, shown, human, bold=True, mid=(box[0] + box[2]) / 2)
        return box

    # -- lines and marks ----------------------------------------------------------------------------
    def line(self, x0, y0, x1, y1, w=0.25, dash=0):
        n = max(1, round(w * self.dots))
        if not dash:
            self.draw.line(self.px(x0, y0, x1, y1), self.ink, n)
            return
        steps = int(math.hypot(x1 - x0, y1 - y0) / dash)
        for i in range(0, steps, 2):
            a, b = i / steps, min(1, (i + 1) / steps)
            self.draw.line(self.px(x0 + (x1 - x0) * a, y0 + (y1 - y0) * a, x0 + (x1 - x0) * b, y0 + (y1 - y0) * b), self.ink, n)

    def rect(self, x0, y0, x1, y1, w=0.25, fill=None, round_=0):
        self.draw.rounded_rectangle(self.px(x0, y0, x1, y1), self.px(round_)[0], fill, None if fill else self.ink, max(1, round(w * self.dots)))

    def badge(self, x, y, text, h, shape="disc"):
        """收 or 寄 in white on a black disc or box, in a ring, or plain."""
        if shape == "plain":
            return self.text(x, y, text, h, bold=True)[2]
        wide = max(self.width(text, h, True, 1.0), h)
        x1, y1 = x + wide + 1.2, y + h * 1.14 + 0.8
        white = (252, 252, 250)
        if shape == "disc":
            self.draw.ellipse(self.px(x, y, x1, y1), self.ink)
        elif shape == "ring":
            self.draw.ellipse(self.px(x, y, x1, y1), None, self.ink, max(2, round(0.3 * self.dots)))
        else:
            self.draw.rectangle(self.px(x, y, x1, y1), self.ink)
        self.text(0, y + 0.3, text, h, True, self.ink if shape == "ring" else white, cond=1.0, mid=(x + x1) / 2)
        return x1

    def stamp(self, x, y, text, h=4, ink=(196, 32, 40), angle=None):
        f = font("serifbold", round(h * self.dots))
        w = int(f.getlength(text)) + round(3 * self.dots)
        hh = round(h * 1.9 * self.dots)
        art = Image.new("RGBA", (w, hh), (0, 0, 0, 0))
        d = ImageDraw.Draw(art)
        d.ellipse((2, 2, w - 3, hh - 3), outline=(*ink, 170), width=max(3, self.dots // 3))
        d.text((w / 2, hh / 2), text, font=f, fill=(*ink, 170), anchor="mm")
        art = art.rotate(self.rng.uniform(-18, 18) if angle is None else angle, expand=True)
        self.image.paste(art, tuple(self.px(x, y)), art)

    def pen(self, x, y, text, h=5, ink=(24, 44, 140), field="remark", party=""):
        """Glyph by glyph, each leaning, growing and sinking a little, thickened by a felt tip."""
        verdict = "fail" if text.startswith("!") else "pass"
        x0, top, low = x, y, y
        lean = self.rng.uniform(-0.15, 0.3)
        for ch in text.lstrip("!"):
            size = h * self.rng.uniform(0.86, 1.14)
            f = font("sans", round(size * self.dots))
            n = round(size * self.dots * 1.7)
            m = Image.new("L", (n, n), 0)
            ImageDraw.Draw(m).text((n * 0.18, n * 0.0), ch, font=f, fill=255, stroke_width=max(1, self.dots // 8))
            s = lean + self.rng.uniform(-0.1, 0.1)
            m = m.transform(m.size, Image.Transform.AFFINE, (1, s, -s * n / 2, self.rng.uniform(-0.09, 0.09), 1, 0), Image.Resampling.BILINEAR)
            m = m.rotate(self.rng.uniform(-7, 7), Image.Resampling.BILINEAR)
            yy = y + self.rng.uniform(-0.09, 0.09) * h
            self.image.paste(ink, tuple(self.px(x - size * 0.18, yy)), m)
            x += f.getlength(ch) / self.dots * self.rng.uniform(0.9, 1.04)
            low = max(low, yy + size * 1.25)
        box = [x0, top, x, low]
        if field:
            self.mark(field, party, verdict, box)
        return box

    def felt(self, x0, y0, x1, y1):
        """A half-dry felt pen over a field: still read by a person."""
        over = Image.new("L", self.image.size, 0)
        d = ImageDraw.Draw(over)
        y = y0
        while y < y1:
            d.line(self.px(x0, y + self.rng.uniform(-0.4, 0.4), x1, y + self.rng.uniform(-0.4, 0.4)), 90, round(0.7 * self.dots))
            y += 1.1
        self.image.paste((40, 40, 60), (0, 0), over)
