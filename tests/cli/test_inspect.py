"""``inspect run|report|verify`` on files, without a service."""

import json
from pathlib import Path

import msgspec
import pytest
from support.inspecting import CLOCK, CONTROLS, all_green, evidence_for, red_facts
from typer.testing import CliRunner

from waybillguard.cli import program
from waybillguard.inspect import Evidence, Organisation
from waybillguard.inspect.evidence import EvidenceFile

CLI = CliRunner()


def evidence_file(folder: Path, evidence: tuple[Evidence, ...]) -> Path:
    path = folder / "evidence.json"
    path.write_bytes(msgspec.json.encode(EvidenceFile(Organisation("测试仓库"), evidence, clock=CLOCK)))
    return path


def run(folder: Path, evidence: tuple[Evidence, ...], status: int) -> Path:
    out = folder / "run.json"
    done = CLI.invoke(
        program(), ["inspect", "run", "--evidence", str(evidence_file(folder, evidence)), "--json", str(out)]
    )
    assert done.exit_code == status, done.output
    return out


def test_all_green_leaves_with_zero_and_verifies(tmp_path: Path) -> None:
    made = run(tmp_path, all_green(), 0)
    assert CLI.invoke(program(), ["inspect", "verify", str(made)]).exit_code == 0


def test_one_red_control_leaves_with_one(tmp_path: Path) -> None:
    red = evidence_for(CONTROLS["LBL-02"], next(red_facts(CONTROLS["LBL-02"]))[1])
    run(tmp_path, (*(one for one in all_green() if one.control != "LBL-02"), red), 1)


def test_no_evidence_leaves_with_one(tmp_path: Path) -> None:
    verdicts = json.loads(run(tmp_path, (), 1).read_bytes())["verdicts"]
    assert {one["status"] for one in verdicts} == {"no_evidence", "not_applicable"}


def test_a_verdict_changed_by_hand_is_found(tmp_path: Path) -> None:
    made = run(tmp_path, (), 1)
    made.write_bytes(made.read_bytes().replace(b'"no_evidence"', b'"satisfied"', 1))
    done = CLI.invoke(program(), ["inspect", "verify", str(made)])
    assert done.exit_code == 1


@pytest.mark.parametrize("form", ["full", "sheet"])
def test_no_report_is_made_of_a_run_that_was_painted_green(tmp_path: Path, form: str) -> None:
    made, out = run(tmp_path, (), 1), tmp_path / "report.pdf"
    made.write_bytes(made.read_bytes().replace(b'"no_evidence"', b'"satisfied"'))
    done = CLI.invoke(program(), ["inspect", "report", str(made), "--form", form, "--out", str(out)])
    assert done.exit_code == 1
    assert not out.exists()


def test_a_report_of_another_versions_run_says_that_it_was_not_recomputed(tmp_path: Path) -> None:
    made, out = run(tmp_path, all_green(), 0), tmp_path / "report.html"
    fields = json.loads(made.read_bytes()) | {"catalogue_sha256": "ab" * 32}
    made.write_text(json.dumps(fields), encoding="utf-8")
    done = CLI.invoke(program(), ["inspect", "report", str(made), "--out", str(out)])
    assert done.exit_code == 0
    assert "not recomputed" in done.output


def test_a_time_without_its_zone_is_named_by_place_and_a_windows_mark_is_read_over(tmp_path: Path) -> None:
    path = evidence_file(tmp_path, all_green())
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert CLI.invoke(program(), ["inspect", "run", "--evidence", str(path)]).exit_code == 0
    fields = json.loads(path.read_bytes().removeprefix(b"\xef\xbb\xbf"))
    fields["evidence"][0]["collected_at"] = "2026-11-28T09:00:00"
    path.write_text(json.dumps(fields), encoding="utf-8")
    done = CLI.invoke(program(), ["inspect", "run", "--evidence", str(path)])
    assert done.exit_code == 2
    assert "$.evidence[0].collected_at" in done.output
    assert "zone" in done.output


@pytest.mark.parametrize(
    ("form", "ending"), [("full", "pdf"), ("full", "docx"), ("full", "json"), ("sheet", "html")]
)
def test_reports_are_written_by_their_ending(tmp_path: Path, form: str, ending: str) -> None:
    made, out = run(tmp_path, all_green(), 0), tmp_path / f"report.{ending}"
    assert (
        CLI.invoke(program(), ["inspect", "report", str(made), "--form", form, "--out", str(out)]).exit_code
        == 0
    )
    assert out.stat().st_size > 1000


def test_an_unreadable_file_is_named_by_place_and_never_quoted(tmp_path: Path) -> None:
    broken = tmp_path / "evidence.json"
    broken.write_text('{"organisation":{"name":"秘密"},"evidence":[{"control":1}]}', encoding="utf-8")
    done = CLI.invoke(program(), ["inspect", "run", "--evidence", str(broken)])
    assert done.exit_code == 2
    assert "秘密" not in done.output
    assert "$.evidence[0].control" in done.output


def test_two_runs_out_of_order_are_refused(tmp_path: Path) -> None:
    made = run(tmp_path, all_green(), 0)
    done = CLI.invoke(
        program(),
        ["inspect", "report", str(made), str(made), "--form", "sheet", "--out", str(tmp_path / "x.pdf")],
    )
    assert done.exit_code == 2
