#!/usr/bin/env python3
"""Figures of the check of messages, beside a keyword list and a plain TF-IDF SVM.

    WAYBILLGUARD_TEST_DATA=DIR python benchmarks/scam/figures.py [--sample N]

Two kinds of text: cases by authors who had not read the rules (tests/cases/scam…), and three collections, of which the
check's model has learned from one (taf) and seen none of the others (tft, fbs). The SVM learns from all collections but the
one it is judged on. A scam is found by SCAM or LIKELY_SCAM; the same two on anything else are a false alarm.
"""

import argparse
import gzip
import json
import os
import random
import re
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from time import process_time
from typing import Any

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.svm import LinearSVC

from waybillguard.scam import Message, Verdict, check

CASES = Path(__file__).resolve().parents[2] / "tests" / "cases"
#: Cases by authors who had not seen the method; the SVM does not learn from them.
CASE_SETS = (
    "scam",
    "scam_second",
    "scam_fifth",
    "scam_sixth",
    "scam_seventh",
    "scam_eighth",
    "scam_ninth",
    "scam_tenth",
    "scam_eleventh",
)
SOURCES = ("taf", "tft", "fbs")
SCAM = {"scam", "parcel_service", "illicit_ad"}
KEYWORDS = (
    "加微信",
    "微信",
    "QQ",
    "验证码",
    "理赔",
    "退款",
    "银行卡",
    "转账",
    "屏幕共享",
    "保证金",
    "刷单",
    "丢失",
    "中奖",
    "贷款",
)

type Row = tuple[str, bool]


def collection(folder: Path, name: str, sample: int) -> list[Row]:
    """Return texts of a collection and whether each is a scam; unlawful advertising is neither and left out."""
    with gzip.open(folder / "scam" / f"{name}.jsonl.gz", "rt", encoding="utf-8") as stream:
        rows = [json.loads(line) for line in stream]
    kept = [(row["text"], row["y3"] in SCAM) for row in rows if row["y3"] != "illicit_ad"]
    return random.Random(7).sample(kept, min(sample, len(kept)))  # noqa: S311 - a fixed sample


def cases(folder: str) -> list[Row]:
    """Return the cases without an order."""
    return [
        (json.loads(line)["text"], "scam" in path.stem)
        for path in sorted((CASES / folder).glob("*.jsonl"))
        if re.search("scam|legitimate|honest", path.stem)
        for line in path.read_text("utf-8").splitlines()
    ]


def ours(text: str) -> bool:
    """The check as shipped."""
    return check(Message(text=text, channel="chat")).verdict in {Verdict.SCAM, Verdict.LIKELY_SCAM}


def keywords(text: str) -> bool:
    """Two words of a list, as several projects do it."""
    return sum(word in text for word in KEYWORDS) > 1


def svm(rows: Iterable[Row]) -> Callable[[str], bool]:
    """Character n-grams (1–3) and a linear SVM."""
    texts, labels = zip(*rows, strict=True)
    vectorizer = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), sublinear_tf=True, max_features=60_000)
    model = LinearSVC().fit(vectorizer.fit_transform(texts), labels)
    return lambda text: bool(model.predict(vectorizer.transform([text]))[0])


def figures(judged: Callable[[str], bool], rows: list[Row]) -> dict[str, Any]:
    """Return recall, false alarms and the pace of one core."""
    start = process_time()
    found = [(judged(text), scam) for text, scam in rows]
    spent = process_time() - start
    scams = [hit for hit, scam in found if scam]
    others = [hit for hit, scam in found if not scam]
    return {
        "recall": round(sum(scams) / len(scams), 3),
        "false_alarms": round(sum(others) / len(others), 4),
        "scams": len(scams),
        "others": len(others),
        "messages_a_second": round(len(rows) / spent),
    }


def main() -> int:
    """Print one JSON line a source and method."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--sample", type=int, default=3_000)
    sample = parser.parse_args().sample
    folder = Path(os.environ["WAYBILLGUARD_TEST_DATA"])
    sources = {name: collection(folder, name, sample) for name in SOURCES} | {
        name: cases(name) for name in CASE_SETS
    }
    ours("预热")
    for name, rows in sources.items():
        others = [row for other, found in sources.items() if other not in {name, *CASE_SETS} for row in found]
        for method, judged in (("ours", ours), ("keywords", keywords), ("svm", svm(others))):
            seen = "learned from it" if (method, name) == ("ours", "taf") else "unseen"
            sys.stdout.write(
                json.dumps({"source": name, "method": method, "seen": seen, **figures(judged, rows)}) + "\n"
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())
