"""The third set's kit (a drawing library) with more type styles, dot-matrix ink, dark stickers and fading."""

import importlib.util
from pathlib import Path

import numpy as np
from PIL import Image

_here = Path(__file__).resolve().parents[2] / "photos_third/draw/kit.py"
_path = _here
_spec = importlib.util.spec_from_file_location("kit_third", _path)
kit = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(kit)
kit.STYLES.update({
    "tall": ("bold", "bold", 0.76), "squat": ("sans", "bold", 1.2), "heavy": ("bold", "bold", 0.93),
    "book": ("serif", "bold", 0.95), "till": ("mono", "monobold", 0.9), "pins": ("mono", "monobold", 0.98),
})  # fmt: skip
KEYS = {"n": "name", "p": "phone", "a": "address"}


class Paper(kit.Label):
    def __init__(self, case, w, h, paper=None):
        super().__init__(case, w, h, paper or case.get("paper", (250, 250, 247)))
        self.c = case

    def f(self, key, x, y, h, maxw=200, bold=False, lead=1.22, prefix=""):
        """put(), with one size less for what needs more than `maxw` of a one-line field; returns y below."""
        if self.value(key) is None:
            return y
        if key == "until":  # a virtual number's date: no field of its own
            return self.para(x, y, self.value(key), h, maxw)[3] + 0.5
        if key in ("rn", "rp", "sn", "sp", "rn2", "rp2", "sn2", "sp2"):
            need = self.width(prefix + self.value(key).lstrip("!"), h, bold)
            if maxw < need < maxw * 1.25:
                h *= maxw / need * 0.98
        return self.put(key, x, y, h, maxw, bold, lead, prefix)[3] + 0.5

    def pile(self, x, y, *rows):
        """Fields one below the other: key, gap above, then what f() takes."""
        for key, gap, *rest in rows:
            y = self.f(key, x, y + gap, *rest)
        return y

    def each(self, *calls):
        for what, *args in calls:
            kw = args.pop() if isinstance(args[-1], dict) else {}
            getattr(self, what)(*args, **kw)

    def head(self, x, y, text, h=2.2):
        return self.text(x, y, text, h)[2] + 0.8

    def till_line(self, y, ch="-", h=2.4):
        n = int((self.w - 4) / self.width(ch, h))
        self.text(2, y, ch * n, h)
        return y + h * 1.1

    def box_of(self, key):
        field, party = (KEYS[key[1]], {"r": "receiver", "s": "sender"}[key[0]]) if len(key) == 2 else (key, "")
        return next(f[3] for f in self.fields if f[:2] == [field, party])

    def finish(self):
        """Covers, pen notes, fading: what came onto the paper after printing."""
        c = self.c
        if "fade" in c:  # dead dots of the print head and heat that failed
            a = np.asarray(self.image).astype(np.float32)
            wave = np.random.default_rng(len(c["id"]) + ord(c["id"][-1]))
            g = np.interp(np.arange(a.shape[1]), np.linspace(0, a.shape[1], 9), wave.uniform(0.15, 1, 9)) * c["fade"]
            a += (250 - a) * g[None, :, None]
            for x in wave.integers(0, a.shape[1], 5):
                a[:, x : x + 2] = 250
            self.image = Image.fromarray(a.clip(0, 255).astype(np.uint8))
        if self.style == kit.STYLES["pins"]:
            a = np.asarray(self.image).copy()
            a[:: 5 if self.dots > 8 else 4] = np.maximum(a[:: 5 if self.dots > 8 else 4], 165)
            self.image = Image.fromarray(a)
        self.draw = kit.ImageDraw.Draw(self.image)
        for key, x0, x1, ink, *low in c.get("cover", []):
            b = self.box_of(key)
            w = b[2] - b[0]
            self.draw.rectangle(self.px(b[0] + w * x0, b[1] - 0.4 + (b[3] - b[1]) * sum(low), b[0] + w * x1, b[3] + 0.4), ink)
        for x, y, text, h, field, party in c.get("pens", []):
            self.pen(x, y, text, h, c.get("penink", (30, 40, 120)), field, party)
        for key in c.get("felted", []):
            b = self.box_of(key)
            self.felt(*b)
        for x, y, text, h in c.get("stamps", []):
            self.stamp(x, y, text, h)
        return self
