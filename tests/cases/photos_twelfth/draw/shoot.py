"""A photo of printed labels: what they lie on, angle, curl, light, shadow, hand, lens and JPEG."""

import io
import random

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageEnhance, ImageFilter

BEDS = ("carton", "steel", "printer", "bag", "wood", "belt", "roll", "mat")


def solve(src, dst):
    """The eight numbers that take src to dst."""
    rows, right = [], []
    for (x, y), (u, v) in zip(src, dst, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        right += [u, v]
    return np.linalg.solve(np.array(rows, float), np.array(right, float))


def carry(h, x, y):
    d = h[6] * x + h[7] * y + 1
    return (h[0] * x + h[1] * y + h[2]) / d, (h[3] * x + h[4] * y + h[5]) / d


def cloud(rs, w, h, cells, low, high):
    """Soft noise between low and high."""
    small = Image.fromarray((rs.random((max(2, cells * h // w), cells)) * 255).astype(np.uint8))
    a = np.asarray(small.resize((w, h), Image.Resampling.BICUBIC), np.float32) / 255
    return low + (high - low) * a


def tinted(grey, colour):
    return Image.fromarray(np.clip(grey[..., None] * np.array(colour, np.float32), 0, 255).astype(np.uint8))


def bed(kind, w, h, rng, rs):
    if kind == "carton":
        g = cloud(rs, w, h, 9, 0.88, 1.08) + 0.03 * np.sin(np.arange(w) / 9.0)[None, :]
        im = tinted(g, rng.choice([(186, 148, 104), (168, 130, 90), (200, 166, 122)]))
        d = ImageDraw.Draw(im)
        y = h * rng.choice([0.03, 0.97])
        d.rectangle((0, y - h * 0.045, w, y + h * 0.045), fill=(206, 178, 128))
        return im
    if kind == "steel":
        g = 0.95 + np.repeat(rs.normal(0, 0.03, (h, 1)), w, 1) + cloud(rs, w, h, 5, -0.1, 0.1)
        return tinted(g, (150, 156, 162))
    if kind == "bag":
        g = cloud(rs, w, h, 14, 0.75, 1.25) + np.maximum(0, cloud(rs, w, h, 26, -0.9, 0.5))
        return tinted(g, rng.choice([(120, 122, 128), (226, 228, 230), (92, 110, 150)]))
    if kind == "wood":
        g = cloud(rs, w, h, 4, 0.9, 1.1) + np.repeat(cloud(rs, w, 8, 60, -0.12, 0.12)[:1], h, 0)
        return tinted(g, (174, 132, 92))
    if kind == "belt":
        im = tinted(cloud(rs, w, h, 40, 0.8, 1.2), (46, 60, 52))
        ImageDraw.Draw(im).rectangle((0, 0, w * 0.05, h), fill=(214, 180, 40))
        return im
    if kind == "mat":
        im = tinted(cloud(rs, w, h, 6, 0.9, 1.1), (38, 96, 84))
        d = ImageDraw.Draw(im)
        for i in range(0, max(w, h), 110):
            d.line((i, 0, i, h), (120, 170, 150), 2)
            d.line((0, i, w, i), (120, 170, 150), 2)
        return im
    im = tinted(cloud(rs, w, h, 5, 0.85, 1.15), (196, 198, 202) if kind == "roll" else (70, 74, 82))
    if kind == "printer":  # the label hangs out of its slot, which is drawn later
        ImageDraw.Draw(im).rectangle((w * 0.02, 0, w * 0.98, h * 0.3), fill=(44, 46, 52))
    return im


def finger(im, x, y, angle, size):
    """A thumb that reaches in from the side."""
    m = Image.new("L", (size * 3, size), 0)
    ImageDraw.Draw(m).rounded_rectangle((0, 2, size * 3 - 4, size - 3), size // 2, 255)
    ramp = np.linspace(0.72, 1.08, size)[:, None] * np.ones((1, size * 3))
    art = tinted(np.minimum(ramp, 1.8 - ramp), (214, 164, 136))
    ImageDraw.Draw(art).rounded_rectangle((size * 2.35, size * 0.22, size * 2.93, size * 0.78), size // 4, (232, 194, 176))
    art, m = art.rotate(angle, expand=True), m.rotate(angle, expand=True)
    im.paste(art, (int(x - art.width / 2), int(y - art.height / 2)), m.filter(ImageFilter.GaussianBlur(2)))


def surface(labels, case):
    """The labels on their liner: picture, dots a millimetre, where each label lies."""
    dots = labels[0].dots
    kind, pad = case.get("lay", "one"), 0 if len(labels) == 1 and case["bed"] != "roll" else 3
    places, x, y = [], pad, pad
    for lab in labels:
        places.append((x, y))
        if kind == "side":
            x += lab.w + 3
        else:
            y += lab.h + 3
    w = max(px + lab.w for (px, _), lab in zip(places, labels, strict=True)) + pad
    h = max(py + lab.h for (_, py), lab in zip(places, labels, strict=True)) + pad
    im = Image.new("RGB", (round(w * dots), round(h * dots)), case.get("liner", (236, 224, 178)))
    for (px, py), lab in zip(places, labels, strict=True):
        im.paste(lab.image, (round(px * dots), round(py * dots)))
    return im, w, h, places


def printed(im, case, rs):
    """What the print head leaves: spread, paleness, dead dots."""
    words = case["dist"].split()
    im = im.filter(ImageFilter.GaussianBlur(0.55))
    if "fade" in words or "ghost" in words:
        a = np.asarray(im, np.float32)
        pale = (0.62 if "fade" in words else 0.955) + cloud(rs, im.width, im.height, 4, -0.12, 0.12 if "fade" in words else 0.04)
        im = Image.fromarray((a + (250 - a) * np.clip(pale, 0, 0.99)[..., None]).clip(0, 255).astype(np.uint8))
    if "deaddots" in words:
        d = ImageDraw.Draw(im)
        for x in (0.31, 0.62, 0.86):
            d.line((im.width * x, 0, im.width * x, im.height), (250, 250, 248), 2)
    return im


def photograph(labels, case, pixels=True):
    rng = random.Random("shoot" + case["id"])
    rs = np.random.default_rng(rng.randrange(1 << 30))
    words = case["dist"].split()
    sheet, sw, sh, places = surface(labels, case)
    W, H = case.get("size", (1960, 1500) if sw > sh * 1.1 else (1500, 1960))
    fill = case.get("fill", rng.uniform(0.86, 0.94))
    turn = case.get("turn", 0)
    bw, bh = (sh, sw) if turn in (90, 270) else (sw, sh)
    if turn in (90, 270):
        W, H = H, W
    scale = fill * min(W / bw, H / bh)
    lv = case.get("lv", 1)
    ang = np.radians(turn + rng.uniform(-2.2, 2.2) * lv)
    dx, dy = case.get("shift", (0, 0))
    c, s = np.cos(ang) * scale, np.sin(ang) * scale
    quad = []
    for x, y in ((0, 0), (sw, 0), (sw, sh), (0, sh)):
        u, v = x - sw / 2, y - sh / 2
        j = 0.012 * lv * min(W, H)
        quad.append((W * (0.5 + dx) + c * u - s * v + rng.uniform(-j, j), H * (0.5 + dy) + s * u + c * v + rng.uniform(-j, j)))
    fwd = solve(((0, 0), (sw, 0), (sw, sh), (0, sh)), quad)
    curl = (sh * 0.012 * lv * rng.choice([-1, 1])) if "curl" in words else 0
    fields = []
    for n, (lab, (px, py)) in enumerate(zip(labels, places, strict=True)):
        for field, party, verdict, (x0, y0, x1, y1) in lab.fields:
            pts = []
            for x in (x0, (x0 + x1) / 2, x1):
                pts += [carry(fwd, x + px, y + py + curl * np.sin(np.pi * (x + px) / sw)) for y in (y0, y1)]
            bx0, bx1 = min(p[0] for p in pts) / W, max(p[0] for p in pts) / W
            by0, by1 = min(p[1] for p in pts) / H, max(p[1] for p in pts) / H
            seen = [max(0, bx0), max(0, by0), min(1, bx1), min(1, by1)]
            if seen[2] <= seen[0] or seen[3] <= seen[1] or (seen[2] - seen[0]) * (seen[3] - seen[1]) < 0.5 * (bx1 - bx0) * (by1 - by0):
                continue
            fields.append({"label": n, "field": field, "party": party, "verdict": verdict, "box": [round(float(v), 4) for v in seen]})
    if not pixels:
        return b"", fields
    sheet = printed(sheet, case, rs)
    art = np.asarray(sheet, np.uint8)
    alpha = np.full(art.shape[:2], 255, np.uint8)
    d = sheet.width / sw
    pad = round(abs(curl) * d) + 2
    art = np.pad(art, ((pad, pad), (0, 0), (0, 0)), "edge")
    alpha = np.pad(alpha, ((pad, pad), (0, 0)))
    if curl:
        cols = np.arange(art.shape[1])
        move = np.round(curl * d * np.sin(np.pi * cols / art.shape[1])).astype(int)
        rows = np.clip(np.arange(art.shape[0])[:, None] - move[None, :], 0, art.shape[0] - 1)
        art, alpha = art[rows, cols[None, :]], alpha[rows, cols[None, :]]
        art = (art * (1 - 0.13 * lv * np.abs(np.sin(np.pi * cols / art.shape[1] * 1.5)) ** 2)[None, :, None]).astype(np.uint8)
    src = [(x * d, y * d + pad) for x, y in ((0, 0), (sw, 0), (sw, sh), (0, sh))]
    back = solve(quad, src)
    size, how = (W, H), Image.Transform.PERSPECTIVE
    flat = Image.fromarray(art).transform(size, how, back, Image.Resampling.BICUBIC)
    mask = Image.fromarray(alpha).transform(size, how, back, Image.Resampling.BILINEAR)
    im = bed(case["bed"], W, H, rng, rs)
    off = round(5 * lv + 4)
    dark = ImageChops.offset(mask.resize((W // 4, H // 4)), off // 3, off // 2).filter(ImageFilter.GaussianBlur(3)).resize(size)
    im.paste((18, 16, 14), (0, 0), dark.point(lambda v: v * 0.55))
    im.paste(flat, (0, 0), mask)
    dr = ImageDraw.Draw(im, "RGBA")
    if case["bed"] == "printer":  # the slot's lip over the label's upper edge
        lip = min(quad[0][1], quad[1][1]) + 1.0 * scale
        dr.rectangle((0, 0, W, lip), fill=(34, 36, 40, 255))
        dr.rectangle((0, lip, W, lip + 6), fill=(12, 12, 14, 255))
        dr.ellipse((W * 0.9, lip * 0.4, W * 0.9 + 18, lip * 0.4 + 18), fill=(60, 220, 90, 255))
    if "crease" in words:
        x = W * rng.uniform(0.25, 0.75)
        dr.line((x, 0, x + rng.uniform(-200, 200), H), (90, 90, 90, 60), 5)
        dr.line((x + 6, 0, x + 6 + rng.uniform(-200, 200), H), (255, 255, 255, 110), 4)
    if "tape" in words:
        y = H * rng.uniform(0.3, 0.6)
        dr.polygon([(0, y), (W, y + 40), (W, y + 300), (0, y + 250)], fill=(250, 240, 205, 46))
        for _ in range(7):
            x, t = rng.uniform(0, W), y + rng.uniform(20, 260)
            dr.line((x, t, x + rng.uniform(60, 200), t + 6), (255, 255, 255, 90), 3)
    if "hand" in words:
        left = rng.random() < 0.5
        edge = min(p[0] for p in quad) if left else max(p[0] for p in quad)
        size_ = int(W * 0.11)
        reach = size_ * 1.5 - 2.2 * scale
        finger(im, edge - reach if left else edge + reach, H * rng.uniform(0.6, 0.8), (0 if left else 180) + rng.uniform(-4, 4), size_)
    light = cloud(rs, W, H, 3, 1.06 - 0.2 * lv, 1.08)
    ramp = np.linspace(-1, 1, W)[None, :] * rng.uniform(-0.07, 0.07) * lv + np.linspace(-1, 1, H)[:, None] * rng.uniform(-0.07, 0.07) * lv
    light = light + ramp
    if "shadow" in words:
        sm = Image.new("L", (W // 4, H // 4), 0)
        a = rng.uniform(0.1, 0.5) * W / 4
        ImageDraw.Draw(sm).polygon([(a, 0), (a + W / 9, 0), (a + W / 6, H / 4), (a + W / 40, H / 4)], fill=255)
        light = light - np.asarray(sm.filter(ImageFilter.GaussianBlur(10)).resize((W, H)), np.float32) / 255 * 0.3
    if "dark" in words:
        light = light * 0.055
    warm = np.array(rng.choice([(1.0, 0.98, 0.93), (0.96, 0.99, 1.02), (1.0, 1.0, 0.98)]), np.float32)
    px = np.asarray(im, np.float32) * light[..., None] * warm
    gain = 3.0 + 2 * lv if "dark" not in words else 9
    px += rs.normal(0, gain, (H, W, 1)).astype(np.float32)
    im = Image.fromarray(px.clip(0, 255).astype(np.uint8))
    if "glare" in words or "flash" in words:
        g = Image.new("L", (W // 4, H // 4), 0)
        gd = ImageDraw.Draw(g)
        if "flash" in words:
            gd.ellipse((-W * 0.02, H * 0.005, W * 0.27, H * 0.24), fill=255)
        else:
            gx, gy = case.get("glare", (0.85, 0.1))
            gd.ellipse((W / 4 * gx - 60, H / 4 * gy - 28, W / 4 * gx + 60, H / 4 * gy + 28), fill=200)
        im.paste((255, 255, 252), (0, 0), g.filter(ImageFilter.GaussianBlur(14)).resize((W, H)))
    if "motion" in words:
        a = np.asarray(im, np.float32)
        im = Image.fromarray((sum(np.roll(np.roll(a, k * 3, 1), k, 0) for k in range(-9, 10)) / 19).astype(np.uint8))
    blur = 14 if "defocus" in words else 1.3 if "soft" in words else 0.5
    im = im.filter(ImageFilter.GaussianBlur(blur))
    if "pale" in words:
        im = ImageEnhance.Contrast(im).enhance(0.7)
    buf = io.BytesIO()
    im.save(buf, "JPEG", quality=58 if "jpeg" in words else 86)
    return buf.getvalue(), fields
