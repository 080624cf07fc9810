"""python photos_eleventh/draw OUT [ID…]: draw the photos; when all are drawn, truth.jsonl too.

`--truth` in place of ids writes truth.jsonl alone, without drawing a picture.
"""

import json
import sys
from pathlib import Path

import numpy as np
from PIL import Image

sys.path.insert(0, str(Path(__file__).parent))

from papers import PAPERS
from roll import CASES, OTHERS
from shoot import photograph


def paper(case):
    """The label, then what lies on it: stickers, pen strokes, a stamp, a fading head."""
    q = PAPERS[case["layout"]](case)
    for f in q.fields:
        b = f[3]
        assert b[2] <= q.w and b[3] <= q.h + 0.3, (case["id"], f)
    for a, f in enumerate(q.fields):
        for g in q.fields[:a]:
            over = min(f[3][2], g[3][2]) - max(f[3][0], g[3][0]), min(f[3][3], g[3][3]) - max(f[3][1], g[3][1])
            assert min(over) < 0.6, (case["id"], f, g)
    for key, x0, x1, y0, y1, ink in case.get("over", ()):
        b = q.at[key]
        w, h = b[2] - b[0], b[3] - b[1]
        q.rect(b[0] + w * x0, b[1] + h * y0, b[0] + w * x1, b[1] + h * y1, fill=ink, round_=0.6)
    if "stamp" in case:
        q.stamp(*case["stamp"])
    if "fade" in case["dist"]:
        art = np.asarray(q.image).astype(np.float32)
        gen = np.random.default_rng(len(case["ra"]) + q.image.width)
        cols = np.clip(np.interp(np.arange(art.shape[1]), np.linspace(0, art.shape[1], 14), gen.uniform(0.1, 0.62, 14)), 0, 1)
        q.image = Image.fromarray((art + (252 - art) * cols[None, :, None]).clip(0, 255).astype(np.uint8))
    return q


def draw(id_, pixels=True):
    """JPEG and the line of truth of one photo."""
    case = CASES[id_]
    labels = [paper(case)]
    if "second" in case:
        labels.append(paper(OTHERS[case["second"]]))
    data, fields = photograph(labels, case, pixels)
    kind, unreadable = case.get("kind", "label"), case.get("unreadable", False)
    if unreadable and "cut" not in case["dist"]:
        fields = []
    bad = list(dict.fromkeys(f"{f['party']} {f['field']}".strip() for f in fields if f["verdict"] == "fail"))
    verdict = "unreadable" if unreadable else "fail" if bad else "pass"
    assert verdict == case["verdict"], (id_, verdict, bad)
    layouts = [case["layout"], *([OTHERS[case["second"]]["layout"]] if len({f["label"] for f in fields}) > 1 else [])]
    return data, {
        "id": id_, "file": f"{id_}.jpg", "kind": kind, "layouts": layouts if kind == "label" else [], "fonts": [case["style"]],
        "traps": case.get("traps", []), "faults": bad, "distortions": case["dist"].split(), "verdict": verdict,
        "readable_by_person": not unreadable, "fields": fields,
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
            (out / f"{id_}.jpg").write_bytes(data)
        rows.append(json.dumps(row, ensure_ascii=False))
    if chosen == list(CASES):
        (out / "truth.jsonl").write_text("\n".join(rows) + "\n", encoding="utf-8")


main()
