"""python photos_sixteenth/draw OUT [ID…] [--truth]: draw the photos; when all ids are asked for, truth.jsonl too."""

import json
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[1] / "photos_third" / "draw")]  # kit.py and what is not here come from the third set

import scene
from cases import CASES, IDS
from layouts import LAYOUTS

scene.GROUND.update(mat=(96, 84, 74), steel=(178, 184, 188), tile=(206, 198, 184), stairs=(128, 126, 122))


def draw(id_, pixels):
    case = CASES[id_]
    labels = [LAYOUTS[case["layout"]](case)]
    for label in labels:
        for f in label.fields:
            x0, y0, x1, y1 = f[3]
            assert 0 <= x0 and x1 <= label.w and 0 <= y0 and y1 <= label.h, (id_, f)
    if "second" in case:
        other = CASES[case["second"]]
        labels.append(LAYOUTS[other["layout"]](other))
    if labels[0].w > labels[0].h * 1.1 and "size" not in case:
        case["size"] = (1840, 1380)
    data, fields = scene.photograph(labels, case, pixels)
    unreadable = case.get("unreadable", False)
    bad = any(f["verdict"] == "fail" for f in fields)
    if unreadable and "cut" not in case["dist"]:
        fields = []
    verdict = "unreadable" if unreadable else "fail" if bad else "pass"
    assert (verdict == "fail") == bool(case["faults"]), id_
    kind = case.get("kind", "label")
    layouts = [case["layout"]] + ([CASES[case["second"]]["layout"]] if any(f["label"] for f in fields) else [])
    return data, {
        "id": id_, "file": f"{id_}.jpg", "kind": kind, "layouts": layouts if kind == "label" else [], "fonts": [case["style"]],
        "traps": case["traps"], "faults": case["faults"], "distortions": case["dist"].split(), "verdict": verdict,
        "readable_by_person": not unreadable, "fields": fields,
    }  # fmt: skip


def main():
    pixels = "--truth" not in sys.argv
    args = [a for a in sys.argv[1:] if a != "--truth"]
    out = Path(args[0])
    out.mkdir(parents=True, exist_ok=True)
    rows = []
    for id_ in args[1:] or IDS:
        data, row = draw(id_, pixels)
        if pixels:
            (out / row["file"]).write_bytes(data)
        rows.append(json.dumps(row, ensure_ascii=False))
    if len(args) == 1:
        (out / "truth.jsonl").write_text("\n".join(rows) + "\n", encoding="utf-8")


main()
