"""Finds the fields of a label: splits the lines by the tagger's classes and groups the parts into blocks by party."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Final

import numpy as np

from waybillguard.label.check.blocks import Block, virtual_notes
from waybillguard.label.check.columns import PROVINCE, in_columns
from waybillguard.label.check.fold import HAN, tight
from waybillguard.label.check.headings import heading_alone
from waybillguard.label.check.kinds import VIRTUAL
from waybillguard.label.check.lines import CONTACT, glued, joined_rows, right_of, same_row
from waybillguard.label.check.marks import tidied, with_stars
from waybillguard.label.check.names import COMPOUND, SURNAME
from waybillguard.label.check.parties import assign
from waybillguard.label.check.persons import is_of_work
from waybillguard.label.check.tagger import CLASSES, Opinion, Tags, opinions, places, tag
from waybillguard.label.check.values import Party, TextLine, Zone
from waybillguard.on_demand import pattern_on_use

_BELOW: Final = 2.6
"""Largest distance between two lines of an address or a name, in type sizes."""
_OTHER: Final[dict[Party | None, Party]] = {Party.RECEIVER: Party.SENDER, Party.SENDER: Party.RECEIVER}
_RULED: Final = -1
"""The block of a part that the tagger does not classify, so the rules decide."""
_LETTERS: Final = pattern_on_use("[A-Za-z]{1,4}")
"""The rest of a heading in two languages (Tel, Add)."""
_NEXT, _BESIDE, _NEARLY_ALL = 1.9, 4, 0.7
_EDGES: Final = " \u3000:;,.|/"
_WHOLE: Final = pattern_on_use(r"(?<![\d*])1[3-9]\d{9}(?![\d*])|\d{11}(?:-|转|分机)\d")
"""An unmasked number; another line may mark it as virtual."""
_MOBILE: Final = pattern_on_use(r"1[3-9]\d{9}")
_PHONE: Final = pattern_on_use(r"(?<![\d*A-Za-z])[+\d*][\d*() -]{7,}[\d*](?![\d*])")
_STARS_BEFORE: Final = pattern_on_use(r"\*{1,3}\s+")
_LEAST_PHONE: Final = 9
_DATED: Final = pattern_on_use(r"\d[-/.月]\d+日?")
_BROKEN_DATE: Final = pattern_on_use(r"20\d\d[-/.](?:\d{1,2}[-/.]?)?$")
_BROKEN_WORD: Final = pattern_on_use("[有效期至截止]$")
_REST_OF_WORD: Final = pattern_on_use(r"效?期?[至到止]?[: ]?20\d\d[-/.年]\d")
"""Possible rest of a virtual number's note in the next row: (隐私号,有 | 效期至2026-12-15)."""
_REST: Final = pattern_on_use(r"\d{0,2}[-/.]?\d{1,2}(?!\d)")
"""Possible rest of a date in the next row: 2026-1 | 2-01 23:59."""
_DATE_FIRST: Final = pattern_on_use(r"(?:20)?\d\d[-/.年]\d")
_OF_FORM: Final = pattern_on_use(
    r"日期|时间|签[收字名][人/日期时间]*|经办|备注|编号|单位|数量|盖章|电话|手机|地址|姓名|总机|总台|邮编|[寄发退送][往自至到回给]|.*\d元"
)
"""Words of a form that are not names."""
_NUMBER_FIRST: Final = pattern_on_use(r"[\d*号-]")
_SHELF: Final = pattern_on_use("[A-Z\\d-]{0,4}[架柜格][\\d-]{0,4}[层格号]?")
_ZONE_OF: Final = [kind[1] if kind is not None else None for kind in CLASSES]
_PHONES: Final = [i for i, kind in enumerate(CLASSES) if kind is not None and kind[1] is Zone.PHONE]
_SHORT_NAME: Final = pattern_on_use(rf"(?:{COMPOUND}|[{SURNAME}])(?:[{HAN}]{{1,2}}\**|\*+)")


def prepared(lines: Sequence[TextLine]) -> list[TextLine]:
    """Return the lines prepared for tagging: stars normalised, split at columns, in reading order."""
    ready = _with_dates(with_stars(in_columns([tidied(line) for line in lines])))
    return sorted((line for line in ready if line.text.strip()), key=lambda line: (line.y, line.x))


