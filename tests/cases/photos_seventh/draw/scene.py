"""The photographing: paper that was thrown away, in the rubbish room, by a phone in the hand."""

import io
import random

import cv2
import numpy as np
from PIL import Image


def noise(rng, h, w, cell, amp):
    n = rng.standard_normal((max(2, h // cell + 2), max(2, w // cell + 2))).astype(np.float32)
    return cv2.resize(n, (w, h), interpolation=cv2.INTER_CUBIC) * amp


def ground(rng, name, w, h):
    base = {"concrete": (142, 140, 134), "card": (176, 138, 96), "bag": (34, 34, 38), "tile": (206, 208, 204), "wood": (150, 108, 70),
            "bin": (38, 96, 62), "steel": (158, 162, 168), "mat": (104, 40, 44), "leaves": (92, 96, 58), "foam": (232, 234, 236)}[name]  # fmt: skip
    art = np.ones((h, w, 3), np.float32) * np.array(base, np.float32)
    art += (noise(rng, h, w, 300, 7) + noise(rng, h, w, 40, 3) + noise(rng, h, w, 5, 4))[..., None]
    yy, xx = np.mgrid[0:h, 0:w].astype(np.float32)
    if name == "card":
        art += (np.sin(yy / 7) * 4)[..., None]
        cv2.rectangle(art, (-10, int(h * 0.86)), (w + 10, int(h * 0.9)), (150, 112, 74), -1)
    elif name == "tile":
        for k in range(-1, 4):
            cv2.line(art, (int(k * w / 2.3), 0), (int(k * w / 2.3) + 90, h), (150, 148, 142), 9)
            cv2.line(art, (0, int(k * h / 2.7)), (w, int(k * h / 2.7) - 60), (150, 148, 142), 9)
    elif name == "wood":
        art += (np.sin((xx + noise(rng, h, w, 260, 40)) / 23) * 11)[..., None]
    elif name == "bag":
        art += np.clip(noise(rng, h, w, 130, 60) - 45, 0, 150)[..., None]
    elif name == "steel":
        art += noise(rng, h, 1, 3, 7)[..., None]
    elif name == "leaves":
        for _ in range(260):
            c = tuple(int(v) for v in np.array((118, 104, 52)) + rng.integers(-40, 40, 3))
            cv2.ellipse(art, (int(rng.integers(w)), int(rng.integers(h))), (int(rng.integers(30, 80)), int(rng.integers(10, 26))), int(rng.integers(180)), 0, 360, c, -1)
    elif name == "concrete":
        for _ in range(500):
            cv2.circle(art, (int(rng.integers(w)), int(rng.integers(h))), int(rng.integers(1, 5)), (92, 90, 86), -1)
    return art


class Sheet:
    """One label as a thing: its picture with wear, its outline, its bending and where it lies."""

    def __init__(self, label, case, rng, corners):
        self.label, dots = label, label.dots
        art = np.asarray(label.image).astype(np.float32)
        h, w = art.shape[:2]
        dist, self.mask, shade = case["dist"].split(), np.ones((h, w), np.float32), np.ones((h, w), np.float32)
        yy, xx = np.mgrid[0:h, 0:w].astype(np.float32)
        dx, dy = np.zeros((h, w), np.float32), np.zeros((h, w), np.float32)
        if "fade" in dist or "gone" in dist:  # heat and light: the print goes pale in bands
            k = np.clip(0.42 + noise(rng, h, 1, 120, 0.12), 0.2, 0.65) if "fade" in dist else 0.985
            art = art * (1 - k)[..., None] + np.array((238, 236, 226)) * k[..., None] if "fade" in dist else art * 0.03 + np.array((232, 230, 222)) * 0.97
        if "worn" in dist:
            spots = noise(rng, h, w, 3, 1) + noise(rng, h, w, 60, 0.9) > 2.6
            art[spots] = 244
        if "wet" in dist:
            blot = np.clip(noise(rng, h, w, 260, 1) * 2, 0, 1)[..., None]
            run = cv2.GaussianBlur(art, (0, 0), 1.5)
            art = (art * (1 - blot) + run * blot) * (1 - blot * np.array((0.13, 0.17, 0.24), np.float32))
        if "soak" in dist:
            blot = np.clip(noise(rng, h, w, 300, 0.5) + 1.1, 0, 1)[..., None]
            run = cv2.GaussianBlur(art, (0, 0), 15)
            art = art * (1 - blot) + run * blot * np.array((0.8, 0.82, 0.86), np.float32)
        if "ring" in dist:  # a cup stood on it
            r = np.hypot(xx - w * 0.62, yy - h * 0.55) + noise(rng, h, w, 60, 3)
            art *= 1 - (np.exp(-(((r - w * 0.26) / 7) ** 2)) * 0.4)[..., None] * np.array((0.35, 0.6, 1), np.float32)
        if "dirt" in dist:
            for _ in range(26):
                c = int(rng.integers(w)), int(rng.integers(h))
                cv2.circle(art, c, int(rng.integers(2, 7)), (88, 74, 60), -1)
            art *= 1 - np.clip(noise(rng, h, w, 90, 0.1), 0, 0.25)[..., None]
        folds = {"crease": 3, "crumple": 12, "ball": 40}
        for word, n in folds.items():
            if word not in dist:
                continue
            gx = np.zeros((h, w), np.float32)
            for _ in range(n):
                a, c = rng.uniform(0, np.pi), rng.uniform(0.15, 0.85)
                nx, ny = np.cos(a), np.sin(a)
                d = nx * (xx - w * c) + ny * (yy - h * rng.uniform(0.15, 0.85)) + noise(rng, h, w, 200, 5)
                s, soft = np.tanh(d / 3), np.tanh(d / 12)
                if word != "crease":
                    s = s * np.clip(0.5 + noise(rng, h, w, 300, 0.6), 0, 1)
                gx += s * rng.uniform(0.3, 1) * (1 if rng.random() < 0.5 else -1)
                line = np.exp(-((d / 1.6) ** 2)) * np.clip(0.6 + noise(rng, h, w, 120, 0.4), 0, 1)
                art += (245 - art) * (line * 0.55)[..., None]
                dx += soft * nx * 2.2
                dy += soft * ny * 2.2
            shade *= 1 + np.clip(gx * (0.07 if word == "crease" else 0.05), -0.3, 0.12)
        if "ball" in dist:
            dx += noise(rng, h, w, 70, 16)
            dy += noise(rng, h, w, 70, 16)
        if "crumple" in dist:
            dx += noise(rng, h, w, 150, 2.6)
            dy += noise(rng, h, w, 150, 2.6)
        if "curl" in dist:
            t = yy / h
            dy += h * 0.035 * np.sin(np.pi * t) * np.cos(xx / w * 1.5)
            dx += w * 0.03 * np.sin(np.pi * t * 1.1 + 0.4)
            shade *= 0.86 + 0.2 * np.sin(np.pi * np.clip(t * 0.95 + 0.05, 0, 1))
        for nx, ny, c in case.get("tear", []):  # what lies beyond the line is gone
            d = nx * xx + ny * yy - c * dots + noise(rng, h, w, 40, 9) + noise(rng, h, w, 6, 2)
            self.mask[d > 0] = 0
            art[(d > -9) & (d <= 0)] = (240, 236, 228)
        if "tape" in dist:  # a strip across, a little yellow, its edges catch light
            a = rng.uniform(-0.12, 0.12)
            d = (yy - h * case.get("tape", 0.5)) + a * (xx - w / 2)
            strip = np.abs(d) < h * 0.085
            art[strip] = art[strip] * np.array((0.95, 0.9, 0.74), np.float32) + 8
            art += (np.exp(-(((np.abs(d) - h * 0.085) / 2.5) ** 2)) * 70)[..., None]
            sheen = np.clip(noise(rng, h, w, 110, 1) - 0.7, 0, 1) * strip
            art += (sheen * 60)[..., None]
        self.art, self.shade, self.dx, self.dy = np.clip(art, 0, 255), shade, dx, dy
        src = np.array([(0, 0), (w, 0), (w, h), (0, h)], np.float32)
        self.hom = cv2.getPerspectiveTransform(src, np.array(corners, np.float32))

    def onto(self, view):
        h, w = view.shape[:2]
        vy, vx = np.mgrid[0:h, 0:w].astype(np.float32)
        i = np.linalg.inv(self.hom).astype(np.float32)
        z = i[2, 0] * vx + i[2, 1] * vy + i[2, 2]
        mx, my = (i[0, 0] * vx + i[0, 1] * vy + i[0, 2]) / z, (i[1, 0] * vx + i[1, 1] * vy + i[1, 2]) / z
        ex = mx + cv2.remap(self.dx, mx, my, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        ey = my + cv2.remap(self.dy, mx, my, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        lit = self.art * self.shade[..., None]
        pic = cv2.remap(lit, ex, ey, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
        self.alpha = cv2.remap(self.mask, ex, ey, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT)
        drop = cv2.warpAffine(cv2.GaussianBlur(self.alpha, (0, 0), 9), np.float32([[1, 0, 9], [0, 1, 14]]), (w, h))
        view *= (1 - 0.45 * drop * (1 - self.alpha))[..., None]
        view += (np.clip(pic, 0, 255) - view) * self.alpha[..., None]

    def forward(self, pts):
        pts = np.asarray(pts, np.float32)
        q = pts.copy()
        for _ in range(5):
            ix = np.clip(q[:, 0].round().astype(int), 0, self.dx.shape[1] - 1)
            iy = np.clip(q[:, 1].round().astype(int), 0, self.dx.shape[0] - 1)
            q = pts - np.stack([self.dx[iy, ix], self.dy[iy, ix]], 1)
        return cv2.perspectiveTransform(q[None], self.hom)[0]

    def boxes(self, number, w, h, above):
        for field, party, verdict, (x0, y0, x1, y1) in self.label.fields:
            gx, gy = np.meshgrid(np.linspace(x0, x1, 13), np.linspace(y0, y1, 5))
            out = self.forward(np.stack([gx.ravel(), gy.ravel()], 1) * self.label.dots)
            inside = (out[:, 0] > 1) & (out[:, 0] < w - 2) & (out[:, 1] > 1) & (out[:, 1] < h - 2)
            px, py = np.clip(out[:, 0], 0, w - 1).astype(int), np.clip(out[:, 1], 0, h - 1).astype(int)
            seen = inside & (self.alpha[py, px] > 0.5) & ((above[py, px] < 0.5) if above is not None else True)
            if seen.mean() < 0.5:
                continue
            o = out[seen] / (w, h)
            box = [*o.min(0), *o.max(0)]
            yield {"label": number, "field": field, "party": party, "verdict": verdict, "box": [round(float(v), 4) for v in box]}


def thumb(view, x, y, ang, size):
    """A thumb that holds the paper down: from the tip at x, y away along ang."""
    h, w = view.shape[:2]
    over = np.zeros((h, w), np.float32)
    end = int(x + np.cos(ang) * size * 9), int(y + np.sin(ang) * size * 9)
    cv2.line(over, (int(x), int(y)), end, 1, int(size * 2))
    soft = cv2.GaussianBlur(over, (0, 0), 3)
    view *= (1 - 0.4 * cv2.GaussianBlur(over, (0, 0), 24))[..., None]
    round_ = np.clip(cv2.GaussianBlur(over, (0, 0), size / 2.2), 0.35, 1)[..., None]
    skin = np.array((214, 164, 134), np.float32) * (0.55 + 0.45 * round_)
    nail = np.zeros((h, w), np.float32)
    c = int(x - np.cos(ang) * size * 0.25), int(y - np.sin(ang) * size * 0.25)
    cv2.ellipse(nail, c, (int(size * 0.6), int(size * 0.5)), np.degrees(ang), 0, 360, 1, -1)
    nail = cv2.GaussianBlur(nail, (0, 0), 3)[..., None] * 0.7
    skin = skin * (1 - nail) + np.array((236, 196, 180), np.float32) * nail
    view += (skin - view) * soft[..., None]


def photograph(labels, case):
    seed = case["id"]
    rng, r = np.random.default_rng(list(seed.encode())), random.Random(seed)
    dist, (w, h) = case["dist"].split(), case.get("size", (1500, 2000))
    view = ground(rng, case["bg"], w, h)

    def place(label, cx, cy, fill, ang, keen):
        s = min(w * fill / label.w, h * fill / label.h)
        pts = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)], float) * (label.w * s / 2, label.h * s / 2)
        pts[:, 0] *= 1 + keen * np.sign(pts[:, 1])  # the far edge is shorter
        a = np.radians(ang)
        pts = pts @ np.array([[np.cos(a), np.sin(a)], [-np.sin(a), np.cos(a)]])
        return pts + (w * cx, h * cy) + rng.uniform(-12, 12, (4, 2))

    tilt = r.uniform(-3, 3) + (r.choice((-11, 10, 14)) if "tilt" in dist else 0)
    keen = r.choice((-0.1, 0.12)) if "angle" in dist else r.uniform(-0.02, 0.02)
    fill = case.get("fill", 0.84 if "tilt" in dist else 0.9)
    cx, cy = case.get("at", (0.5, 0.5))
    sheets = [Sheet(labels[0], case, rng, place(labels[0], cx, cy, fill, tilt, keen))]
    if len(labels) > 1:
        x, y, f, a = case["beside"]
        sheets.append(Sheet(labels[1], {"dist": "crease"}, rng, place(labels[1], x, y, f, a, 0.02)))
    for sheet in reversed(sheets):
        sheet.onto(view)
    fields = [*sheets[0].boxes(0, w, h, None)]
    if len(sheets) > 1:
        fields += sheets[1].boxes(1, w, h, sheets[0].alpha)
    for fx, fy, fa in case.get("thumb", []):
        tip = sheets[0].forward([(fx * labels[0].w * labels[0].dots, fy * labels[0].h * labels[0].dots)])[0]
        thumb(view, *tip, fa, min(w, h) * 0.072)
    yy, xx = np.mgrid[0:h, 0:w].astype(np.float32)
    if "film" in dist:  # it lies under a clear bag
        view += (np.clip(noise(rng, h, w, 150, 1) - 1.0, 0, 0.6) * 130)[..., None]
        view = view * 0.92 + 14
    light = 1 + 0.14 * np.cos(r.uniform(0, 6.3)) * (xx / w - 0.5) + 0.16 * (yy / h - 0.5) * r.choice((-1, 1))
    if "shadow" in dist:  # of the one who takes the picture
        d = (xx - w * r.uniform(0.4, 0.6)) + (yy - h * 0.5) * r.uniform(-0.6, 0.6)
        light *= 1 - 0.42 / (1 + np.exp(-d * r.choice((-1, 1)) / 24))
    if "slats" in dist:  # light through a louvred door
        light *= 0.82 + 0.18 * np.tanh(np.sin((yy + xx * 0.3) / 95) * 4)
    if "torch" in dist:
        light *= 0.42 + 0.75 * np.exp(-(np.hypot(xx - w * 0.5, yy - h * 0.48) / (w * 0.6)) ** 2)
    if "dim" in dist:
        light *= 0.5
    view *= light[..., None]
    for word, colour in {"warm": (1.06, 0.97, 0.78), "cold": (0.88, 1.0, 1.08), "sodium": (1.08, 0.86, 0.56)}.items():
        if word in dist:
            view *= np.array(colour, np.float32)
    if "glare" in dist or "flash" in dist:
        gx, gy, size, k = case.get("glare", (0.75, 0.2, 0.13, 170))
        view += (np.exp(-((xx - w * gx) ** 2 + (yy - h * gy) ** 2 * 0.6) / (w * size) ** 2) * k)[..., None]
    if "soft" in dist:
        view = cv2.GaussianBlur(view, (0, 0), 1.5)
    if "shake" in dist or "swing" in dist:
        n = 5 if "shake" in dist else 61
        k = np.zeros((n, n), np.float32)
        cv2.line(k, (0, n // 3), (n - 1, n - 1 - n // 3), 1)
        view = cv2.filter2D(view, -1, k / k.sum())
    view += rng.standard_normal(view.shape).astype(np.float32) * (9 if "grain" in dist or "dim" in dist else 3)
    pic = Image.fromarray(np.clip(view, 0, 255).astype(np.uint8))
    exif = Image.Exif()
    if "exif" in dist:  # stored lying, with the note to turn it
        pic = pic.transpose(Image.Transpose.ROTATE_90)
        exif[0x0112] = 6
    for word, op in {"turn90": Image.Transpose.ROTATE_90, "turn180": Image.Transpose.ROTATE_180}.items():
        if word in dist:
            pic = pic.transpose(op)
            for f in fields:
                a, b, c, d = f["box"]
                f["box"] = [round(v, 4) for v in ((b, 1 - c, d, 1 - a) if word == "turn90" else (1 - c, 1 - d, 1 - a, 1 - b))]
    out = io.BytesIO()
    pic.save(out, "JPEG", quality=case.get("q", 45 if "jpeg" in dist else 84), exif=exif)
    return out.getvalue(), fields
