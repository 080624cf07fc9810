"""python FOLDER/draw OUT [ID…]: draw the photos; when all are drawn, truth.jsonl too. `--truth` writes it alone."""

import json
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
sys.path.append(str(HERE.parents[1] / "photos_third/draw"))

from cases import CASES  # noqa: E402
from layouts import build  # noqa: E402
from scene import photograph  # noqa: E402

IDS = [i for i in CASES if len(i) == 3]


def draw(id_, pixels):
    """JPEG and the line of truth of one photo."""
    case = CASES[id_]
    chosen = [case, *(CASES[i] for i in case.get("beside", []))]
    data, fields = photograph([build(c) for c in chosen], case, pixels)
    unreadable = case.get("unreadable", False)
    bad = any(f["verdict"] == "fail" for f in fields)
    if unreadable and "cut" not in case["dist"]:
        fields = []
    verdict = "unreadable" if unreadable else "fail" if bad else "pass"
    kind = "other" if case["layout"] == "notice" else "label"
    assert (verdict == "fail") == bool(case["faults"]), id_
    assert not (unreadable and any(f["verdict"] == "fail" for f in fields)), id_
    return data, {
        "id": id_, "file": f"{id_}.jpg", "kind": kind, "layouts": list(dict.fromkeys(c["layout"] for c in chosen)) if kind == "label" else [],
        "fonts": list(dict.fromkeys(c["style"] for c in chosen)), "traps": case["traps"], "faults": case["faults"],
        "distortions": case["dist"].split(), "verdict": verdict, "readable_by_person": not unreadable, "fields": fields,
    }  # fmt: skip


def main():
    out = Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    chosen = [a for a in sys.argv[2:] if a != "--truth"] or IDS
    rows = []
    for id_ in chosen:
        data, row = draw(id_, "--truth" not in sys.argv)
        if data:
            (out / row["file"]).write_bytes(data)
        rows.append(json.dumps(row, ensure_ascii=False))
    if chosen == IDS:
        (out / "truth.jsonl").write_text("\n".join(rows) + "\n", encoding="utf-8")


main()
