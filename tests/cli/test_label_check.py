"""``label check PHOTO``: one JSON line per photo; the exit status tells whether a photo failed."""

import json
from pathlib import Path

import pytest
import typer
from PIL import Image
from typer.testing import CliRunner

from waybillguard.cli import label_check
from waybillguard.extras import install_command
from waybillguard.label.check import TextLine, photo
from waybillguard.label.check.photo import OcrMissingError, Reading, TextReader

app = typer.Typer()
app.command("check")(label_check.check)
MASKED = ["收件人：王** *******5678", "浙江省金华市义乌市机场路88号3幢****"]
OPEN = ["收件人：王小明 13812345678", "浙江省金华市义乌市机场路88号3幢501室"]


def reader_of(lines: list[str]) -> TextReader:
    def read(_picture: object) -> Reading:
        return Reading([TextLine(text, 20, 100 + 60 * i, 40, width=600) for i, text in enumerate(lines)])

    return read


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "label.png"
    Image.new("L", (1600, 1600), 200).save(path)
    return path


def run(
    monkeypatch: pytest.MonkeyPatch, lines: list[str], *arguments: str
) -> tuple[int, list[dict[str, object]], str]:
    monkeypatch.setattr(photo, "ocr_reader", lambda: reader_of(lines))
    result = CliRunner().invoke(app, list(arguments))
    return result.exit_code, [json.loads(line) for line in result.stdout.splitlines()], result.stderr


def test_a_masked_label_leaves_with_0(monkeypatch: pytest.MonkeyPatch, picture: Path) -> None:
    status, rows, _ = run(monkeypatch, MASKED, str(picture), "--json", "-")
    assert status == 0
    assert [(row["photo"], row["verdict"]) for row in rows] == [(str(picture), "pass")]


def test_a_label_that_shows_too_much_leaves_with_1(monkeypatch: pytest.MonkeyPatch, picture: Path) -> None:
    status, rows, said = run(monkeypatch, OPEN, str(picture), "--json", "-")
    assert status == 1
    assert rows[0]["verdict"] == "fail"
    assert "小明" not in json.dumps(rows, ensure_ascii=False) + said


def test_each_photo_has_its_line_and_a_broken_one_stops_nothing(
    monkeypatch: pytest.MonkeyPatch, picture: Path
) -> None:
    broken = picture.with_name("broken.jpg")
    broken.write_bytes(b"not a photo")
    out = picture.with_name("out.jsonl")
    status, _, _ = run(monkeypatch, MASKED, str(broken), str(picture), "--json", str(out))
    assert status == 1
    assert [json.loads(line)["verdict"] for line in out.read_text("utf-8").splitlines()] == [
        "unreadable",
        "pass",
    ]


def test_a_photo_that_is_not_there_is_bad_usage(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert run(monkeypatch, MASKED, str(tmp_path / "none.jpg"))[0] == 2


def test_without_the_ocr_extra_the_command_to_install_it_is_said(
    monkeypatch: pytest.MonkeyPatch, picture: Path
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "rapidocr", None)
    result = CliRunner().invoke(app, [str(picture)])
    assert result.exit_code == 2
    assert install_command("ocr") in result.stderr
    assert issubclass(OcrMissingError, Exception)
