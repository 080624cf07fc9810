"""Normalises stars that OCR read as circles, crosses or other signs, and joins them to their names and numbers."""

import re
from dataclasses import replace
from typing import Final

from waybillguard.label.check.fold import HAN, LIKE_STARS, fold
from waybillguard.label.check.headings import heading_alone
from waybillguard.label.check.kinds import ADDRESS_SIGNS, SURNAMED, headed
from waybillguard.label.check.lines import glued, right_of, same_row
from waybillguard.label.check.names import is_organisation
from waybillguard.label.check.values import TextLine
from waybillguard.on_demand import pattern_on_use

# OCR drops the space between a masked name and the phone: 王*******5678, 王**138******78.
_NAME_AND_STARS: Final = pattern_on_use(
    rf"(?<!电话)(?<!手机)(?<!号码)(?<=[{HAN}A-Za-z])(\*{{1,3}}?)(?=\*{{6,}}\d|\*{{4}}\d{{4}}$|1[3-9][\d*](?:[ -]?[\d*]){{8}}|0\d{{2,3}}-?[\d*]{{6}})"
)
_HAN_NAME: Final = pattern_on_use(rf"[{HAN}]{{1,4}}")
_NAME_STARS: Final = 3  # further stars after a whole name belong to the phone beside it
_MARKS: Final = pattern_on_use(r"\*[\d* -]*|\d{1,4}")
_CIRCLES: Final = pattern_on_use(
    r"(?<=[\d*])[O〇○o0 ]*[O〇○o][O〇○o0]*(?=[\d*\s]|$)|[O〇○o]{2,}(?=[\dO〇○o\s*-]|$)|[〇○]{2,}|^0{2,}$"
)
_AMONG_STARS: Final = pattern_on_use(rf"(?<=\*\*)(?:[^\d\s*(){HAN}-]|[{LIKE_STARS}]){{1,2}}(?=\*\*)")
_CROSSES: Final = pattern_on_use(
    rf"[xX](?=\s?单元)|^[xX]{{1,3}}(?=[{HAN}])|(?<=[{HAN}\d*])[xX]{{1,4}}(?=[{HAN}]|\s|$|1[3-9*xX])|[xX]{{3,}}|(?<=[\d*])[xX]{{2,}}"
)
# Blurred stars: dots behind digits, a quotation mark behind the only character of a name.
_BLURRED: Final = pattern_on_use(rf"(?<=[\d*-])[.·•]{{3,}}|(?<=^[{HAN}])[\"”“'’]{{1,3}}$")
_BUILDING_MISREAD: Final = pattern_on_use(r"(?<=\d)[童撞憧瞳](?=\*|$)")


def tidied(line: TextLine) -> TextLine:
    """Fold a line with circles as stars, and separate a masked name from a phone that OCR joined to it."""
    text = line.text if line.glyphs else fold(line.text).strip()
    text = _CIRCLES.sub(lambda found: "".join(" " if sign == " " else "*" for sign in found[0]), text)
    text = _CROSSES.sub(lambda found: "*" * len(found[0]), text)
    if len(text) - text.count("*") and text.count("*") > 1 and not text.strip(f"*{LIKE_STARS}-0123456789 "):
        text = re.sub(f"[{LIKE_STARS}]", "*", text)
    text = _AMONG_STARS.sub(lambda found: "*" * len(found[0]), text)
    text = _BLURRED.sub(lambda found: "*" * len(found[0]), text)
    text = _BUILDING_MISREAD.sub("幢", text)
    line = replace(line, text=text)
    at = _name_end(line)
    if at is None and (found := _NAME_AND_STARS.search(text)) is not None:
        at = found.end(1)
    if at is None:
        return line
    glyphs = (*line.glyphs[:at], line.glyphs[at - 1], *line.glyphs[at:]) if line.glyphs else ()
    return replace(line, text=f"{text[:at]} {text[at:]}", glyphs=glyphs)


