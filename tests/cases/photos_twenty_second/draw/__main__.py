"""python photos_twenty_second/draw OUT [ID…]: draw the photos; when all are drawn, truth.jsonl too. `--truth` writes truth.jsonl alone."""

import json
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[1] / "photos_third" / "draw")]  # kit and scene come from the third set

import phones  # noqa: E402
from cases import CASES  # noqa: E402
from layouts import LAYOUTS  # noqa: E402

IDS = [f"d{n:02}" for n in range(1, 61)]


def draw(id_, pixels=True):
    """JPEG and the line of truth of one photo."""
    case = CASES[id_]
    labels = [LAYOUTS[case["layout"]](case)]
    if "second" in case:
        other = CASES[case["second"]]
        labels.append(LAYOUTS[other["layout"]](other))
    w, h = case["size"]
    case["size"] = (max(w, h), min(w, h)) if labels[0].w > labels[0].h * 1.1 else (min(w, h), max(w, h))
    data, fields = phones.photograph(labels, case, pixels)
    kind = case.get("kind", "label")
    unreadable = case.get("unreadable", False)
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
