"""A cheap phone's hurried photo of labels lying on things in a warehouse."""

import io
import math

import cv2
import numpy as np
from PIL import Image

cv2.setNumThreads(1)
GROUND = {
    "carton": (132, 168, 196), "sack": (150, 140, 128), "foam": (236, 236, 232), "crate": (150, 92, 40),
    "belt": (52, 50, 50), "floor": (140, 146, 146), "pallet": (118, 158, 192), "steel": (176, 170, 164),
    "bag": (70, 70, 72), "film": (168, 160, 150),
}  # fmt: skip  (BGR)


def noise(rng, h, w, cells, ax=1.0):
    small = rng.standard_normal((max(2, int(cells)), max(2, int(cells * ax)))).astype(np.float32)
    return cv2.resize(small, (w, h), interpolation=cv2.INTER_CUBIC)


def ground(kind, rng, w, h):
    img = np.full((h, w, 3), GROUND[kind], np.float32)
    img += noise(rng, h, w, 5)[..., None] * 9
    yy, xx = np.mgrid[:h, :w].astype(np.float32)
    t = rng.uniform(0, math.pi)
    along = xx * math.cos(t) + yy * math.sin(t)
    if kind == "carton":
        img += (np.sin(along / 13) * 3)[..., None] + noise(rng, h, w, 160, 0.1)[..., None] * 4
        img[np.abs(along - along.mean() - 0.3 * w) < 70] += 18
    elif kind in ("sack", "bag", "film"):
        img += np.abs(noise(rng, h, w, 9, 1.6))[..., None] * 22 - 10
        img += (noise(rng, h, w, 26) > 1.5)[..., None] * 30
    elif kind == "foam":
        img += noise(rng, h, w, 220)[..., None] * 5
    elif kind == "crate":
        img[(xx % 210 < 26) | (yy % 210 < 26)] *= 0.62
    elif kind == "belt":
        img += noise(rng, h, w, 300)[..., None] * 8 + (np.sin(along / 40) > 0.96)[..., None] * 14
    elif kind == "pallet":
        img += noise(rng, h, w, 90, 0.06)[..., None] * 13
        img[(yy % 520) < 46] *= 0.3
    elif kind == "steel":
        img += noise(rng, h, w, 260, 0.05)[..., None] * 6
    else:
        img += noise(rng, h, w, 240)[..., None] * 10 + noise(rng, h, w, 40)[..., None] * 5
    return img


