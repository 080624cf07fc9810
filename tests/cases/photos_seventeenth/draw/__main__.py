"""python photos_seventeenth/draw OUT [ID…]: draw the photos. When all are drawn, or with --truth, truth.jsonl is written too."""

import json
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[1] / "photos_third" / "draw")]  # kit.py and what is not here come from the third set

from cases import CASES
from layouts import LAYOUTS
from scene import photograph

IDS = [f"w{n:02}" for n in range(1, 61)]


def draw(id_, pixels=True):
    case = CASES[id_]
    labels = [LAYOUTS[case["layout"]](case)]
    if "second" in case:
        other = CASES[case["second"]]
        labels.append(LAYOUTS[other["layout"]](other))
    elif case.get("card"):
        labels.append(LAYOUTS["card"](case | {"size_mm": f"{labels[0].w}×{labels[0].h}"}))
        case["second_at"] = case["card"]
    if labels[0].w > labels[0].h * 1.1 and "size" not in case:
        case["size"] = (1920, 1440)
    data, fields = photograph(labels, case, pixels)
    kind, unreadable = case.get("kind", "label"), case.get("unreadable", False)
    bad = any(f["verdict"] == "fail" for f in fields)
    if unreadable and "cut" not in case["dist"]:
        fields = []
    verdict = "unreadable" if unreadable else "fail" if bad else "pass"
    assert (verdict == "fail") == bool(case["faults"]), (id_, verdict)
    layouts = [case["layout"], *([CASES[case["second"]]["layout"]] if len({f["label"] for f in fields}) > 1 else [])]
    return data, {
        "id": id_, "file": f"{id_}.jpg", "kind": kind, "layouts": layouts if kind == "label" else [], "fonts": [case["style"]],
        "traps": case["traps"], "faults": case["faults"], "distortions": case["dist"].split(), "verdict": verdict,
        "readable_by_person": not unreadable, "fields": fields,
    }  # fmt: skip


def main():
    out = Path(sys.argv[1])
    pixels = "--truth" not in sys.argv
    chosen = [a for a in sys.argv[2:] if a != "--truth"] or IDS
    out.mkdir(parents=True, exist_ok=True)
    rows = []
    for id_ in chosen:
        data, row = draw(id_, pixels)
        if pixels:
            (out / f"{id_}.jpg").write_bytes(data)
        rows.append(json.dumps(row, ensure_ascii=False))
    if chosen == IDS:
        (out / "truth.jsonl").write_text("\n".join(rows) + "\n", encoding="utf-8")


main()
