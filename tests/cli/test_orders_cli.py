"""``waybillguard orders``: output lines, exit status, and data that messages never contain."""

import json
import stat
from pathlib import Path

import pytest
from typer.testing import CliRunner

from waybillguard.cli.orders import app

PLACE = "浙江省金华市义乌市北苑街道机场路88号2幢"
GOOD = f"订单号,收件人,手机,地址\nA1,测试甲,13800000001,{PLACE}\n"
KEYS = {
    "file",
    "sheet",
    "row",
    "status",
    "reason",
    "lane",
    "order_no",
    "waybill_no",
    "carrier",
    "sort_code",
    "shop",
    "platform",
    "created_at",
    "name",
    "phone",
    "phones",
    "extension",
    "virtual_until",
    "province",
    "city",
    "district",
    "town",
    "detail",
    "goods",
    "quantity",
    "remark",
    "sender",
    "masked",
}


def test_each_row_is_one_json_line_with_the_contracts_keys(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(GOOD, "utf-8")
    result = CliRunner().invoke(app, ["read", str(tmp_path / "a.csv"), "--json", "-"])
    assert result.exit_code == 0
    (line,) = result.stdout.splitlines()
    row = json.loads(line)
    assert set(row) == KEYS
    assert set(row["masked"]) == {
    "name", "phone", "address", "remark",
}  # fmt: skip
    assert (row["file"], row["row"], row["phone"], row["lane"]) == ("a.csv", 1, "13800000001", "B")
    assert row["sender"] is None


def test_refused_rows_leave_with_status_1_and_stay_in_the_output(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(GOOD + f"A2,,13800000002,{PLACE}\n", "utf-8")
    out = tmp_path / "out.jsonl"
    result = CliRunner().invoke(app, ["read", str(tmp_path / "a.csv"), "--json", str(out)])
    assert result.exit_code == 1
    assert [json.loads(line)["reason"] for line in out.read_text("utf-8").splitlines()] == ["", "no_name"]
    assert stat.S_IMODE(out.stat().st_mode) == 0o600


def test_an_unreadable_file_leaves_with_status_2_in_both_languages_and_the_others_are_read(
    tmp_path: Path,
) -> None:
    (tmp_path / "a.csv").write_bytes(b"%PDF-1.7")
    (tmp_path / "b.csv").write_text(GOOD, "utf-8")
    result = CliRunner().invoke(
        app, ["read", str(tmp_path / "a.csv"), str(tmp_path / "b.csv"), "--json", "-"]
    )
    assert result.exit_code == 2
    assert len(result.stdout.splitlines()) == 1
    assert "不是订单表格" in result.stderr
    assert "no table of orders" in result.stderr


@pytest.mark.parametrize("command", ["read", "paste", "mask"])
def test_a_missing_file_leaves_with_status_2(command: str, tmp_path: Path) -> None:
    result = CliRunner().invoke(app, [command, str(tmp_path / "none"), "--json", "-"])
    assert result.exit_code == 2
    assert "cannot be opened" in result.stderr


def test_messages_hold_nothing_personal(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(GOOD + "A2,测试乙,1,\n", "utf-8")
    result = CliRunner().invoke(app, ["read", str(tmp_path / "a.csv")])
    assert result.stdout == ""
    assert "测试" not in result.stderr
    assert "13800000001" not in result.stderr


def test_pasted_orders_give_one_line_each_also_the_damaged_ones(tmp_path: Path) -> None:
    text = json.dumps({"text": f"测试甲 13800000001 {PLACE}"}) + "\nrubbish\n"
    (tmp_path / "p.jsonl").write_text(text, "utf-8")
    result = CliRunner().invoke(app, ["paste", str(tmp_path / "p.jsonl"), "--json", "-"])
    assert result.exit_code == 1
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert [(row["row"], row["status"]) for row in rows] == [(1, "ok"), (2, "reject")]
    assert rows[0]["name"] == "测试甲"


def test_masks_are_given_for_each_field(tmp_path: Path) -> None:
    lines = [{"field": "name", "input": "测试甲"}, {"field": "address", "input": PLACE + "2单元501室"}]
    (tmp_path / "m.jsonl").write_text("\n".join(map(json.dumps, lines)), "utf-8")
    result = CliRunner().invoke(app, ["mask", str(tmp_path / "m.jsonl"), "--json", "-"])
    assert result.exit_code == 0
    name, address = (json.loads(line) for line in result.stdout.splitlines())
    assert name == {"masked": "测**"}
    assert address["district"] == "义乌市"
    assert "501" not in address["masked"]


@pytest.mark.parametrize("command", ["read", "paste", "mask"])
def test_the_output_never_replaces_the_file_that_is_read(command: str, tmp_path: Path) -> None:
    given, other = tmp_path / "a.csv", tmp_path / "link.csv"
    given.write_text(GOOD, "utf-8")
    other.symlink_to(given)
    result = CliRunner().invoke(app, [command, str(given), "--json", str(other)])
    assert result.exit_code == 2
    assert given.read_text("utf-8") == GOOD
    assert "nothing was changed" in result.stderr


def test_a_missing_file_does_not_keep_the_others_from_being_read(tmp_path: Path) -> None:
    (tmp_path / "b.csv").write_text(GOOD, "utf-8")
    result = CliRunner().invoke(app, ["read", str(tmp_path / "none"), str(tmp_path / "b.csv"), "--json", "-"])
    assert result.exit_code == 2
    assert len(result.stdout.splitlines()) == 1
