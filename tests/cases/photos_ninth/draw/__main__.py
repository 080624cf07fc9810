"""python FOLDER/draw OUT [ID…]: draw the photos; `--truth` writes truth.jsonl alone, `--check` tells of overlaps."""

import json
import sys
from pathlib import Path

import cv2

sys.path.insert(0, str(Path(__file__).parent))
cv2.setNumThreads(1)

from cases import CASES, IDS
from layouts import LAYOUTS
from scene import photograph


def draw(id_, pixels):
    cases = [CASES[id_]]
    if "second" in cases[0]:
        cases.append(CASES[cases[0]["second"]])
    labels = [LAYOUTS[c["layout"]](c) for c in cases]
    case = cases[0]
    if "--check" in sys.argv:
        for label in labels:
            print(*(f"{id_} {t}" for t in label.troubles()), sep="\n", end="\n" if list(label.troubles()) else "")
    data, fields = photograph(labels, case, pixels)
    readable, kind = "ruin" not in case, case.get("kind", "label")
    fields = fields if case.get("ruin", "cut") == "cut" else []
    bad = any(f["verdict"] == "fail" for f in fields)
    faults = sorted({" ".join(filter(None, (f["party"], f["field"]))) for f in fields if f["verdict"] == "fail"})
    verdict = "fail" if bad else "pass" if readable else "unreadable"
    assert verdict == {"P": "pass", "F": "fail", "U": "unreadable"}[case["says"]], (id_, verdict)
    return data, {
        "id": id_, "file": f"{id_}.jpg", "kind": kind, "layouts": [c["layout"] for c in cases] if kind == "label" else [],
        "fonts": [case["style"]], "traps": case["traps"], "faults": [*faults, *case.get("faults", [])], "distortions": case["fx"].split(),
        "verdict": verdict, "readable_by_person": readable, "fields": fields,
    }  # fmt: skip


def main():
    out = Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    pixels = not {"--truth", "--check"} & set(sys.argv)
    chosen = [a for a in sys.argv[2:] if not a.startswith("--")] or IDS
    rows = []
    for id_ in chosen:
        data, row = draw(id_, pixels)
        if pixels:
            (out / row["file"]).write_bytes(data)
        rows.append(json.dumps(row, ensure_ascii=False))
    if chosen == IDS:
        (out / "truth.jsonl").write_text("\n".join(rows) + "\n", encoding="utf-8")


main()
