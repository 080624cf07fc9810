"""Figures of the orders room: masks, the address parser and what leaks, with peers from the same machine.

The figures on real addresses need the measurement data (``WAYBILLGUARD_TEST_DATA``); the peers (cpca,
jionlp, presidio-anonymizer) live in an environment of their own whose interpreter ``WAYBILLGUARD_PEERS``
names. What is not there is reported as not tried.
"""

import json
import os
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks import NO_PEERS, peers_python
from waybillguard.orders.address import Address, parse_address, parse_addresses
from waybillguard.orders.masks import mask_rows
from waybillguard.orders.masks_detail import split_detail

Tagged = list[tuple[str, str]]
Row = dict[str, object]

_SECRET = frozenset({"roomno", "cellno", "floorno"})
_WAY = frozenset({"prov", "city", "district", "town", "devZone", "community", "road", "subRoad"})
#: What says that a number is a floor or a unit is no secret; the number is.
_UNIT_WORDS = frozenset("室单元层楼号")
_LEVELS = (("prov", 0), ("city", 1), ("district", 2))
#: Abolished districts of the measured region: the annotators wrote the old name, the parser the successor.
_SAME = 2

_PEER_CODE = """
import json, sys, time
texts, levels = json.load(sys.stdin)
def run(name, parse, rows):
    parse(rows[:20])
    start = time.process_time()
    got = parse(rows)
    rate = len(rows) / (time.process_time() - start)
    right = []
    for level, index in (("prov", 0), ("city", 1), ("district", 2)):
        pairs = [(w[level], str(g[index] or "")) for w, g in zip(levels, got) if w.get(level)]
        right.append(sum(w[:2] == g[:2] for w, g in pairs) / max(1, len(pairs)))
    return {"name": name, "rate": rate, "right": right, "rows": len(rows)}
def cpca_rows(rows):
    import cpca
    return cpca.transform(rows)[["省", "市", "区"]].values.tolist()
def jionlp_rows(rows):
    import jionlp
    found = [jionlp.parse_location(t) for t in rows]
    return [(f["province"], f["city"], f["county"]) for f in found]
def presidio(rows):
    from presidio_anonymizer import AnonymizerEngine
    from presidio_anonymizer.entities import OperatorConfig, RecognizerResult
    engine = AnonymizerEngine()
    ops = {"DEFAULT": OperatorConfig("mask", {"masking_char": "*", "chars_to_mask": 6, "from_end": True})}
    for t in rows:
        engine.anonymize(text=t, analyzer_results=[RecognizerResult("X", 0, len(t), 1.0)], operators=ops)
    return [("", "", "")] * len(rows)
out = []
PEERS = (("cpca", cpca_rows, None), ("jionlp", jionlp_rows, 400), ("presidio-anonymizer", presidio, 2000))
for name, parse, count in PEERS:
    try:
        rows = texts[:count] if count else texts
        out.append(run(name, parse, rows))
    except Exception as error:
        out.append({"name": name, "error": type(error).__name__})
print("\\n" + json.dumps(out))
"""


def read_tagged(path: Path) -> list[Tagged]:
    """Read addresses tagged by token (``token B-tag`` lines, a blank line between addresses)."""
    rows: list[Tagged] = []
    current: Tagged = []
    for line in [*path.read_text("utf-8").splitlines(), ""]:
        if line.strip():
            token, tag = line.split(" ")
            current.append((token, tag))
        elif current:
            rows.append(current)
            current = []
    return rows


def first_levels(row: Tagged) -> dict[str, str]:
    """Return the first text of each tag of an address."""
    found: dict[str, str] = {}
    open_tag = ""
    for token, tag in row:
        kind = tag[2:]
        if tag[0] == "B":
            open_tag = kind if kind not in found else ""
            found.setdefault(kind, "")
        if kind == open_tag:
            found[kind] += token
    return found


def levels_right(wanted: list[dict[str, str]], got: list[Address]) -> list[float]:
    """Share of addresses whose province, city, district begin with the same two characters."""
    shares = []
    for level, index in _LEVELS:
        pairs = [
            (want[level], (address.province, address.city, address.district)[index])
            for want, address in zip(wanted, got, strict=True)
            if want.get(level)
        ]
        shares.append(sum(want[:_SAME] == have[:_SAME] for want, have in pairs) / max(1, len(pairs)))
    return shares


def leaks(rows: list[Tagged], addresses: list[Address]) -> dict[str, float]:
    """Measure what the mask shows of units, floors and rooms, and hides of the way to the road."""
    with_secret = leaking = way = way_hidden = secret = secret_hidden = 0
    for row, address in zip(rows, addresses, strict=True):
        text = "".join(token for token, _ in row)
        detail = address.detail
        offset = len(text) - len(detail) if text.endswith(detail) else max(text.rfind(detail[:6]), 0)
        end, rest = split_detail(detail)
        shown_until = offset + end if rest else len(text)
        place, has, leak = 0, False, False
        for token, tag in row:
            for character in token:
                shown = place < shown_until
                place += 1
                if tag[2:] in _SECRET and character not in _UNIT_WORDS:
                    has, secret, secret_hidden, leak = (
                        True,
                        secret + 1,
                        secret_hidden + (not shown),
                        leak or shown,
                    )
                elif tag[2:] in _WAY:
                    way, way_hidden = way + 1, way_hidden + (not shown)
        with_secret += has
        leaking += leak
    return {
        "rows leaking": leaking / max(1, with_secret),
        "secret hidden": secret_hidden / max(1, secret),
        "way hidden": way_hidden / max(1, way),
    }


