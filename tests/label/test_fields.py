"""The learned model finds the fields of a label, also with odd and hostile lines and unknown positions."""

from dataclasses import replace

import numpy as np
import pytest

from waybillguard.label.check.fields import placed, prepared
from waybillguard.label.check.lines import joined_rows
from waybillguard.label.check.parties import assign
from waybillguard.label.check.tagger import CLASSES, Opinion, opinions, tag
from waybillguard.label.check.values import Glyph, Party, TextLine, Zone


def line(text: str, x: int, y: int, size: int = 36, *, glyphs: bool = True) -> TextLine:
    """Return a line like those of OCR: Chinese characters as wide as high, others half as wide."""
    at, seen = float(x), []
    for sign in text:
        wide = size if sign > "\u2e80" else size / 2
        seen.append(Glyph(0.98, at + wide / 2, 0.9 * size))
        at += wide
    return TextLine(text, x, y, size, width=max(1, round(at - x)), glyphs=tuple(seen) if glyphs else ())


LABEL = (
    ("青枝快运", 20, 20), ("0571-K6-12", 20, 80), ("到 王小明 138****5678", 20, 160),
    ("杭州市西湖区曙光路19号3幢2单元501室", 20, 210), ("自 禾苗童装店 400-820-7716", 20, 290), ("金华市义乌市北苑街道", 20, 340),
    ("品名 童装 2件", 20, 420), ("单号 QZ4016252214971", 20, 470),
)  # fmt: skip


def told(lines: list[TextLine]) -> set[tuple[Party | None, Zone | None, str]]:
    return {(part.party, part.zone, part.text) for part in placed(lines) if part.block}


@pytest.mark.parametrize("glyphs", [True, False])
def test_words_of_their_own_for_the_parties_are_understood(glyphs: bool) -> None:
    assert told([line(*one, glyphs=glyphs) for one in LABEL]) >= {
        (Party.RECEIVER, Zone.NAME, "王小明"),
        (Party.RECEIVER, Zone.PHONE, "138****5678"),
        (Party.RECEIVER, Zone.ADDRESS, "杭州市西湖区曙光路19号3幢2单元501室"),
        (Party.SENDER, Zone.NAME, "禾苗童装店"),
        (Party.SENDER, Zone.PHONE, "400-820-7716"),
        (Party.SENDER, Zone.ADDRESS, "金华市义乌市北苑街道"),
    }


def test_nothing_of_a_line_is_lost_or_told_twice() -> None:
    lines = [line(*one) for one in LABEL]
    whole = "".join(sorted("".join(one.text for one in prepared(lines))))
    parts = "".join(sorted("".join(part.text for part in placed(lines))))
    assert [sign for sign in parts if sign != " "] == [sign for sign in whole if sign not in " :;,.|/"]


@pytest.mark.parametrize(
    "texts",
    [[], [" "], ["*"], ["\u3000*\u3000"], ["收"] * 40, ["9" * 300], ["龘" * 200], ["a:" * 90], ["\U0001f4e6 ☎ ♥"] * 3, ["收" * 3] * 160],
)  # fmt: skip
def test_odd_lines_are_told_apart_without_an_error(texts: list[str]) -> None:
    lines = [line(text, 10, 10 + 50 * i) for i, text in enumerate(texts)]
    found = placed(lines)
    assert all(part.text.strip() for part in found)
    ready = prepared(lines)
    tags = tag(ready, opinions(ready, assign(ready))) if ready else []
    assert [len(one) for one in tags] == [len(one.text) for one in ready]
    assert all(((one >= 0) & (one < len(CLASSES))).all() for one in tags)


def test_what_the_rules_say_does_not_decide() -> None:
    ready = prepared([line(*one) for one in LABEL])
    wrong = [[Opinion(Zone.ADDRESS, Party.SENDER)] * len(one.text) for one in ready]
    right = tag(ready, opinions(ready, assign(ready)))
    misled = tag(ready, wrong)
    assert np.mean(np.concatenate(right) == np.concatenate(misled)) > 0.6


def test_two_numbers_and_two_names_of_one_row_are_not_joined() -> None:
    row = [line("138******2*", 100, 100), line("010-******15", 420, 100)]
    phones = [replace(one, zone=Zone.PHONE, party=Party.RECEIVER) for one in row]
    names = [replace(one, zone=Zone.NAME) for one in (line("李*", 100, 200), line("王大海", 400, 200))]
    pieces = [replace(one, zone=Zone.NAME) for one in (line("李", 100, 300), line("*", 140, 300))]
    assert [one.text for one in joined_rows([*phones, *names])] == [
        "李*",
        "王大海",
        "138******2*",
        "010-******15",
    ]
    assert [one.text for one in joined_rows(pieces)] == ["李*"]


def test_a_shelf_is_nobodys_address_and_a_word_of_a_form_nobodys_name() -> None:
    lines = [
        line("菜园驿站", 20, 20),
        line("陈* 尾号3308", 20, 100),
        line("B架 4层", 20, 160),
        line("签收人/时间", 20, 300),
    ]
    assert not {text for _, zone, text in told(lines) if zone in (Zone.ADDRESS, Zone.NAME)} & {
        "B架 4层",
        "时间",
        "签收人/时间",
    }


@pytest.mark.parametrize(
    ("rest", "date"), [(("31前有效", 20, 150), ("2026-12-01 10:22", 20, 200)), (("31有效", 20, 150), ("2026-12-01", 160, 150))]
)  # fmt: skip
def test_the_rest_of_a_note_is_no_note_of_its_own(
    rest: tuple[str, int, int], date: tuple[str, int, int]
) -> None:
    lines = [line("虚拟号 2026-12-", 20, 100), line(*rest), line(*date)]
    assert [part.text for part in prepared(lines)] == [f"虚拟号 2026-12-{rest[0]}", date[0]]
