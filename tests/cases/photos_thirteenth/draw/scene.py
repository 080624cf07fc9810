"""The photo: paper on a parcel, a telephone above it."""

import io
import math
import random

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

GROUNDS = [(176, 138, 98), (160, 122, 84), (222, 222, 218), (92, 96, 104), (206, 208, 214), (236, 232, 224), (58, 60, 66), (190, 160, 120)]


def homography(src, dst):
    rows, rhs = [], []
    for (x, y), (u, v) in zip(src, dst, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        rhs += [u, v]
    return np.append(np.linalg.solve(np.array(rows, float), np.array(rhs, float)), 1).reshape(3, 3)


def at(m, x, y):
    u, v, w = m @ np.array([x, y, 1.0])
    return u / w, v / w


class Placed:
    """One label on the picture: from millimetres to pixels and back, with the bulge of a soft parcel."""

    def __init__(self, lab, cx, cy, scale, angle, slant, curl, rng):
        self.lab, self.curl = lab, curl
        a = math.radians(angle)
        pts = []
        for x, y in ((0, 0), (lab.w, 0), (lab.w, lab.h), (0, lab.h)):
            dx, dy = (x - lab.w / 2) * scale, (y - lab.h / 2) * scale
            pts.append((cx + dx * math.cos(a) - dy * math.sin(a) + rng.uniform(-1, 1) * slant, cy + dx * math.sin(a) + dy * math.cos(a) + rng.uniform(-1, 1) * slant))
        self.m = homography([(0, 0), (lab.w, 0), (lab.w, lab.h), (0, lab.h)], pts)
        self.inv = np.linalg.inv(self.m)

    def out(self, x, y):
        return at(self.m, x, y - self.curl * math.sin(math.pi * x / self.lab.w))

    def back(self, px, py):
        x, y = at(self.inv, px, py)
        return x, y + self.curl * math.sin(math.pi * min(max(x / self.lab.w, -0.2), 1.2))

    def warp(self, size):
        lab, d, pad = self.lab, self.lab.dots, 8
        sheet = Image.new("RGBA", (lab.image.width + 2 * pad, lab.image.height + 2 * pad), (250, 250, 248, 0))
        sheet.paste(lab.image.convert("RGBA"), (pad, pad))
        step, mesh = 60, []
        for y in range(0, size[1], step):
            for x in range(0, size[0], step):
                x1, y1 = min(x + step, size[0]), min(y + step, size[1])
                quad = [self.back(*p) for p in ((x, y), (x, y1), (x1, y1), (x1, y))]
                if max(q[0] for q in quad) < -1 or min(q[0] for q in quad) > lab.w + 1 or max(q[1] for q in quad) < -1 or min(q[1] for q in quad) > lab.h + 1:
                    continue
                mesh.append(((x, y, x1, y1), [v * d + pad for q in quad for v in q]))
        return sheet.transform(size, Image.Transform.MESH, mesh, Image.Resampling.BICUBIC)

    def box(self, b, size):
        pts = [self.out(x, y) for x in (b[0], (b[0] + b[2]) / 2, b[2]) for y in (b[1], b[3])]
        x0, y0 = min(p[0] for p in pts), min(p[1] for p in pts)
        x1, y1 = max(p[0] for p in pts), max(p[1] for p in pts)
        area = max(1e-6, (x1 - x0) * (y1 - y0))
        x0, x1 = (min(max(v, 0), size[0]) for v in (x0, x1))
        y0, y1 = (min(max(v, 0), size[1]) for v in (y0, y1))
        if (x1 - x0) * (y1 - y0) < area / 2:
            return None
        return [round(v, 4) for v in (x0 / size[0], y0 / size[1], x1 / size[0], y1 / size[1])]


def ground(size, rng, nrng):
    w, h = size
    base = np.array(rng.choice(GROUNDS), np.float32)
    coarse = Image.fromarray((nrng.random((h // 90 + 2, w // 90 + 2)) * 255).astype(np.uint8)).resize(size, Image.Resampling.BICUBIC)
    grain = np.asarray(coarse, np.float32)[..., None] / 255 - 0.5
    ribs = np.sin(np.arange(w) / rng.uniform(7, 13))[None, :, None] * rng.uniform(0, 4)
    pic = Image.fromarray(np.clip(base + grain * 26 + ribs, 0, 255).astype(np.uint8))
    d = ImageDraw.Draw(pic)
    tone = tuple(int(v * 0.82) for v in base)
    if rng.random() < 0.6:  # the parcel's seam or edge
        x = rng.uniform(0.02, 0.16) * w
        d.line((x, 0, x + rng.uniform(-60, 60), h), tone, 9)
    if rng.random() < 0.5:
        y = rng.uniform(0.9, 0.98) * h
        d.polygon([(0, y), (w, y + rng.uniform(-40, 40)), (w, h), (0, h)], tone)
    return pic


def photograph(labels, case, pixels=True):
    rng = random.Random("13" + case["id"])
    nrng = np.random.default_rng(rng.randint(0, 1 << 30))
    dist = case["dist"].split()
    lab = labels[0]
    size = case.get("size") or ((2000, 1500) if lab.w > lab.h * 1.1 or len(labels) > 1 else (1440, 1920))
    w, h = size
    tilt = rng.choice([-1, 1]) * (rng.uniform(4, 9) if "tilt" in dist else rng.uniform(0, 2))
    slant = w * (0.035 if "slant" in dist else 0.008)
    curl = rng.uniform(1.6, 3) if "curl" in dist else 0
    room = 1 / (1 + abs(math.radians(tilt)) * 0.8)
    fill = rng.uniform(0.82, 0.92) * (0.8 if "far" in dist else 1)
    placed = []
    if len(labels) > 1:
        for i, one in enumerate(labels):
            s = min(w * 0.46 / one.w, h * 0.86 / one.h) * room
            placed.append(Placed(one, w * (0.26 if i == 0 else 0.75), h * (0.5 + rng.uniform(-0.03, 0.03)), s, tilt + rng.uniform(-3, 3), slant / 2, curl, rng))
    else:
        s = min(w * fill / lab.w, h * fill / lab.h) * room
        cy = h * (0.5 + rng.uniform(-0.02, 0.02))
        if "cut" in dist:
            s *= 1.12
            cy = h - s * (case["cutat"] - lab.h / 2)
        placed.append(Placed(lab, w * (0.5 + rng.uniform(-0.02, 0.02)), cy, s, 0.5 if "cut" in dist else tilt, slant, curl, rng))
    fields = []
    for i, p in enumerate(placed):
        for field, party, verdict, b in p.lab.fields:
            box = p.box(b, size)
            if box:
                fields.append({"label": i, "field": field, "party": party, "verdict": verdict, "box": box})
    if not pixels:
        return b"", fields
    pic = ground(size, rng, nrng)
    for p in placed:
        art = p.warp(size)
        alpha = art.getchannel("A")
        dark = Image.new("L", size)
        dark.paste(alpha.point(lambda v: v * 2 // 5), (9, 12))
        pic.paste((20, 18, 16), (0, 0), dark.filter(ImageFilter.BoxBlur(9)))
        pic.paste(art.convert("RGB"), (0, 0), alpha)
    lay = Image.new("L", size, 128)  # light and dark above the paper: 128 is neither
    d = ImageDraw.Draw(lay)
    if "shadow" in dist:
        x = rng.uniform(0.25, 0.75) * w
        d.polygon([(x, 0), (w, 0), (w, h), (x + rng.uniform(-0.35, 0.35) * w, h)], 82)
    if "hand" in dist:
        d.ellipse((-0.3 * w, 0.7 * h, 0.35 * w, 1.4 * h), 84)
    lay = lay.resize((w // 4, h // 4)).filter(ImageFilter.BoxBlur(14)).resize(size)
    a = np.asarray(pic, np.float32) * (np.asarray(lay, np.float32) / 128)[..., None]
    gx, gy = np.meshgrid(np.linspace(-1, 1, w, dtype=np.float32), np.linspace(-1, 1, h, dtype=np.float32))
    power = 0.26 if "light" in dist else 0.08
    t = rng.uniform(0, 6.28)
    a *= (0.93 + power * (gx * math.cos(t) + gy * math.sin(t)))[..., None]
    if "crease" in dist:
        for _ in range(2):
            t, o = rng.uniform(-0.5, 0.5), rng.uniform(-0.5, 0.5)
            dd = gy - o - t * gx
            a *= (1 - 0.2 * np.exp(-((dd / 0.006) ** 2)) + 0.1 * np.exp(-(((dd - 0.012) / 0.008) ** 2)))[..., None]
    if "tape" in dist:
        y0, t = rng.uniform(-0.5, 0.4), rng.uniform(-0.1, 0.1)
        dd = gy - y0 - t * gx
        a += ((dd > 0) & (dd < 0.2)).astype(np.float32)[..., None] * np.array([15, 12, 2], np.float32)
        a += (np.exp(-(((dd - 0.08 - 0.02 * np.sin(gx * 9)) / 0.016) ** 2)) * np.exp(-(((gx - 0.4) / 0.4) ** 2)) * 60)[..., None]
    if "glare" in dist:
        a += (np.exp(-(((gx - 0.55) / 0.3) ** 2) - (((gy + 0.75) / 0.2) ** 2)) * 55)[..., None]
    if "whiteout" in dist:
        a += (np.clip(1.7 * np.exp(-((gx / 1.1) ** 2) - (((gy + 0.05) / 0.95) ** 2)), 0, 1) * 330)[..., None]
    if "dim" in dist:
        a *= 0.5
    if "night" in dist:
        a *= 0.045
    a *= np.array(rng.choice([(1, 1, 1), (1, 0.97, 0.9), (0.96, 1, 1.02), (1, 0.99, 0.95)]), np.float32)
    noise = 9 if "noise" in dist or "night" in dist else 3
    a += nrng.normal(0, noise, (h, w, 1)).astype(np.float32)
    pic = Image.fromarray(np.clip(a, 0, 255).astype(np.uint8))
    if "hand" in dist:  # a thumb on the edge of the parcel
        d = ImageDraw.Draw(pic)
        d.rounded_rectangle((-120, 0.93 * h, 0.13 * w, 1.08 * h), 70, (206, 158, 132))
    if "ruin" in dist:
        pic = pic.filter(ImageFilter.GaussianBlur(17))
    elif "blur" in dist:
        pic = pic.filter(ImageFilter.GaussianBlur(1.5 * w / 1440))
    else:
        pic = pic.filter(ImageFilter.GaussianBlur(0.6))
    buf, kw = io.BytesIO(), {}
    if "exif" in dist:  # stored lying, to be turned a quarter clockwise by its tag
        pic = pic.transpose(Image.Transpose.ROTATE_90)
        exif = Image.Exif()
        exif[274] = 6
        kw["exif"] = exif
    pic.save(buf, "JPEG", quality=48 if "jpeg" in dist else 86, **kw)
    return buf.getvalue(), fields
