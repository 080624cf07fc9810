"""Runs the frozen PCs of ``tests/cases/sensor*`` and counts hits, misses and false findings."""

import json
import re
import shutil
import sys
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from waybillguard.sensor import examine

CASES = Path(__file__).parents[1] / "cases/sensor"
SECOND = Path(__file__).parents[1] / "cases/sensor_second"
FOURTH = Path(__file__).parents[1] / "cases/sensor_fourth"
FIFTH = Path(__file__).parents[1] / "cases/sensor_fifth"
SIXTH = Path(__file__).parents[1] / "cases/sensor_sixth"
SEVENTH = Path(__file__).parents[1] / "cases/sensor_seventh"
EIGHTH = Path(__file__).parents[1] / "cases/sensor_eighth"
NINTH = Path(__file__).parents[1] / "cases/sensor_ninth"


def folders() -> list[Path]:
    """Return the folders of the cases of all authors."""
    return sorted(
        folder
        for root in (
            CASES,
            SECOND,
            SECOND / "later",
            FOURTH,
            FOURTH / "later",
            FIFTH,
            FIFTH / "later",
            SIXTH,
            SIXTH / "later",
            SEVENTH,
            SEVENTH / "later",
            EIGHTH,
            NINTH,
        )
        for part in ("planted", "ordinary")
        for folder in root.glob(f"{part}/*/")
    )


@dataclass
class Score:
    """The result of one case."""

    name: str
    wanted: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)
    sessions_wanted: int = 0
    sessions_missed: list[str] = field(default_factory=list)
    false_highs: list[str] = field(default_factory=list)
    loss_missed: bool = False
    single_fact_highs: int = 0
    skipped: bool = False


def judge_case(folder: Path, work: Path, data: Path | None) -> Score:
    """Examine one case as the command does and compare the findings with the expected ones."""
    score = Score(folder.name)
    expect = json.loads((folder / "expect.json").read_text("utf-8"))
    if expect.get("refs") and data is None:
        score.skipped = True
        return score
    path = _evidence(folder, expect.get("refs", []), work / folder.name, data)
    found, _ = examine([str(path)])
    body = json.loads(msgspec.json.encode(found))
    text = json.dumps([body["findings"], body["sessions"], body["installs"]], ensure_ascii=False).lower()
    for item in expect.get("found", []):
        words = item["any"] if isinstance(item, dict) else item
        score.wanted.append(words[0])
        if not any(word.lower() in text for word in words):
            score.missed.append("|".join(words))
    for item in expect.get("sessions", []):
        score.sessions_wanted += 1
        part = item.get("from") or item.get("from_name") or ""
        if not any(
            re.search(item["tool"], each["tool"], re.IGNORECASE)
            and (part in each["from"] or part in each["from_name"])
            for each in body["sessions"]
        ):
            score.sessions_missed.append(json.dumps(item, ensure_ascii=False))
    highs = [each for each in body["findings"] if each["severity"] in {"high", "critical"}]
    score.single_fact_highs = sum(
        len({(fact["file"], fact["record"]) for fact in each["facts"]}) < 2 for each in highs
    )
    if expect.get("no_high"):
        approved = [name.lower() for name in expect.get("approved", [])]
        score.false_highs = [
            f"{each['kind']} {each['tool']}: {each['detail_zh']}"
            for each in highs
            if not any(name in f"{each['tool']} {each['detail_zh']}".lower() for name in approved)
        ]
    score.loss_missed = bool(expect.get("losses")) and not body["losses"]
    return score


def _evidence(folder: Path, refs: list[dict[str, str]], place: Path, data: Path | None) -> Path:
    """Return the case's evidence, including the measurement data files that it names."""
    if not refs or data is None:
        return folder / "pc.zip" if (folder / "pc.zip").is_file() else folder / "pc"
    if (folder / "pc").is_dir():
        shutil.copytree(folder / "pc", place)
    for ref in refs:
        target = place / ref["to"]
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(data / ref["from"], target)
    return place


def main() -> None:
    """Print every failed case and the totals."""
    import os
    import tempfile

    data = os.environ.get("WAYBILLGUARD_TEST_DATA")
    scores = []
    with tempfile.TemporaryDirectory() as work:
        for folder in folders():
            score = judge_case(folder, Path(work), Path(data) if data else None)
            scores.append(score)
            if (
                score.missed
                or score.sessions_missed
                or score.false_highs
                or score.loss_missed
                or score.skipped
            ):
                sys.stdout.write(
                    f"{score.name}: missed {score.missed}, sessions {score.sessions_missed},"
                    f" highs {score.false_highs}, loss {score.loss_missed}\n"
                )
    wanted, missed = sum(len(each.wanted) for each in scores), sum(len(each.missed) for each in scores)
    sessions, lost = (
        sum(each.sessions_wanted for each in scores),
        sum(len(each.sessions_missed) for each in scores),
    )
    sys.stdout.write(
        f"found {wanted - missed} of {wanted} ({(wanted - missed) / max(wanted, 1):.3f}); sessions {sessions - lost} of {sessions};"
        f" false highs {sum(len(each.false_highs) for each in scores)};"
        f" losses not named {sum(each.loss_missed for each in scores)}; highs on one record {sum(each.single_fact_highs for each in scores)};"
        f" cases {len(scores)}\n"
    )


if __name__ == "__main__":
    main()
    sys.exit(0)
