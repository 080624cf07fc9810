"""Where in a table the header lies, and which column holds which field.

A header is one row, or two where groups stand above (收件人 | 寄件人 over 姓名, 电话, 地址). Titles and
notes may stand above it. A table may repeat its header, or change to another one further down.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from waybillguard.orders.headers import (
    BARE_RANK,
    FALLBACK_RANK,
    Meaning,
    library,
    normalise,
    platform_of_titles,
)

Row = Sequence[str]
HEAD_ROWS = 40
_LONG_NUMBER = re.compile(r"\d{7}")
_WHO = frozenset({"name", "phone", "address", "contact"})
_USELESS = frozenset({"ignore", "buyer"})
_MIN_FIELDS = 2
_TABULAR = 3
_COUNTED = re.compile(r"\s*(?:[._-]?[0-9]{1,2}|[(（][0-9]{1,2}[)）])$")


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of a table.

    Attributes:
        depth: rows that the header takes.
        width: titles in it, trailing empty ones not counted.
        columns: for each field its column numbers, best first.
        platform: key of the platform whose export this is, as far as the titles show.
        rows: the header rows themselves, stripped, to know them again further down.
        score: how many fields it names.
        has_twins: whether name, phone or address stand there twice, with nothing to say whose they are.
    """

    depth: int
    width: int
    columns: Mapping[str, tuple[int, ...]]
    platform: str
    rows: tuple[tuple[str, ...], ...]
    score: float
    has_twins: bool = False


def find_layout(rows: Sequence[Row]) -> tuple[int, Layout] | None:
    """Return the number of the first header row among ``rows``, and its layout.

    The best header wins, the earlier of two equally good ones; a two-row header only where it names
    more than either row alone. A better one below rows of a table is that of another table: the first one stays.
    """
    best: tuple[int, Layout] | None = None
    for number in range(min(len(rows), HEAD_ROWS)):
        layout = layout_at(rows, number)
        if layout is None:
            continue
        if best is None or (
            layout.score > best[1].score and not any(map(_is_data, rows[best[0] + best[1].depth : number]))
        ):
            best = number, layout
    return best


def _is_data(row: Row) -> bool:
    """Is this row one of a table's rows: several cells, and a number or stars in one of them."""
    filled = [cell for cell in row if cell.strip()]
    return len(filled) >= _TABULAR and any(_LONG_NUMBER.search(cell) or "**" in cell for cell in filled)


def layout_at(rows: Sequence[Row], number: int) -> Layout | None:
    """Return the layout of the header that starts at a row, or nothing if none does."""
    single = _layout(rows, number, 1)
    double = _layout(rows, number, 2)
    if double is not None and (single is None or double.score > single.score):
        below = _layout(rows, number + 1, 1)
        if below is None or double.score > below.score:
            return double
    return single


def is_header(row: Row) -> bool:
    """Is this row made of titles, so that it is no order."""
    if _numbers(row):
        return False
    known = library()
    filled = [cell for cell in row if cell.strip()]
    found = {meaning.field for cell in filled if (meaning := known.lookup(cell))}
    hits = sum(1 for cell in filled if known.lookup(cell))
    return len(found) >= _MIN_FIELDS and hits * 2 > len(filled)


def _layout(rows: Sequence[Row], number: int, depth: int) -> Layout | None:
    if number + depth > len(rows):
        return None
    head = [tuple(cell.strip() for cell in row) for row in rows[number : number + depth]]
    if any(_numbers(row) for row in head) or not any(head[-1]) or not any(head[0]):
        return None
    width = max(_filled(row) for row in head)
    head = [(row + ("",) * (width - len(row)))[:width] for row in head]
    titles = head[-1]
    meanings = _meanings_under_groups(head[0], titles) if depth > 1 else _meanings(titles)
    columns = _columns(meanings, titles)
    useful = {field for field in columns if field not in _USELESS}
    if not _qualifies(useful, titles):
        return None
    minor = sum(1 for meaning in meanings if meaning and meaning.field in _USELESS)
    return Layout(
        depth=depth,
        width=width,
        columns=MappingProxyType(columns),
        platform=platform_of_titles([title for row in head for title in row]),
        rows=tuple(head),
        score=len(useful) + minor / 100,
        has_twins=_has_twins(meanings, titles),
    )


def _qualifies(useful: set[str], titles: Row) -> bool:
    if not useful & _WHO:
        return False
    if len(useful) >= _MIN_FIELDS:
        return True
    filled = sum(1 for title in titles if title)
    return useful == {"contact"} and filled == 1


