"""python photos12/draw OUT [ID…]: draw the photos; when all are drawn, truth.jsonl too.

`--truth` in place of ids writes truth.jsonl alone, without drawing a picture.
"""

import json
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[2] / "photos_third" / "draw"))

from forms import FORMS
from shoot import photograph
from wares import CASES, IDS


def draw(id_, pixels=True):
    """JPEG and the line of truth of one photo."""
    case = CASES[id_]
    cases = [case, *([CASES[case["second"]]] if "second" in case else [])]
    labels = [FORMS[c["layout"]](c) for c in cases]
    if "pen" in case:
        x, y, text = case["pen"]
        labels[0].pen(x, y, text, 5)
    data, fields = photograph(labels, case, pixels)
    unreadable = case.get("unreadable", False)
    if unreadable and "cut" not in case["dist"]:
        fields = []
    verdict = "unreadable" if unreadable else "fail" if any(f["verdict"] == "fail" for f in fields) else "pass"
    assert (verdict == "fail") == bool(case["faults"]), id_
    return data, {
        "id": id_, "file": f"{id_}.jpg", "kind": case["kind"], "layouts": [c["layout"] for c in cases] if case["kind"] == "label" else [],
        "fonts": [case["style"]], "traps": case["traps"], "faults": case["faults"], "distortions": case["dist"].split(), "verdict": verdict,
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
