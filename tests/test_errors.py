"""Errors passed between processes keep both texts and the attributes of their class."""

import ast
import copy
import errno
import pickle
import re
from pathlib import Path

import pytest

from waybillguard.agent.errors import RefusedError
from waybillguard.errors import reason_in_chinese
from waybillguard.simulate import NotWrittenError

SOURCE = Path(__file__).parents[1] / "src" / "waybillguard"
MIXED = re.compile(
    r"[\u3400-\u9fff](?:[,;:!?] (?:[\u3400-\u9fff]|$)| ?\((?:[\u3400-\u9fff]|$)|\) ?[\u3400-\u9fff])"
)
"""English punctuation in a Chinese sentence."""


def test_an_error_from_another_process_says_the_same_in_both_languages() -> None:
    again = pickle.loads(pickle.dumps(NotWrittenError(zh="磁盘已满", en="the disk is full")))
    assert isinstance(again, NotWrittenError)
    assert (again.zh, str(again)) == ("磁盘已满", "the disk is full")


def test_an_error_from_another_process_keeps_what_its_class_adds() -> None:
    error = RefusedError(zh="拒绝", en="refused", reason="quota", status=409)
    for again in (pickle.loads(pickle.dumps(error)), copy.copy(error)):
        assert (again.reason, again.status) == ("quota", 409)


def test_the_systems_reason_is_said_in_chinese(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file") as caught:
        (tmp_path / "missing").read_bytes()
    assert reason_in_chinese(caught.value) == "文件或文件夹不存在"
    assert reason_in_chinese(OSError(errno.ENOTTY, "Inappropriate ioctl")) == "Inappropriate ioctl"


def test_chinese_errors_have_chinese_punctuation() -> None:
    mixed = [
        f"{path.relative_to(SOURCE)}:{text.lineno}"
        for path in SOURCE.rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(call, ast.Call)
        for word in call.keywords
        if word.arg == "zh"
        for text in ast.walk(word.value)
        if isinstance(text, ast.Constant) and isinstance(text.value, str) and MIXED.search(text.value)
    ]
    assert mixed == []