def _meanings(titles: Row) -> list[Meaning | None]:
    """Return what each title means; a bare one (电话) may belong to the party that was named before it.

    It does where the title stands twice, and behind a sender also where the consignee has such a column elsewhere.
    """
    known = library()
    titles = _uncounted(titles)
    meanings = [known.lookup(title) if title else None for title in titles]
    seen: dict[str, int] = {}
    parties: list[str] = []
    for title, meaning in zip(titles, meanings, strict=True):
        seen[normalise(title)] = seen.get(normalise(title), 0) + 1
        parties.append((meaning and meaning.party) or (parties[-1] if parties else ""))
    own = {
        meaning.field
        for meaning, party in zip(meanings, parties, strict=True)
        if meaning and party == "consignee"
    }
    for number, (meaning, party) in enumerate(zip(meanings, parties, strict=True)):
        if meaning is None or meaning.party:
            continue
        attribute = known.attribute(party or "consignee", titles[number])
        twice = seen[normalise(titles[number])] > 1
        if attribute and ((twice and party) or (party == "sender" and meaning.field in own)):
            meanings[number] = attribute
    return meanings


def _uncounted(titles: Row) -> Row:
    """Return titles without the number by which a program tells apart two that are the same (电话, 电话.1)."""
    keys = {normalise(title) for title in titles}
    return [
        base
        if (base := _COUNTED.sub("", title)) != title
        and normalise(title) not in library().titles
        and normalise(base) in keys
        else title
        for title in titles
    ]


def _has_twins(meanings: Sequence[Meaning | None], titles: Row) -> bool:
    """Do two parties stand side by side under the same bare titles, so that nobody can tell who receives."""
    keys = [normalise(_COUNTED.sub("", title)) for title in titles]
    twins = {
        meaning.field
        for number, meaning in enumerate(meanings)
        if meaning and not meaning.party and keys[number] in keys[:number]
    }
    return len(twins & _WHO) > 1


def _meanings_under_groups(groups: Row, titles: Row) -> list[Meaning | None]:
    known = library()
    meanings: list[Meaning | None] = []
    group = ""
    for above, title in zip(groups, titles, strict=True):
        if above:
            group = above
        elif not title:
            group = ""
        if not title or title == above:
            meanings.append(known.lookup(above) if above else None)
            continue
        party = known.party(group) if group else ""
        under = known.attribute(party, title) if party else None
        meanings.append(under or known.lookup(title) or (known.lookup(group + title) if group else None))
    return meanings


def _columns(meanings: Sequence[Meaning | None], titles: Row) -> dict[str, tuple[int, ...]]:
    ranked: dict[str, list[tuple[int, int]]] = {}
    for number, meaning in enumerate(meanings):
        if meaning is not None:
            ranked.setdefault(meaning.field, []).append((meaning.rank, number))
    _leave_bare_name(ranked, meanings)
    columns: dict[str, tuple[int, ...]] = {}
    for field, found in ranked.items():
        found.sort()
        if found[0][0] < FALLBACK_RANK:
            chosen = [number for rank, number in found if rank < FALLBACK_RANK]
        else:
            chosen = [number for _, number in found[:1]]
        columns[field] = tuple(chosen)
    _third_level(columns, titles)
    return columns


def _leave_bare_name(ranked: dict[str, list[tuple[int, int]]], meanings: Sequence[Meaning | None]) -> None:
    """Leave a bare 姓名 beside the consignee's own: it is somebody else's, or (Name, in shops' files) the order's number."""
    found = ranked.get("name", [])
    bare = [entry for entry in found if entry[0] == BARE_RANK and not _party(meanings[entry[1]])]
    if bare and any(rank < BARE_RANK for rank, _ in found):
        ranked["name"] = [entry for entry in found if entry not in bare]
        if "order_no" not in ranked:
            ranked["order_no"] = [(FALLBACK_RANK, number) for _, number in bare]


def _party(meaning: Meaning | None) -> str:
    return meaning.party if meaning else ""


def _third_level(columns: dict[str, tuple[int, ...]], titles: Row) -> None:
    """Where the district stands under another name: 地区 (Youzan) or ``town`` (Pinduoduo's API)."""
    if "district" in columns or not ("province" in columns and "city" in columns):
        return
    if "region" in columns:
        columns["district"] = columns.pop("region")
    elif "town" in columns and normalise(titles[columns["town"][0]]).endswith("town"):
        columns["district"] = columns.pop("town")


def _numbers(row: Row) -> bool:
    return any(_LONG_NUMBER.search(cell) for cell in row)


def _filled(row: Row) -> int:
    width = len(row)
    while width and not row[width - 1].strip():
        width -= 1
    return width
