"""python FOLDER/draw OUT [ID…]: draw the photos; when all are drawn, truth.jsonl too. `--truth`: truth.jsonl alone."""

import json
import sys
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent))

from camera import photograph
from cases import CASES
from layouts import LAYOUTS


def draw(id_, pixels):
    case = CASES[id_]
    parts = [case, *([CASES[case["second"]]] if "second" in case else [])]
    labels = [LAYOUTS[c["layout"]](c) for c in parts]
    if labels[0].w > labels[0].h * 1.1:
        case.setdefault("size", (2048, 1536))
    data, fields = photograph(labels, case, pixels)
    lost = case.get("unreadable", False)
    if lost and "cut" not in case["dist"]:
        fields = []
    bad = any(f["verdict"] == "fail" for f in fields)
    assert bad == bool(case["faults"]) and not (lost and bad), id_
    kind = case.get("kind", "label")
    layouts = [p["layout"] for i, p in enumerate(parts) if i == 0 or any(f["label"] == i for f in fields)]
    return data, {
        "id": id_, "file": f"{id_}.jpg", "kind": kind, "layouts": layouts if kind == "label" else [], "fonts": [case["style"]],
        "traps": case["traps"], "faults": case["faults"], "distortions": case["dist"].split(),
        "verdict": "unreadable" if lost else "fail" if bad else "pass", "readable_by_person": not lost, "fields": fields,
    }  # fmt: skip


def main():
    out = Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    pixels = "--truth" not in sys.argv
    ids = [i for i in CASES if not i.startswith("x")]
    chosen = [a for a in sys.argv[2:] if a != "--truth"] or ids
    rows = []
    for id_ in chosen:
        data, row = draw(id_, pixels)
        if pixels:
            (out / f"{id_}.jpg").write_bytes(data)
        rows.append(json.dumps(row, ensure_ascii=False))
    if chosen == ids:
        (out / "truth.jsonl").write_text("\n".join(rows) + "\n", encoding="utf-8")


main()
