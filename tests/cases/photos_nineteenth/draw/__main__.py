"""python photos_nineteenth/draw OUT [ID…]: draw the photos; when all are drawn, truth.jsonl too (`--truth`: that alone; `--flat`: labels as printed)."""

import json
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[1] / "photos_third" / "draw")]  # kit.py and what is not here come from the third set

from cases import CASES, IDS
from layouts import LAYOUTS, tag
from scene import photograph


def build(id_):
    case = CASES[id_]
    labels = [LAYOUTS[case["layout"]](case)]
    if "second" in case:
        other = CASES[case["second"]]
        labels.append(LAYOUTS[other["layout"]](other))
    elif "card" in case:
        labels.append(tag(case))
        case["second_at"] = (*case["card"], 0.06)
    if labels[0].w > labels[0].h * 1.1 and "size" not in case:
        case["size"] = (1920, 1440)
    return case, labels


def draw(id_, pixels=True):
    case, labels = build(id_)
    data, fields = photograph(labels, case, pixels)
    kind, unreadable = case.get("kind", "label"), case.get("unreadable", False)
    if unreadable and "cut" not in case["dist"]:
        fields = []
    bad = any(f["verdict"] == "fail" for f in fields)
    verdict = "unreadable" if unreadable else "fail" if bad else "pass"
    assert (verdict == "fail") == bool(case["faults"]), id_
    layouts = [case["layout"], *([CASES[case["second"]]["layout"]] if len({f["label"] for f in fields}) > 1 else [])]
    return data, {
        "id": id_, "file": f"{id_}.jpg", "kind": kind, "layouts": layouts if kind == "label" else [], "fonts": [case["style"]],
        "traps": case["traps"], "faults": case["faults"], "distortions": case["dist"].split(), "verdict": verdict,
        "readable_by_person": not unreadable, "fields": fields,
    }  # fmt: skip


def main():
    out = Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    chosen = [a for a in sys.argv[2:] if not a.startswith("--")] or IDS
    if "--flat" in sys.argv:
        for id_ in chosen:
            L = build(id_)[1][0]
            for f in L.fields:
                L.draw.rectangle(L.px(*f[3]), None, (220, 0, 0) if f[2] == "fail" else (0, 160, 0), 1)
            L.image.resize((L.image.width * 6 // L.dots, L.image.height * 6 // L.dots)).save(out / f"flat_{id_}.png")
        return
    pixels = "--truth" not in sys.argv
    rows = []
    for id_ in chosen:
        data, row = draw(id_, pixels)
        if pixels:
            (out / f"{id_}.jpg").write_bytes(data)
        rows.append(json.dumps(row, ensure_ascii=False))
    if chosen == IDS:
        (out / "truth.jsonl").write_text("\n".join(rows) + "\n", encoding="utf-8")


main()
