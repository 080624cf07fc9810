"""``waybillguard scam check``: output lines, exit status, and data that messages never contain."""

import codecs
import json
import stat
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from waybillguard.cli.scam import app

SCAM = {
    "id": "a",
    "text": "您的快递丢失，请加微信 kf8812 理赔",
    "channel": "sms",
    "sender": None,
    "order": None,
}
KEYS = {"id", "verdict", "class", "score", "why", "spans", "explanation_zh", "advice_zh", "evasion"}


def run(
    tmp_path: Path, *lines: bytes | dict[str, Any], registry: str | None = None
) -> tuple[Result, list[dict[str, Any]], Path]:
    source, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_bytes(
        b"\n".join(line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines)
    )
    extra = []
    if registry is not None:
        (tmp_path / "registry.yaml").write_text(registry, "utf-8")
        extra = ["--registry", str(tmp_path / "registry.yaml")]
    result = CliRunner().invoke(app, ["check", str(source), "--json", str(out), *extra])
    rows = [json.loads(line) for line in out.read_text("utf-8").splitlines()] if out.exists() else []
    return result, rows, out


def test_a_scam_is_found_with_the_keys_of_the_contract(tmp_path: Path) -> None:
    result, (row,), out = run(tmp_path, SCAM)
    assert result.exit_code == 1
    assert row.keys() == KEYS
    assert (row["verdict"], row["class"]) == ("SCAM", "parcel_scam")
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert "快递" not in result.stderr


def test_nothing_found_leaves_with_zero(tmp_path: Path) -> None:
    result, (row,), _ = run(tmp_path, {"id": 7, "text": "今晚吃什么"})
    assert (result.exit_code, row["id"], row["verdict"]) == (0, "7", "UNKNOWN")


def test_a_damaged_line_is_named_and_answered_and_the_rest_goes_on(tmp_path: Path) -> None:
    result, rows, _ = run(tmp_path, b"{broken", {"id": "b", "text": None}, b"[1]", SCAM)
    assert [row["verdict"] for row in rows] == ["UNKNOWN", "UNKNOWN", "UNKNOWN", "SCAM"]
    assert [row["id"] for row in rows] == ["", "b", "", "a"]
    assert result.exit_code == 1
    assert "第 1 行" in result.stderr


def test_an_unknown_state_of_an_order_counts_as_not_known(tmp_path: Path) -> None:
    order = {"known": True, "status": "teleported", "carrier": None, "items": "台灯"}
    text = "您的快件已到驿站，凭取件码 1-2-3003 领取"
    _, (row,), _ = run(tmp_path, {"id": "c", "text": text, "channel": "fax", "order": order})
    assert row["verdict"] == "UNKNOWN"


def test_bytes_that_are_no_text_are_read_as_far_as_they_can_be(tmp_path: Path) -> None:
    line = json.dumps(SCAM, ensure_ascii=False).encode().replace(b"kf8812", b"kf8812\xff")
    _, (row,), _ = run(tmp_path, line)
    assert row["verdict"] == "SCAM"


@pytest.mark.parametrize("encoding", ["gbk", "gb18030", "utf-16", "utf-16-be", "utf-8-sig"])
def test_a_file_that_windows_wrote_is_read(tmp_path: Path, encoding: str) -> None:
    text = json.dumps(SCAM, ensure_ascii=False) + "\r\n" + json.dumps(SCAM | {"id": "b"}, ensure_ascii=False)
    mark = codecs.BOM_UTF16_BE if encoding == "utf-16-be" else b""
    result, rows, _ = run(tmp_path, mark + text.encode(encoding))
    assert [(row["id"], row["verdict"]) for row in rows] == [("a", "SCAM"), ("b", "SCAM")]
    assert "REJECTED" not in result.stderr


def test_the_registry_vouches_for_a_sender(tmp_path: Path) -> None:
    _, (row,), _ = run(tmp_path, SCAM | {"sender": "1069000001"}, registry="senders: ['1069000001']")
    assert "sender_registered" in row["why"]


def test_a_registry_that_cannot_be_read_is_a_wrong_use(tmp_path: Path) -> None:
    result, rows, _ = run(tmp_path, SCAM, registry="senders: {")
    assert (result.exit_code, rows) == (2, [])


def test_a_missing_file_is_a_wrong_use(tmp_path: Path) -> None:
    assert CliRunner().invoke(app, ["check", str(tmp_path / "none.jsonl")]).exit_code == 2


def test_a_report_for_the_police_is_written_and_lines_that_are_no_message_are_counted(tmp_path: Path) -> None:
    source, out = tmp_path / "m.jsonl", tmp_path / "clues.html"
    source.write_text(json.dumps(SCAM) + "\nnonsense\n", "utf-8")
    done = CliRunner().invoke(app, ["report", str(source), "--out", str(out), "--unit", "甲仓"])
    assert done.exit_code == 1
    assert "甲仓" in out.read_text("utf-8")


def test_a_report_of_an_unknown_kind_is_refused_before_anything_is_read(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["report", str(tmp_path / "none.jsonl"), "--out", str(tmp_path / "x.xls")])
    assert done.exit_code == 2
