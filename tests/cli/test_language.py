"""Commands print in the language of the environment, or in both if it names none."""

import json
import os
import re
import subprocess
import sys
from typing import Any

import pytest
import typer

from waybillguard.cli import program
from waybillguard.cli.output import one_language, say_error, speak_one_language
from waybillguard.errors import WaybillGuardError

TEXT = "已完成 / done"


@pytest.fixture(autouse=True)
def _nothing_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    ("named", "said"),
    [
        ({}, TEXT),
        ({"LANG": "C.UTF-8"}, TEXT),
        ({"LANG": "zh_CN.UTF-8"}, "已完成"),
        ({"LANG": "de_DE.UTF-8"}, "done"),
        ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "zh_TW"}, "已完成"),
        ({"LC_MESSAGES": "zh_CN", "LC_ALL": "en_GB.UTF-8"}, "done"),
    ],
)
def test_the_first_name_that_the_environment_gives_chooses(
    named: dict[str, str], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in named.items():
        monkeypatch.setenv(name, value)
    assert one_language(TEXT) == said


@pytest.mark.parametrize(
    ("text", "en"),
    [
        ("第一行\nfirst line\n第二行\nsecond line", "first line\nsecond line"),
        ("表：a / b.csv 无法读取 / cannot read a / b.csv", "cannot read a / b.csv"),
        ("无法写入 /数据/甲 / cannot write /数据/甲", "cannot write /数据/甲"),
        ("甲 / 乙 / 丙", "甲 / 乙 / 丙"),
        ("1 / 2", "1 / 2"),
    ],
)
def test_half_a_sentence_is_never_said(text: str, en: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    assert one_language(text) == en


def test_an_error_is_said_in_one_language(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    say_error(WaybillGuardError(zh="文件无法读取", en="the file cannot be read"), of="a.csv")
    assert capsys.readouterr().err == "a.csv: 文件无法读取\n"


def test_help_of_every_command_is_in_one_language(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    whole = typer.main.get_command(program())
    speak_one_language(whole)

    def chinese(command: Any, path: tuple[str, ...]) -> list[str]:
        whole([*path, "--help"], standalone_mode=False)
        shown = capsys.readouterr().out
        assert "Usage: " in shown
        found = [
            f"{path}: {line}" for line in shown.splitlines() if any("\u4e00" <= c <= "\u9fff" for c in line)
        ]
        return found + [
            line
            for name, child in getattr(command, "commands", {}).items()
            for line in chinese(child, (*path, name))
        ]

    assert chinese(whole, ()) == []


SEVERAL = """
import contextlib, json, sys
from waybillguard.cli import main
for words in json.loads(sys.stdin.read()):
    sys.argv = ["waybillguard", *words]
    with contextlib.suppress(SystemExit):
        main()
"""


def in_chinese(*commands: list[str]) -> str:
    """Return what the commands print on a Chinese system; a process of its own, because the library is changed."""
    done = subprocess.run(
        [sys.executable, "-c", SEVERAL],
        input=json.dumps(commands),
        env={**os.environ, "LANG": "zh_CN.UTF-8", "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout + done.stderr


def test_usage_errors_are_chinese_on_a_chinese_system() -> None:
    said = in_chinese(
        ["detect"],
        ["detct"],
        ["up", "--port", "many"],
        ["up", "--prt", "8443"],
        ["up", "more"],
        ["label", "print", "--size", "3x3"],
        ["trace", "nodes", "--shipments"],
        ["keys", "escrow", "--needed", "1"],
        ["export", "open", "no such file", "--key", "key", "--out", "out"],
    )
    for text in (
        "缺少参数 EVENTS。", "没有命令 detct。是否要用 'detect'？", "--port 的值无效：应为整数。",
        "没有选项 --prt。相近的有：--port。", "多余的参数：more。", "--size 的值无效：3x3 不是 '76x130'",
        "选项 --shipments 后面缺少值。", "--needed 的值无效：不能小于 2。", "key 不存在。",
        "用法：waybillguard up [OPTIONS]", "查看说明：waybillguard up --help",
    ):  # fmt: skip
        assert text in said
    assert not re.findall("Error|Missing|Invalid|Usage|Try ", said)


def test_help_is_chinese_on_a_chinese_system() -> None:
    command: Any = typer.main.get_command(program())

    def all_of(command: Any, path: list[str]) -> list[list[str]]:
        children = getattr(command, "commands", {})
        return [path, *(one for name, child in children.items() for one in all_of(child, [*path, name]))]

    said = in_chinese(*([*path, "--help"] for path in all_of(command, [])))
    assert said.count("显示帮助") == len(all_of(command, []))
    assert not re.findall("Show|Install|Options|Commands|Arguments|default|required", said)
