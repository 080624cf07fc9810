"""Geometry of lines read from a photo: which are in one row, and the positions of parts of a line."""

from dataclasses import replace
from typing import Final

from waybillguard.label.check.values import TextLine, Zone

CONTACT: Final = (Zone.NAME, Zone.PHONE, Zone.ADDRESS)


_TWICE: Final = 3
"""Most characters that the boxes of two pieces of a line may share."""
_NUMBER: Final = 8
"""Least number of digits and stars of a piece that is a number by itself."""
_GAP: Final = 1.3
"""Least gap between two names of a row, in type sizes."""


def right_of(line: TextLine) -> int:
    """Return the right edge of a line; if its width is unknown, estimate it from the number of characters."""
    width = sum(line.size if sign > "\u2e80" else line.size / 2 for sign in line.text)
    return line.x + (line.width or round(width))


def cut(line: TextLine, text: str, *, after: int = 0, zone: Zone | None = None) -> TextLine:
    """Return the part of a line that contains ``text``, with the position of that part."""
    zone = zone or line.zone
    at = line.text.find(text, after)
    if at < 0 or not text or len(line.glyphs) != len(line.text):
        return replace(line, text=text, glyphs=(), zone=zone)
    if text == line.text:
        return replace(line, zone=zone)
    glyphs, end = line.glyphs[at : at + len(text)], at + len(text)
    left = line.x if at == 0 else (line.glyphs[at - 1].x + glyphs[0].x) / 2
    right = right_of(line) if end == len(line.text) else (glyphs[-1].x + line.glyphs[end].x) / 2
    loose = tuple(place for place in line.loose if left <= place <= right)
    width = max(1, round(right - left))
    return replace(line, text=text, glyphs=glyphs, loose=loose, x=round(left), width=width, zone=zone)


def glued(first: TextLine, second: TextLine) -> TextLine:
    """Join two lines of a row; text that both boxes hold is kept once."""
    if first.glyphs and len(second.glyphs) == len(second.text) > _TWICE:
        reach = first.glyphs[-1].x + first.size / 4
        twice = max(
            n
            for n in range(_TWICE + 1)
            if first.text.endswith(second.text[:n]) and (n == 0 or second.glyphs[n - 1].x < reach)
        )
        second = cut(second, second.text[twice:], after=twice)
    both = bool(first.glyphs) and bool(second.glyphs)
    top, bottom = min(first.y, second.y), max(first.y + first.size, second.y + second.size)
    return replace(
        first, text=first.text + second.text, width=max(1, right_of(second) - first.x), y=top, size=bottom - top,
        glyphs=first.glyphs + second.glyphs if both else (), loose=first.loose + second.loose,
    )  # fmt: skip


def same_row(first: TextLine, second: TextLine) -> bool:
    """Return whether two lines overlap vertically by half the height of the smaller one (OCR boxes are never level)."""
    shared = min(first.y + first.size, second.y + second.size) - max(first.y, second.y)
    return shared >= min(first.size, second.size) / 2


def without_neighbours(lines: list[TextLine]) -> list[TextLine]:
    """Remove loose marks of a line that belong to the number behind it: the line's box overlapped the number."""
    return [
        replace(line, loose=tuple(place for place in line.loose if not any(
            other is not line and other.text[:1].isdigit() and line.x < other.x <= place <= right_of(other)
            and same_row(line, other) for other in lines
        )))
        if line.loose else line
        for line in lines
    ]  # fmt: skip


def _is_number(line: TextLine) -> bool:
    return sum(sign in "0123456789*" for sign in line.text) >= _NUMBER


def joined_rows(block: list[TextLine]) -> list[TextLine]:
    """Join the pieces of one field that are in one row, from left to right."""
    joined: list[TextLine] = []
    for zone in CONTACT:
        rows: list[list[TextLine]] = []
        for line in sorted((line for line in block if line.zone is zone), key=lambda line: line.y):
            if rows and line.width != 0 and same_row(rows[-1][0], line):
                rows[-1].append(line)
            else:
                rows.append([line])
        for row in rows:
            row.sort(key=lambda line: line.x)
            whole = row[0]
            for line in row[1:]:
                two = zone is Zone.NAME and line.x - right_of(whole) > _GAP * line.size
                if two or (zone is Zone.PHONE and _is_number(whole) and _is_number(line)):
                    joined.append(whole)
                    whole = line
                else:
                    whole = glued(whole, line)
            joined.append(replace(whole, y=min(line.y for line in row)))
    return [*joined, *(line for line in block if line.zone not in CONTACT)]
