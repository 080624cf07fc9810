"""Photos of labels drawn by independent authors: compliant ones pass, and faults are found at their positions.

Twelve photos of the first set are judged, all of the twenty-two sets with ``WAYBILLGUARD_ALL_PHOTOS=1``. Each was
looked at after its first run (see its README): these figures say that nothing was lost since, not how unseen labels fare.
"""

import json
import math
import os
import random
import resource
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image, ImageOps

# Photos take seconds each on a busy machine.
pytestmark = pytest.mark.timeout(7200)
CASES = Path(__file__).parents[1] / "cases"
ALL = os.environ.get("WAYBILLGUARD_ALL_PHOTOS") == "1"
#: How many photos are judged by default, chosen by the seed.
FEW, SEED = 12, 20261128
#: How far beside its place a fault may be framed, as a fraction of the picture.
SLACK = 0.03


@dataclass(frozen=True)
class Judged:
    """A photo, its ground truth, and the result of ``label check``."""

    path: Path
    truth: dict
    answer: dict

    def located(self, fault: dict) -> bool:
        """Whether the faulty field is among the failed ones and its frame touches the place."""
        with Image.open(self.path) as picture:
            wide, high = ImageOps.exif_transpose(picture).size
        left, top, right, bottom = fault["box"]
        for found in self.answer["fields"]:
            same = found["field"] == fault["field"] and (
                found["field"] in {"code", "remark", "goods"} or found["party"] == fault["party"]
            )
            if found["verdict"] != "fail" or not same:
                continue
            x, y, w, h = found["box"]
            across = x / wide < right + SLACK and (x + w) / wide > left - SLACK
            if across and y / high < bottom + SLACK and (y + h) / high > top - SLACK:
                return True
        return False


def lines(path: Path) -> list[dict]:
    """Objects of a JSONL file."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def frozen(cases: Path) -> list[dict]:
    """The truth that is frozen with a set of cases."""
    return lines(cases / "truth.jsonl")


SETS = (
    "photos",
    "photos_second",
    "photos_third",
    "photos_fourth",
    "photos_fifth",
    "photos_sixth",
    "photos_seventh",
    "photos_eighth",
    "photos_ninth",
    "photos_tenth",
    "photos_eleventh",
    "photos_twelfth",
    "photos_thirteenth",
    "photos_fourteenth",
    "photos_fifteenth",
    "photos_sixteenth",
    "photos_seventeenth",
    "photos_eighteenth",
    "photos_nineteenth",
    "photos_twentieth",
    "photos_twenty_first",
    "photos_twenty_second",
)


@pytest.fixture(scope="module", params=SETS if ALL else SETS[:1])
def drawn(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Path, list[dict]]:
    """Folder of the cases, and folder and truth of freshly drawn photos."""
    cases, folder = CASES / request.param, tmp_path_factory.mktemp("photos")
    ids = [] if ALL else random.Random(SEED).sample(sorted(row["id"] for row in frozen(cases)), FEW)
    command = [sys.executable, cases / "draw", folder]
    if request.param == "photos":
        command += ["--truth", folder / "truth.jsonl", *(["--only"] if ids else [])]
    subprocess.run([*command, *ids], check=True, capture_output=True)
    return cases, folder, lines(folder / "truth.jsonl")


@pytest.fixture(scope="module")
def judged(drawn: tuple[Path, Path, list[dict]]) -> list[Judged]:
    """Every drawn photo and every one of the sample, judged in one run."""
    cases, folder, truth = drawn
    by_id = {row["id"]: row for row in frozen(cases)}
    photos = [(folder / row["file"], row) for row in truth]
    if ALL:
        photos += [(path, by_id[path.stem]) for path in sorted(cases.glob("sample/*"))]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [Path(sys.executable).with_name("waybillguard"), "label", "check", *(p for p, _ in photos)]
    done = subprocess.run([*command, "--json", folder / "out.jsonl"], check=False, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert done.returncode in (0, 1), done.stderr.decode()
    answers = {row["photo"]: row for row in lines(folder / "out.jsonl")}
    out = [Judged(path, row, answers[str(path)]) for path, row in photos]
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(f"\n{len(out)} photos, {spent / len(out):.2f} CPU-s a photo")  # noqa: T201
    return out


def wrong_verdicts(photos: list[Judged]) -> list[str]:
    """Return the ids of wrong verdicts with the results."""
    return [
        f"{j.truth['id']} {j.truth['kind']}: {j.truth['verdict']} read as {j.answer['verdict']}"
        for j in photos
        if j.truth["verdict"] != j.answer["verdict"]
    ]


def test_the_drawing_is_the_frozen_one(drawn: tuple[Path, Path, list[dict]]) -> None:
    def essence(row: dict) -> tuple:
        told = sorted((f["label"], f["field"], f["party"], f["verdict"]) for f in row["fields"])
        return row["id"], row["file"], row["verdict"], told

    cases, _, truth = drawn
    by_id = {row["id"]: row for row in frozen(cases)}
    assert [essence(row) for row in truth] == [essence(by_id[row["id"]]) for row in truth]


def test_verdicts_of_photos_are_right(judged: list[Judged]) -> None:
    wrong = wrong_verdicts(judged)
    assert len(wrong) <= math.ceil(0.05 * len(judged)), f"{len(wrong)} of {len(judged)} are wrong: {wrong}"


def test_compliant_labels_are_not_failed(judged: list[Judged]) -> None:
    compliant = [j for j in judged if j.truth["verdict"] == "pass"]
    failed = [j.truth["id"] for j in compliant if j.answer["verdict"] == "fail"]
    assert len(failed) <= math.ceil(0.02 * len(compliant)), (
        f"{len(failed)} of {len(compliant)} failed: {failed}"
    )


def test_faults_are_located(judged: list[Judged]) -> None:
    faults = [(j, f) for j in judged for f in j.truth["fields"] if f["verdict"] == "fail"]
    missed = [f"{j.truth['id']} {f['party']} {f['field']}" for j, f in faults if not j.located(f)]
    assert len(missed) <= math.ceil(0.08 * len(faults)), (
        f"{len(missed)} of {len(faults)} are missed: {missed}"
    )


def test_photos_that_a_person_can_read_are_read(judged: list[Judged]) -> None:
    readable = [j for j in judged if j.truth["readable_by_person"] and j.truth["verdict"] != "unreadable"]
    refused = [j.truth["id"] for j in readable if j.answer["verdict"] == "unreadable"]
    assert len(refused) <= math.ceil(0.05 * len(readable)), (
        f"{len(refused)} of {len(readable)} are refused: {refused}"
    )


def test_pictures_of_other_things_are_called_unreadable(judged: list[Judged]) -> None:
    others = [j for j in judged if j.truth["verdict"] == "unreadable"]
    wrong = wrong_verdicts(others)
    assert len(wrong) <= math.ceil(0.1 * len(others)), f"{len(wrong)} of {len(others)} are judged: {wrong}"