def _with_dates(lines: list[TextLine]) -> list[TextLine]:
    """Join the words before a virtual number's expiry with the date behind them, or with its rest in the row below."""
    out = list(lines)
    for note in lines:
        broken = _BROKEN_DATE.search(note.text) is not None
        if note not in out:  # else it is the rest of another note
            continue
        if VIRTUAL.search(note.text) is None or (_DATED.search(note.text) is not None and not broken):
            continue
        dates = [
            line for line in out
            if (broken and _REST.match(line.text) and _below(line, note)) or (
                _BROKEN_WORD.search(note.text) and _REST_OF_WORD.match(line.text) and _below(line, note)
            ) or (
                _DATE_FIRST.match(line.text) and same_row(line, note)
                and -note.size < line.x - right_of(note) < 3 * note.size
            )
        ]  # fmt: skip
        if dates:
            below = broken or not same_row(dates[0], note)
            whole = (
                replace(note, text=note.text + dates[0].text, glyphs=()) if below else glued(note, dates[0])
            )
            out[out.index(note)] = whole
            out.remove(dates[0])
    return out


def placed(lines: Sequence[TextLine]) -> list[TextLine]:
    """Give each part of the lines a zone, party and block; parts that are no name, phone or address get block 0."""
    ready = prepared(lines)
    if not ready:
        return []
    told = opinions(ready, assign(ready))
    return list(_in_blocks([
        part for line, row, tags in zip(ready, told, tag(ready, told), strict=True)
        for part in _parts(line, row, _smooth(line.text, tags))
    ]))  # fmt: skip


def _smooth(text: str, tags: Tags) -> Tags:
    """Give small parts the class of their context: signs in a word, gaps, phone digits, words that mark it virtual."""
    note = VIRTUAL.search(text)
    if note is not None and _WHOLE.search(tight(text)) is None:
        return np.zeros_like(tags)  # assigned to its number by position
    out = tags.copy()
    for word in re.finditer(r"\S+", text):
        out[slice(*word.span())] = _of_word(out[slice(*word.span())])
    for gap in re.finditer(r"\s+", text):
        a, b = gap.span()
        out[a:b] = out[a - 1] if a > 0 and b < len(text) and out[a - 1] == out[b] else 0
    dated = note is not None and _DATED.search(text, note.start())
    for a, b in [*_phones(text), *([(note.start(), dated.end())] if note and dated else [])]:
        phones = [k for k in out[a:b] if k in _PHONES]
        if phones:
            out[a:b] = max(phones, key=phones.count)
    return out


def _of_word(tags: Tags) -> Tags:
    """Give one or two characters between two runs of one class that class; adjacent parts of one zone get one party."""
    runs = [(int(k), len(list(run))) for k, run in groupby(tags)]
    told = [
        runs[i - 1][0] if 0 < i < len(runs) - 1 and runs[i - 1][0] == runs[i + 1][0] and length <= 2 else k  # noqa: PLR2004
        for i, (k, length) in enumerate(runs)
    ]
    out = np.repeat(told, [length for _, length in runs])
    at = 0
    for zone, run in groupby(_ZONE_OF[k] for k in out):
        end = at + len(list(run))
        if zone is not None:
            out[at:end] = np.bincount(out[at:end]).argmax()
        at = end
    return out


def _parts(line: TextLine, told: Sequence[Opinion], tags: Tags) -> Iterator[TextLine]:
    """Split a line where the class changes; parts that are not contact data get the zone the rules mostly give them."""
    start = 0
    for end in range(1, len(tags) + 1):
        if end < len(tags) and tags[end] == tags[start]:
            continue
        kind = CLASSES[tags[start]]
        if kind is not None and kind[0] is not None:
            spans = [(a, b, kind[0], zone, 0) for a, b, zone in _spans(line.text, start, end, kind[1])]
        elif kind is not None:
            spans = [(start, end, None, kind[1], _RULED)]
        else:
            one = _usual(told[start:end])
            spans = [(start, end, one.party, one.zone or Zone.UNKNOWN, _RULED)]
        for first, last, party, zone, block in spans:
            text = line.text[first:last]
            edges = _EDGES if kind is not None else " \u3000"
            a, b = first + len(text) - len(text.lstrip(edges)), first + len(text.rstrip(edges))
            if a < b:
                bare = text[a - first : b - first]
                heading = kind is not None and (
                    _LETTERS.fullmatch(bare) is not None
                    or (zone is Zone.NAME and _is_word_of_form(bare))
                    or (zone is Zone.ADDRESS and _SHELF.fullmatch(tight(bare)) is not None)
                )
                yield replace(
                    _cut(line, a, b),
                    party=party,
                    zone=Zone.UNKNOWN if heading else zone,
                    block=_RULED if heading else block,
                )
        start = end


