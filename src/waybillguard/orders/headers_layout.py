"""Find the header of a table, and assign fields to its columns.

A header is one row, or two if groups are above the titles (收件人 | 寄件人 over 姓名, 电话, 地址). Titles and notes
may precede it. A table may repeat its header, or switch to another one further down.
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
    """The header of a table and the fields of its columns.

    Attributes:
        depth: number of header rows.
        width: number of titles, without trailing empty ones.
        columns: the column numbers of each field, best first.
        platform: key of the platform whose export this is, if the titles show it.
        rows: the stripped header rows, to recognise a repeated header.
        score: number of fields that the header names.
        has_ambiguous_parties: whether name, phone or address occur twice and it is not clear for which party.
    """

    depth: int
    width: int
    columns: Mapping[str, tuple[int, ...]]
    platform: str
    rows: tuple[tuple[str, ...], ...]
    score: float
    has_ambiguous_parties: bool = False


def find_layout(rows: Sequence[Row]) -> tuple[int, Layout] | None:
    """Return the index of the best header among ``rows``, and its layout.

    Of equally good headers the first wins. A two-row header wins only if it names more fields than either row alone.
    A better header below data rows belongs to another table and is ignored.
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
    """Return whether a row is a data row: it has several cells, and a number or stars in one of them."""
    filled = [cell for cell in row if cell.strip()]
    return len(filled) >= _TABULAR and any(_LONG_NUMBER.search(cell) or "**" in cell for cell in filled)


def layout_at(rows: Sequence[Row], number: int) -> Layout | None:
    """Return the layout of the header that starts at a row, or None."""
    single = _layout(rows, number, 1)
    double = _layout(rows, number, 2)
    if double is not None and (single is None or double.score > single.score):
        below = _layout(rows, number + 1, 1)
        if below is None or double.score > below.score:
            return double
    return single


def is_header(row: Row) -> bool:
    """Return whether a row consists of titles, so that it is not an order."""
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
        has_ambiguous_parties=_has_ambiguous_parties(meanings, titles),
    )


def _qualifies(useful: set[str], titles: Row) -> bool:
    if not useful & _WHO:
        return False
    if len(useful) >= _MIN_FIELDS:
        return True
    filled = sum(1 for title in titles if title)
    return useful == {"contact"} and filled == 1


def _meanings(titles: Row) -> list[Meaning | None]:
    """Return the meaning of each title; a bare title (电话) may belong to the party named before it.

    It does if the title occurs twice, and after a sender also if the consignee has such a column elsewhere.
    """
    known = library()
    titles = _without_duplicate_suffix(titles)
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


def _without_duplicate_suffix(titles: Row) -> Row:
    """Return titles without the suffix that programs add to duplicates (电话, 电话.1)."""
    keys = {normalise(title) for title in titles}
    return [
        base
        if (base := _COUNTED.sub("", title)) != title
        and normalise(title) not in library().titles
        and normalise(base) in keys
        else title
        for title in titles
    ]


def _has_ambiguous_parties(meanings: Sequence[Meaning | None], titles: Row) -> bool:
    """Return whether two parties have the same bare titles, so that the consignee is ambiguous."""
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
    _drop_bare_name(ranked, meanings)
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


def _drop_bare_name(ranked: dict[str, list[tuple[int, int]]], meanings: Sequence[Meaning | None]) -> None:
    """Ignore a bare 姓名 beside the consignee's name: it is another person's, or (Name, shop files) the order number."""
    found = ranked.get("name", [])
    bare = [entry for entry in found if entry[0] == BARE_RANK and not _party(meanings[entry[1]])]
    if bare and any(rank < BARE_RANK for rank, _ in found):
        ranked["name"] = [entry for entry in found if entry not in bare]
        if "order_no" not in ranked:
            ranked["order_no"] = [(FALLBACK_RANK, number) for _, number in bare]


def _party(meaning: Meaning | None) -> str:
    return meaning.party if meaning else ""


def _third_level(columns: dict[str, tuple[int, ...]], titles: Row) -> None:
    """Use another column as the district if none is named so: 地区 (Youzan) or ``town`` (Pinduoduo's API)."""
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
