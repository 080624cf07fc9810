"""Draw the photos of labels: ``python tests/cases/photos/draw OUT [--part 1/6] [--only ID…] [--truth FILE]``.

Every photo has its own seed (its id): the same id gives the same picture, whatever else is drawn.
"""

import argparse
import json
from pathlib import Path
from random import Random

import content
import scene
from layouts import LAYOUTS
from others import OTHERS
from paper import FONTS, Sheet
from PIL import Image
from plan import ON_STICKER, Shot, shots
from scene import Photo


def label(rng: Random, layout: str, style: str, fault: str, trap: str) -> Sheet:
    """One label with its trap and its fault."""
    made = content.compliant(rng)
    if trap:
        made = content.tempt(rng, made, trap)
    if fault:
        made = content.spoil(rng, made, fault)
    if layout == "shelf-sticker" and not {fault, trap} <= ON_STICKER | {""}:
        raise ValueError(fault or trap)
    return LAYOUTS[layout](made, style)


def sheets(rng: Random, shot: Shot) -> list[Sheet]:
    """The labels of a photo; of two labels the second carries the fault."""
    count = len(shot.layouts)
    fault, trap = "".join(shot.faults), "".join(shot.traps)
    out = [
        label(rng, layout, style, fault if i == count - 1 else "", trap)
        for i, (layout, style) in enumerate(zip(shot.layouts, shot.styles, strict=True))
    ]
    if "fade" in shot.distortions:
        for sheet in out:
            scene.fade(sheet, rng)
    if shot.beside:
        out.insert(rng.randrange(2), scene.sticker(rng, out[0].high))
    return out


def take(rng: Random, shot: Shot) -> Photo:
    """The photo before it is stored."""
    if shot.kind == "no label":
        return OTHERS[shot.layouts[0]](rng)
    bent = set(shot.distortions)
    laid = sheets(rng, shot)
    photo = scene.place(
        rng,
        laid,
        rng.uniform(8.5, 13),
        tilt=9 if "tilt" in bent else 1.5,
        margin=3 if "tight" in bent else rng.uniform(14, 24),
    )
    if "tight" not in bent:
        photo = scene.askew(rng, photo, 0.07 if "perspective" in bent else 0.015)
    for name, step in (
        ("fold", scene.fold),
        ("crinkle", scene.crinkle),
        ("tape", scene.tape),
        ("shadow", scene.shadow),
        ("dim", scene.dim),
        ("blur", scene.blur),
        ("noise", scene.noise),
    ):
        if name in bent:
            photo = step(rng, photo)
    if "sideways" in bent:
        photo = scene.sideways(photo, rng.choice((90, 180, 270)))
    if shot.kind == "half":
        photo = half(photo)
    return ruin(rng, photo, shot.distortions[0]) if shot.kind == "ruined" else photo


def half(photo: Photo) -> Photo:
    """Cut so that the receiver's address is lost, and with it whatever lies below."""
    top = min(box[1] for _, role, box in photo.fields if (role.field, role.party) == ("address", "receiver"))
    return scene.crop(photo, (0, 0, 1, top + 0.004))


def ruin(rng: Random, photo: Photo, how: str) -> Photo:
    """Make it a photo that no person can read."""
    if how == "out of focus":
        return scene.blur(rng, photo, 13)
    if how == "dark":
        return scene.noise(rng, scene.painted(photo, scene.pixels(photo) * 0.03))
    if how == "far away":
        small = photo.picture.resize((photo.picture.width // 13, photo.picture.height // 13))
        ground = scene.table(rng, 1200, 1600)
        ground.paste(small, (500, 700))
        return Photo(ground, [])
    if how == "shaken":
        return scene.shake(photo, 90)
    return scene.glare(photo, 0.8)


def truth(name: str, file: str, shot: Shot, photo: Photo) -> dict[str, object]:
    """What a fair judge says of the photo."""
    readable = shot.kind not in {"ruined", "no label"}
    fields = [
        {
            "label": number,
            "field": role.field,
            "party": role.party,
            "verdict": role.verdict,
            "box": [round(v, 3) for v in box],
        }
        for number, role, box in photo.fields
        if readable
    ]
    bad = any(f["verdict"] == "fail" for f in fields)
    whole = "fail" if bad else "pass" if readable and shot.kind != "half" else "unreadable"
    return {
        "id": name,
        "file": file,
        "kind": shot.kind,
        "layouts": shot.layouts,
        "fonts": shot.styles,
        "traps": shot.traps,
        "faults": shot.faults,
        "distortions": shot.distortions,
        "verdict": whole,
        "readable_by_person": whole != "unreadable",
        "fields": fields,
    }


def draw(name: str, shot: Shot, folder: Path) -> dict[str, object]:
    """Draw one photo into ``folder`` and give its truth."""
    rng = Random(name)
    photo = take(rng, shot)
    if shot.kind == "50 megapixel":
        wide, high = photo.picture.size
        grow = (50_000_000 / (wide * high)) ** 0.5
        size = (round(wide * grow), round(high * grow))
        photo = Photo(photo.picture.resize(size, Image.Resampling.BICUBIC), photo.fields)
    file = f"{name}.png" if "png" in shot.distortions else f"{name}.jpg"
    quality = 30 if "hard jpeg" in shot.distortions else rng.randint(70, 90)
    turn = rng.choice((90, 180, 270)) if "exif" in shot.distortions else 0
    if "png" in shot.distortions:
        turn = 0
    scene.save(photo, folder / file, quality=quality, turn=turn)
    return truth(name, file, shot, photo)


def main() -> None:
    """Draw what the command line asks for."""
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("out", type=Path)
    ask.add_argument("--part", default="1/1", help="every nth photo, such as 1/6")
    ask.add_argument("--only", nargs="*", default=[], help="ids")
    ask.add_argument("--truth", type=Path, help="write the truth of what is drawn")
    asked = ask.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    first, step = map(int, asked.part.split("/"))
    plan = {name: shot for i, (name, shot) in enumerate(shots().items()) if i % step == first - 1}
    if asked.only:
        plan = {name: shot for name, shot in shots().items() if name in asked.only}
    absent = sorted(style for style, (path, *_) in FONTS.items() if not Path(path).exists())
    if absent:
        print("drawn in another font for want of: " + ", ".join(absent))  # noqa: T201
    rows = [draw(name, shot, asked.out) for name, shot in plan.items()]
    if asked.truth:
        lines = (json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in rows)
        asked.truth.write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main()
