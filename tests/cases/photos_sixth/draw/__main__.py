"""python photos_sixth/draw OUT [ID…]: draw the photos; when all are drawn, truth.jsonl too. `--truth`: that alone."""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from cases import CASES
from layouts import LAYOUTS
from scene import Sheet, photograph

IDS = [f"w{n:02}" for n in range(1, 61)]


def draw(id_, pixels=True):
    """JPEG and the line of truth of one photo."""
    case = CASES[id_]
    o = case["scene"]
    label = LAYOUTS[case["layout"]](case)
    sheets = [Sheet(label, o)]
    used = [case["layout"]]
    if "second" in case:
        other, dx, dy, turn = case["second"]
        second = LAYOUTS[CASES[other]["layout"]](CASES[other])
        sheets.append(Sheet(second, {}, (dx, dy), turn))
        used.append(CASES[other]["layout"])
    case.setdefault("size", (1920, 1440) if label.w > label.h * 1.1 else (1440, 1920) if label.h > label.w * 1.15 else (1600, 1600))
    data, fields = photograph(sheets, case, pixels)
    unreadable = "unreadable" in case
    if unreadable and case["unreadable"] != "cut":
        fields = []
    verdict = "unreadable" if unreadable else "fail" if any(f["verdict"] == "fail" for f in fields) else "pass"
    assert verdict == case["verdict"] and (verdict == "fail") == bool(case["faults"]), (id_, verdict)
    kind = "other" if case["layout"] == "carton" else "label"
    used = used[: 1 + max([f["label"] for f in fields], default=0)]
    return data, {
        "id": id_, "file": f"{id_}.jpg", "kind": kind, "layouts": used if kind == "label" else [], "fonts": [case["style"]],
        "traps": case["traps"], "faults": case["faults"], "distortions": case["dist"], "verdict": verdict,
        "readable_by_person": not unreadable, "fields": fields,
    }  # fmt: skip


def main():
    out = Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    chosen = [a for a in sys.argv[2:] if a != "--truth"] or IDS
    rows = []
    for id_ in chosen:
        data, row = draw(id_, "--truth" not in sys.argv)
        if data:
            (out / f"{id_}.jpg").write_bytes(data)
        rows.append(json.dumps(row, ensure_ascii=False))
    if chosen == IDS:
        (out / "truth.jsonl").write_text("\n".join(rows) + "\n", encoding="utf-8")


main()
