#!/usr/bin/env python3
"""Figures on one frozen set of messages: the check, a keyword list, a plain TF-IDF SVM.

    WAYBILLGUARD_TEST_DATA=DIR python benchmarks/scam/cases.py FOLDER [--part a|b] [--alone]

FOLDER is one of tests/cases/scam_…; ``--alone`` leaves the two others out and needs no collections. The SVM learns from all
three collections. Calibration error: ten bins of equal width. F1 of the parcel class: of messages the author put into it alone.
"""

import argparse
import json
import os
import sys
from pathlib import Path
from typing import Any

from figures import CASES, SOURCES, Row, collection, keywords, svm

from waybillguard.cli.scam import read_message
from waybillguard.scam import Verdict, check

ALARM = {Verdict.SCAM, Verdict.LIKELY_SCAM}


def rows_of(folder: Path, part: str) -> list[tuple[dict[str, Any], bool]]:
    """Return each line of the part and whether it is a fraud; a set may name the class and kind alone."""
    rows = []
    for path in sorted(folder.glob(f"{part}_*.jsonl")):
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
            row = json.loads(line)
            if "expect" not in row:
                row["expect"] = {"class": [row.pop("class")], "kind": row.pop("kind")}
                row["id"] = f"{path.stem}:{number}"
            rows.append((row, "scam" in path.stem))
    return rows


def counts(rows: list[tuple[dict[str, Any], bool]], alarms: list[bool]) -> dict[str, Any]:
    """Return frauds found, of them disguised ones, and the identifiers of false alarms."""
    scams = [(row, hit) for (row, scam), hit in zip(rows, alarms, strict=True) if scam]
    disguised = [hit for row, hit in scams if row["expect"]["kind"].endswith("_obf")]
    wrong = [row["id"] for (row, scam), hit in zip(rows, alarms, strict=True) if hit and not scam]
    return {
        "found": f"{sum(hit for _, hit in scams)} of {len(scams)}",
        "disguised": f"{sum(disguised)} of {len(disguised)}",
        "false_alarms": f"{len(wrong)} of {len(rows) - len(scams)}",
        "wrong": wrong,
    }


def calibration_error(pairs: list[tuple[float, bool]]) -> float:
    """Return the mean gap between score and truth over ten bins."""
    bins: list[list[float]] = [[] for _ in range(10)]
    for score, truth in pairs:
        bins[min(9, int(score * 10))].append(score - truth)
    return sum(abs(sum(gaps)) for gaps in bins) / len(pairs)


def parcel_f1(rows: list[tuple[dict[str, Any], bool]], kinds: list[str]) -> float:
    """Return F1 of the parcel class; where both classes are right, either is."""
    hits = misses = wrong = 0
    for (row, _), kind in zip(rows, kinds, strict=True):
        classes, said = row["expect"]["class"], kind == "parcel_scam"
        meant = classes[:1] == ["parcel_scam"] and (said or classes == ["parcel_scam"])
        hits += said and meant
        misses += meant and not said
        wrong += said and "parcel_scam" not in classes
    return 2 * hits / (2 * hits + misses + wrong)


def main() -> int:
    """Print one JSON line a method."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("--part", default="[ab]")
    parser.add_argument("--alone", action="store_true")
    asked = parser.parse_args()
    rows = rows_of(CASES / asked.folder, asked.part)
    answers = [check(read_message(row)) for row, _ in rows]
    result = {
        "method": "ours",
        **counts(rows, [one.verdict in ALARM for one in answers]),
        "calibration_error": round(
            calibration_error([(one.score, scam) for one, (_, scam) in zip(answers, rows, strict=True)]), 3
        ),
        "parcel_f1": round(parcel_f1(rows, [one.kind for one in answers]), 3),
    }
    sys.stdout.write(json.dumps(result) + "\n")
    if not asked.alone:
        folder = Path(os.environ["WAYBILLGUARD_TEST_DATA"])
        learned: list[Row] = [row for name in SOURCES for row in collection(folder, name, 3_000)]
        for name, judged in (("keywords", keywords), ("svm", svm(learned))):
            found = counts(rows, [judged(row["text"]) for row, _ in rows])
            sys.stdout.write(json.dumps({"method": name, **found}) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
