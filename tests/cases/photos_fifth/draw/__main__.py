"""python photos_fifth/draw OUT [ID…]: draw the photos; when all are drawn, truth.jsonl too.

`--truth` in place of ids writes truth.jsonl alone; `--check` names what overlaps or leaves its label.
"""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from cases import CASES, NEIGHBOURS
from layouts import LAYOUTS
from scene import photograph


def draw(case, pixels):
    labels = [LAYOUTS[case["layout"]](case).finish()]
    if "beside" in case:
        other = NEIGHBOURS[case["id"]]
        labels.append(LAYOUTS[other["layout"]](other).finish())
    if "--check" in sys.argv:
        for label in labels:
            for clash in label.clashes():
                print(case["id"], label.case["layout"], *clash)
    data, fields = photograph(labels, case, pixels)
    lost, kind = "un" in case, "other" if case["layout"] == "notice" else "label"
    bad = any(f["verdict"] == "fail" for f in fields)
    assert bad == bool(case["faults"]) or lost, (case["id"], case["faults"])
    verdict = "unreadable" if lost else "fail" if bad else "pass"
    layouts = [label.case["layout"] for label in labels] if kind == "label" else []
    return data, {
        "id": case["id"], "file": case["id"] + ".jpg", "kind": kind, "layouts": layouts, "fonts": [case["style"]],
        "traps": case["traps"], "faults": case["faults"], "distortions": case["fx"].split(), "verdict": verdict,
        "readable_by_person": not lost, "fields": [] if lost and case["un"] != "cut" else fields,
    }  # fmt: skip


def main():
    out = Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    pixels = not {"--truth", "--check"} & set(sys.argv)
    chosen = [a for a in sys.argv[2:] if not a.startswith("--")] or list(CASES)
    rows = []
    for id_ in chosen:
        data, row = draw(CASES[id_], pixels)
        if pixels:
            (out / f"{id_}.jpg").write_bytes(data)
        rows.append(json.dumps(row, ensure_ascii=False))
    if chosen == list(CASES) and "--check" not in sys.argv:
        (out / "truth.jsonl").write_text("\n".join(rows) + "\n", encoding="utf-8")


main()
