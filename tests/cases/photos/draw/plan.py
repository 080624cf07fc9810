"""Which photos there are: an endless mixture would prove nothing, so each is named here by what it tries."""

from dataclasses import dataclass
from random import Random

from content import FAULTS, TRAPS
from layouts import LAYOUTS
from others import OTHERS
from paper import FONTS

#: Faults and traps that the small sticker, which prints name and phone only, can show.
ON_STICKER = {"name", "title", "phone", "phone by four", "landline", "organisation", "order like a phone"}
DISTORTIONS = (
    "perspective",
    "tilt",
    "blur",
    "noise",
    "shadow",
    "dim",
    "hard jpeg",
    "fold",
    "crinkle",
    "tape",
    "fade",
    "sideways",
    "exif",
    "tight",
    "png",
)
#: What makes a picture that no person can read.
RUIN = ("out of focus", "dark", "far away", "shaken", "glare")


@dataclass(frozen=True)
class Shot:
    """One photo: how many labels of which layout, with which trap or fault, taken how."""

    kind: str
    layouts: tuple[str, ...] = ()
    styles: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()
    traps: tuple[str, ...] = ()
    distortions: tuple[str, ...] = ()
    beside: bool = False


def shots() -> dict[str, Shot]:
    """All photos by id, in an order that spreads the kinds evenly."""
    rng = Random("waybill photos of 2026-11-28")
    big = [name for name in LAYOUTS if name != "shelf-sticker"]
    styles = [*FONTS, "sans", "sans", "zenhei", "microhei"]
    turns = {"layout": 0, "style": 0}

    def one(kind: str, *, fault: str = "", trap: str = "", beside: bool = False, layout: str = "") -> Shot:
        turns["layout"] += 1
        turns["style"] += 1
        bent = tuple(sorted(rng.sample(DISTORTIONS, rng.choice((0, 1, 1, 2, 2, 3)))))
        if {"sideways", "exif"} <= set(bent):
            bent = tuple(d for d in bent if d != "exif")
        return Shot(
            kind,
            (layout or big[turns["layout"] % len(big)],),
            (styles[turns["style"] % len(styles)],),
            (fault,) if fault else (),
            (trap,) if trap else (),
            bent,
            beside,
        )

    out = [one("compliant") for _ in range(46)]
    out += [one("compliant", trap=trap) for trap in TRAPS for _ in range(5)]
    out += [
        one("compliant", layout="shelf-sticker", trap=t)
        for t in ("", "", "organisation", "order like a phone")
    ]
    out += [one("compliant", beside=True) for _ in range(6)]
    out += [one("faulty", fault=fault) for fault in FAULTS for _ in range(4)]
    out += [one("faulty", fault=f, trap=t) for f, t in zip(FAULTS, reversed(TRAPS), strict=False)]
    out += [one("faulty", layout="shelf-sticker", fault=f) for f in ("name", "phone", "phone by four")]
    out += [one("faulty", fault=rng.choice(FAULTS), beside=True) for _ in range(4)]
    for i in range(14):
        pair = tuple(rng.sample(big, 2))
        fault = FAULTS[i * 3 % len(FAULTS)] if i % 2 else ""
        out.append(Shot("pair", pair, (rng.choice(styles), rng.choice(styles)), (fault,) if fault else ()))
    out += [Shot("ruined", (rng.choice(big),), ("sans",), (), (), (RUIN[i % len(RUIN)],)) for i in range(10)]
    out += [Shot("half", (name,), ("sans",)) for name in rng.sample(big, 5)]
    out += [
        Shot("half", (name,), ("zenhei",), ("everything",))
        for name in ("one-ply-discs", "ruled-table", "bilingual")
    ]
    out += [Shot("no label", (name,)) for name in OTHERS]
    out += [
        Shot("50 megapixel", ("ruled-table",), ("sans",)),
        Shot("50 megapixel", ("bilingual",), ("serif",), ("room",)),
    ]
    rng.shuffle(out)
    return {f"p{i:03d}": shot for i, shot in enumerate(out, 1)}
