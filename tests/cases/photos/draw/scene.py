"""From sheets to a photograph: a table, a camera that is held askew, light, lens and compression."""

from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import numpy as np
from numpy.typing import NDArray
from paper import Role, Sheet
from PIL import Image, ImageDraw, ImageFilter

Box = tuple[float, float, float, float]
Pixels = NDArray[np.float32]
#: EXIF orientation for a turn of the stored picture, counter-clockwise in degrees.
ORIENTATION = {90: 6, 180: 3, 270: 8}


@dataclass
class Photo:
    """A picture and where its fields lie, as fractions of width and height: (sheet, role, box)."""

    picture: Image.Image
    fields: list[tuple[int, Role, Box]] = field(default_factory=list)


def table(rng: Random, wide: int, high: int) -> Image.Image:
    """What the labels lie on: card, wood, foil, cloth."""
    colour = rng.choice(
        ((181, 148, 108), (196, 166, 126), (94, 96, 102), (214, 214, 210), (60, 66, 74), (150, 118, 84))
    )
    noise = np.random.default_rng(rng.getrandbits(32))
    grain = noise.normal(0, 9, (high // 6 + 1, wide // (rng.choice((6, 60))) + 1)).astype(np.float32)
    rough = np.asarray(Image.fromarray(grain).resize((wide, high), Image.Resampling.BICUBIC))
    return Image.fromarray(np.clip(np.array(colour, np.float32) + rough[..., None], 0, 255).astype(np.uint8))


def place(rng: Random, sheets: list[Sheet], scale: float, *, tilt: float, margin: float = 14) -> Photo:
    """Lay the sheets beside each other, ``scale`` pixels a millimetre, each turned by up to ``tilt`` degrees."""
    gap = 9
    wide = sum(s.wide for s in sheets) + gap * (len(sheets) - 1) + 2 * margin
    high = max(s.high for s in sheets) + 2 * margin
    ground = table(rng, round(wide * scale), round(high * scale))
    fields = []
    left = margin
    for number, sheet in enumerate(sheets):
        angle = rng.uniform(-tilt, tilt)
        size = (round(sheet.wide * scale), round(sheet.high * scale))
        paper = sheet.picture.resize(size, Image.Resampling.LANCZOS)
        tint = np.array(rng.choice(((255, 255, 255), (250, 250, 244), (246, 248, 250))), np.float32) / 255
        shown = Image.fromarray((np.asarray(paper, np.float32)[..., None] * tint).astype(np.uint8))
        centre = ((left + sheet.wide / 2) * scale, (margin + sheet.high / 2) * scale)
        turned = shown.rotate(angle, Image.Resampling.BICUBIC, expand=True)
        mask = Image.new("L", size, 255).rotate(angle, Image.Resampling.BICUBIC, expand=True)
        ground.paste(
            turned, (round(centre[0] - turned.width / 2), round(centre[1] - turned.height / 2)), mask
        )
        turn = np.deg2rad(angle)
        for role, (x0, y0, x1, y1) in sheet.places():
            corners = np.array([(x0, y0), (x1, y0), (x1, y1), (x0, y1)]) * scale - np.array(size) / 2
            # The y axis points down, so that a turn against the clock has its signs the other way round.
            spin = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
            fields.append((number, role, frame(corners @ spin.T + np.array(centre), ground.size)))
        left += sheet.wide + gap
    return Photo(ground, fields)


def frame(points: NDArray[np.float64], size: tuple[int, int]) -> Box:
    """The upright frame around points, as fractions of the picture."""
    low, high = points.min(axis=0) / size, points.max(axis=0) / size
    return (float(low[0]), float(low[1]), float(high[0]), float(high[1]))


def askew(rng: Random, photo: Photo, strength: float) -> Photo:
    """Perspective: an inner quadrilateral of the picture becomes the whole of it."""
    wide, high = photo.picture.size
    slack = strength * min(wide, high)
    source = np.array(
        [
            (rng.uniform(0, slack), rng.uniform(0, slack)),
            (wide - rng.uniform(0, slack), rng.uniform(0, slack)),
            (wide - rng.uniform(0, slack), high - rng.uniform(0, slack)),
            (rng.uniform(0, slack), high - rng.uniform(0, slack)),
        ]
    )
    target = np.array([(0, 0), (wide, 0), (wide, high), (0, high)], float)
    back = homography(target, source)
    picture = photo.picture.transform(
        photo.picture.size, Image.Transform.PERSPECTIVE, tuple(back.ravel()[:8]), Image.Resampling.BICUBIC
    )
    forth = homography(source, target)
    fields = []
    for number, role, (x0, y0, x1, y1) in photo.fields:
        corners = np.array([(x0, y0, 1), (x1, y0, 1), (x1, y1, 1), (x0, y1, 1)]) * (wide, high, 1)
        moved = corners @ forth.T
        fields.append((number, role, frame(moved[:, :2] / moved[:, 2:], photo.picture.size)))
    return Photo(picture, fields)


def homography(source: NDArray[np.float64], target: NDArray[np.float64]) -> NDArray[np.float64]:
    """The 3 × 3 matrix that takes four points to four others."""
    rows, right = [], []
    for (x, y), (u, v) in zip(source, target, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        right += [u, v]
    return np.append(np.linalg.solve(np.array(rows), np.array(right)), 1).reshape(3, 3)


def crop(photo: Photo, box: Box) -> Photo:
    """A part of the picture; fields that are not wholly in it are lost."""
    wide, high = photo.picture.size
    x0, y0, x1, y1 = box
    area = (round(x0 * wide), round(y0 * high), round(x1 * wide), round(y1 * high))
    inside = [
        (n, role, ((a - x0) / (x1 - x0), (b - y0) / (y1 - y0), (c - x0) / (x1 - x0), (d - y0) / (y1 - y0)))
        for n, role, (a, b, c, d) in photo.fields
        if a >= x0 and b >= y0 and c <= x1 and d <= y1
    ]
    return Photo(photo.picture.crop(area), inside)


def sideways(photo: Photo, turn: int) -> Photo:
    """The camera was turned by 90, 180 or 270 degrees and did not note it."""
    picture = photo.picture.rotate(turn, expand=True)
    turns = {
        90: lambda a, b, c, d: (b, 1 - c, d, 1 - a),
        180: lambda a, b, c, d: (1 - c, 1 - d, 1 - a, 1 - b),
        270: lambda a, b, c, d: (1 - d, a, 1 - b, c),
    }
    return Photo(picture, [(n, role, turns[turn](*box)) for n, role, box in photo.fields])


def pixels(photo: Photo) -> Pixels:
    """The picture as numbers of 0…255."""
    return np.asarray(photo.picture.convert("RGB"), np.float32)


def painted(photo: Photo, values: Pixels) -> Photo:
    """The photo with other colours."""
    return Photo(Image.fromarray(np.clip(values, 0, 255).astype(np.uint8)), photo.fields)


def shadow(rng: Random, photo: Photo) -> Photo:
    """A hand or a shelf keeps the light from one side."""
    values = pixels(photo)
    high, wide = values.shape[:2]
    angle = rng.uniform(0, 2 * np.pi)
    y, x = np.mgrid[-1 : 1 : high * 1j, -1 : 1 : wide * 1j].astype(np.float32)
    edge = 1 / (
        1 + np.exp(-(x * np.cos(angle) + y * np.sin(angle) + rng.uniform(-0.3, 0.3)) * rng.choice((2, 6, 14)))
    )
    return painted(photo, values * (1 - rng.uniform(0.3, 0.52) * edge)[..., None])


def dim(rng: Random, photo: Photo) -> Photo:
    """Too little light, or light of one colour."""
    colour = np.array(rng.choice(((1, 0.92, 0.76), (0.86, 0.94, 1), (1, 1, 1))), np.float32)
    return painted(photo, pixels(photo) * rng.uniform(0.5, 0.75) * colour)


def noise(rng: Random, photo: Photo) -> Photo:
    """Grain of the sensor."""
    values = pixels(photo)
    made = np.random.default_rng(rng.getrandbits(32)).normal(0, rng.uniform(5, 13), values.shape)
    return painted(photo, values + made.astype(np.float32))


def blur(rng: Random, photo: Photo, sigma: float = 0) -> Photo:
    """Out of focus."""
    return Photo(photo.picture.filter(ImageFilter.GaussianBlur(sigma or rng.uniform(0.7, 1.2))), photo.fields)


def shake(photo: Photo, length: int) -> Photo:
    """The camera moved while the picture was taken."""
    values = pixels(photo)
    moved = sum(np.roll(values, step, axis=1) for step in range(length))
    return painted(photo, np.asarray(moved) / length)


def fold(rng: Random, photo: Photo) -> Photo:
    """A crease across the paper: one side is darker, and the line itself shows."""
    values = pixels(photo).copy()
    high = values.shape[0]
    at = rng.uniform(0.25, 0.75) * high
    slope = rng.uniform(-0.12, 0.12)
    y = np.arange(high)[:, None] - at - slope * np.arange(values.shape[1])[None, :]
    values *= np.where(y > 0, rng.uniform(0.8, 0.92), 1).astype(np.float32)[..., None]
    values += (np.exp(-((y / 2.5) ** 2)) * rng.choice((-55, 40))).astype(np.float32)[..., None]
    return painted(photo, values)


def crinkle(rng: Random, photo: Photo) -> Photo:
    """Soft waves of the bag below the label."""
    values = pixels(photo)
    high, wide = values.shape[:2]
    period, reach = rng.uniform(90, 200), rng.uniform(1.5, 3)
    rows = np.arange(high)[:, None] + np.round(reach * np.sin(np.arange(wide) / period * 2 * np.pi)).astype(
        int
    )
    moved = values[np.clip(rows, 0, high - 1), np.arange(wide)[None, :]]
    light = 1 + 0.07 * np.sin(np.arange(wide) / period * 2 * np.pi + 1)
    return painted(photo, moved * light.astype(np.float32)[None, :, None])


def tape(rng: Random, photo: Photo) -> Photo:
    """A strip of clear tape: a pale band with two bright edges."""
    values = pixels(photo).copy()
    high = values.shape[0]
    top = int(rng.uniform(0.1, 0.7) * high)
    band = values[top : top + high // 7]
    band[:] = band * 0.86 + 34
    band[:3] += 25
    band[-3:] += 25
    return painted(photo, values)


def fade(sheet: Sheet, rng: Random) -> None:
    """Old thermal paper: pale print, and columns that a dead dot of the head left white."""
    values = np.asarray(sheet.picture, np.float32)
    values = 255 - (255 - values) * rng.uniform(0.5, 0.7)
    for _ in range(rng.randint(0, 3)):
        values[:, rng.randrange(values.shape[1])] = 255
    sheet.picture = Image.fromarray(values.astype(np.uint8))


def glare(photo: Photo, reach: float) -> Photo:
    """A lamp mirrored in the foil wipes out most of the picture."""
    values = pixels(photo)
    high, wide = values.shape[:2]
    y, x = np.mgrid[-1 : 1 : high * 1j, -1 : 1 : wide * 1j].astype(np.float32)
    return painted(photo, values + (400 * np.exp(-(x**2 + y**2) / reach))[..., None])


def sticker(rng: Random, sheet_high: float) -> Sheet:
    """Something that lies beside a label and names nobody."""
    kind = rng.choice(("fragile", "pick list", "article"))
    if kind == "fragile":
        s = Sheet(60, 40, "sans")
        s.box(1, 1, 59, 39)
        s.text(8, 6, 10, "易碎品", bold=True)
        s.text(8, 24, 6, "轻拿轻放", bold=True)
        return s
    if kind == "article":
        s = Sheet(50, 30, "sans")
        s.text(3, 2, 3.4, "货号 6903244512380")
        s.code(4, 8, 42, 12, "6903244512380")
        s.text(3, 22, 3, "规格：均码　颜色：米白")
        return s
    s = Sheet(80, min(110, sheet_high), "sans")
    s.text(24, 3, 5, "拣货单", bold=True)
    s.text(4, 12, 3, f"波次 B{rng.randint(1000, 9999)}　库区 A03")
    for i in range(8):
        s.rule(3, 19 + i * 8, 77, 19 + i * 8)
        s.text(
            5,
            21 + i * 8,
            3,
            f"A{i:02d}-{rng.randint(1, 20):02d}-{rng.randint(1, 9):02d}　69{rng.getrandbits(36):011d}",
        )
        s.text(66, 21 + i * 8, 3, f"×{rng.randint(1, 5)}")
    return s


def save(photo: Photo, path: Path, *, quality: int, turn: int = 0) -> None:
    """Write the file; with ``turn`` the pixels lie turned and EXIF tells it."""
    picture = photo.picture
    exif = Image.Exif()
    if turn:
        picture = picture.rotate(turn, expand=True)
        exif[0x0112] = ORIENTATION[turn]
    if path.suffix == ".png":
        picture.save(path)
    else:
        picture.save(path, quality=quality, exif=exif)


def scribble(rng: Random, wide: int, high: int) -> Image.Image:
    """Lines without words."""
    picture = Image.new("RGB", (wide, high), (238, 238, 232))
    pen = ImageDraw.Draw(picture)
    for _ in range(40):
        pen.line([(rng.randrange(wide), rng.randrange(high)) for _ in range(4)], (rng.randrange(120),) * 3, 4)
    return picture
