"""Every reason for a loss has a Chinese text: the report of an examination is a Chinese document."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from waybillguard.sensor import loss_words

SENSOR = Path(loss_words.__file__).parent
ERRORS = {"HiveError", "PrefetchError", "SigmaError", "TaskError"}


def texts(node: ast.expr | None) -> Iterator[str]:
    """Yield the texts that an expression can have, with 7 for each value in them."""
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.JoinedStr(values=parts):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "7" for part in parts)
        case ast.IfExp(body=one, orelse=other) | ast.BoolOp(values=[one, other]):
            yield from texts(one)
            yield from texts(other)


def reasons() -> dict[str, str]:
    """Return every reason in the source, with its file."""
    found: dict[str, str] = {}
    for path in sorted(SENSOR.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            told: list[ast.expr | None] = []
            if isinstance(node, ast.Call):
                name = (
                    node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                )
                if name == "_lose" or name in ERRORS:
                    told = [*node.args[-1:]]
                elif name == "Loss":
                    told = [word.value for word in node.keywords if word.arg == "reason"]
            elif isinstance(node, ast.Assign):
                target = node.targets[0]
                named = target.attr if isinstance(target, ast.Attribute) else getattr(target, "id", "")
                told = [node.value] if named in {"why", "UNFINISHED", "CUT_OFF"} else []
            for text in (one for each in told for one in texts(each) if one):
                found[text] = path.name
    return found


def test_there_are_reasons() -> None:
    assert len(reasons()) > 50


@pytest.mark.parametrize("reason", sorted(reasons()))
def test_a_reason_is_told_in_chinese(reason: str) -> None:
    told = loss_words.in_chinese(reason)
    assert told != reason
    assert any("一" <= letter <= "鿿" for letter in told)
    assert reason.count("7") == told.count("7"), "the values are kept"


def test_a_reason_from_elsewhere_is_kept() -> None:
    assert loss_words.in_chinese("a reason of a newer scan") == "a reason of a newer scan"