def rate(work: Callable[[], object], count: int, rounds: int = 3) -> float:
    """Return the best of some rounds, in items per CPU-second."""
    best = 0.0
    for _ in range(rounds):
        start = time.process_time()
        work()
        best = max(best, count / max(1e-9, time.process_time() - start))
    return best


def run() -> list[Row]:
    """Measure; each row has name, value, unit, note and the peers' values where there are any."""
    folder = os.environ.get("WAYBILLGUARD_TEST_DATA", "")
    data = Path(folder) / "addresses" / "ncap-dev.txt"
    if not folder or not data.is_file():
        return [*_masks(_made_up()), _missing("orders.districts right", "set WAYBILLGUARD_TEST_DATA")]
    tagged = read_tagged(data)
    texts = ["".join(token for token, _ in row) for row in tagged]
    wanted = [first_levels(row) for row in tagged]
    peers = _peers(texts, wanted)
    written = parse_addresses(texts, successors=False)
    today = parse_addresses(texts)
    result = _masks(today)
    speed = rate(lambda: parse_addresses(texts), len(texts))
    result.append(
        _row("orders.parse_address", speed, "rows/CPU-s", f"{len(texts)} real addresses", peers, "rate")
    )
    for index, (level, _) in enumerate(_LEVELS):
        note = "old names as written, as the annotators did"
        value = levels_right(wanted, written)[index]
        result.append(_row(f"orders.{level} right", value, "share", note, peers, "right", index))
    moved = levels_right(wanted, today)[2]
    result.append(
        _row("orders.district right, as successors", moved, "share", "abolished ones count as wrong here")
    )
    figures = leaks(tagged, today)
    result.append(
        _row("orders.rows leaking unit, floor, room", figures["rows leaking"], "share", "bar 0.005")
    )
    result.append(_row("orders.unit, floor, room hidden", figures["secret hidden"], "share", "bar 0.998"))
    result.append(_row("orders.province to road wrongly hidden", figures["way hidden"], "share", "bar 0.01"))
    return result


def _masks(addresses: list[Address]) -> list[Row]:
    count = len(addresses)
    names = [("王测试", "李测", "欧阳测试", "赵测试")[i % 4] for i in range(count)]
    phones = [f"1{3 + i % 7}{i:09}" for i in range(count)]
    speed = rate(lambda: mask_rows(names, phones, addresses), count)
    return [
        _row("orders.mask_rows", speed, "rows/CPU-s", "name, phone and parsed address together; bar 300,000")
    ]


def _made_up() -> list[Address]:
    return [
        parse_address(
            f"浙江省金华市义乌市北苑街道机场路{i % 900 + 1}号福田小区"
            f"{i % 40 + 1}幢{i % 4 + 1}单元{i % 900 + 100}室"
        )
        for i in range(3000)
    ]


def _row(
    name: str,
    value: float,
    unit: str,
    note: str = "",
    peers: list[Row] | None = None,
    key: str = "",
    index: int = -1,
) -> Row:
    row: Row = {"name": name, "value": value, "unit": unit, "note": note, "peers": {}}
    told: dict[str, object] = {}
    for peer in peers or []:
        if "error" in peer:
            told[str(peer["name"])] = f"not tried: {peer['error']}"
        elif key in peer and peer["name"] != "presidio-anonymizer":
            value_of = peer[key]
            told[str(peer["name"])] = value_of[index] if isinstance(value_of, list) else value_of
        elif peer["name"] == "presidio-anonymizer" and key == "rate":
            told["presidio-anonymizer (masks only)"] = peer[key]
    if told:
        row["peers"] = told
        shown = ", ".join(f"{k} {v:,.3g}" if isinstance(v, float) else f"{k} {v}" for k, v in told.items())
        row["note"] = f"{note}; {shown}" if note else shown
    return row


def _missing(name: str, how: str) -> Row:
    return _row(name, 0.0, "share", f"not measured: {how}")


def _peers(texts: list[str], wanted: list[dict[str, str]]) -> list[Row]:
    """Run the peers in their own interpreter; without one they are not tried."""
    python = peers_python()
    if not python:
        return [{"name": "cpca, jionlp, presidio-anonymizer", "error": NO_PEERS}]
    done = subprocess.run(  # noqa: S603  the owner of the machine names the interpreter
        [python, "-c", _PEER_CODE],
        input=json.dumps([texts, wanted]),
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    if done.returncode:
        return [{"name": "cpca, jionlp, presidio-anonymizer", "error": "the interpreter failed"}]
    rows: list[Row] = json.loads(done.stdout.strip().splitlines()[-1])
    return rows
