"""The third set's drawing kit with ways to set out a person, icons, and a list of all that was printed."""

import importlib.util
from pathlib import Path

_spec = importlib.util.spec_from_file_location("third_kit", Path(__file__).parents[2] / "photos_third/draw/kit.py")
kit = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(kit)
WHITE = (252, 252, 250)
HEADS = {"r": ("收件人", "电话", "地址"), "s": ("寄件人", "电话", "地址")}


class Page(kit.Label):
    def __init__(self, case, width, height, paper=(252, 252, 250)):
        super().__init__(case, width, height, paper)
        self.printed = []  # box of every line of text and every code, for the check of overlaps
        self.blank = (width * 0.5, height * 0.5)  # where a pen or a stamp finds room

    def text(self, *args, **kw):
        box = super().text(*args, **kw)
        if args[2].strip():
            self.printed.append((args[2], box))
        return box

    def code(self, *args, **kw):
        box = super().code(*args, **kw)
        self.printed.append(("code", box))
        return box

    def hr(self, *rules):
        """Rulings over the whole width: heights, or heights with a thickness."""
        for y, w in ((r if isinstance(r, tuple) else (r, 0.25)) for r in rules):
            self.line(0, y, self.w, y, w)

    def tail(self, goods, remark, x, y, side):
        """Goods, remark (x, y, height, width, heading) and the QR code."""
        self.put("goods", *goods[:4], prefix=goods[4])
        self.put("remark", *remark[:4], True, prefix=remark[4])
        self.code(x, y, side, side, "qr", "qr")

    def bar(self, x0, y0, x1, y1, text="", h=4.0, mid=True):
        """White on black."""
        self.rect(x0, y0, x1, y1, fill=self.ink)
        if text:
            y = (y0 + y1) / 2 - h * 0.57
            self.text(x0 + 1.5, y, text, h, True, WHITE, **({"mid": (x0 + x1) / 2} if mid else {}))

    def icon(self, x, y, kind, h):
        """收 or 寄 as a word, or drawn: a pin, a head, a house, a handset. Returns the right edge."""
        d, s = self.draw, self.px
        if kind == "pin":
            d.ellipse(s(x, y, x + h * 0.8, y + h * 0.8), self.ink)
            d.polygon([*zip(s(x + 0.05 * h, x + 0.75 * h, x + 0.4 * h), s(y + 0.55 * h, y + 0.55 * h, y + 1.15 * h), strict=True)], self.ink)
            d.ellipse(s(x + 0.25 * h, y + 0.25 * h, x + 0.55 * h, y + 0.55 * h), WHITE)
        elif kind == "head":
            d.ellipse(s(x + 0.2 * h, y, x + 0.65 * h, y + 0.45 * h), self.ink)
            d.pieslice(s(x, y + 0.5 * h, x + 0.85 * h, y + 1.5 * h), 180, 360, self.ink)
        elif kind == "house":
            d.polygon([*zip(s(x, x + 0.45 * h, x + 0.9 * h), s(y + 0.5 * h, y, y + 0.5 * h), strict=True)], self.ink)
            d.rectangle(s(x + 0.15 * h, y + 0.5 * h, x + 0.75 * h, y + h), self.ink)
        elif kind == "handset":
            d.rounded_rectangle(s(x + 0.15 * h, y, x + 0.7 * h, y + 1.05 * h), self.dots // 2, None, self.ink, max(2, self.dots // 4))
            d.line(s(x + 0.33 * h, y + 0.88 * h, x + 0.52 * h, y + 0.88 * h), self.ink, 2)
        else:
            text, shape = kind[0], kind[1:] or "disc"
            return self.badge(x, y, text, h, shape)
        return x + h

    def who(self, k, x, y, w, h, form="pair", tag="", heads=None):
        """One person in the field x, y, w wide; returns where the last line ends."""
        n, p, a = (k + f + tag for f in "npa")
        heads = heads or self.case.get("heads", {}).get(k) or HEADS[k]

        def pair(first, second, y, gap=2.5, bold=True, joint=""):
            b = self.put(first, x, y, h, w, bold)
            if self.value(second) is None:
                return b[3]
            cx = b[2] + (gap if b[2] > x else 0)
            if joint:
                cx = self.text(b[2], y, joint, h, bold)[2]
            elif cx + self.width(self.value(second).split("\n")[0], h, bold) > x + w:
                cx, y = x, b[3] + 0.3
            return max(b[3], self.put(second, cx, y, h, x + w - cx, bold)[3])

        if form in ("pair", "phonefirst", "token"):
            first, second = (p, n) if form == "phonefirst" else (n, p)
            y = pair(first, second, y, joint=self.case.get("joint", "/") if form == "token" else "") + 0.6
            return self.put(a, x, y, h * 0.92, w)[3]
        if form == "addrfirst":
            y = self.put(a, x, y, h, w, True)[3] + 0.6
            return pair(n, p, y, bold=False)
        if form == "above":
            for key, head in zip((n, p, a), heads, strict=True):
                if self.value(key) is not None:
                    y = self.text(x, y, head, h * 0.62)[3] + 0.1
                    y = self.put(key, x, y, h, w, key != a)[3] + 0.7
            return y
        if form == "rows":
            wide = max(self.width(t, h) for t in heads) + 2.2
            for key, head in zip((n, p, a), heads, strict=True):
                if self.value(key) is not None:
                    self.text(x, y, head, h)
                    y = max(y + h * 1.14, self.put(key, x + wide, y, h, w - wide)[3]) + 1.1
                    self.line(x, y - 0.5, x + w, y - 0.5, 0.12, 0.8)
            return y
        if form == "icons":
            for key, kind in ((n, "head"), (p, "handset"), (a, "house")):
                if self.value(key) is not None:
                    self.icon(x, y + 0.15, kind, h)
                    y = self.put(key, x + h * 1.35, y, h, w - h * 1.35, key == p)[3] + 0.8
            return y
        raise ValueError(form)

    def finish(self):
        """Stickers, pen and stamps over the finished print, as the case has them."""
        c = self.case
        for key, f0, f1, ink in c.get("cover", ()):
            field, party = kit.FIELDS[key[1]], kit.PARTIES[key[0]]
            box = [f[3] for f in self.fields if f[:2] == [field, party]][len(key) > 2]
            wide = box[2] - box[0]
            self.rect(box[0] + wide * f0 - 0.4, box[1] - 0.5, box[0] + wide * f1 + 0.4, box[3] + 0.4, fill=ink)
        if "pen" in c:
            text, h, field, party = c["pen"]
            self.pen(*self.blank, text, h, field=field, party=party)
        if "stamp" in c:
            self.stamp(*self.blank, c["stamp"], 3.6)
        return self

    def clashes(self):
        """What is printed outside the label or over something else."""
        out = [("outside", t, b) for t, b in self.printed if b[0] < 0.3 or b[1] < 0.2 or b[2] > self.w - 0.3 or b[3] > self.h + 0.1]
        for i, (t, a) in enumerate(self.printed):
            for u, b in self.printed[i + 1 :]:
                w, h = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
                if w > 0.4 and h > 0.45:
                    out.append(("over", t, u))
        return out
