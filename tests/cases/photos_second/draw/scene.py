"""A label put on a thing, and the photograph of it."""
import numpy as np, cv2

def ground(kind, h, w, r):
    yy, xx = np.mgrid[0:h, 0:w].astype(np.float32)
    n = lambda s: cv2.resize(r.normal(0, 1, (max(2, h // s), max(2, w // s))).astype(np.float32), (w, h), interpolation=cv2.INTER_CUBIC)
    base = {"carton": (172, 136, 96), "greybag": (176, 178, 182), "blackbag": (44, 45, 50), "whitebag": (228, 229, 233), "belt": (46, 74, 62), "tiles": (196, 190, 180), "desk": (150, 112, 78), "steel": (150, 156, 162), "blanket": (120, 60, 62)}[kind]
    g = np.ones((h, w, 3), np.float32) * np.array(base, np.float32)
    if kind == "carton":
        g += (n(3) * 3 + n(60) * 5)[..., None] + (np.sin(yy / 9 + n(200)) * 1.6)[..., None]
        y0 = int(h * r.uniform(.05, .95)); g[max(0, y0 - 55):y0 + 55] = g[max(0, y0 - 55):y0 + 55] * .88 + np.array((30, 24, 10)) + 8 * np.sin(xx[max(0, y0 - 55):y0 + 55, :, None] / 90)
    elif kind.endswith("bag"):
        q = n(70) * 18 + n(160) * 20 + n(28) * 4; gx = cv2.Sobel(cv2.GaussianBlur(q, (0, 0), 6), cv2.CV_32F, 1, 1, ksize=5)
        g += (q * .5 + np.clip(gx * 1.4, -30, 45))[..., None]
    elif kind == "tiles":
        g += (n(40) * 5 + n(4) * 2)[..., None]
        for k in range(0, w, 420): g[:, k:k + 7] *= .72
        for k in range(0, h, 420): g[k:k + 7] *= .72
    elif kind == "desk": g += (np.sin((yy + n(90) * 22) / 7) * 7 + n(2) * 3)[..., None]
    elif kind == "steel": g += (np.sin(xx / 3) * 1.5 + n(120) * 12)[..., None]
    elif kind == "belt": g += (((yy // 12 + xx // 12) % 2) * 7 + n(3) * 4)[..., None]
    else: g += (n(5) * 14 + np.sin(xx / 5) * np.sin(yy / 5) * 10)[..., None]
    return np.clip(g, 0, 255)

def thermal(a, r, fade=0., streaks=0, stain=False):
    h, w = a.shape[:2]; ink = (255 - a.astype(np.float32)) / 255
    yy = np.linspace(0, 1, h)[:, None]; low = cv2.resize(r.uniform(.5, 1, (5, 4)).astype(np.float32), (w, h), interpolation=cv2.INTER_CUBIC)
    k = 1 - fade * (.45 + .55 * low)
    for _ in range(streaks):
        x = int(r.integers(10, w - 10)); ink[:, x:x + int(r.integers(1, 4))] *= .1
    ink *= k[..., None] * np.where(r.random((h, w)) < .06 * (fade + .15), .45, 1)[..., None]
    paper = np.array((250, 249, 245), np.float32) - fade * np.array((4, 12, 30))
    out = paper * (1 - ink) + np.array((34, 32, 38)) * ink + fade * 40 * ink
    if stain:
        cx, cy, R = w * .7, h * .35, w * .22; Y, X = np.mgrid[0:h, 0:w]; d = np.hypot(X - cx, Y - cy) / R
        out -= (np.exp(-((d - 1) / .06) ** 2) * 50 + (d < 1) * 14)[..., None] * np.array((.5, .8, 1.2))
    return np.clip(out, 0, 255)

def place(bg, lab, masks, r, c, size, rot, persp, wave, fold, up=1.6):
    """Returns picture, boxes. lab: float picture in label's dots; masks: {key: box in dots}."""
    H, W = bg.shape[:2]; lh, lw = lab.shape[:2]; pad = 30
    big = cv2.copyMakeBorder(lab.astype(np.float32), pad, pad, pad, pad, cv2.BORDER_REPLICATE)
    alpha = np.zeros(big.shape[:2], np.float32); alpha[pad:-pad, pad:-pad] = 1
    yy, xx = np.mgrid[0:big.shape[0], 0:big.shape[1]].astype(np.float32)
    dx = wave * 9 * np.sin(yy / 140 + r.uniform(0, 6)) + wave * 5 * np.sin(xx / 100); dy = wave * 9 * np.sin(xx / 120 + r.uniform(0, 6)) + wave * 4 * np.sin((xx + yy) / 90)
    shade = 1 + wave * .06 * np.cos(yy / 140 + xx / 170 + r.uniform(0, 6))
    for k in range(fold):
        th = r.uniform(0, np.pi); u = (xx - lw * r.uniform(.25, .75)) * np.cos(th) + (yy - lh * r.uniform(.25, .75)) * np.sin(th)
        dx += np.cos(th) * 5 * np.exp(-np.abs(u) / 16) * np.sign(u); dy += np.sin(th) * 5 * np.exp(-np.abs(u) / 16) * np.sign(u)
        shade *= 1 + .17 * np.exp(-np.abs(u) / 40) * np.sign(u) - .25 * np.exp(-(u / 1.6) ** 2)
    mx, my = xx + dx, yy + dy
    wp = lambda z, f=cv2.INTER_LINEAR: cv2.remap(z, mx, my, f, borderMode=cv2.BORDER_CONSTANT)
    big = wp(big) * shade[..., None]; alpha = wp(alpha)
    s = size * H / lh; th = np.deg2rad(rot); R = np.array([[np.cos(th), -np.sin(th)], [np.sin(th), np.cos(th)]]) * s
    q = np.array([[pad, pad], [pad + lw, pad], [pad + lw, pad + lh], [pad, pad + lh]], np.float32)
    dst = ((q - q.mean(0)) @ R.T + np.array(c) * (W, H)); dst += r.uniform(-1, 1, (4, 2)) * persp * min(lw, lh) * s * .12
    if persp > .8: dst[:2, 0] += np.array((1, -1)) * persp * lw * s * .05
    M = cv2.getPerspectiveTransform(q, dst.astype(np.float32))
    if s < 1: f = cv2.INTER_AREA; big = cv2.GaussianBlur(big, (0, 0), max(.01, .35 / s))
    L = cv2.warpPerspective(big, M, (W, H), flags=cv2.INTER_CUBIC); al = np.clip(cv2.warpPerspective(alpha, M, (W, H)), 0, 1)
    sh = np.roll(cv2.GaussianBlur(al, (0, 0), 9), (7, 5), (0, 1)); out = bg * (1 - .38 * sh * (1 - al))[..., None]
    out = out * (1 - al[..., None]) + np.clip(L, 0, 255) * al[..., None]
    boxes = {}
    for key, (x0, y0, x1, y1) in masks.items():
        m = np.zeros(big.shape[:2], np.float32); m[max(0, int(y0)) + pad:int(y1) + pad, max(0, int(x0)) + pad:int(x1) + pad] = 1
        m = cv2.warpPerspective(wp(m), M, (W, H)) > .5; ys, xs = np.where(m)
        boxes[key] = [round(float(z), 4) for z in (xs.min() / W, ys.min() / H, (xs.max() + 1) / W, (ys.max() + 1) / H)] if len(xs) else None
    return out, boxes

def photo(a, r, blur=0., motion=0, glare=(), dark=0., noise=3., warm=0., flare=False, shadow=False, thumb=None, film=False):
    h, w = a.shape[:2]; yy, xx = np.mgrid[0:h, 0:w].astype(np.float32)
    if film:
        for _ in range(9):
            x0, y0, th, ln = r.uniform(0, w), r.uniform(0, h), r.uniform(-.5, .5) + (1.57 if r.random() < .3 else 0), r.uniform(.12, .4) * w
            u = (xx - x0) * np.cos(th) + (yy - y0) * np.sin(th); v = -(xx - x0) * np.sin(th) + (yy - y0) * np.cos(th) + 14 * np.sin(u / 60)
            a = a + (r.uniform(30, 95) * np.exp(-(u / ln) ** 4 - (v / r.uniform(5, 16)) ** 2))[..., None]
        a = a * .97 + 8
    for gx, gy, gr, gs in glare: a = a + (gs * 260 * np.exp(-(((xx - gx * w) / (gr * w)) ** 2 + ((yy - gy * h) / (gr * w * .6)) ** 2)))[..., None]
    if thumb:
        tx, ty, tr = thumb; d = ((xx - tx * w) / (tr * w)) ** 2 + ((yy - ty * h) / (tr * w * 1.9)) ** 2; m = np.clip((1 - d) * 14, 0, 1)[..., None]
        a = a * (1 - m) + m * (np.array((206, 158, 132)) - (d * 46)[..., None])
    if shadow: a = a * (1 - .5 * (1 / (1 + np.exp(-(xx * .8 - yy * .5 - w * .25) / 40))))[..., None]
    a = a * (1 - .28 * (((xx / w - .5) ** 2 + (yy / h - .5) ** 2))[..., None] * 1.3)
    a = a * (1 - dark) * (1 + warm * np.array((.10, 0, -.16)))
    if blur: a = cv2.GaussianBlur(a, (0, 0), blur)
    if motion:
        k = np.zeros((motion, motion), np.float32); cv2.line(k, (0, motion // 3), (motion - 1, motion * 2 // 3), 1, 1); a = cv2.filter2D(a, -1, k / k.sum())
    a = a + r.normal(0, noise, a.shape[:2])[..., None] + r.normal(0, noise * .6, a.shape)
    return np.clip(a, 0, 255).astype(np.uint8)