def _is_word_of_form(text: str) -> bool:
    return heading_alone(text) is not None or _OF_FORM.fullmatch(tight(text)) is not None


def _usual(told: Sequence[Opinion]) -> Opinion:
    """Return the rules' opinion of a part; it counts as contact data only if the rules say so of nearly all of it."""
    known = Counter(one for one in told if one.zone is not None)
    for one, count in known.most_common():
        if one.zone not in CONTACT or count > _NEARLY_ALL * known.total():
            return one
    return Opinion()


def _spans(text: str, start: int, end: int, zone: Zone) -> Iterator[tuple[int, int, Zone]]:
    """Split off a phone from a part tagged as name or address, and a name from a part tagged as phone or address."""
    phone = next((span for span in _phones(text[:end], start) if _is_long(tight(text[slice(*span)]))), None)
    if phone is None or phone == (start, end):
        yield start, end, Zone.PHONE if phone is not None else zone
        return
    first, last = phone
    if zone is Zone.PHONE:
        named = _SHORT_NAME.fullmatch(tight(text[start:first])) is not None
        yield from ((start, first, Zone.NAME), (first, end, zone)) if named else ((start, end, zone),)
        return
    yield start, first, zone
    yield first, last, Zone.PHONE
    yield last, end, zone


def _phones(text: str, start: int = 0) -> Iterator[tuple[int, int]]:
    """Yield start and end of each number, without the stars of a name before it."""
    for found in _PHONE.finditer(text, start):
        stars = _STARS_BEFORE.match(found[0])
        own = stars is not None and len(tight(found[0][stars.end() :])) > _LEAST_PHONE
        yield found.start() + (stars.end() if stars is not None and own else 0), found.end()


def _is_long(number: str) -> bool:
    digits = sum(sign.isdigit() for sign in number)
    return len(number) > _LEAST_PHONE and digits > 2 and (digits >= 7 or "-" not in number)  # noqa: PLR2004 - 17-*-*** is a door


def _cut(line: TextLine, start: int, end: int) -> TextLine:
    if start == 0 and end == len(line.text):
        return line
    at = places(line)
    left = line.x if start == 0 else (at[start - 1] + at[start]) / 2
    right = right_of(line) if end == len(line.text) else (at[end - 1] + at[end]) / 2
    return replace(
        line, text=line.text[start:end], glyphs=line.glyphs[start:end] if len(line.glyphs) == len(line.text) else (), x=round(left), width=max(1, round(right - left)),
        loose=tuple(place for place in line.loose if left <= place <= right),
    )  # fmt: skip


def _in_blocks(parts: Sequence[TextLine]) -> Iterator[TextLine]:
    """Group the fields of a party; a second name or address that does not continue the first begins another block."""
    blocks: list[Block] = []
    for part in _in_rows([part for part in parts if part.block != _RULED]):
        own = [block for block in blocks if block.party is part.party]
        home = next((block for block in blocks if _goes_on(block, part)), None)
        home = home or next((block for block in reversed(own) if _belongs(block, part)), None)
        if home is None:
            last = own[-1].lines[-1] if own else part
            # The second of two addresses below each other belongs to the other party.
            other = part.zone is Zone.ADDRESS is last.zone and _below(part, last)
            home = Block(party=_OTHER.get(part.party) if other else part.party)
            blocks.append(home)
        home.lines.append(part)
    if _are_one_person(blocks):
        blocks = [Block(party=Party.RECEIVER, lines=[line for block in blocks for line in block.lines])]
    for lone in [block for block in blocks if block.zones in ({Zone.NAME}, {Zone.PHONE})]:
        home = next((block for block in blocks if _lacks(block, lone)), None)
        if home is not None:
            home.lines += lone.lines
            blocks.remove(lone)
    left = []
    for part in (_as_phone(part, parts) for part in parts if part.block == _RULED):
        home = next((block for block in blocks if part.zone in CONTACT and _completes(part, block)), None)
        if home is not None:
            home.lines.append(part)
        else:
            left.append(
                replace(part, zone=Zone.UNKNOWN, block=0) if part.zone in CONTACT else replace(part, block=0)
            )
    whole = [block for block in blocks if any(_WHOLE.search(tight(line.text)) for line in block.lines)]
    others = virtual_notes(whole, left)
    for number, block in enumerate(blocks, start=1):
        for line in joined_rows(block.lines):
            yield replace(line, party=block.party, block=number)
    yield from (replace(part, party=Party.RECEIVER) for part in others)


