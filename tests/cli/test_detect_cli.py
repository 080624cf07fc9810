"""``waybillguard detect``: output and exit status."""

import csv
import json
from pathlib import Path

from detect.made_up import at, people, quiet, theft
from typer.testing import CliRunner

from waybillguard.cli import program
from waybillguard.events import EventStore


def world(folder: Path, *, stolen: int) -> list[str]:
    store = EventStore(folder / "events", durable=False)
    store.append("a", quiet() + theft(at(10, 2), stolen))
    rows = people()
    with (folder / "roster.csv").open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return [
        "detect",
        str(folder / "events"),
        "--roster",
        str(folder / "roster.csv"),
        "--json",
        str(folder / "out.json"),
    ]


def test_a_theft_is_status_1_and_one_alert_of_the_contract(tmp_path: Path) -> None:
    result = CliRunner().invoke(program(), world(tmp_path, stolen=90))
    assert result.exit_code == 1
    (alert,) = json.loads((tmp_path / "out.json").read_bytes())["alerts"]
    wanted = {
        "rule",
        "severity",
        "tenant",
        "account",
        "workstation",
        "first_ts",
        "last_ts",
        "raised_at",
        "records",
        "score",
        "reason_zh",
        "reason_en",
        "evidence",
    }
    assert wanted <= set(alert)
    assert alert["raised_at"].endswith("Z")
    assert "T0" not in result.stderr


def test_nothing_found_is_status_0_and_an_empty_list(tmp_path: Path) -> None:
    result = CliRunner().invoke(program(), world(tmp_path, stolen=0))
    assert (result.exit_code, json.loads((tmp_path / "out.json").read_bytes())) == (0, {"alerts": []})


def test_what_cannot_be_read_is_status_2_in_both_languages(tmp_path: Path) -> None:
    command = world(tmp_path, stolen=0)
    (tmp_path / "roster.csv").write_text("who,when\n", "utf-8")
    result = CliRunner().invoke(program(), command)
    assert result.exit_code == 2
    assert "花名册" in result.stderr
    assert "roster" in result.stderr
    assert CliRunner().invoke(program(), ["detect", str(tmp_path / "none"), *command[2:]]).exit_code == 2
