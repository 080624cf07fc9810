"""python photos_twentieth/draw OUT [ID…]: draw the photos into OUT; when all are drawn, truth.jsonl too.

`--truth` in place of ids writes truth.jsonl alone, without drawing a picture. kit and scene are those of the third set.
"""

import json
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[1] / "photos_third" / "draw")]  # kit and scene come from the third set

from cases import CASES  # noqa: E402
from layouts import LAYOUTS  # noqa: E402
from scene import photograph  # noqa: E402

IDS = [f"a{n:02}" for n in range(1, 61)]
SIZES = ((1440, 1920), (1536, 2048), (1440, 1920), (1728, 2304))


def draw(id_, pixels=True):
    """JPEG and the line of truth of one photo."""
    case = CASES[id_]
    labels = [LAYOUTS[case["layout"]](case)]
    if "second" in case:
        other = CASES[case["second"]]
        labels.append(LAYOUTS[other["layout"]](other))
    if "size" not in case:
        size = SIZES[int(id_[1:]) % len(SIZES)]
        case["size"] = size[::-1] if labels[0].w > labels[0].h * 1.1 else size
    data, fields = photograph(labels, case, pixels)
    kind, unreadable = case["kind"], case["unreadable"]
    if unreadable and "cut" not in case["dist"].split():
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
