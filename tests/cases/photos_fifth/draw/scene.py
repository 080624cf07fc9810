"""Puts labels on a parcel, the parcel on a belt, in a cage, on a door step, and takes the picture."""

import io
import zlib

import cv2
import numpy as np
from PIL import Image

PARCEL = {"card": (176, 138, 96), "white": (226, 226, 222), "grey": (120, 122, 126), "black": (44, 44, 48), "pink": (222, 168, 176), "foam": (238, 238, 236)}


def soft(rng, w, h, cell, aspect=1.0):
    """Smooth noise between -1 and 1."""
    n = rng.standard_normal((max(2, int(h / cell)) + 1, max(2, int(w / cell / aspect)) + 1)).astype(np.float32)
    out = cv2.resize(n, (w, h), interpolation=cv2.INTER_CUBIC)
    return out / (np.abs(out).max() + 1e-6)


def ground(kind, w, h, rng):
    """belt, cage, step, table or floor."""
    base = {"belt": (46, 58, 52), "cage": (92, 92, 90), "step": (168, 164, 156), "table": (150, 120, 92), "floor": (128, 134, 132)}[kind]
    img = np.empty((h, w, 3), np.float32)
    img[:] = base
    img += soft(rng, w, h, 260)[..., None] * 12 + soft(rng, w, h, 7)[..., None] * 7
    if kind == "belt":
        a, b = int(w * rng.uniform(0.03, 0.06)), int(w * rng.uniform(0.93, 0.97))
        for x0, x1 in ((0, a), (b, w)):
            img[:, x0:x1] = (150, 152, 156)
            img[:: h // 18, x0:x1] *= 0.6
        cv2.line(img, (a, int(h * 0.9)), (b, int(h * 0.87)), (30, 36, 34), 9)
    elif kind == "cage":
        for x in range(0, w, w // 9):
            cv2.line(img, (x, 0), (x + 20, h), (176, 178, 182), 15)
        for y in range(0, h, h // 11):
            cv2.line(img, (0, y), (w, y + 14), (190, 192, 194), 12)
    elif kind == "step":
        for y in range(0, h, h // 5):
            cv2.line(img, (0, y), (w, y - 30), (120, 116, 110), 7)
        for x in range(60, w, w // 3):
            cv2.line(img, (x, 0), (x + 40, h), (122, 118, 112), 7)
        img[int(h * 0.82) :] = np.array((96, 60, 48)) + soft(rng, w, h - int(h * 0.82), 5)[..., None] * 22
    elif kind == "table":
        img += soft(rng, w, h, 14, 40)[..., None] * 14
    return img


class View:
    """Millimetres of one label to pixels of the picture."""

    def __init__(self, label, x, y, scale, angle, tilt, curl, phase, focal):
        self.label, self.curl, self.phase = label, curl, phase
        a, (tx, ty) = np.radians(angle), np.radians(tilt)
        spin = np.array([[np.cos(a), -np.sin(a), 0], [np.sin(a), np.cos(a), 0], [0, 0, 1]])
        rx = np.array([[1, 0, 0], [0, np.cos(tx), -np.sin(tx)], [0, np.sin(tx), np.cos(tx)]])
        ry = np.array([[np.cos(ty), 0, np.sin(ty)], [0, 1, 0], [-np.sin(ty), 0, np.cos(ty)]])
        m = rx @ ry @ spin
        src = np.float32([[0, 0], [label.w, 0], [label.w, label.h], [0, label.h]])
        q = (np.c_[(src - (label.w / 2, label.h / 2)) * scale, np.zeros(4)]) @ m.T
        self.m = cv2.getPerspectiveTransform(src, np.float32(q[:, :2] * (focal / (focal + q[:, 2:])) + (x, y)))

    def bend(self, p):
        k = self.curl * np.sin(p[..., :1] / self.label.w * 3.1 + self.phase)
        return np.concatenate([0.25 * self.curl * np.sin(p[..., 1:] / self.label.h * 4 + self.phase), k], -1)

    def forward(self, points):
        p = u = np.float32(points)
        for _ in range(4):
            u = p + self.bend(u)
        return cv2.perspectiveTransform(u.reshape(1, -1, 2).astype(np.float32), self.m)[0]

    def poly(self, points):
        return np.int32(self.forward(points)).reshape(-1, 1, 2)


def wear(label, fx, rng):
    """What befell the print before it was photographed."""
    art = np.asarray(label.image, np.float32)
    h, w = art.shape[:2]
    if "fade" in fx:  # heat took the print away in a band, none of it wholly
        band = np.clip(0.62 * np.exp(-(((np.arange(h) / h - rng.uniform(0.3, 0.7)) / 0.22) ** 2)), 0, 0.62).astype(np.float32)
        art = art + (246 - art) * band[:, None, None]
    if "deadcols" in fx:
        for x in rng.integers(10, w - 10, 4):
            art = art.copy()
            art[:, x : x + 1] = 252
    if "dirt" in fx:
        art = art * (1 - 0.22 * np.clip(soft(rng, w, h, 60) - 0.2, 0, 1))[..., None]
    return art


def photograph(labels, case, pixels=True):
    fx = case["fx"].split()
    rng = np.random.default_rng(zlib.crc32(case["id"].encode()))
    w, h = case["size"]
    main = labels[0]
    turn = 90 if "turn90" in fx else 270 if "turn270" in fx else 180 if "turn180" in fx else 0
    lw, lh = (main.h, main.w) if turn in (90, 270) else (main.w, main.h)
    scale = min(w / lw, h / lh) * case.get("zoom", 0.84)
    strong = 2.0 if "angle" in fx else 1.0
    tilt = (rng.uniform(-9, 9) * strong, rng.uniform(-9, 9) * strong)
    angle = turn + rng.uniform(-5, 5) * strong
    curl = rng.uniform(1.2, 2.2) if "curl" in fx else rng.uniform(0, 0.4)
    x, y = np.array(case.get("at", (0.5, 0.5))) * (w, h) + rng.uniform(-0.01, 0.01, 2) * (w, h)
    views = [View(main, x, y, scale, angle, tilt, curl, rng.uniform(0, 3), 2.4 * max(w, h))]
    if len(labels) > 1:
        dx, dy, s, a = case["beside"]
        views.append(View(labels[1], x + dx * w, y + dy * h, scale * s, a, (0, 0), 0.2, 1, 2.4 * max(w, h)))
    fields = []
    for n, v in enumerate(views):
        for field, party, verdict, (x0, y0, x1, y1) in v.label.fields:
            xs, ys = np.linspace(x0, x1, 5), np.linspace(y0, y1, 5)
            pts = v.forward([(a, b) for a in xs for b in (y0, y1)] + [(a, b) for a in (x0, x1) for b in ys])
            lo, hi = pts.min(0) / (w, h), pts.max(0) / (w, h)
            seen = np.prod(np.clip(np.minimum(hi, 1) - np.maximum(lo, 0), 0, None)) / np.prod(hi - lo)
            if seen >= 0.5:
                box = [round(float(t), 4) for t in (*np.clip(lo, 0, 1), *np.clip(hi, 0, 1))]
                fields.append({"label": n, "field": field, "party": party, "verdict": verdict, "box": box})
    if not pixels:
        return None, fields
    img = ground(case["ground"], w, h, rng)
    for v in reversed(views):
        lab, kind = v.label, case.get("parcel", "card")
        m = case.get("margin", 22)
        body = np.zeros((h, w), np.float32)
        cv2.fillPoly(body, [v.poly([(-m, -m), (lab.w + m, -m * 0.8), (lab.w + m * 0.8, lab.h + m), (-m * 1.1, lab.h + m)])], 1)
        img *= 1 - 0.45 * np.roll(cv2.GaussianBlur(body, (0, 0), 22), (24, 18), (0, 1))[..., None]
        cloth = np.float32(PARCEL[kind]) * (1 + 0.05 * soft(rng, w, h, 9) + (0.04 if kind in ("card", "foam") else 0.2) * soft(rng, w, h, 90, 0.5))[..., None]
        body = cv2.GaussianBlur(body, (0, 0), 1.2)[..., None]
        img = img * (1 - body) + cloth * body
        art = wear(lab, fx, rng)
        gy, gx = np.mgrid[0:h, 0:w].astype(np.float32)
        u = cv2.perspectiveTransform(np.stack([gx, gy], -1).reshape(1, -1, 2), np.linalg.inv(v.m)).reshape(h, w, 2)
        p = ((u - v.bend(u)) * lab.dots).astype(np.float32)
        ink = cv2.remap(art, p[..., 0] - 0.5, p[..., 1] - 0.5, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        inside = ((p[..., 0] > 0) & (p[..., 0] < art.shape[1]) & (p[..., 1] > 0) & (p[..., 1] < art.shape[0])).astype(np.float32)
        inside = cv2.GaussianBlur(inside, (0, 0), 0.9)[..., None]
        img *= 1 - 0.25 * np.roll(cv2.GaussianBlur(inside, (0, 0), 6), (5, 4), (0, 1))[..., None] * (1 - inside)
        paper = 0.93 + 0.02 * soft(rng, w, h, 5)
        if "wrinkle" in fx:
            paper = paper * (1 - 0.13 * np.abs(soft(rng, w, h, 46, 0.4)))
        if "crease" in fx:
            c0, c1 = rng.uniform(0.2, 0.8, 2) * art.shape[1]
            d = (p[..., 0] - (c0 + (c1 - c0) * p[..., 1] / art.shape[0])) / lab.dots
            paper = paper * (1 - 0.3 * np.exp(-((d / 0.7) ** 2)) + 0.1 * np.exp(-(((d + 1.3) / 0.8) ** 2)))
        img = img * (1 - inside) + ink * paper[..., None] * inside
        if "tape" in fx:
            t0 = rng.uniform(0.15, 0.6) * lab.h
            band = np.zeros((h, w), np.float32)
            cv2.fillPoly(band, [v.poly([(-m, t0), (lab.w + m, t0 + 3), (lab.w + m, t0 + 33), (-m, t0 + 30)])], 1)
            shine = np.clip(soft(rng, w, h, 30, 6) - 0.35, 0, 1)
            img += (band * (10 + 60 * shine) + 40 * (band - cv2.erode(band, np.ones((5, 5)))))[..., None] * (1 - img / 290)
    v = views[0]
    for side, at, colour in case.get("fingers", ()):
        x0, y0 = {"l": (-30, at + 12), "r": (main.w + 30, at + 12), "b": (at + 8, main.h + 34)}[side]
        x1, y1 = {"l": (-5, at), "r": (main.w + 5, at), "b": (at, main.h + 5)}[side]
        tip = np.zeros((h, w), np.float32)
        q = v.forward([(x0, y0), (x1, y1)]).astype(int)
        cv2.line(tip, tuple(map(int, q[0])), tuple(map(int, q[1])), 1, int(scale * 13))
        tip = cv2.GaussianBlur(tip, (0, 0), 2)
        img *= 1 - 0.3 * np.roll(cv2.GaussianBlur(tip, (0, 0), 14), 16, 0)[..., None] * (1 - tip[..., None])
        round_ = 0.7 + 0.3 * cv2.GaussianBlur(tip, (0, 0), scale * 2.2)
        img = img * (1 - tip[..., None]) + np.float32(colour) * (round_ + 0.05 * soft(rng, w, h, 12))[..., None] * tip[..., None]
    gy, gx = np.mgrid[0:h, 0:w].astype(np.float32)
    a = rng.uniform(0, 6.28)
    light = 1 + 0.3 * ((gx / w - 0.5) * np.cos(a) + (gy / h - 0.5) * np.sin(a))
    if "shadow" in fx:
        mask = np.zeros((h, w), np.float32)
        x0 = rng.uniform(0.2, 0.7) * w
        cv2.fillPoly(mask, [np.int32([(x0, 0), (w, 0), (w, h * 0.75), (x0 + 0.2 * w, h * 0.95)]).reshape(-1, 1, 2)], 1)
        light *= 1 - 0.42 * cv2.GaussianBlur(mask, (0, 0), 18)
    if "dim" in fx:
        light *= 0.55
    img *= light[..., None] * np.float32((1.06, 1.0, 0.86) if "warm" in fx else (0.95, 1.0, 1.05) if "cold" in fx else (1, 1, 1))
    for gx0, gy0, r, power in case.get("glare", ()):
        q = v.forward([(gx0, gy0)])[0]
        img += (power * np.exp(-((((gx - q[0]) / (r * scale)) ** 2 + ((gy - q[1]) / (r * scale * 0.7)) ** 2) ** 1.5)))[..., None]
    if "motion" in fx or "ruined" in fx:
        n = 9 if "motion" in fx else 121
        k = np.zeros((n, n), np.float32)
        cv2.line(k, (0, n // 2 + n // 6), (n - 1, n // 2 - n // 6), 1, 1)
        img = cv2.filter2D(img, -1, k / k.sum())
    img = cv2.GaussianBlur(img, (0, 0), {True: 1.9, False: 1.05}["blur" in fx])
    img += rng.standard_normal((h, w, 1)).astype(np.float32) * (8 if "noise" in fx else 2.5)
    pic = Image.fromarray(np.clip(img, 0, 255).astype(np.uint8))
    exif = Image.Exif()
    if "exif" in fx:
        pic = pic.transpose(Image.Transpose.ROTATE_90)
        exif[274] = 6
    out = io.BytesIO()
    pic.save(out, "JPEG", quality=42 if "jpeg" in fx else 80, exif=exif)
    return out.getvalue(), fields
