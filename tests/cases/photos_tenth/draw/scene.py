"""An inspector's phone over a label: parcel, floor, tilt, curl, light and what goes wrong."""

import io
import math
import random
import zlib

import cv2
import numpy as np
from PIL import Image

FLOORS = {  # colour of the ground, strength of its grain, direction of the grain
    "belt": ((52, 54, 56), 7, 0), "steel": ((168, 172, 176), 9, 1), "concrete": ((142, 138, 130), 16, 0),
    "wood": ((164, 124, 84), 14, 1), "shelf": ((92, 110, 138), 5, 0), "paper": ((214, 206, 190), 5, 0),
    "green": ((70, 112, 92), 6, 0), "pallet": ((188, 158, 112), 18, 1),
}  # fmt: skip
PARCELS = {
    "carton": (178, 142, 100), "white": (226, 226, 224), "grey": (120, 122, 128), "black": (44, 44, 48),
    "pink": (222, 168, 182), "foam": (236, 238, 240), "kraft": (196, 164, 122), "blue": (84, 122, 176),
}  # fmt: skip

def grain(shape, colour, strength, along, g):
    h, w = shape
    noise = g.normal(0, 1, (h // 4 + 1, w // 4 + 1)).astype(np.float32)
    noise = cv2.GaussianBlur(noise, (0, 0), sigmaX=14 if along else 1.4, sigmaY=1.2)
    noise = cv2.resize(noise / (noise.std() + 1e-6), (w, h))
    return np.array(colour, np.float32) + noise[..., None] * strength

class Bend:
    """From the flat picture of a label to the bent one: a sag along one axis, a ripple along the other."""

    def __init__(self, label, strength, rng):
        self.w, self.h = label.image.size
        self.ax, self.ay = (strength * rng.uniform(0.4, 1) * self.w * rng.choice((-1, 1)) for _ in "xy")
        self.fx, self.fy = rng.uniform(0.5, 1.3), rng.uniform(0.5, 1.1)
        self.p, self.q = rng.uniform(0, 3), rng.uniform(0, 3)

    def source(self, u, v):
        x = u + self.ax * np.sin(self.fx * math.pi * v / self.h + self.p)
        y = v + self.ay * np.sin(self.fy * math.pi * u / self.w + self.q)
        return x, y

    def target(self, x, y):
        u, v = x, y
        for _ in range(12):
            sx, sy = self.source(u, v)
            u, v = u + x - sx, v + y - sy
        return u, v

    def shine(self, u, v):
        k = (abs(self.ax) + abs(self.ay)) / self.w * 4
        return 1 + k * np.cos(self.fy * math.pi * u / self.w + self.q) * np.cos(0.4 + self.fx * math.pi * v / self.h)

def corners(w, h, cx, cy, scale, angle, pitch, yaw):
    """Corners of a sheet of w by h millimetres turned in space, in pixels."""
    a, b, c = (math.radians(d) for d in (angle, pitch, yaw))
    out = []
    for x, y in ((-w / 2, -h / 2), (w / 2, -h / 2), (w / 2, h / 2), (-w / 2, h / 2)):
        x, y = x * math.cos(a) - y * math.sin(a), x * math.sin(a) + y * math.cos(a)
        z = y * math.sin(b) + x * math.sin(c)
        k = 330 / (330 + z)
        out.append((cx + x * math.cos(c) * k * scale, cy + y * math.cos(b) * k * scale))
    return np.array(out, np.float32)

def places(labels, case, size, rng):
    w, h = size
    if "at" in case:
        return [(x * w, y * h, s * min(w, h) / 100, a) for x, y, s, a in case["at"]]
    if len(labels) == 1:
        one = labels[0]
        scale = min(0.84 * w / one.w, 0.86 * h / one.h)
        room = (w - one.w * scale) / 4, (h - one.h * scale) / 4
        centre = [w / 2 + rng.uniform(-1, 1) * room[0], h / 2 + rng.uniform(-1, 1) * room[1]]
        return [(*centre, scale, rng.uniform(-5, 5))]
    out, part = [], w / len(labels)
    for n, one in enumerate(labels):
        scale = min(0.88 * part / one.w, 0.88 * h / one.h)
        out.append((part * (n + 0.5), h * rng.uniform(0.47, 0.53), scale, rng.uniform(-3, 3)))
    return out

def worn(label, words, rng, g):
    """The print itself: faded, with dead dots of the head, creased, taped."""
    art = np.asarray(label.image).astype(np.float32)
    h, w = art.shape[:2]
    if "fade" in words:
        veil = grain((h, w), (0, 0, 0), 1, 0, g)[..., :1]
        art = 255 - (255 - art) * np.clip(0.52 + 0.10 * cv2.GaussianBlur(veil, (0, 0), w / 12)[..., None], 0.3, 1)
    if "deadhead" in words:
        for _ in range(5):
            x = rng.randrange(w)
            art[:, x : x + 2] = 250
    if "crease" in words:
        yy, xx = np.mgrid[0:h, 0:w].astype(np.float32)
        for _ in range(2):
            a, d0 = rng.uniform(-0.7, 0.7), rng.uniform(0.2, 0.8) * h
            d = (yy - d0 - a * (xx - w / 2)) / label.dots
            art *= (1 - 0.28 * np.exp(-(d**2) / 0.12) + 0.12 * np.exp(-((d - 0.9) ** 2) / 0.5))[..., None]
    if "heat" in words:
        yy, xx = np.mgrid[0:h, 0:w].astype(np.float32)
        blot = np.exp(-(((xx - w * 0.5) / (w * 0.62)) ** 6) - ((yy - h * 0.5) / (h * 0.47)) ** 6)[..., None]
        art = art * (1 - blot) + 26 * blot
    if "tape" in words:
        y, t = int(h * rng.uniform(0.25, 0.65)), int(h * 0.16)
        art[y : y + t] = art[y : y + t] * 0.86 + np.array((222, 206, 168), np.float32) * 0.14
        art[y : y + 3] *= 0.9
        ramp = np.exp(-(((np.arange(w) - w * rng.uniform(0.2, 0.8)) / (w * 0.07)) ** 2))[None, :, None]
        art[y : y + t] += 60 * ramp
    return np.clip(art, 0, 255)

def photograph(labels, case, pixels=True):
    """JPEG of the labels and the fields in view."""
    words = case["dist"].split()
    rng, g = random.Random("scene" + case["id"]), np.random.default_rng(zlib.crc32(case["id"].encode()))
    wide = len(labels) > 1 or labels[0].w > labels[0].h * 1.15
    w, h = case.get("size", (2080, 1560) if wide else (1440, 1920))
    tilt = 15 if "steep" in words else 8 if "angle" in words else 2.5
    sag = 0.022 if "curl" in words else 0.004
    ground = case.get("ground", rng.choice(sorted(FLOORS)))
    out = grain((h, w), *FLOORS[ground], g) if pixels else None
    fields = []
    for n, (label, (cx, cy, scale, angle)) in reversed(list(enumerate(zip(labels, places(labels, case, (w, h), rng), strict=True)))):
        bend = Bend(label, sag, rng)
        pitch, yaw = rng.choice((-1, 1)) * rng.uniform(0.5, 1) * tilt, rng.choice((-1, 1)) * rng.uniform(0.3, 1) * tilt
        quad = corners(label.w, label.h, cx, cy, scale, angle, pitch, yaw)
        iw, ih = label.image.size
        flat = np.array([(0, 0), (iw, 0), (iw, ih), (0, ih)], np.float32)
        there = cv2.getPerspectiveTransform(flat, quad)
        skin = rng.choice(sorted(PARCELS))
        if pixels:
            grow = 1.12 if len(labels) > 1 else rng.uniform(1.15, 1.9)
            body = (quad - quad.mean(0)) * grow + quad.mean(0)
            mask = np.zeros((h, w), np.float32)
            cv2.fillConvexPoly(mask, body.astype(np.int32), 1)
            dark = cv2.GaussianBlur(np.roll(mask, (16, 12), (0, 1)), (0, 0), 22)
            out *= 1 - 0.45 * dark[..., None]
            out = np.where(mask[..., None] > 0, grain((h, w), PARCELS[case.get("parcel", skin)], 5, 0, g), out)
            back = np.linalg.inv(there)
            yy, xx = np.mgrid[0:h, 0:w].astype(np.float32)
            z = back[2, 0] * xx + back[2, 1] * yy + back[2, 2]
            u, v = (back[0, 0] * xx + back[0, 1] * yy + back[0, 2]) / z, (back[1, 0] * xx + back[1, 1] * yy + back[1, 2]) / z
            sx, sy = bend.source(u, v)
            art = worn(label, words, rng, g)
            shrink = scale / label.dots
            if shrink < 0.9:
                art = cv2.GaussianBlur(art, (0, 0), 0.42 / shrink)
            shot = cv2.remap(art, sx.astype(np.float32), sy.astype(np.float32), cv2.INTER_LINEAR)
            inside = ((sx > 0) & (sx < iw - 1) & (sy > 0) & (sy < ih - 1)).astype(np.float32)
            edge = cv2.GaussianBlur(np.roll(inside, (4, 3), (0, 1)), (0, 0), 4)
            out *= 1 - 0.35 * edge[..., None]
            inside = cv2.GaussianBlur(inside, (0, 0), 0.8)[..., None]
            out = out * (1 - inside) + (shot * bend.shine(u, v)[..., None]) * inside * 0.93
        for field, party, verdict, box in label.fields:
            x0, y0, x1, y1 = (t * label.dots for t in box)
            rim = [(x0 + (x1 - x0) * i / 6, y) for i in range(7) for y in (y0, y1)] + [(x, (y0 + y1) / 2) for x in (x0, x1)]
            pts = np.array([[bend.target(*p) for p in rim]], np.float32)
            pts = cv2.perspectiveTransform(pts, there)[0]
            (l, t), (r, b) = pts.min(0), pts.max(0)
            cl, ct, cr, cb = max(l, 0), max(t, 0), min(r, w), min(b, h)
            if cr <= cl or cb <= ct or (cr - cl) * (cb - ct) < 0.5 * (r - l) * (b - t):
                continue
            fields.append({"label": n, "field": field, "party": party, "verdict": verdict,
                           "box": [round(float(q), 4) for q in (cl / w, ct / h, cr / w, cb / h)]})  # fmt: skip
    fields.sort(key=lambda f: f["label"])
    turn = next((int(word[4:]) for word in words if word.startswith("turn")), 0)
    for f in fields:
        for _ in range(turn // 90):  # the picture simply lies, a quarter clockwise each
            x0, y0, x1, y1 = f["box"]
            f["box"] = [round(q, 4) for q in (1 - y1, x0, 1 - y0, x1)]
    if not pixels:
        return b"", fields
    return finish(out, words, turn, rng, g), fields

def finish(out, words, turn, rng, g):
    """Fingers, light, lens and file."""
    h, w = out.shape[:2]
    yy, xx = np.mgrid[0:h, 0:w].astype(np.float32)
    if "hand" in words:
        side = rng.choice((0, 1))
        for k in range(2):
            cx, cy = (w * 0.985 if side else w * 0.015), h * (0.5 + 0.16 * k)
            d = ((xx - cx) / (w * 0.075)) ** 2 + ((yy - cy) / (h * 0.05)) ** 2
            m = np.clip((1 - d) * 8, 0, 1)[..., None]
            out = out * (1 - m) + (np.array((208, 164, 138), np.float32) * (1 - 0.25 * np.clip(d, 0, 1))[..., None]) * m
    a = rng.uniform(0, 6.3)
    light = 1 + 0.10 * ((xx / w - 0.5) * math.cos(a) + (yy / h - 0.5) * math.sin(a)) * 2
    if "shadow" in words:
        cut = np.zeros((h, w), np.float32)
        x = rng.uniform(0.3, 0.6) * w
        side = 0 if rng.random() < 0.5 else w
        cv2.fillPoly(cut, [np.array([(side, h), (side, h * rng.uniform(0, 0.3)), (x, h * rng.uniform(0.2, 0.4)), (x * 1.2, h)], np.int32)], 1)
        light *= 1 - 0.42 * cv2.GaussianBlur(cut, (0, 0), w / 50)
    if "lamp" in words:
        light *= 1.15 - 0.5 * np.hypot((xx - w * rng.uniform(0.3, 0.7)) / w, (yy - h * rng.uniform(0.2, 0.6)) / h)
    out *= light[..., None]
    out *= np.array((1.05, 0.98, 0.84) if "warm" in words else (0.93, 1.0, 1.05) if "cold" in words else (1, 0.995, 0.985), np.float32)
    if "soft" in words:
        out = cv2.GaussianBlur(out, (0, 0), 1.5)
    if "motion" in words:
        n = 11 if "ruined" not in words else 75
        kernel = np.zeros((n, n), np.float32)
        kernel[n // 2] = 1 / n
        turned = cv2.getRotationMatrix2D((n // 2, n // 2), rng.uniform(-30, 60), 1)
        kernel = cv2.warpAffine(kernel, turned, (n, n))
        out = cv2.filter2D(out, -1, kernel / kernel.sum())
    out += g.normal(0, 6 if "noise" in words else 2, out.shape).astype(np.float32)
    image = Image.fromarray(np.clip(out, 0, 255).astype(np.uint8)).rotate(-turn, expand=True)
    data, exif = io.BytesIO(), Image.Exif()
    if "exif" in words:  # the sensor lay on its side; the file says so
        image, exif[0x0112] = image.transpose(Image.Transpose.ROTATE_90), 6
    image.save(data, "JPEG", quality=38 if "jpeg" in words else 84, exif=exif)
    return data.getvalue()
