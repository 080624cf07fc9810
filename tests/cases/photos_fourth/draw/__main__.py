"""python photos_fourth/draw OUT [ID…]: draw the photos; when all are drawn, truth.jsonl too; --truth writes it alone."""

import json
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import layouts
from cases import CASES
from scene import photograph

HERE = Path(__file__).resolve().parents[1]


def draw(id_, pixels=True):
    case = dict(CASES[id_])
    labels = [getattr(layouts, case["layout"])(case)]
    names = [case["layout"]]
    if "second" in case:
        other = dict(CASES[case["second"]])
        labels.append(getattr(layouts, other["layout"])(other))
        names.append(other["layout"])
    data, fields = photograph(labels, case, pixels)
    lost, kind = case.get("unreadable", False), case.get("kind_", "label")
    if lost and "cut" not in case["dist"]:
        fields = []
    bad = any(f["verdict"] == "fail" for f in fields)
    assert bad == bool(case["faults"]), id_
    for key in ("rp", "sp", "rp2"):  # a slip of the author: too many digits, or too few for a fault
        v = case.get(key, "*")
        if not re.match(r"!|400|95\d{3}$|.*转", v) and not any(k[0] == key for k in case.get("cover", [])):
            assert len(re.findall(r"\d", v)) <= 5, (id_, v)
    return data, {
        "id": id_, "file": id_ + ".jpg", "kind": kind, "layouts": names if kind == "label" else [], "fonts": [case["style"]],
        "traps": case["traps"], "faults": case["faults"], "distortions": re.findall(r"[a-z]+\d*", re.sub(r":[\d.-]+", "", case["dist"])) + [w for w in (case.get("cast"),) if w],
        "verdict": "unreadable" if lost else "fail" if bad else "pass", "readable_by_person": not lost, "fields": fields,
    }  # fmt: skip


def main():
    out = Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    pixels = "--truth" not in sys.argv
    chosen = [a for a in sys.argv[2:] if a != "--truth"] or list(CASES)
    rows = []
    for id_ in chosen:
        data, row = draw(id_, pixels)
        if pixels:
            (out / row["file"]).write_bytes(data)
        rows.append(json.dumps(row, ensure_ascii=False))
    if chosen == list(CASES):
        (out / "truth.jsonl").write_text("\n".join(rows) + "\n", encoding="utf-8")


main()
