"""Photographing: paper bent by what is in the parcel, then light, hands, lens and jpeg."""

import io
import math
import random
import zlib

import cv2
import numpy as np
from PIL import Image, ImageFilter

PARCELS = ((196, 158, 112), (178, 140, 98), (150, 152, 156), (228, 226, 220), (44, 46, 52), (92, 122, 170), (206, 120, 140))
GROUNDS = ((170, 128, 88), (206, 204, 198), (120, 118, 114), (92, 74, 58), (176, 186, 190), (224, 214, 196))


class Sheet:
    """Where the paper lies. Millimetres from the middle of the flat plane; the bends push them over the paper."""

    def __init__(self, label, rng, words, size, fill, shift):
        self.l, self.terms = label, []
        w, h, r = label.w, label.h, math.hypot(label.w, label.h) / 2

        def unit():
            t = rng.uniform(0, math.pi)
            return math.cos(t), math.sin(t)

        if "curl" in words:
            self.terms.append(("curl", rng.choice(((1, 0), (0.94, 0.34), (0.2, 0.98))), rng.uniform(0.10, 0.22), r))
        if "bulge" in words:
            self.terms.append(("bulge", (rng.uniform(-0.2, 0.2) * w, rng.uniform(-0.2, 0.2) * h), rng.uniform(0.12, 0.24), r))
        for _ in range(2 if "wave" in words else 0):
            wl = rng.uniform(28, 62)
            self.terms.append(("wave", unit(), rng.uniform(0.12, 0.23) * wl / 6.28, 6.28 / wl, rng.uniform(0, 6)))
        for _ in range(words.count("crease")):
            self.terms.append(("crease", unit(), rng.uniform(-0.25, 0.25) * h, rng.uniform(0.08, 0.16), rng.choice((-1, 1))))
        a = math.radians(rng.uniform(5, 9) if "angle" in words else rng.uniform(-3, 3)) * rng.choice((-1, 1))
        tilt = (rng.uniform(14, 26), rng.uniform(-16, 16)) if "angle" in words else (rng.uniform(-7, 7), rng.uniform(-6, 6))
        for n in (90, 180, 270):
            a += math.radians(n) * (f"turn{n}" in words)
        p, y = map(math.radians, tilt)
        rz = np.array([[math.cos(a), -math.sin(a), 0], [math.sin(a), math.cos(a), 0], [0, 0, 1]])
        rx = np.array([[1, 0, 0], [0, math.cos(p), -math.sin(p)], [0, math.sin(p), math.cos(p)]])
        ry = np.array([[math.cos(y), 0, math.sin(y)], [0, 1, 0], [-math.sin(y), 0, math.cos(y)]])
        rot = rx @ ry @ rz
        m = np.stack([rot[:, 0], rot[:, 1], [0, 0, 3 * max(w, h)]], 1)
        self.m = m
        q = self.shot(np.array([[-w, -h], [w, -h], [w, h], [-w, h]]) / 2)
        lo, hi = q.min(0), q.max(0)
        s = min(fill * size[0] / (hi[0] - lo[0]), fill * size[1] / (hi[1] - lo[1]))
        c = np.array(size) * (0.5 + np.array(shift)) - s * (lo + hi) / 2
        self.m = np.array([[s, 0, c[0]], [0, s, c[1]], [0, 0, 1]]) @ m
        self.scale = s / (3 * max(w, h))

    def shot(self, p):
        q = np.c_[p, np.ones(len(p))] @ self.m.T
        return q[:, :2] / q[:, 2:]

    def bend(self, x, y):
        dx, dy, light = np.zeros_like(x), np.zeros_like(x), np.ones_like(x)
        for t in self.terms:
            if t[0] == "bulge":
                u, v = x - t[1][0], y - t[1][1]
                k = t[2] * np.minimum((u * u + v * v) / t[3] ** 2, 1.5)
                dx, dy, light = dx + u * k, dy + v * k, light * (1 - 0.9 * k)
                continue
            nx, ny = t[1]
            s = x * nx + y * ny
            if t[0] == "curl":
                e = t[2] * np.clip(s / t[3], -1.3, 1.3) ** 2 * s
                light = light * (1 - 1.1 * t[2] * np.clip(s / t[3], -1.3, 1.3) ** 2)
            elif t[0] == "wave":
                e = t[2] * np.sin(t[3] * s + t[4])
                light = light * (1 - 0.6 * t[2] * t[3] * np.cos(t[3] * s + t[4]))
            else:
                d = s - t[2]
                e = t[3] * np.maximum(d, 0)
                light = light * (1 - 0.07 * t[4] * np.tanh(d) + 0.16 * np.exp(-((d / 0.35) ** 2)) - 0.14 * np.exp(-(((d - 0.7) / 0.5) ** 2)))
            dx, dy = dx + nx * e, dy + ny * e
        return dx, dy, light

    def points(self, p):
        """Of the paper's millimetres, where in the picture."""
        goal = np.asarray(p, float) - [self.l.w / 2, self.l.h / 2]
        at = goal.copy()
        for _ in range(12):
            dx, dy, _ = self.bend(at[:, 0], at[:, 1])
            at = goal - np.c_[dx, dy]
        return self.shot(at)

    def box(self, b, size):
        """Box as fractions, and how much of it is in view."""
        t = np.linspace(0, 1, 9)
        x, y = b[0] + (b[2] - b[0]) * t, b[1] + (b[3] - b[1]) * t
        q = self.points(np.r_[np.c_[x, 0 * t + b[1]], np.c_[x, 0 * t + b[3]], np.c_[0 * t + b[0], y], np.c_[0 * t + b[2], y]]) / size
        lo, hi = q.min(0), q.max(0)
        a, z = lo.clip(0, 1), hi.clip(0, 1)
        return [round(float(v), 4) for v in (*a, *z)], float(np.prod(z - a) / np.prod(hi - lo))