def _name_end(line: TextLine) -> int | None:
    """Return the end of a name before a phone of stars: behind its last character, or at the gap before the phone."""
    whole = re.match(
        rf"[{HAN}]\*{{1,2}}[{HAN}]{{1,2}}(?=\*{{6,}}\d*$)|[{HAN}·]{{2,12}}(?=\*{{4}}\d{{4}}$)", line.text
    )
    if whole is not None:
        return whole.end()
    found = re.match(rf"([{HAN}]{{2,4}})\*{{6,}}\d*$", line.text)
    if found is None or not line.glyphs or SURNAMED.match(line.text) is None:
        return None
    at, glyphs = found.end(1), line.glyphs
    han, star = glyphs[1].x - glyphs[0].x, glyphs[at + 1].x - glyphs[at].x
    return at if glyphs[at].x - glyphs[at - 1].x > 0.7 * han + 0.5 * star else None


def with_stars(lines: list[TextLine]) -> list[TextLine]:
    """Join marks that were read as a separate line to the line before or behind them in their row."""
    whole = [line for line in lines if not _MARKS.fullmatch(line.text)]
    for marks in sorted((line for line in lines if _MARKS.fullmatch(line.text)), key=lambda line: line.x):
        if _ends_address(marks, lines):
            whole.append(marks)
            continue
        before = [
            line for line in whole
            if same_row(line, marks) and -2 * line.size < marks.x - right_of(line) < 1.2 * line.size
            and line.x < marks.x and heading_alone(line.text) is None
            and not (
                marks.text.count("*") > _NAME_STARS
                and (marks.text[-1].isdigit() or marks.x - right_of(line) > 0.6 * line.size or _has_tail(marks, lines))
                and (_HAN_NAME.fullmatch(headed(line)[2].text.rstrip("*")) or is_organisation(line.text))
            )
            and (
                _only_marks(marks.text) or re.fullmatch(r"\*{4,}", line.text)
                or (marks.text[0] == "*" and re.search(r"[\d*]$", line.text))
            )
        ]  # fmt: skip
        begun = [
            line for line in whole
            if marks.text.isdigit() and same_row(line, marks) and 0 < marks.x - right_of(line) < 7 * line.size
            and re.search(r"(?:(?:^|\D)1[3-9]\d|\d ?\*{2,})$", line.text)
        ]  # fmt: skip
        after = [
            line for line in whole
            if _only_marks(marks.text) and same_row(line, marks)
            and -line.size < line.x - right_of(marks) < 0.8 * line.size and re.match(r"[\d*]", line.text)
        ]  # fmt: skip
        if before:
            first = max(before, key=right_of)
            whole[whole.index(first)] = glued(first, marks)
        elif begun:
            first = max(begun, key=right_of)
            whole[whole.index(first)] = glued(replace(first, text=f"{first.text}***", glyphs=()), marks)
        elif after:
            first = min(after, key=lambda line: line.x)
            whole[whole.index(first)] = glued(marks, first)
        else:
            whole.append(marks)
    return whole


def _ends_address(marks: TextLine, lines: list[TextLine]) -> bool:
    """Return whether a line of only stars is below the first part of an address that was broken there."""
    return _only_marks(marks.text) and any(
        len(ADDRESS_SIGNS.findall(line.text)) > 1 and abs(line.x - marks.x) < 0.3 * line.size
        and -0.3 * line.size < marks.y - line.y - line.size < 0.6 * line.size
        for line in lines
    )  # fmt: skip


def _has_tail(marks: TextLine, lines: list[TextLine]) -> bool:
    """Return whether the last digits of a phone are right behind stars."""
    return any(
        re.fullmatch(r"\**\d{1,4}", line.text) is not None and same_row(marks, line)
        and -line.size < line.x - right_of(marks) < line.size
        for line in lines
    )  # fmt: skip


def _only_marks(text: str) -> bool:
    return bool(text) and not text.strip("* -")
