"""The third set's scene, with what many people's phones add: casts, corners, fingers, a flash, greasy lenses."""

import cv2
import numpy as np
import scene
from scene import photograph  # noqa: F401

scene.GROUND |= {
    "sheet": (214, 206, 216),
    "tile": (206, 200, 188),
    "jeans": (74, 88, 118),
    "grass": (104, 124, 78),
    "steel": (162, 168, 174),
}
_weather = scene.weather


def weather(shot, words, lv, g, found):
    h, w = shot.shape[:2]
    yy, xx = np.linspace(-1, 1, h, dtype=np.float32)[:, None], np.linspace(-1, 1, w, dtype=np.float32)[None, :]
    if "finger" in words:  # a thumb holds the paper at its lower edge, over no field
        side = -1 if g.random() < 0.5 else 1
        lay = np.zeros((h, w), np.float32)
        cv2.ellipse(lay, (int(w * (0.5 + side * 0.47)), int(h * 0.97)), (int(w * 0.09), int(h * 0.13)), side * -14, 0, 360, 1.0, -1)
        for x0, y0, x1, y1 in (f[4] for f in found):
            cv2.rectangle(lay, (int(x0 * w), int(y0 * h)), (int(x1 * w), int(y1 * h)), 0.0, -1)
        shade = np.clip(cv2.GaussianBlur(lay, (0, 0), w / 40), 0, 1)[..., None]
        lay = cv2.GaussianBlur(lay, (0, 0), w / 300)[..., None]
        shot = shot * (1 - 0.3 * shade) * (1 - lay) + lay * np.array((206, 160, 134), np.float32) * (0.7 + 0.3 * shade)
    if "flash" in words:  # a round of light, kept weak over what counts
        x, y = g.uniform(-0.4, 0.4), g.uniform(-0.5, 0.6)
        spot = np.exp(-(((xx - x) / 0.22) ** 2 + ((yy - y) * h / w / 0.22) ** 2))
        keep = np.ones((h, w), np.float32)
        for x0, y0, x1, y1 in (f[4] for f in found):
            cv2.rectangle(keep, (int((x0 - 0.02) * w), int((y0 - 0.01) * h)), (int((x1 + 0.02) * w), int((y1 + 0.01) * h)), 0.12, -1)
        shot = shot * (1 - 0.25 * np.clip(xx**2 + yy**2, 0, 2) / 2)[..., None] + (spot * 190 * cv2.GaussianBlur(keep, (0, 0), w / 60))[..., None]
    if "grille" in words:  # light through a window's bars
        a = g.uniform(0.3, 0.9)
        bars = 1 / (1 + np.exp(np.clip(np.sin((xx + a * yy) * g.uniform(9, 14)) * -12, -50, 50)))
        shot = shot * (1 - {1: 0.16, 2: 0.28, 3: 0.38}[lv] * bars)[..., None]
    if "fold" in words:  # one hard fold across, the halves lit unlike
        y0 = g.uniform(0.3, 0.7) * h
        d = (yy * h / 2 + h / 2 - y0) + xx * w / 2 * g.uniform(-0.25, 0.25)
        shot = shot * (1 - 0.13 / (1 + np.exp(np.clip(-d / 5, -50, 50))) - 0.16 * np.exp(-((d / (w / 260)) ** 2)))[..., None]
    shot = _weather(shot.astype(np.float32), words, lv, g, found)
    if "green" in words:
        shot *= np.array((0.92, 1.02, 0.88), np.float32)
    if "vignette" in words:
        shot *= (1 - 0.36 * np.clip((xx**2 + yy**2) / 2, 0, 1) ** 1.5)[..., None]
    if "haze" in words:  # a thumb has been on the lens
        shot = shot * 0.74 + cv2.GaussianBlur(shot, (0, 0), w / 24) * 0.2 + 22
    if "sharp" in words:  # a phone that sharpens too much
        shot = shot + 1.1 * (shot - cv2.GaussianBlur(shot, (0, 0), w / 700))
    if "pale" in words:
        shot = 255 - (255 - shot) * 0.72
    return shot


scene.weather = weather
