"""A label laid on something, bent, lit and photographed; every box goes the same way as the paper."""

import io
import math

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFilter

GROUNDS = {
    "carton": (181, 143, 98), "greybag": (118, 120, 124), "whitebag": (222, 224, 226), "weave": (226, 220, 200),
    "wood": (150, 104, 66), "concrete": (138, 136, 130), "foam": (236, 238, 238), "steel": (92, 98, 104),
    "green": (58, 96, 74), "black": (38, 38, 42), "tiles": (196, 186, 170), "pink": (232, 176, 182), "kraft": (196, 160, 112),
}  # fmt: skip


def smooth(r, w, h, n):
    return np.asarray(Image.fromarray((r.random((n, n)) * 255).astype(np.uint8)).resize((w, h), Image.Resampling.BICUBIC), np.float32) / 127.5 - 1


def ground(name, w, h, r):
    base = np.array(GROUNDS[name], np.float32)
    art = base + smooth(r, w, h, 6)[..., None] * 10 + r.normal(0, 3, (h, w, 1)).astype(np.float32)
    x, y = np.meshgrid(np.arange(w), np.arange(h))
    if name in ("carton", "kraft"):
        art += (np.sin(y / 5.2)[..., None] * 2 + smooth(r, w, h, 60)[..., None] * 5)
    elif name == "weave":
        art += (((x // 14 + y // 14) % 2) * 14 - 7 + np.sin(x * math.pi / 7) * 6)[..., None]
    elif name == "wood":
        art += (np.sin(y / 23 + smooth(r, w, h, 5) * 5) * 12 + smooth(r, w, 1, 120) * 3)[..., None]
    elif name in ("greybag", "whitebag", "black", "pink"):
        art += (np.abs(smooth(r, w, h, 9)) ** 0.5 * 24 - 12)[..., None]
    elif name == "tiles":
        art[(x % 620 < 8) | (y % 620 < 8)] -= 50
    elif name == "steel":
        art += smooth(r, w, 1, 200)[..., None] * 6
        art[np.abs(x % 480 - 240) < 5] -= 34
    elif name == "concrete":
        art += smooth(r, w, h, 200)[..., None] * 9
    return art


class Sheet:
    """One label in the plane: millimetres of the paper to millimetres of the plane and back."""

    def __init__(self, label, opts, at=(0, 0), turn=0.0):
        self.label, self.o, self.at, self.turn = label, opts, at, math.radians(turn)
        self.w, self.h = label.w, label.h
        self.wave = [(opts.get("wrinkle", 0) * a, f, p) for a, f, p in ((0.5, 0.11, 0.4), (0.32, 0.23, 2.1), (0.16, 0.47, 4.0))]

    def lift(self, u):
        """How far the paper at u is pushed along the other axis, and the light on it there."""
        c, light = np.zeros_like(u), np.ones_like(u)
        for a, f, p in self.wave:
            c, light = c + a * np.sin(u * f + p), light + a * 0.16 * np.cos(u * f + p)
        if "crease" in self.o:
            at, k = self.w * self.o["crease"], 0.05
            c = c + k * np.abs(u - at)
            light = light - 0.1 * (u > at) - 0.25 * np.exp(-(((u - at) / 0.5) ** 2)) + 0.12 * np.exp(-(((u - at - 0.9) / 0.5) ** 2))
        return c, light

    def forward(self, x, y):
        if "roll" in self.o:  # round a bottle or a tube
            R = self.w * self.o["roll"]
            d = self.lift(x)[0]
            x = self.w / 2 + R * np.sin((x - self.w / 2) / R)
            y = y + d + 3 * (1 - np.cos((x - self.w / 2) / R))
        else:
            y = y + self.lift(x)[0]
        c, s = math.cos(self.turn), math.sin(self.turn)
        x, y = x - self.w / 2, y - self.h / 2
        return x * c - y * s + self.at[0], x * s + y * c + self.at[1]

    def back(self, px, py):
        c, s = math.cos(self.turn), math.sin(self.turn)
        px, py = px - self.at[0], py - self.at[1]
        x, y = px * c + py * s + self.w / 2, -px * s + py * c + self.h / 2
        light = np.ones_like(x)
        if "roll" in self.o:
            R = self.w * self.o["roll"]
            y = y - 3 * (1 - np.cos((x - self.w / 2) / R))
            a = np.arcsin(np.clip((x - self.w / 2) / R, -1, 1))
            light = 0.35 + 0.65 * np.cos(a)
            x = np.where(np.abs((x - self.w / 2) / R) < 1, self.w / 2 + R * a, -99)
        d, l2 = self.lift(x)
        return x, y - d, light * l2


def over(art, colour, mask):
    m = mask[..., None] if mask.ndim == 2 else mask
    return art * (1 - m) + np.array(colour, np.float32) * m


def finger(art, tip, root, wide, tone):
    """A thumb from outside the picture to its tip."""
    h, w = art.shape[:2]
    m = Image.new("L", (w, h), 0)
    d = ImageDraw.Draw(m)
    d.line((*root, *tip), 255, round(wide))
    d.ellipse((tip[0] - wide / 2, tip[1] - wide / 2, tip[0] + wide / 2, tip[1] + wide / 2), 255)
    shade = np.asarray(m.filter(ImageFilter.GaussianBlur(wide / 6)), np.float32) / 255
    m = np.asarray(m.filter(ImageFilter.GaussianBlur(3)), np.float32) / 255
    dark = np.roll(shade, (int(wide / 7), int(wide / 9)), (0, 1))
    art = art * (1 - 0.4 * dark * (1 - m))[..., None]
    art = over(art, np.array(tone, np.float32) * (0.62 + 0.38 * shade[..., None] ** 1.5), m)
    ux, uy = tip[0] - root[0], tip[1] - root[1]
    n = math.hypot(ux, uy)
    nail = Image.new("L", (w, h), 0)
    cx, cy = tip[0] + ux / n * wide * 0.1, tip[1] + uy / n * wide * 0.1
    pts = [(cx + (math.cos(t) * 0.42 * ux - math.sin(t) * 0.33 * uy) / n * wide, cy + (math.cos(t) * 0.42 * uy + math.sin(t) * 0.33 * ux) / n * wide) for t in np.linspace(0, 6.28, 40)]
    ImageDraw.Draw(nail).polygon(pts, 255)
    return over(art, (236, 196, 182), np.asarray(nail.filter(ImageFilter.GaussianBlur(2)), np.float32) / 255 * 0.8)


def photograph(sheets, case, pixels=True):
    """JPEG and the fields of the sheets, boxes as fractions of the upright picture."""
    o = case["scene"]
    r = np.random.default_rng(int.from_bytes(case["id"].encode(), "big"))
    W, H = case["size"]
    first = sheets[0]
    fill = o.get("fill", 0.84)
    a = math.radians(o.get("angle", 0))
    ew, eh = (abs(first.w * math.cos(a)) + abs(first.h * math.sin(a)), abs(first.w * math.sin(a)) + abs(first.h * math.cos(a)))
    k = fill * min(W / ew, H / eh)
    cx, cy = W * (0.5 + o.get("dx", 0)), H * (0.5 + o.get("dy", 0))
    t = o.get("tilt", 0)
    A = np.array([[k * math.cos(a), -k * math.sin(a), cx], [k * math.sin(a), k * math.cos(a), cy], [0, 0, 1]])
    P = np.eye(3)
    if t:
        th = math.radians(o.get("tiltway", 70))
        P[2, 0], P[2, 1] = t * math.cos(th) / W, t * math.sin(th) / W
        P = np.array([[1, 0, cx], [0, 1, cy], [0, 0, 1]]) @ P @ np.array([[1, 0, -cx], [0, 1, -cy], [0, 0, 1]])
    M = P @ A
    quarter = o.get("lies", 0)  # quarter turns of a picture that lies, its boxes with it
    fields = []
    for n, s in enumerate(sheets):
        for field, party, verdict, (x0, y0, x1, y1) in s.label.fields:
            q = np.linspace(0, 1, 9)
            xs = np.concatenate([x0 + (x1 - x0) * q, x0 + (x1 - x0) * q, np.full(9, x0), np.full(9, x1)])
            ys = np.concatenate([np.full(9, y0), np.full(9, y1), y0 + (y1 - y0) * q, y0 + (y1 - y0) * q])
            u, v = s.forward(xs, ys)
            p = M @ np.stack([u, v, np.ones_like(u)])
            X, Y = p[0] / p[2] / W, p[1] / p[2] / H
            box = [X.min(), Y.min(), X.max(), Y.max()]
            cut = [min(max(b, 0), 1) for b in box]
            if (cut[2] - cut[0]) * (cut[3] - cut[1]) < 0.5 * (box[2] - box[0]) * (box[3] - box[1]):
                continue
            for _ in range(quarter):
                cut = [1 - cut[3], cut[0], 1 - cut[1], cut[2]]
            fields.append({"label": n, "field": field, "party": party, "verdict": verdict, "box": [round(float(b), 4) for b in cut]})
    if not pixels:
        return b"", fields
    art = ground(o.get("on", "carton"), W, H, r)
    x, y = np.meshgrid(np.arange(W, dtype=np.float32), np.arange(H, dtype=np.float32))
    I = np.linalg.inv(M).astype(np.float32)
    d = I[2, 0] * x + I[2, 1] * y + I[2, 2]
    px, py = (I[0, 0] * x + I[0, 1] * y + I[0, 2]) / d, (I[1, 0] * x + I[1, 1] * y + I[1, 2]) / d
    if "parcel" in o:  # a parcel under the label, on another ground
        e = np.minimum(np.minimum(px + first.w * 0.62, first.w * 0.6 - px), np.minimum(py + first.h * 0.58, first.h * 0.6 - py))
        under = ground(o["parcel"], W, H, r)
        art = art * (1 - 0.45 * np.exp(-np.clip(-e, 0, 40) / 4))[..., None]
        art = over(art, under, np.clip(e * k, 0, 1))
    for s in sheets[::-1]:
        u, v, light = s.back(px, py)
        e = np.minimum(np.minimum(u, s.w - u), np.minimum(v, s.h - v))
        art = art * (1 - 0.3 * np.exp(-np.clip(-e, 0, 30) / 0.8))[..., None]
        dots = s.label.dots
        pic = cv2.remap(np.asarray(s.label.image), (u * dots - 0.5).astype(np.float32), (v * dots - 0.5).astype(np.float32), cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        art = over(art, pic.astype(np.float32) * light[..., None], np.clip(e * k + 0.5, 0, 1))
    for at, wide, ang in o.get("tape", ()):
        # a strip of clear tape across the plane, with its shine
        c, s = math.cos(math.radians(ang)), math.sin(math.radians(ang))
        q = (-px * s + py * c) - at
        m = np.clip((wide / 2 - np.abs(q)) * k, 0, 1)
        shine = 0.1 + 0.22 * np.clip(smooth(r, W, H, 7), 0, 1) + 0.3 * np.exp(-(((np.abs(q) - wide / 2) / 0.35) ** 2))
        art = over(art, o.get("tapecolour", (240, 236, 226)), m * shine)
    for gx, gy, rad, force in o.get("glare", ()):
        art = art + (255 * force * np.exp(-(((x / W - gx) ** 2 + ((y / H - gy) * H / W) ** 2) / rad**2)))[..., None]
    for tip, root, wide in o.get("thumb", ()):
        art = finger(art, (tip[0] * W, tip[1] * H), (root[0] * W, root[1] * H), wide * W, o.get("tone", (206, 156, 130)))
    if "shadow" in o:  # of the phone or an arm
        m = Image.new("L", (W // 4, H // 4), 0)
        ImageDraw.Draw(m).polygon([(X * W / 4, Y * H / 4) for X, Y in o["shadow"]], fill=255)
        m = m.filter(ImageFilter.GaussianBlur(o.get("soft", 16))).resize((W, H))
        art = art * (1 - o.get("dark", 0.45) * np.asarray(m, np.float32) / 255)[..., None]
    g = math.radians(o.get("lightway", 30))
    ramp = ((x / W - 0.5) * math.cos(g) + (y / H - 0.5) * math.sin(g)) * o.get("ramp", 0.25)
    art = np.clip(art, 0, 275) * (1 + ramp)[..., None] * np.array(o.get("tint", (1, 1, 1)), np.float32) * o.get("expose", 0.92)
    if "smear" in o:
        n, way = o["smear"]
        kern = cv2.warpAffine(np.pad(np.ones((1, n), np.float32), ((n // 2, n // 2), (0, 0)))[:n], cv2.getRotationMatrix2D(((n - 1) / 2, (n - 1) / 2), way, 1), (n, n))
        art = cv2.filter2D(art.astype(np.float32), -1, kern / kern.sum())
    if o.get("blur", 0.6):
        art = cv2.GaussianBlur(art.astype(np.float32), (0, 0), o.get("blur", 0.6))
    art = np.clip(art + r.normal(0, o.get("noise", 2.5), art.shape), 0, 255).astype(np.uint8)
    pic = Image.fromarray(np.ascontiguousarray(np.rot90(art, -quarter)))
    exif = Image.Exif()
    if "exif" in o:  # the camera lay; its tag says so
        pic = pic.transpose(Image.Transpose.ROTATE_90)
        exif[274] = 6
    out = io.BytesIO()
    pic.save(out, "JPEG", quality=o.get("q", 82), exif=exif)
    return out.getvalue(), fields