def _as_phone(part: TextLine, parts: Sequence[TextLine]) -> TextLine:
    """Treat an unmasked mobile number tagged as staff's as a phone if no word for work is before it."""
    if part.zone is not Zone.STAFF or _MOBILE.fullmatch(tight(part.text)) is None:
        return part
    row = " ".join(other.text for other in parts if same_row(other, part) and other.x < part.x)
    return part if is_of_work(row) else replace(part, zone=Zone.PHONE)


def _goes_on(block: Block, part: TextLine) -> bool:
    """Return whether a part that begins with a number continues the address right above it, whatever its party."""
    return (
        part.zone is Zone.ADDRESS
        and _NUMBER_FIRST.match(part.text) is not None
        and any(line.zone is Zone.ADDRESS and _below(part, line) for line in block.lines)
    )


def _are_one_person(blocks: Sequence[Block]) -> bool:
    """Return whether the only two blocks with fields are one below the other and together hold one person's fields."""
    return (
        len(blocks) == 2  # noqa: PLR2004
        and not blocks[0].zones & blocks[1].zones
        and any(_below(part, line) for line in blocks[0].lines for part in blocks[1].lines)
    )


def _lacks(block: Block, lone: Block) -> bool:
    """Return whether a single name or phone right above, below or behind a part of a block is its missing field."""
    return not block.zones & lone.zones and any(
        _below(part, line)
        or _below(line, part)
        or (same_row(part, line) and -part.size < part.x - right_of(line) < 2 * part.size)
        for part in lone.lines
        for line in block.lines
    )


def _completes(part: TextLine, block: Block) -> bool:
    """Return whether a field found only by the rules is the block's missing one, or continues its address."""
    if part.zone is Zone.ADDRESS and Zone.ADDRESS in block.zones:
        return any(_below(part, line) for line in block.lines if line.zone is Zone.ADDRESS)
    return part.zone not in block.zones and any(
        (same_row(part, line) and max(part.x - right_of(line), line.x - right_of(part)) < _BESIDE * part.size)
        or _below(line, part)
        or (part.zone is Zone.PHONE and _below(part, line))
        for line in block.lines
    )


def _below(part: TextLine, line: TextLine) -> bool:
    return 0 < part.y - line.y < _NEXT * max(part.size, line.size) and abs(part.x - line.x) < part.size


def _in_rows(parts: Sequence[TextLine]) -> Iterator[TextLine]:
    """Yield parts by rows from top to bottom, each row from left to right."""
    rows: list[list[TextLine]] = []
    for part in sorted(parts, key=lambda part: part.y + part.size / 2):
        if rows and any(same_row(other, part) for other in rows[-1]):
            rows[-1].append(part)
        else:
            rows.append([part])
    for row in rows:
        yield from sorted(row, key=lambda part: part.x)


def _belongs(block: Block, part: TextLine) -> bool:
    last = next((line for line in reversed(block.lines) if line.zone is part.zone), None)
    if (
        part.zone is Zone.ADDRESS
        and PROVINCE.match(part.text)
        and any(PROVINCE.match(line.text) for line in block.lines)
    ):
        return False
    return last is None or same_row(last, part) or (
        0 < part.y - last.y < _BELOW * max(part.size, last.size) and part.x < right_of(last)
    )  # fmt: skip
