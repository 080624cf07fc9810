"""Labels on a parcel, photographed: what a warehouse's phone does to paper, and where the fields end up."""

import io
import math

import cv2
import numpy as np
from PIL import Image

cv2.setNumThreads(1)
GROUND = {
    "carton": (172, 136, 96),
    "bag": (196, 198, 200),
    "blackbag": (58, 58, 62),
    "desk": (132, 92, 62),
    "belt": (44, 50, 52),
    "foam": (232, 234, 236),
    "floor": (150, 152, 146),
    "kraft": (190, 156, 112),
}


def ground(name, w, h, g):
    base = np.ones((h, w, 3), np.float32) * np.array(GROUND[name], np.float32)
    coarse = cv2.resize(g.normal(0, 1, (h // 90 + 2, w // 90 + 2)).astype(np.float32), (w, h), interpolation=cv2.INTER_CUBIC)
    fine = cv2.resize(g.normal(0, 1, (h // 3 + 1, w // 3 + 1)).astype(np.float32), (w, h))
    amp = {"bag": 9, "blackbag": 10, "desk": 6, "belt": 4}.get(name, 4)
    base += (coarse * amp + fine * 3)[..., None]
    if name in ("carton", "kraft"):
        base += (np.sin(np.arange(h) * 2 * math.pi / (h / 70)) * 2)[:, None, None]
    if name == "desk":
        grain = cv2.resize(g.normal(0, 9, (h // 12 + 1, 3)).astype(np.float32), (w, h), interpolation=cv2.INTER_CUBIC)
        base += grain[..., None]
    if name in ("bag", "blackbag"):
        for _ in range(14):
            x, y, a = g.uniform(0, w), g.uniform(0, h), g.uniform(0, math.pi)
            n = g.uniform(0.1, 0.4) * w
            p, q = (int(x), int(y)), (int(x + n * math.cos(a)), int(y + n * math.sin(a)))
            lay = np.zeros((h, w), np.float32)
            cv2.line(lay, p, q, float(g.uniform(-26, 30)), int(w / 60))
            base += cv2.GaussianBlur(lay, (0, 0), w / 150)[..., None]
    return base


def paper(label, k, words, g):
    """The label's dots as printed: weak ink, dead columns, scuffs; scaled to k pixels a millimetre."""
    art = np.asarray(label.image).astype(np.float32)
    h, w = art.shape[:2]
    if "faint" in words:
        n = cv2.resize(g.uniform(0.35, 0.75, (9, 7)).astype(np.float32), (w, h), interpolation=cv2.INTER_CUBIC)
        art = 252 - (252 - art) * n[..., None]
    if "dead" in words:
        for _ in range(4):
            x = int(g.uniform(0.05, 0.95) * w)
            art[:, x : x + max(1, label.dots // 7)] = 250
    if "scuff" in words:
        for _ in range(46):
            x, y, a = g.uniform(0, w), g.uniform(0, h), g.normal(0.5, 0.2)
            n = g.uniform(2, 12) * label.dots
            cv2.line(art, (int(x), int(y)), (int(x + n * math.cos(a)), int(y + n * math.sin(a))), (246, 246, 244), 1)
    return np.clip(cv2.resize(art, (round(label.w * k), round(label.h * k)), interpolation=cv2.INTER_AREA if k < label.dots else cv2.INTER_CUBIC), 0, 255)


def pose(w, h, cx, cy, angle):
    """The affine matrix that lays a paper of w x h pixels with its middle on cx, cy."""
    c, s = math.cos(angle), math.sin(angle)
    return np.array([[c, -s, cx - c * w / 2 + s * h / 2], [s, c, cy - s * w / 2 - c * h / 2]], np.float64)


def place(flat, art, m):
    """Paste art onto flat as m says, with a faint shadow under it."""
    h, w = art.shape[:2]
    size = flat.shape[1], flat.shape[0]
    alpha = cv2.warpAffine(np.ones((h, w), np.float32), m, size, flags=cv2.INTER_LINEAR)
    near = cv2.GaussianBlur(alpha, (0, 0), 6)
    flat *= (1 - 0.35 * near * (1 - alpha))[..., None]
    warped = cv2.warpAffine(art, m, size, flags=cv2.INTER_LINEAR)
    flat *= (1 - alpha)[..., None]
    flat += warped * alpha[..., None]


def photograph(labels, case, pixels=True):
    """JPEG bytes (empty without pixels) and [[(label, field, party, verdict, box in fractions)]] of the upright picture.

    The first label is the subject. `case["dist"]` names the distortions, `case["lv"]` is how strong (1 to 3).
    """
    seed = int.from_bytes(case["id"].encode(), "big")
    g, geo = np.random.default_rng(seed), np.random.default_rng(seed + 1)  # grain, and where things lie
    words = case["dist"].split()
    lv = case["lv"]
    w, h = case.get("size", (1440, 1920))
    main = labels[0]
    fill = case.get("fill", 0.66 if "small" in words else 0.86)
    k = fill * min(w / main.w, h / main.h)
    bare = ground(case["bg"], w, h, g) if pixels else None
    flat = bare.copy() if pixels else None
    spots = []
    for i, label in enumerate(labels):
        x, y, a = (0, 0, 0) if i == 0 else case["second_at"]
        off = case.get("off", (0, 0))
        cx = w / 2 + (x + off[0]) * k + geo.uniform(-0.01, 0.01) * w
        cy = h / 2 + (y + off[1]) * k + geo.uniform(-0.01, 0.01) * h
        m = pose(round(label.w * k), round(label.h * k), cx, cy, a)
        if pixels:
            place(flat, paper(label, k, words if i == 0 else (), g), m)
        spots.append((label, m))
    # -- the surface, then the camera: inverse maps for pixels, forward ones for boxes
    radius = {1: 1.25, 2: 0.95, 3: 0.8}[lv] * w
    bow = {1: 0.01, 2: 0.018, 3: 0.026}[lv] * h
    wave = {1: 0.0016, 2: 0.0024, 3: 0.0034}[lv] * h
    wlen, phase = geo.uniform(0.35, 0.6) * w, geo.uniform(0, 6)
    jit = {1: 0.025, 2: 0.055, 3: 0.09}[lv] if "persp" in words else 0.006
    src = np.array([[0, 0], [w, 0], [w, h], [0, h]], np.float32)
    side = int(geo.integers(0, 4))
    dst = src + geo.uniform(-jit / 4, jit / 4, (4, 2)).astype(np.float32) * [w, h]
    mid = np.array([w / 2, h / 2])
    for corner in (side, (side + 1) % 4):  # the far edge is shorter
        dst[corner] += (mid - dst[corner]) * np.array([jit * 1.6, jit * 1.2])
    turn = math.radians({1: 3.5, 2: 8, 3: 14}[lv] * (1 if geo.random() < 0.5 else -1) * geo.uniform(0.55, 1)) if "tilt" in words else geo.uniform(-0.012, 0.012)
    shrink = 1 - 0.55 * abs(math.sin(turn))
    c, s = math.cos(turn) * shrink, math.sin(turn) * shrink
    dst = ((dst - mid) @ np.array([[c, s], [-s, c]]) + mid).astype(np.float32)
    hom = cv2.getPerspectiveTransform(src, dst)

    def forward(p):
        p = np.asarray(p, np.float64)
        x, y = p[:, 0], p[:, 1]
        if "wave" in words:
            y = y + wave * np.sin(2 * math.pi * x / wlen + phase)
        if "curve" in words:
            x2 = w / 2 + radius * np.sin((x - w / 2) / radius)
            y = y + bow * ((x2 - w / 2) / (w / 2)) ** 2
            x = x2
        q = np.stack([x, y, np.ones_like(x)]) 
        q = hom @ q
        return (q[:2] / q[2]).T

    found = []
    for i, (label, m) in enumerate(spots):
        for field, party, verdict, (x0, y0, x1, y1) in label.fields:
            pts = np.array([[x0, y0, 1], [(x0 + x1) / 2, y0, 1], [x1, y0, 1], [x1, y1, 1], [(x0 + x1) / 2, y1, 1], [x0, y1, 1]], float) * [k, k, 1]
            q = forward((m @ pts.T).T)
            found.append([i, field, party, verdict, [q[:, 0].min() / w, q[:, 1].min() / h, q[:, 0].max() / w, q[:, 1].max() / h]])
    if pixels:
        yy, xx = np.mgrid[0:h, 0:w].astype(np.float32)
        inv = np.linalg.inv(hom)
        den = inv[2, 0] * xx + inv[2, 1] * yy + inv[2, 2]
        mx = (inv[0, 0] * xx + inv[0, 1] * yy + inv[0, 2]) / den
        my = (inv[1, 0] * xx + inv[1, 1] * yy + inv[1, 2]) / den
        del xx, yy, den
        if "curve" in words:
            my = my - bow * ((mx - w / 2) / (w / 2)) ** 2
            mx = w / 2 + radius * np.arcsin(np.clip((mx - w / 2) / radius, -0.99, 0.99))
        if "wave" in words:
            my = my - wave * np.sin(2 * math.pi * mx / wlen + phase)
        mx, my = mx.astype(np.float32), my.astype(np.float32)
        shot = cv2.remap(flat, mx, my, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101)
        out = (mx < 0) | (mx > w - 1) | (my < 0) | (my > h - 1)  # beyond: the ground goes on, without labels
        shot[out] = cv2.remap(bare, mx, my, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101)[out]
        del mx, my, flat, bare, out
        shot = weather(shot, words, lv, g, found)
    else:
        shot = np.zeros((h, w, 3), np.uint8)
    if "cut" in words:  # the picture ends within the receiver's address
        box = next(f[4] for f in found if f[1] == "address" and f[2] == "receiver")
        end = box[1] + 0.12 * (box[3] - box[1])
        shot = shot[: round(end * h)]
        found = [[*f[:4], [f[4][0], f[4][1] / end, f[4][2], f[4][3] / end]] for f in found if f[4][3] < end]
    if "cutright" in words:
        box = next(f[4] for f in found if f[1] == "address" and f[2] == "receiver")
        end = box[0] + 0.16 * (box[2] - box[0])
        shot = shot[:, : round(end * w)]
        found = [[*f[:4], [f[4][0] / end, f[4][1], f[4][2] / end, f[4][3]]] for f in found if f[4][2] < end]
    for word, n in (("turn90", 1), ("turn180", 2), ("turn270", 3)):
        if word in words:
            shot = np.rot90(shot, n)
            for _ in range(n):  # counter-clockwise
                found = [[*f[:4], [f[4][1], 1 - f[4][2], f[4][3], 1 - f[4][0]]] for f in found]
    exif = None
    for word, n, tag in (("exif6", 1, 6), ("exif3", 2, 3), ("exif8", 3, 8)):
        if word in words:
            shot = np.rot90(shot, n)  # stored lying; the tag stands it up again
            exif = Image.Exif()
            exif[0x0112] = tag
    out = io.BytesIO()
    if not pixels:
        return b"", rows_of(found)
    quality = {1: 62, 2: 42, 3: 30}[lv] if "jpeg" in words else 88
    picture = Image.fromarray(np.ascontiguousarray(np.clip(shot, 0, 255).astype(np.uint8)))
    picture.save(out, "JPEG", quality=quality, **({"exif": exif} if exif else {}))
    return out.getvalue(), rows_of(found)


def rows_of(found):
    """What is at least half in the picture, as truth.jsonl has it."""
    rows = []
    for i, field, party, verdict, box in found:
        seen = [min(1, max(0, v)) for v in box]
        if (seen[2] - seen[0]) * (seen[3] - seen[1]) >= 0.5 * (box[2] - box[0]) * (box[3] - box[1]):
            rows.append({"label": i, "field": field, "party": party, "verdict": verdict, "box": [round(float(v), 4) for v in seen]})
    return rows


def weather(shot, words, lv, g, found):
    """Light, film, folds, focus and the sensor."""
    h, w = shot.shape[:2]
    lin_y, lin_x = np.linspace(-1, 1, h, dtype=np.float32)[:, None], np.linspace(-1, 1, w, dtype=np.float32)[None, :]
    a = g.uniform(0, 2 * math.pi)
    shot *= (1 + 0.06 * (lin_x * math.cos(a) + lin_y * math.sin(a)))[..., None]
    if "crease" in words:
        for _ in range(1 + lv):
            x0, ang = g.uniform(0.25, 0.75) * w, g.uniform(-0.5, 0.5)
            d = (lin_x * w / 2 + w / 2 - x0) + (lin_y * h / 2) * math.tan(ang)
            shot *= (1 - 0.2 * np.exp(-((d / (w / 140)) ** 2)) + 0.09 * np.exp(-(((d - w / 90) / (w / 100)) ** 2)))[..., None]
    if "shadow" in words:
        x0, ang = g.uniform(0.3, 0.7) * w, g.uniform(-0.9, 0.9)
        d = (lin_x * w / 2 + w / 2 - x0) + (lin_y * h / 2) * math.tan(ang)
        shot *= (1 - {1: 0.3, 2: 0.42, 3: 0.52}[lv] / (1 + np.exp(np.clip(-d / (w / 60), -60, 60))))[..., None]
    counting = [f[4] for f in found if f[1] in ("name", "phone", "address", "remark") or f[3] == "fail"]
    if "film" in words:  # streaks of plastic: strong ones keep off what counts
        strong = np.zeros((h, w), np.float32)
        for _ in range(5 + 3 * lv):
            p = (int(g.uniform(0, w)), int(g.uniform(0, h)))
            ang, n = g.uniform(-0.6, 0.6) + a, g.uniform(0.08, 0.35) * w
            q = (int(p[0] + n * math.cos(ang)), int(p[1] + n * math.sin(ang)))
            cv2.line(strong, p, q, float(g.uniform(50, 150)), int(w * g.uniform(0.006, 0.024)))
        strong = cv2.GaussianBlur(strong, (0, 0), w / 180)
        keep = np.ones((h, w), np.float32)
        for x0, y0, x1, y1 in counting:
            cv2.rectangle(keep, (int((x0 - 0.01) * w), int((y0 - 0.005) * h)), (int((x1 + 0.01) * w), int((y1 + 0.005) * h)), 0.22, -1)
        keep = cv2.GaussianBlur(keep, (0, 0), w / 120)
        shot += (strong * keep)[..., None]
        shot = shot * 0.94 + 12
    if "glareout" in words:
        lay = np.zeros((h, w), np.float32)
        for x0, y0, x1, y1 in counting:
            cv2.ellipse(lay, (int((x0 + x1) / 2 * w), int((y0 + y1) / 2 * h)), (int((x1 - x0) * w * 0.62 + w * 0.09), int((y1 - y0) * h * 0.8 + w * 0.06)), 0, 0, 360, 520.0, -1)
        shot += cv2.GaussianBlur(lay, (0, 0), w / 26)[..., None]
    if "ruin" in words:
        lay = cv2.resize(g.normal(0, 1, (h // 40, w // 40)).astype(np.float32), (w, h), interpolation=cv2.INTER_CUBIC)
        for x0, y0, x1, y1 in counting:
            n = max(1, int((x1 - x0) * w / (0.03 * w)))
            for i in range(n):
                p = (int((x0 + (x1 - x0) * i / n) * w), int(g.uniform(y0, y1) * h))
                cv2.circle(lay, p, int(g.uniform(0.02, 0.045) * w), 3.0, -1)
        torn = np.clip(cv2.GaussianBlur(lay, (0, 0), w / 300) - 0.9, 0, 1)
        wet = cv2.GaussianBlur(shot, (0, 0), w / 70)
        brown = np.array((168, 140, 108), np.float32) + g.normal(0, 7, (h, w, 1)).astype(np.float32)
        shot = wet * 0.7 + shot * 0.3
        shot = shot * (1 - torn[..., None]) + brown * torn[..., None]
    if "tape" in words:  # a band of parcel tape, clear and yellowish, with bright edges
        y0, ang, half = g.uniform(-0.45, 0.25) * h / 2, g.uniform(-0.16, 0.16), 0.055 * h
        d = np.abs(lin_y * h / 2 - y0 + lin_x * w / 2 * math.tan(ang))
        inside = 1 / (1 + np.exp(np.clip((d - half) / 1.5, -60, 60)))
        shot *= 1 - inside[..., None] * np.array((0.05, 0.08, 0.17), np.float32)
        shot += (26 * np.exp(-(((d - half) / 3) ** 2)) + 9 * inside)[..., None]
    if "finger" in words:  # a thumb at the margin, off what counts
        x0, y0 = (0.0 if g.random() < 0.5 else float(w)), g.uniform(0.55, 0.95) * h
        lay = np.zeros((h, w), np.float32)
        cv2.ellipse(lay, (int(x0), int(y0)), (int(0.115 * w), int(0.05 * h)), g.uniform(-20, 20), 0, 360, 1.0, -1)
        for bx0, by0, bx1, by1 in counting:
            cv2.rectangle(lay, (int((bx0 - 0.01) * w), int((by0 - 0.01) * h)), (int((bx1 + 0.01) * w), int((by1 + 0.01) * h)), 0.0, -1)
        lay = cv2.GaussianBlur(lay, (0, 0), w / 240)[..., None]
        shot = shot * (1 - lay) + np.array((206, 154, 128), np.float32) * lay
    if "warm" in words:
        shot *= np.array((1.04, 0.98, 0.82), np.float32)
    if "cold" in words:
        shot *= np.array((0.86, 0.97, 1.05), np.float32)
    blur = {1: 0.00055, 2: 0.0008, 3: 0.0011}[lv] * w if "blur" in words else 0.00025 * w
    if "blurout" in words:
        blur = w / 70
    shot = cv2.GaussianBlur(shot, (0, 0), blur)
    if "motion" in words:
        n = max(3, round({1: 0.0022, 2: 0.0034, 3: 0.0046}[lv] * w))
        kern = np.zeros((n, n), np.float32)
        ang = g.uniform(0, math.pi)
        e = (n - 1) / 2
        cv2.line(kern, (round(e - e * math.cos(ang)), round(e - e * math.sin(ang))), (round(e + e * math.cos(ang)), round(e + e * math.sin(ang))), 1.0)
        shot = cv2.filter2D(shot, -1, kern / kern.sum())
    if "dark" in words:
        shot *= {1: 0.62, 2: 0.46, 3: 0.36}[lv]
    sigma = {1: 5, 2: 9, 3: 13}[lv] if "noise" in words or "dark" in words else 2
    if "darkout" in words:
        shot = shot * 0.014
        sigma = 9
    grain = g.normal(0, sigma, (h // 2 + 1, w // 2 + 1, 3)).astype(np.float32)
    shot += cv2.resize(grain, (w, h)) + g.normal(0, sigma * 0.5, (h, w, 1)).astype(np.float32)
    return shot