class Place:
    """Where a label lies: corner points in the picture, and how it is bent."""

    def __init__(self, label, centre, scale, turn, lean, bend, rng):
        w, h = label.w * scale, label.h * scale
        a = math.radians(turn)
        q = np.array([[-w, -h], [w, -h], [w, h], [-w, h]]) / 2
        q = q @ np.array([[math.cos(a), math.sin(a)], [-math.sin(a), math.cos(a)]])
        d = np.array([lean[0] * q[:, 0] / w + lean[1] * q[:, 1] / h]).T
        self.quad = (q / (1 + d) + centre).astype(np.float32)
        unit = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float32)
        self.m = cv2.getPerspectiveTransform(unit, self.quad)
        self.bend, self.label, self.ph = bend, label, rng.uniform(0, 2, 2)

    def back(self, x, y):
        a, b = self.bend
        return (x + a * np.sin(math.pi * (y * 1.3 + self.ph[0])), y + b * np.sin(math.pi * (x * 1.2 + self.ph[1])))

    def to_picture(self, pts):
        uv = np.array(pts, np.float64) / [self.label.w, self.label.h]
        xy = uv.copy()
        for _ in range(12):
            bx, by = self.back(xy[:, 0], xy[:, 1])
            xy = xy + uv - np.stack([bx, by], 1)
        return cv2.perspectiveTransform(xy[None].astype(np.float64), self.m.astype(np.float64))[0]

    def hull(self, box):
        x0, y0, x1, y1 = box
        t = np.linspace(0, 1, 7)
        pts = [(x0 + (x1 - x0) * a, y) for a in t for y in (y0, (y0 + y1) / 2, y1)]
        p = self.to_picture(pts)
        return [*p.min(0), *p.max(0)]

    def paint(self, img, rng, fold):
        h, w = img.shape[:2]
        inv = np.linalg.inv(self.m)
        yy, xx = np.mgrid[:h, :w].astype(np.float32)
        d = inv[2, 0] * xx + inv[2, 1] * yy + inv[2, 2]
        x, y = (inv[0, 0] * xx + inv[0, 1] * yy + inv[0, 2]) / d, (inv[1, 0] * xx + inv[1, 1] * yy + inv[1, 2]) / d
        u, v = self.back(x, y)
        art = np.asarray(self.label.image)[..., ::-1].copy()
        ah, aw = art.shape[:2]
        got = cv2.remap(art, (u * aw).astype(np.float32), (v * ah).astype(np.float32), cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        edge = np.minimum(np.minimum(u, 1 - u) * aw, np.minimum(v, 1 - v) * ah)
        mask = np.clip(edge + 0.5, 0, 1).astype(np.float32)
        shade = np.roll(cv2.GaussianBlur(mask, (0, 0), 9), (7, 5), (0, 1))
        img *= (1 - 0.4 * shade * (1 - mask))[..., None]
        got = got.astype(np.float32) * 0.93
        a, b = self.bend
        if a or b:
            k = 9 * a * np.cos(math.pi * (y * 1.3 + self.ph[0])) + 9 * b * np.cos(math.pi * (x * 1.2 + self.ph[1]))
            got *= (1 - np.abs(k) * 0.8 + k * 0.3).clip(0.5, 1.2)[..., None]
        for _ in range(fold):
            t, o = rng.uniform(0, math.pi), rng.uniform(0.25, 0.75)
            s = (u - 0.5) * math.cos(t) + (v - 0.5) * math.sin(t) - o + 0.5
            got += (np.exp(-((s * 220) ** 2)) * 42 - np.exp(-(((s - 0.006) * 160) ** 2)) * 48)[..., None]
            got *= np.where(s > 0, 0.93, 1)[..., None]
        img[:] = img * (1 - mask[..., None]) + got * mask[..., None]


def soft(h, w, centre, radii, angle, power=1.0):
    yy, xx = np.mgrid[:h, :w].astype(np.float32)
    x, y = xx - centre[0], yy - centre[1]
    c, s = math.cos(angle), math.sin(angle)
    r = ((x * c + y * s) / radii[0]) ** 2 + ((y * c - x * s) / radii[1]) ** 2
    return np.exp(-(r**power))


def clear_spot(boxes, w, h, rng, margin):
    """The point of the picture farthest from every field of some sixty tried."""
    def gap(p):
        return min((math.hypot(max(b[0] - p[0], p[0] - b[2], 0), max(b[1] - p[1], p[1] - b[3], 0)) for b in boxes), default=999)
    return max(((rng.uniform(margin, w - margin), rng.uniform(margin, h - margin)) for _ in range(60)), key=gap)


def finger(img, at, long, rng):
    """A thumb that comes from below and ends before the fields."""
    h, w = img.shape[:2]
    x, y = int(at), int(h - long)
    tip = cv2.line(np.zeros((h, w), np.float32), (x, y), (x + 60, h + 200), 1.0, 150, cv2.LINE_AA)
    img *= (1 - 0.35 * np.roll(cv2.GaussianBlur(tip, (0, 0), 16), 14, 1) * (1 - tip))[..., None]
    skin = np.array([118, 148, 196], np.float32) * (0.55 + 0.5 * cv2.GaussianBlur(tip, (0, 0), 45))[..., None]
    soft_tip = cv2.GaussianBlur(tip, (0, 0), 2)[..., None]
    img[:] = img * (1 - soft_tip) + skin * soft_tip
    cv2.ellipse(img, (x, y - 20), (36, 44), 0, 0, 360, (168, 182, 222), -1, cv2.LINE_AA)


def photograph(labels, case, pixels=True):
    rng = np.random.default_rng(int.from_bytes(case["id"].encode(), "big"))
    dist = dict((d.split(":") + ["1"])[:2] for d in case.get("dist", "").split())
    lab = labels[0]
    long = max(lab.w, lab.h) > 1.12 * min(lab.w, lab.h)
    w, h = case.get("size") or ((2000, 1500) if lab.w > lab.h and long else (1500, 2000))
    turn = rng.uniform(-2.5, 2.5) + float(dist.get("tilt", 0))
    lean = rng.uniform(-0.05, 0.05, 2)
    if "lean" in dist:
        k = float(dist["lean"])
        lean = np.array([k * 0.16, k * rng.uniform(0.12, 0.3)]) * rng.choice([-1, 1], 2)
    bend = (0.008 * float(dist.get("bend", 0)), 0.010 * float(dist.get("bend", 0)))
    a, n, grow = math.radians(abs(turn) % 180), len(labels), 1 + 0.35 * np.abs(lean).sum()
    wide = (lab.w * abs(math.cos(a)) + lab.h * abs(math.sin(a))) * grow
    high = (lab.h * abs(math.cos(a)) + lab.w * abs(math.sin(a))) * grow
    fill = case.get("fill", 0.93)
    room = (1, 0.5 if n > 1 else 1)  # a second label lies under the first
    scale = min(w * fill * room[0] / wide, h * fill * room[1] / high)
    mid = np.array([w, h]) / 2 + np.array(case.get("shift", (0, 0))) * [w, h]
    places = []
    for i, one in enumerate(labels):
        c, t = mid + rng.uniform(-0.008, 0.008, 2) * [w, h], turn
        s = scale
        if n > 1:
            c, t = c + np.array([0, h / 4]) * (1 if i else -1), turn + (rng.uniform(-3, 3) if i else 0)
        if i:
            s = min(scale * 1.3, w * fill / (one.w * 1.1), h * fill * 0.5 / (one.h * 1.2))
        places.append(Place(one, c, s, t, lean, bend, rng))
    fields, boxes = [], []
    for i, p in enumerate(places):
        for field, party, verdict, box in p.label.fields:
            b = p.hull(box)
            inside = max(0, min(b[2], w) - max(b[0], 0)) * max(0, min(b[3], h) - max(b[1], 0))
            if inside < 0.5 * (b[2] - b[0]) * (b[3] - b[1]):
                continue
            boxes.append(b)
            fields.append({"label": i, "field": field, "party": party, "verdict": verdict,
                           "box": [min(1, max(0, b[0] / w)), min(1, max(0, b[1] / h)), min(1, max(0, b[2] / w)), min(1, max(0, b[3] / h))]})  # fmt: skip
    lies = next((int(d[4:]) for d in dist if d.startswith("turn")), 0)
    for f in fields:
        x0, y0, x1, y1 = f["box"]
        f["box"] = [round(float(v), 4) for v in {0: (x0, y0, x1, y1), 90: (y0, 1 - x1, y1, 1 - x0), 180: (1 - x1, 1 - y1, 1 - x0, 1 - y0), 270: (1 - y1, x0, 1 - y0, x1)}[lies]]
    if not pixels:
        return b"", fields
    img = ground(case.get("on", "carton"), rng, w, h)
    for p in places:
        p.paint(img, rng, int(dist.get("fold", 0)))
    # light
    yy, xx = np.mgrid[:h, :w].astype(np.float32)
    t = rng.uniform(0, 2 * math.pi)
    k = 0.32 if "lamp" in dist else 0.10
    img *= (1 - k / 2 + k * ((xx / w - 0.5) * math.cos(t) + (yy / h - 0.5) * math.sin(t)))[..., None]
    if "shadow" in dist:  # of the phone and the arm
        k = float(dist["shadow"])
        sx, sy = rng.uniform(0.2, 0.8) * w, rng.uniform(0.3, 0.7) * h
        m = np.zeros((h, w), np.float32)
        poly = cv2.boxPoints(((sx, sy), (w * 0.5, h * 0.62), rng.uniform(-40, 40)))
        cv2.fillPoly(m, [poly.astype(np.int32)], 1.0)
        cv2.line(m, (int(sx), int(sy)), (int(rng.uniform(0, w)), h + 100), 1.0, 260)
        img *= (1 - 0.42 * k * cv2.GaussianBlur(m, (0, 0), 22))[..., None]
    if "flash" in dist:
        k = float(dist["flash"])
        if k > 2:
            img += soft(h, w, (w * 0.5, h * 0.5), (w * 0.5, h * 0.46), 0.3, 2)[..., None] * 330
            img += np.clip(noise(rng, h, w, 12), 0, 1)[..., None] * 120
        else:
            spot = clear_spot(boxes, w, h, rng, 120)
            img += soft(h, w, spot, (110 * k, 80 * k), t, 0.8)[..., None] * 170
    if "film" in dist:  # stretch film: streaks of light across all
        s = xx * math.cos(t) + yy * math.sin(t)
        line = np.interp(s, np.linspace(s.min(), s.max(), 60), np.clip(rng.standard_normal(60), 0.4, 3) - 0.4)
        img += (line * 24 * float(dist["film"]))[..., None]
        img = img * 0.96 + 9
    if "wet" in dist:
        for _ in range(int(40 * float(dist["wet"]))):
            x, y, r = int(rng.uniform(0, w)), int(rng.uniform(0, h)), int(rng.uniform(5, 17))
            cv2.circle(img, (x, y), r, [float(v) * 0.86 for v in img[y, x]], 3, cv2.LINE_AA)
            cv2.circle(img, (x - r // 3, y - r // 3), max(2, r // 4), (250, 250, 250), -1, cv2.LINE_AA)
    if "frost" in dist:
        k = float(dist["frost"])
        m = np.clip(noise(rng, h, w, 14) * 0.5 + noise(rng, h, w, 130) * 0.25 + 0.3, 0, 1)[..., None] * 0.4 * k
        img = img * (1 - m) + 232 * m
    if "dirt" in dist:
        m = np.clip(noise(rng, h, w, 40) - 1.5, 0, 1) + np.clip(noise(rng, h, w, 9) - 1.2, 0, 1) * 0.5
        img *= (1 - 0.4 * m)[..., None]
    if "thumb" in dist:
        free = h - max((b[3] for b in boxes), default=0) - 95
        finger(img, rng.uniform(0.25, 0.75) * w, max(-20, min(free, 160)), rng)
    if "dim" in dist:
        img = 255 * (np.clip(img, 0, 255) / 255) ** 1.2 * (1 - 0.3 * float(dist["dim"]))
    img *= np.array({"warm": (0.84, 0.97, 1.04), "cold": (1.06, 1.0, 0.9), "green": (0.93, 1.03, 0.92)}.get(case.get("cast"), (1, 1, 1)), np.float32)
    # the phone: soft lens, smear of the denoiser, sharpening, grain
    blur = 0.7 + 0.55 * float(dist.get("blur", 0))
    img = cv2.GaussianBlur(np.clip(img, 0, 255).astype(np.float32), (0, 0), blur)
    if "shake" in dist:
        n = int(5 * float(dist["shake"])) | 1
        ker = np.zeros((n, n), np.float32)
        cv2.line(ker, (0, int(rng.integers(0, n))), (n - 1, int(rng.integers(0, n))), 1.0)
        img = cv2.filter2D(img, -1, ker / ker.sum())
    img += cv2.GaussianBlur(rng.standard_normal((h, w, 3)).astype(np.float32), (0, 0), 0.7) * 7 * float(dist.get("grain", 0.4))
    img = img * 1.35 - cv2.GaussianBlur(img, (0, 0), 2.5) * 0.35
    img *= (1 - 0.22 * (((xx / w - 0.5) ** 2 + (yy / h - 0.5) ** 2) * 2))[..., None]
    out = Image.fromarray(np.clip(img, 0, 255).astype(np.uint8)[..., ::-1])
    if lies:
        out = out.rotate(lies, expand=True)
    exif = Image.Exif()
    if "exif" in dist:  # stored lying, with the note how to turn it
        out = out.rotate(90, expand=True)
        exif[0x0112] = 6
    buf = io.BytesIO()
    out.save(buf, "JPEG", quality=int(dist.get("jpeg", 78)), exif=exif)
    return buf.getvalue(), fields
