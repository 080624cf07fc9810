"""`python photos_twenty_first/draw OUT [ID…]`: draw the photos of the night check; when all are drawn, truth.jsonl too. `--truth` writes truth.jsonl alone."""

import json
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[1] / "photos_third" / "draw")]  # kit and scene come from the third set

import numpy as np
import scene
from cases import CASES
from layouts import LAYOUTS

IDS = [f"b{n:02}" for n in range(1, 61)]
scene.GROUND |= {
    "rubber": (38, 62, 54), "roller": (104, 108, 112), "steel": (168, 172, 174), "cage": (62, 82, 116),
    "sack": (204, 206, 192), "envelope": (222, 208, 176), "white": (236, 236, 232),
}  # fmt: skip
daylight = scene.weather


def night(shot, words, lv, g, found):
    """Hall light and the inspector's lamp, then what scene knows."""
    h, w = shot.shape[:2]
    y, x = np.linspace(-1, 1, h, dtype=np.float32)[:, None], np.linspace(-1, 1, w, dtype=np.float32)[None, :]
    if "torch" in words:  # a hand lamp: bright in the middle, falling off to the corners
        d = (x - np.float32(g.uniform(-0.25, 0.25))) ** 2 + (y - np.float32(g.uniform(-0.3, 0.2))) ** 2
        shot *= (1.12 - {1: 0.16, 2: 0.24, 3: 0.3}[lv] * d)[..., None].clip(0.35, 1.12)
    if "lamp" in words:  # greenish tubes
        shot *= np.array((0.93, 1.0, 0.88), np.float32)
    if "sodium" in words:
        shot *= np.array((1.05, 0.9, 0.64), np.float32)
    return daylight(shot, words, lv, g, found)


scene.weather = night


def build(case):
    label = LAYOUTS[case["layout"]](case)
    for field, party, _, (x0, y0, x1, y1) in label.fields:
        if x1 > label.w - 0.5 or y1 > label.h - 0.5 or min(x0, y0) < 0:
            print("over the edge:", case["id"], field, party, [round(v, 1) for v in (x0, y0, x1, y1)], file=sys.stderr)
    return label


def draw(id_, pixels=True):
    case = CASES[id_]
    labels = [build(case)]
    if "second" in case:
        labels.append(build(CASES[case["second"]]))
    if labels[0].w > labels[0].h * 1.1 and "size" not in case:
        case["size"] = (1920, 1440)
    data, fields = scene.photograph(labels, case, pixels)
    unreadable = case.get("unreadable", False)
    if unreadable and "cut" not in case["dist"]:
        fields = []
    bad = any(f["verdict"] == "fail" for f in fields)
    verdict = "unreadable" if unreadable else "fail" if bad else "pass"
    assert bad == bool(case["faults"]), (id_, bad)
    kind = case.get("kind", "label")
    layouts = [case["layout"], *([CASES[case["second"]]["layout"]] if len({f["label"] for f in fields}) > 1 else [])]
    return data, {
        "id": id_, "file": f"{id_}.jpg", "kind": kind, "layouts": layouts if kind == "label" else [], "fonts": [case["style"]],
        "traps": case["traps"], "faults": case["faults"], "distortions": case["dist"].split(), "verdict": verdict,
        "readable_by_person": not unreadable, "fields": fields,
    }  # fmt: skip


def main():
    out = Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    pixels = "--truth" not in sys.argv
    chosen = [a for a in sys.argv[2:] if a != "--truth"] or IDS
    rows = []
    for id_ in chosen:
        data, row = draw(id_, pixels)
        if pixels:
            (out / f"{id_}.jpg").write_bytes(data)
        rows.append(json.dumps(row, ensure_ascii=False))
    if chosen == IDS:
        (out / "truth.jsonl").write_text("\n".join(rows) + "\n", encoding="utf-8")


main()