def rough(gen, w, h, cell):
    small = gen.normal(0, 1, (max(2, h // cell) + 2, max(2, w // cell) + 2)).astype(np.float32)
    return cv2.resize(small, (w, h), interpolation=cv2.INTER_CUBIC)


def soft(w, h, draw, blur):
    """A blurred mask of 0 to 1, made small."""
    m = np.zeros((h // 4 + 1, w // 4 + 1), np.float32)
    draw(m)
    return cv2.resize(cv2.GaussianBlur(m, (0, 0), max(0.3, blur / 4)), (w, h))[..., None]


def photograph(labels, case, pixels=True):
    rng, gen = random.Random(case["id"]), np.random.default_rng(zlib.crc32(case["id"].encode()))
    words = case["dist"].split()
    w, h = case.get("size", (1440, 1920))
    if (labels[0].w > labels[0].h * 1.1) != ("turn90" in words or "turn270" in words):
        w, h = h, w
    fill = rng.uniform(0.62, 0.7) if "far" in words else rng.uniform(0.84, 0.92)
    sheets = [Sheet(labels[0], rng, words, (w, h), 0.74 if len(labels) > 1 else fill, case.get("shift", (0, 0)))]
    if len(labels) > 1:
        sheets.append(Sheet(labels[1], rng, ["wave"], (w, h), case.get("fill2", 0.6), case["shift2"]))
    fields = []
    for n, s in enumerate(sheets):
        for field, party, verdict, b in s.l.fields:
            box, seen = s.box(b, (w, h))
            if seen >= (0.5 if n else 0.7):
                fields.append({"label": n, "field": field, "party": party, "verdict": verdict, "box": box})
    if not pixels:
        return None, fields

    ground, parcel = rng.choice(GROUNDS), rng.choice(PARCELS)
    bag = rng.random() < 0.55
    pic = np.array(ground, np.float32) + (rough(gen, w, h, 160) * 5 + rough(gen, w, h, 5) * 4)[..., None]
    pic += ((6 * (rng.random() < 0.5)) * np.sin(np.arange(h) / rng.uniform(6, 14))).reshape(-1, 1, 1).astype(np.float32)
    m0 = [rng.uniform(8, 34) for _ in range(4)]
    l0 = labels[0]
    corner = np.array([[-l0.w / 2 - m0[0], -l0.h / 2 - m0[1]], [l0.w / 2 + m0[2], -l0.h / 2 - m0[1]], [l0.w / 2 + m0[2], l0.h / 2 + m0[3]], [-l0.w / 2 - m0[0], l0.h / 2 + m0[3]]])
    poly = sheets[0].shot(corner)
    mask = np.zeros((h, w), np.float32)
    cv2.fillPoly(mask, [poly.astype(np.int32)], 1.0)
    if bag:
        mask = cv2.resize(cv2.GaussianBlur(cv2.resize(mask, (w // 4, h // 4)), (0, 0), 12), (w, h))
        mask = np.clip((mask + rough(gen, w, h, 120) * 0.05 - 0.5) * 30 + 0.5, 0, 1)
    pic *= 1 - 0.5 * soft(w, h, lambda m: np.copyto(m, cv2.resize(np.roll(mask, (30, 24), (0, 1)), m.shape[::-1])), 40)
    skin = np.array(parcel, np.float32) + (rough(gen, w, h, 4) * (2 if bag else 4))[..., None]
    if bag:
        fold = np.exp(-((rough(gen, w, h, 170) / 0.5) ** 2)) - np.exp(-(((rough(gen, w, h, 90) - 0.4) / 0.6) ** 2))
        skin += (fold * 20)[..., None]
    pic = pic * (1 - mask[..., None]) + skin * mask[..., None]
    for s in sheets:
        inv = np.linalg.inv(s.m)
        gx, gy = np.meshgrid(np.arange(w, dtype=np.float32), np.arange(h, dtype=np.float32))
        z = inv[2, 0] * gx + inv[2, 1] * gy + inv[2, 2]
        x, y = (inv[0, 0] * gx + inv[0, 1] * gy + inv[0, 2]) / z, (inv[1, 0] * gx + inv[1, 1] * gy + inv[1, 2]) / z
        dx, dy, light = s.bend(x, y)
        art = np.asarray(s.l.image)
        mx, my = (((x + dx + s.l.w / 2) * s.l.dots) - 0.5).astype(np.float32), (((y + dy + s.l.h / 2) * s.l.dots) - 0.5).astype(np.float32)
        got = cv2.remap(art, mx, my, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE).astype(np.float32)
        alpha = np.clip(np.minimum.reduce([mx, my, art.shape[1] - 1 - mx, art.shape[0] - 1 - my]) / 2 + 0.5, 0, 1)[..., None]
        under = cv2.resize(cv2.GaussianBlur(cv2.resize(alpha[..., 0], (w // 4, h // 4)), (0, 0), 3), (w, h))[..., None]
        pic = pic * (1 - 0.25 * under)
        pic = pic * (1 - alpha) + got * light[..., None].astype(np.float32) * 0.96 * alpha
    sc, s0 = sheets[0].scale, sheets[0]
    if "tape" in words:
        t = rng.uniform(0.15, 0.8)
        b = np.array([[-20, l0.h * t], [l0.w + 20, l0.h * (t + rng.uniform(-0.1, 0.1))]])
        a, z = (s0.points(b) / 4).astype(int)
        band = soft(w, h, lambda m: cv2.line(m, a.tolist(), z.tolist(), 1.0, int(38 * sc / 4)), 1)
        edge = np.abs(band - np.roll(band, 4, 0))
        pic = pic * (1 - band * np.array([0.02, 0.05, 0.14])) + band * 8 + edge * 22
        pic += 45 * band * np.clip(rough(gen, w, h, 90) - 0.9, 0, 1)[..., None]
    if "hand" in words:
        e = rng.choice(((1.0, rng.uniform(0.1, 0.9)), (rng.uniform(0.1, 0.9), 1.0), (rng.uniform(0.2, 0.8), 1.0)))
        tip = s0.points([[e[0] * l0.w, e[1] * l0.h]])[0]
        out = tip + (tip - np.array([w, h]) / 2) * 1.5
        thick = int(17 * sc / 4)
        ends = [(tip + (out - tip) / np.hypot(*(out - tip)) * 6 * sc) / 4, out / 4]
        finger = soft(w, h, lambda m: cv2.line(m, ends[0].astype(int).tolist(), ends[1].astype(int).tolist(), 1.0, thick), 4)
        round_ = soft(w, h, lambda m: cv2.line(m, (ends[0] + 5).astype(int).tolist(), (ends[1] + 5).astype(int).tolist(), 1.0, thick), 34)
        pic *= 1 - 0.35 * np.roll(round_, 18, 0) * (1 - finger)
        tone = np.array(rng.choice(((222, 172, 142), (204, 152, 120))), np.float32)
        pic = pic * (1 - finger) + finger * tone * (0.62 + 0.42 * round_)
    if "shadow" in words:
        a = rng.uniform(0, 6.28)
        c = np.array([w, h]) / 8 + np.array([math.cos(a), math.sin(a)]) * h / 9
        n = np.array([[-math.sin(a), math.cos(a)], [math.cos(a), math.sin(a)]]) * h
        q = np.array([c + n[0], c - n[0], c - n[0] + n[1], c + n[0] + n[1]]).astype(np.int32)
        pic *= 1 - rng.uniform(0.28, 0.45) * soft(w, h, lambda m: cv2.fillPoly(m, [q], 1.0), rng.uniform(14, 50))
    gx, gy = np.meshgrid(np.linspace(-1, 1, w, dtype=np.float32), np.linspace(-1, 1, h, dtype=np.float32))
    a = rng.uniform(0, 6.28)
    pic *= (1 + 0.1 * (gx * math.cos(a) + gy * math.sin(a)) - 0.07 * (gx * gx + gy * gy))[..., None]
    strong = "glareall" in words
    if "glare" in words or strong:
        c, ax = (rng.uniform(0.3, 0.7) * w / 4, rng.uniform(0.25, 0.75) * h / 4), (rng.uniform(0.07, 0.14) * w / 4, rng.uniform(0.05, 0.1) * h / 4)
        if strong:
            c, ax = (w / 8, h / 8), (w / 7.2, h / 7.6)
        spot = soft(w, h, lambda m: cv2.ellipse(m, tuple(map(int, c)), tuple(map(int, ax)), rng.uniform(0, 180), 0, 360, 1.0, -1), 70)
        pic += spot * (900 if strong else rng.uniform(70, 100))
    pic *= rng.uniform(0.88, 1.0)
    if "dim" in words:
        pic *= rng.uniform(0.42, 0.55)
    if "night" in words:
        pic *= 0.05
    pic *= np.array((1.04, 0.97, 0.8) if "warm" in words else (0.93, 0.99, 1.05) if "cool" in words else (1, 1, rng.uniform(0.92, 1.0)), np.float32)
    blur = sc * (1.9 if "lost" in words else rng.uniform(0.15, 0.2) if "blur" in words else 0.06)
    pic = cv2.GaussianBlur(pic.astype(np.float32), (0, 0), blur)
    if "motion" in words:
        n = max(3, int(sc * 0.5)) | 1
        k = np.zeros((n, n), np.float32)
        cv2.line(k, (0, rng.randrange(n)), (n - 1, rng.randrange(n)), 1.0, 1)
        pic = cv2.filter2D(pic, -1, k / k.sum())
    grain = (14 if "night" in words else 9 if "dim" in words else 6 if "noise" in words else 3.5) * gen.standard_normal((h, w, 1), np.float32)
    done = Image.fromarray(np.clip(pic + grain, 0, 255).astype(np.uint8))
    if "sharp" in words:
        done = done.filter(ImageFilter.UnsharpMask(2, 90, 2))
    exif = Image.Exif()
    if "exif" in words:
        exif[0x0112] = 6
        done = done.transpose(Image.Transpose.ROTATE_90)
    buf = io.BytesIO()
    done.save(buf, "JPEG", quality=rng.randint(38, 50) if "jpeg" in words else rng.randint(72, 88), exif=exif)
    return buf.getvalue(), fields
