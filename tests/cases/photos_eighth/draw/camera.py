"""An inspector's phone: parcels on a belt, a shelf or a doorstep, photographed; every box goes with its field."""

import io
import zlib

import cv2
import numpy as np
from PIL import Image

D = 10  # dots a millimetre of the scene
COLOURS = {"carton": (164, 128, 92), "grey": (150, 152, 156), "black": (44, 44, 48), "white": (226, 226, 222), "foil": (196, 198, 202), "blue": (92, 120, 160)}
FLOORS = {"belt": (38, 46, 42), "shelf": (186, 190, 192), "tiles": (196, 186, 170), "mat": (98, 62, 52), "wood": (150, 112, 76), "cart": (70, 92, 120)}


def rough(rng, h, w, step, strength):
    small = rng.normal(0, strength, (h // step + 2, w // step + 2)).astype(np.float32)
    return cv2.resize(small, (w, h), interpolation=cv2.INTER_CUBIC)[..., None]


def floor(kind, rng, h, w):
    im = np.full((h, w, 3), FLOORS[kind], np.float32) + rough(rng, h, w, 90, 7) + rough(rng, h, w, 4, 5)
    gap = {"tiles": 600, "wood": 330, "belt": 170, "shelf": 900, "mat": 26, "cart": 420}[kind]
    off = int(rng.integers(0, gap))
    for x in range(off, max(h, w), gap):
        thick = 3 if kind in ("belt", "mat") else 9
        if kind in ("tiles", "cart", "wood"):
            im[:, x : x + thick] *= 0.7
        if kind != "wood":
            im[x : x + thick] *= 0.75
    return im


def parcel(im, kind, rng, x0, y0, x1, y1):
    h, w = im.shape[:2]
    pts = np.array([(x, y) + rng.uniform(-25, 25, 2) for x, y in ((x0, y0), (x1, y0), (x1, y1), (x0, y1))], np.int32)
    mask = np.zeros((h, w), np.uint8)
    cv2.fillPoly(mask, [pts], 255)
    shade = cv2.GaussianBlur(np.roll(mask, (30, 22), (0, 1)), (0, 0), 22)[..., None] / 255.0
    im *= 1 - 0.55 * shade
    face = np.full((h, w, 3), COLOURS[kind], np.float32) + rough(rng, h, w, 60, 6) + rough(rng, h, w, 3, 3)
    if kind == "carton":
        face += np.sin(np.arange(w) / 14)[None, :, None] * 1.6
    else:
        face += rough(rng, h, w, 160, 7 if kind != "foil" else 18)
    m = cv2.GaussianBlur(mask, (0, 0), 1.2)[..., None] / 255.0
    im[:] = im * (1 - m) + face * m


def paste(im, label, affine):
    """The label's paper onto the scene; `affine` takes millimetres of the label to dots of the scene."""
    art = np.asarray(label.image, np.float32)
    a = affine.copy()
    a[:, :2] /= label.dots
    size = im.shape[1], im.shape[0]
    ones = np.ones(art.shape[:2], np.float32)
    m = cv2.warpAffine(ones, a, size, flags=cv2.INTER_LINEAR)[..., None]
    shadow = cv2.GaussianBlur(np.roll(m, (5, 4), (0, 1)), (0, 0), 5)[..., None]
    im *= 1 - 0.35 * shadow
    im[:] = im * (1 - m) + cv2.warpAffine(art, a, size, flags=cv2.INTER_CUBIC if label.dots > 8 else cv2.INTER_LINEAR).clip(0, 255) * m


def fade(label, rng, strength):
    art = np.asarray(label.image, np.float32)
    h, w = art.shape[:2]
    m = np.clip(0.5 * strength + rough(rng, h, w, 150, 0.2 * strength) + rough(rng, h, w, 9, 0.05), 0, 0.72)
    return Image.fromarray((art * (1 - m) + np.array((246, 243, 234)) * m).clip(0, 255).astype(np.uint8))


class Bend:
    """How the paper moves: p' = p + d(p), in dots of the scene."""

    def __init__(self, rng, size):
        a = size * D
        self.waves = [(a * rng.uniform(0.5, 1), rng.uniform(55, 120) * D, rng.uniform(0, 6.3), i % 2) for i in range(3)] if size else []

    def d(self, x, y):
        dx = dy = 0.0 * x
        for a, n, f, side in self.waves:
            t = a * np.sin((y if side else x) * 6.283 / n + f + 0.004 * (x + y) / D)
            dx, dy = (dx + t, dy + 0.3 * t) if side else (dx + 0.3 * t, dy + t)
        return dx, dy

    def slope(self, x, y):
        out = 0.0 * x
        for _, n, f, side in self.waves:
            out = out + np.cos((y if side else x) * 6.283 / n + f)
        return out


def project(h, x, y):
    q = h @ np.stack([x.ravel(), y.ravel(), np.ones(x.size)])
    return (q[0] / q[2]).reshape(x.shape), (q[1] / q[2]).reshape(x.shape)


def photograph(labels, case, pixels=True):
    dist = case["dist"].split()
    rng = np.random.default_rng(zlib.crc32(("p8" + case["id"]).encode()))
    W, H = case.get("size", (1536, 2048))
    main = labels[0]
    edge = 95 if labels[1:] or "far" in dist or "cut" in dist else 46  # millimetres of surroundings
    sw, sh = round((main.w + 2 * edge) * D), round((main.h + 2 * edge) * D)
    affines = [np.array([[D, 0, edge * D], [0, D, edge * D]], float)]
    for other in labels[1:]:
        x, y, t = case.get("at", (main.w + 6, 10, 4))
        t = np.deg2rad(t)
        r = np.array([[np.cos(t), -np.sin(t)], [np.sin(t), np.cos(t)]]) * D
        affines.append(np.column_stack([r, (np.array([x, y]) + edge) * D]))
    bend = Bend(rng, 1.5 if "curl" in dist else 0.7 if "wave" in dist else 0.15)
    # where the label's corners lie in the picture
    s = min(W / main.w, H / main.h) * (0.58 if "far" in dist else 0.97 if "close" in dist else rng.uniform(0.74, 0.84)) * case.get("zoom", 1)
    t = np.deg2rad(rng.uniform(7, 13) * rng.choice([-1, 1]) if "tilt" in dist else rng.uniform(-3.5, 3.5))
    k = 0.06 if "angle" in dist else 0.012
    corner = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)]) * (main.w * s / 2, main.h * s / 2)
    corner = corner * (1 + rng.uniform(-k, k, (4, 2)))
    if "angle" in dist:
        corner[: 2 if rng.random() < 0.7 else 0] *= (0.9, 0.97)
    corner = corner @ np.array([[np.cos(t), np.sin(t)], [-np.sin(t), np.cos(t)]])
    shift = np.array(case.get("shift", (0, 0))) * (W, H) + rng.uniform(-0.02, 0.02, 2) * (W, H)
    quad = (corner + (W / 2, H / 2) + shift).astype(np.float32)
    place = np.array([(x, y) for x, y in ((0, 0), (main.w, 0), (main.w, main.h), (0, main.h))]) * D + edge * D
    hom = cv2.getPerspectiveTransform(place.astype(np.float32), quad).astype(float)

    fields = []
    for i, label in enumerate(labels):
        for field, party, verdict, (x0, y0, x1, y1) in label.fields:
            u, v = np.meshgrid(np.linspace(x0, x1, 7), np.linspace(y0, y1, 4))
            a = affines[i]
            x, y = a[0, 0] * u + a[0, 1] * v + a[0, 2], a[1, 0] * u + a[1, 1] * v + a[1, 2]
            dx, dy = bend.d(x, y)
            x, y = project(hom, x + dx, y + dy)
            seen = ((x > 0) & (x < W) & (y > 0) & (y < H)).mean()
            if seen < 0.5:
                continue
            box = [max(0, x.min() / W), max(0, y.min() / H), min(1, x.max() / W), min(1, y.max() / H)]
            if "lying" in dist:  # the picture lies on its left side
                box = [box[1], 1 - box[2], box[3], 1 - box[0]]
            fields.append({"label": i, "field": field, "party": party, "verdict": verdict, "box": [round(float(b), 4) for b in box]})
    if not pixels:
        return None, fields

    im = floor(case.get("on") or rng.choice(list(FLOORS)), rng, sh, sw)
    e = edge * D
    m = [rng.uniform(4, 30) * D for _ in range(4)]
    wrap = case.get("wrap") or rng.choice(list(COLOURS))
    if labels[1:]:
        x, y = np.array(case.get("at")[:2]) * D + e
        if y > e + main.h * D:  # below, on the same parcel
            m[3] += (labels[1].h + 12) * D
        else:  # beside, on a parcel of its own
            m[2] = 4 * D
            parcel(im, "foil" if wrap != "foil" else "carton", rng, x - 2 * D, y - 14 * D, x + (labels[1].w + 16) * D, y + (labels[1].h + 18) * D)
    parcel(im, wrap, rng, e - m[0], e - m[1], sw - e + m[2], sh - e + m[3])
    for i in reversed(range(len(labels))):
        if "fade" in dist:
            labels[i].image = fade(labels[i], rng, 0.85)
        if "wet" in dist:
            art = cv2.GaussianBlur(np.asarray(labels[i].image, np.float32), (0, 0), 1.7 * labels[i].dots)
            art += rough(rng, *art.shape[:2], 120, 16)
            labels[i].image = Image.fromarray((art * (0.82, 0.78, 0.7)).clip(0, 255).astype(np.uint8))
        paste(im, labels[i], affines[i])
    for _ in range(2 * ("crease" in dist)):
        x0, x1 = rng.uniform(e, sw - e, 2)
        line = np.zeros((sh, sw), np.float32)
        cv2.line(line, (int(x0), 0), (int(x1), sh), 1.0, 4)
        line = cv2.GaussianBlur(line, (0, 0), 5)[..., None] * 3
        im *= 1 - 0.13 * line
        im += 14 * np.roll(line, 10, 1)
    if "tape" in dist:
        y = int(rng.uniform(e, sh - 1.6 * e))
        band = im[y : y + 48 * D // 1]
        band[:] = band * 0.9 + 20 + np.clip(rough(rng, *band.shape[:2], 70, 9), -8, 26)
        band[:4] *= 0.8
        band[-4:] *= 0.8
    # the way back: every dot of the picture to a dot of the scene
    u, v = np.meshgrid(np.arange(0, W + 4, 4.0), np.arange(0, H + 4, 4.0))
    px, py = project(np.linalg.inv(hom), u, v)
    x, y = px, py
    for _ in range(4):
        dx, dy = bend.d(x, y)
        x, y = px - dx, py - dy
    light = 1 + (0.05 if "curl" in dist else 0.02) * bend.slope(x, y)
    full = [np.ascontiguousarray(cv2.resize(q.astype(np.float32), None, fx=4, fy=4)[:H, :W]) for q in (x - 0.37, y - 0.37, light)]
    im = cv2.remap(im.clip(0, 255), full[0], full[1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
    light = full[2]
    gx, gy = np.meshgrid(np.linspace(-1, 1, W, dtype=np.float32), np.linspace(-1, 1, H, dtype=np.float32))
    slant = rng.uniform(0, 6.3)
    light *= 1 + (0.22 if "lamp" in dist else 0.07) * (np.cos(slant) * gx + np.sin(slant) * gy)
    if "shadow" in dist:  # the phone and the arm that hold it
        m = np.zeros((H, W), np.uint8)
        cx, cy = rng.uniform(0.3, 0.8) * W, rng.uniform(0.35, 0.7) * H
        box = cv2.boxPoints(((cx, cy), (W * 0.5, H * 0.34), rng.uniform(-30, 30)))
        cv2.fillPoly(m, [box.astype(np.int32)], 255)
        cv2.line(m, (int(cx), int(cy)), (int(cx + W * 0.25), H + 50), 255, int(W * 0.2))
        light *= 1 - 0.42 * cv2.GaussianBlur(m, (0, 0), 24).astype(np.float32) / 255
    im *= light[..., None]
    for _ in range(2 * ("thumb" in dist)):
        left = rng.random() < 0.5
        q = quad[[3, 0] if left else [2, 1]]
        c = q[0] + (q[1] - q[0]) * rng.uniform(0.12, 0.85) + ((-1 if left else 1) * W * 0.062, 0)
        m = np.zeros((H, W), np.uint8)
        cv2.ellipse(m, (int(c[0]), int(c[1])), (int(W * 0.085), int(W * 0.05)), 12 if left else -12, 0, 360, 255, -1)
        cv2.line(m, (int(c[0]), int(c[1])), (int(c[0] + (-W if left else W)), int(c[1] + W * 0.2)), 255, int(W * 0.098))
        soft = cv2.GaussianBlur(m, (0, 0), 3)[..., None] / 255.0
        im *= 1 - 0.3 * cv2.GaussianBlur(m, (0, 0), 26)[..., None] / 255
        round_ = cv2.GaussianBlur(m, (0, 0), 30)[..., None] / 255.0
        im = im * (1 - soft) + (np.array((212, 160, 132)) * (0.62 + 0.42 * round_)) * soft
    if "glare" in dist or "glareall" in dist:
        cx, cy, r = (rng.uniform(-0.7, 0.7), rng.uniform(-0.9, 0.9), 0.2) if "glare" in dist else (0.0, -0.1, 0.85)
        spot = np.exp(-(((gx - cx) ** 2 + ((gy - cy) * H / W) ** 2) / r**2) ** (1 if "glare" in dist else 2))
        im += (90 if "glare" in dist else 420) * spot[..., None]
    im *= 0.5 if "dim" in dist else rng.uniform(0.84, 1.0)
    im *= np.array((1.06, 0.98, 0.84)) if "warm" in dist else np.array((0.97, 1.0, 1.03)) if "cool" in dist else 1 + rng.uniform(-0.025, 0.025, 3)
    if "motion" in dist or "shaken" in dist:
        n = 7 if "motion" in dist else round(W / 24)
        kern = np.zeros((n, n), np.float32)
        cv2.line(kern, (0, n // 3), (n - 1, n - 1 - n // 3), 1.0, 1)
        im = cv2.filter2D(im, -1, kern / kern.sum())
    im = cv2.GaussianBlur(im, (0, 0), 1.9 if "blur" in dist else 0.8)
    im += rng.normal(0, 7 if "noise" in dist else 2.4, im.shape).astype(np.float32)
    pic = Image.fromarray(im.clip(0, 255).astype(np.uint8))
    more = {}
    if "exif6" in dist:  # the phone wrote the picture lying and says so
        pic = pic.transpose(Image.Transpose.ROTATE_90)
        more["exif"] = Image.Exif()
        more["exif"][0x0112] = 6
    if "lying" in dist:
        pic = pic.transpose(Image.Transpose.ROTATE_90)
    out = io.BytesIO()
    pic.save(out, "JPEG", quality=52 if "jpeg" in dist else 86, **more)
    return out.getvalue(), fields
