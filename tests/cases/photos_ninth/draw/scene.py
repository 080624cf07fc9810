"""A picture of labels: photographed, laid on a scanner, or taken off a screen; boxes come along."""

import io

import cv2
import numpy as np
from PIL import Image


def cloud(rng, w, h, cells, lo=-1.0, hi=1.0):
    small = rng.uniform(lo, hi, (max(2, cells * h // w), max(2, cells))).astype(np.float32)
    return cv2.resize(small, (w, h), interpolation=cv2.INTER_CUBIC)


def ground(name, rng, w, h):
    """What lies behind the parcel."""
    yy, xx = np.mgrid[0:h, 0:w].astype(np.float32)
    tint = {"concrete": (150, 148, 142), "mat": (38, 96, 78), "van": (122, 126, 130), "cloth": (214, 206, 196),
            "foam": (232, 236, 238), "deck": (150, 110, 74), "night": (52, 50, 54), "seat": (66, 70, 84)}[name]  # fmt: skip
    g = cloud(rng, w, h, 6) * 10 + cloud(rng, w, h, 90) * 6 + cloud(rng, w, h, 500) * 5
    if name == "mat":
        g += 34 * ((xx % 97 < 3) | (yy % 97 < 3))
    elif name == "van":
        g += 16 * np.sin(xx / 23) + 26 * (xx % 290 < 9)
    elif name == "cloth":
        g -= 26 * (xx % 160 < 80) + 26 * (yy % 160 < 80)
    elif name == "foam":
        g += cv2.GaussianBlur(rng.normal(0, 60, (h, w)).astype(np.float32), (0, 0), 4)
    elif name == "deck":
        g += cloud(rng, w, h, 4) * 14 + 12 * np.sin(yy / 11 + 6 * cloud(rng, w, h, 5)) - 70 * (yy % 420 < 8)
    elif name == "seat":
        g += 7 * np.sin((xx + yy) / 5) + 7 * np.sin((xx - yy) / 5)
    return np.clip(np.array(tint, np.float32) + g[..., None], 0, 255)


def parcel(kind, rng, w, h):
    tint = {"box": (186, 148, 104), "bag": (196, 198, 202), "black": (46, 47, 52), "white": (228, 227, 222), "pink": (214, 150, 168)}[kind]
    g = cloud(rng, w, h, 7) * 9 + cloud(rng, w, h, 400) * 4
    if kind == "box":
        g += 5 * np.sin(np.mgrid[0:h, 0:w][0] / 7)
    else:  # film in wrinkles
        g += 30 * np.clip(cloud(rng, w, h, 14) * cloud(rng, w, h, 22), -0.4, 1)
    return np.array(tint, np.float32) + g[..., None]


def patch(label, cover):
    """Dark stickers: (which entry of label.fields, left, top, right, bottom as a fraction of its box, colour)."""
    for n, a, b, c, d, ink in cover:
        x0, y0, x1, y1 = label.fields[n][3]
        w, h = x1 - x0, y1 - y0
        label.rect(x0 + w * a - 0.4, y0 + h * b - 0.3, x0 + w * c + 0.4, y0 + h * d + 0.3, fill=ink)


def worn(label, fx, rng):
    """The label's pixels doubled, with what happens to paper."""
    art = np.asarray(label.image, np.float32)
    k = 2 if label.dots == 8 else 1
    art = np.repeat(np.repeat(art, k, 0), k, 1)
    h, w = art.shape[:2]
    s = label.dots * k
    if "fade" in fx:
        weak = np.clip(cloud(rng, w, h, 3, 0.3, 0.8), 0.2, 0.72)[..., None]
        art = art + (np.array([246, 244, 238]) - art) * weak
    if "streak" in fx:
        art[:, rng.integers(0, w, 6)] = 250
    if "crease" in fx:
        for _ in range(3):
            line = np.zeros((h, w), np.float32)
            a, b = rng.uniform(0, 1, 2)
            p, q = ((0, int(a * h)), (w, int(b * h))) if rng.random() < 0.6 else ((int(a * w), 0), (int(b * w), h))
            cv2.line(line, p, q, 1, max(2, s // 6))
            line = cv2.GaussianBlur(line, (0, 0), s / 9)[..., None]
            art = art * (1 - 0.35 * np.roll(line, s // 5, 0)) + line * 60
    if "dirt" in fx:
        spot = np.clip(cloud(rng, w, h, 9) - 0.45, 0, 0.5)[..., None]
        art = art * (1 - 0.6 * spot) + np.array([120, 100, 70]) * 0.6 * spot
    if "smear" in fx:
        dx = (cloud(rng, w, h, 40) * 46 + cloud(rng, w, h, 8) * 40).astype(np.float32)
        yy, xx = np.mgrid[0:h, 0:w].astype(np.float32)
        art = cv2.remap(cv2.GaussianBlur(art, (0, 0), 11), xx + dx, yy + dx[:, ::-1].copy(), cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        art = art * (0.8 + 0.2 * cloud(rng, w, h, 12)[..., None])
    if "tape" in fx:
        y = int(h * rng.uniform(0.2, 0.6))
        band = art[y : y + 48 * s]
        shine = np.exp(-(((np.arange(len(band)) - len(band) * 0.3) / (3 * s)) ** 2))[:, None, None]
        art[y : y + 48 * s] = band * 0.86 + np.array([34, 30, 18]) + shine * 46
    return np.clip(art, 0, 255), s


def place(labels, fx, rng, w, h):
    """Where each label lies: millimetres to pixels of the picture, before perspective is set."""
    if len(labels) == 1:
        spots, tall = [(0, 0)], (labels[0].w, labels[0].h)
    else:
        spots = [(0, 0), (labels[0].w + 7, rng.uniform(-4, 12))]
        tall = (labels[0].w + 7 + labels[1].w, max(l_.h for l_ in labels))
    scale = min(w / tall[0], h / tall[1]) * (0.74 if "far" in fx else 0.88)
    turn = np.deg2rad(rng.uniform(-24, 24) if "tilt" in fx else rng.uniform(-4, 4)) * (0.1 if "scan" in fx else 1)
    scale *= 1 - 0.35 * abs(np.sin(turn))
    if "cut" in fx:
        scale = w / tall[0] * 0.92
    push = 0 if "scan" in fx else 0.11 if "persp" in fx else 0.025
    corners = np.float32([[0, 0], [w, 0], [w, h], [0, h]])
    lens = cv2.getPerspectiveTransform(corners, (corners + rng.uniform(-push, push, (4, 2)) * min(w, h)).astype(np.float32))
    out = []
    for i, (l_, (x, y)) in enumerate(zip(labels, spots, strict=True)):
        a = turn + (rng.uniform(-0.1, 0.1) if i else 0)
        m = np.array([[np.cos(a), -np.sin(a)], [np.sin(a), np.cos(a)]]) * scale
        at = np.array([x + l_.w / 2 - tall[0] / 2, y + l_.h / 2 - tall[1] / 2])
        off = np.array([w / 2, h / 2]) + m @ (at - np.array([l_.w / 2, l_.h / 2]))
        if "cut" in fx:
            off[1] = h * 0.06
        out.append(lens @ np.vstack([np.column_stack([m, off]), [0, 0, 1]]))
    return out


def photograph(labels, case, pixels=True):
    seed = int.from_bytes(case["id"].encode(), "big") % 2**32
    rng, fx = np.random.default_rng(seed), case["fx"].split()
    for label in labels:
        patch(label, label.case.get("cover", ()))
    fields = []

    def note(i, entry, pts, w, h):
        x0, y0, x1, y1 = pts[:, 0].min(), pts[:, 1].min(), pts[:, 0].max(), pts[:, 1].max()
        c = [max(0, x0), max(0, y0), min(w, x1), min(h, y1)]
        if entry[0] == "valid" or c[2] <= c[0] or c[3] <= c[1] or (c[2] - c[0]) * (c[3] - c[1]) < 0.5 * (x1 - x0) * (y1 - y0):
            return
        c = [c[0] / w, c[1] / h, c[2] / w, c[3] / h]
        if "lies" in fx:
            c = [c[1], 1 - c[2], c[3], 1 - c[0]]
        box = [round(float(v), 4) for v in c]
        fields.append({"label": i, "field": entry[0], "party": entry[1], "verdict": entry[2], "box": box})

    def ends(box):
        return np.array([(x, y) for y in box[1::2] for x in np.linspace(box[0], box[2], 9)])

    if "shot" in fx and "photo" not in fx:
        label = labels[0]
        w, h = label.image.size
        for entry in label.fields:
            note(0, entry, ends(entry[3]) * label.dots, w, h)
        art = np.asarray(label.image, np.float32)
        if "tiny" in fx:
            art = cv2.resize(cv2.resize(art, (w // 19, h // 19), interpolation=cv2.INTER_AREA), (w, h))
        return encode(art, fx, 86, fields) if pixels else (None, fields)

    w, h = case.get("size") or ((2300, 1640) if sum(l_.w for l_ in labels) > max(l_.h for l_ in labels) * 1.1 else (1560, 2080))
    maps = place(labels, fx, rng, w, h)
    bends = [rng.uniform(2, 4.5) if "curl" in fx else 0.0 for _ in labels]
    wave = rng.uniform(0.6, 1.3)

    def bend(i, x):
        return bends[i] * np.sin(np.pi * x / labels[i].w * wave)

    for i, (label, m) in enumerate(zip(labels, maps, strict=True)):
        for entry in label.fields:
            p = ends(entry[3])
            p[:, 1] += bend(i, p[:, 0])
            q = np.column_stack([p, np.ones(len(p))]) @ m.T
            note(i, entry, q[:, :2] / q[:, 2:], w, h)
    if not pixels:
        return None, fields
    scan = "scan" in fx
    pic = np.full((h, w, 3), 236.0, np.float32) + cloud(rng, w, h, 5)[..., None] * 4 if scan else ground(case.get("bg", "deck"), rng, w, h)
    yy, xx = np.mgrid[0:h, 0:w].astype(np.float32)
    for i, (label, m) in enumerate(zip(labels, maps, strict=True)):
        art, s = worn(label, fx, rng)
        n = np.linalg.inv(m)
        z = n[2, 0] * xx + n[2, 1] * yy + n[2, 2]
        u, v = (n[0, 0] * xx + n[0, 1] * yy + n[0, 2]) / z, (n[1, 0] * xx + n[1, 1] * yy + n[1, 2]) / z
        if not scan:  # the parcel under it, with its shadow
            e = 3 if len(labels) > 1 else rng.uniform(7, 22)
            inside = ((u > -e) & (v > -e) & (u < label.w + e) & (v < label.h + e)).astype(np.float32)
            soft = cv2.GaussianBlur(np.roll(inside, (22, 16), (0, 1)), (0, 0), 18)
            pic *= 1 - 0.45 * soft[..., None]
            inside = cv2.GaussianBlur(inside, (0, 0), 1.2)[..., None]
            pic = pic * (1 - inside) + parcel(case.get("on", "box"), rng, w, h) * inside
        src = v - bend(i, u)
        inside = ((u >= 0) & (src >= 0) & (u < label.w) & (src < label.h)).astype(np.float32)
        edge = cv2.GaussianBlur(inside, (0, 0), 6)[..., None]
        pic *= 1 - 0.3 * edge * (1 - inside[..., None])
        zoom = s / np.sqrt(abs(np.linalg.det(m[:2, :2])))
        if zoom > 1.3:
            art = cv2.GaussianBlur(art, (0, 0), 0.32 * zoom)
        put = cv2.remap(art.astype(np.float32), (u * s).astype(np.float32), (src * s).astype(np.float32), cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        put *= (1 + 0.05 * bends[i] * np.cos(np.pi * u / label.w * wave) * 0.5)[..., None]
        a = cv2.GaussianBlur(inside, (0, 0), 0.8)[..., None]
        pic = pic * (1 - a) + put * a
        if "thumb" in fx and i == 0:
            q = m @ np.array([label.w * 0.96, label.h + 3, 1])
            q, thick = q[:2] / q[2], int(11 * np.sqrt(abs(np.linalg.det(m[:2, :2]))))
            hand = np.zeros((h, w), np.float32)
            cv2.line(hand, (int(q[0]), int(q[1])), (w + 200, h + 260), 1, thick * 2 // 2)
            shade = cv2.GaussianBlur(hand, (0, 0), thick / 5)
            pic *= 1 - 0.3 * (shade * (1 - hand))[..., None]
            hand = cv2.GaussianBlur(hand, (0, 0), 2)[..., None]
            pic = pic * (1 - hand) + np.array([214, 164, 138]) * (0.72 + 0.3 * shade[..., None]) * hand
    if "moire" in fx:
        pic *= (1 + 0.05 * np.sin(xx * 2.09 + yy * 0.11) + 0.05 * np.sin(yy * 2.02 - xx * 0.07))[..., None] * np.array([0.94, 1.0, 1.06])
    if "shadow" in fx:
        edge = (xx - w * rng.uniform(0.3, 0.7)) * rng.uniform(0.4, 1) + (yy - h * rng.uniform(0.3, 0.7)) * rng.uniform(-1, 1)
        pic *= (1 - 0.42 / (1 + np.exp(-edge / 30)))[..., None]
    if "glare" in fx:
        gx, gy, r = w * rng.uniform(0.3, 0.8), h * rng.uniform(0.2, 0.8), w * 0.17
        pic += (120 * np.exp(-(((xx - gx) / r) ** 2 + ((yy - gy) / r / 0.6) ** 2)))[..., None]
    if not scan:
        pic *= (1 + (xx / w - 0.5) * rng.uniform(-0.24, 0.24) + (yy / h - 0.5) * rng.uniform(-0.24, 0.24))[..., None]
        pic *= np.array({"warm": (1.03, 0.96, 0.82), "cold": (0.9, 0.97, 1.06)}.get(next((f for f in fx if f in ("warm", "cold")), ""), (1, 0.99, 0.97)))
    if "dim" in fx:
        pic *= 0.5
    if "blur" in fx:
        pic = cv2.GaussianBlur(pic, (0, 0), 1.6)
    if "ruin" in fx:
        k = np.zeros((121, 121), np.float32)
        cv2.line(k, (4, 30), (116, 96), 1, 3)
        pic = cv2.filter2D(pic.astype(np.float32), -1, k / k.sum())
    if "grain" in fx:
        pic = pic + rng.normal(0, 9, (h, w, 1)) + rng.normal(0, 4, (h, w, 3))
    if scan:
        grey = pic.mean(2, keepdims=True).repeat(3, 2) if "grey" in fx else pic
        pic = (grey - 128) * 1.18 + 138
        for x, y in zip(rng.integers(0, w, 60), rng.integers(0, h, 60), strict=True):
            cv2.circle(pic, (int(x), int(y)), 1, (90, 90, 90), -1)
        if "bar" in fx:
            pic[:, : w // 60] = 26
    return encode(pic, fx, next((int(f[4:]) for f in fx if f.startswith("jpeg")), 84), fields)


def encode(pic, fx, quality, fields):
    image = Image.fromarray(np.clip(pic, 0, 255).astype(np.uint8))
    out, exif = io.BytesIO(), Image.Exif()
    if "lies" in fx:
        image = image.transpose(Image.Transpose.ROTATE_90)
    if "exif" in fx:  # stored on its side, with a note how to turn it
        image, exif[0x0112] = image.transpose(Image.Transpose.ROTATE_90), 6
    image.save(out, "JPEG", quality=quality, exif=exif)
    return out.getvalue(), fields
