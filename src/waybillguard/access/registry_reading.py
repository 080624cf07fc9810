"""Read account lists, payroll lists and merchant lists from exports, pasted text and spreadsheets.

Column titles are matched by synonyms (``data/register_headers.csv``). A damaged row does not stop the import and is
not dropped silently: it is returned as a rejected row, with its number but without its contents.
"""

import io
import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from functools import cache
from types import MappingProxyType
from typing import BinaryIO, Final, Literal

from waybillguard.access.errors import RegisterError
from waybillguard.access.registry import Employment, OutsideAccount, cell_words, fold
from waybillguard.access.registry_times import read_day, read_moment
from waybillguard.access.vocabulary import data_rows
from waybillguard.orders.errors import OrdersError
from waybillguard.orders.limits import Limits
from waybillguard.orders.rows_cells import clean, clean_number
from waybillguard.orders.tables import open_tables

MAX_ROWS: Final = 100_000
_LIMITS: Final = Limits(
    max_bytes=16 << 20, max_inflated=128 << 20, max_columns=200, max_rows=MAX_ROWS, max_sheet_cells=4_000_000
)
_HEADER_ROWS: Final = 10
_MAX_CELL: Final = 200
_MAX_TITLE = 40
_MAX_NAME: Final = 80
"""Of a merchant or a shop."""
_BRACKETS: Final = re.compile(r"[(（\[【<].*?[)）\]】>]|[*＊:：]")
_NEEDED: Final[Mapping[str, frozenset[str]]] = {
    "accounts": frozenset({"account"}),
    "payroll": frozenset({"name", "number"}),
    "merchants": frozenset({"merchant"}),
}
"""A header row must name at least one of these fields."""

_NEEDED_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "accounts": ("账号", "an account"),
    "payroll": ("姓名或工号", "a name or employee number"),
    "merchants": ("商家", "a merchant"),
}

type ListKind = Literal["accounts", "payroll", "merchants"]


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """A row that was not imported: its number from 1 (header not counted) and the reason, never its contents.

    ``bad_date`` occurs only in payroll lists: an account with an unreadable last use stays in the list.
    """

    row: int
    reason: Literal[
        "no_account",
        "no_person",
        "bad_date",
        "column_count",
        "cell_too_long",
        "no_system",
        "unknown_site",
        "no_merchant",
        "shop_taken",
        "repeated",
    ]


@dataclass(frozen=True, slots=True)
class AccountList:
    """The contents of an account list, in the order of its rows; ``unread`` are the titles of ignored columns."""

    accounts: tuple[OutsideAccount, ...]
    rejected: tuple[RejectedRow, ...]
    unread: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PayrollList:
    """The contents of a payroll list, in the order of its rows; ``unread`` are the titles of ignored columns."""

    people: tuple[Employment, ...]
    rejected: tuple[RejectedRow, ...]
    unread: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MerchantLine:
    """One row of a list of merchants: a merchant, and one of its shops as the list writes it, or none."""

    merchant: str
    shop: str
    row: int


@dataclass(frozen=True, slots=True)
class MerchantList:
    """The contents of a list of merchants, in the order of its rows; ``unread`` are the titles of ignored columns."""

    merchants: tuple[MerchantLine, ...]
    rejected: tuple[RejectedRow, ...]
    unread: tuple[str, ...] = ()


def read_accounts(source: str | bytes | BinaryIO, *, system: str = "", zone: tzinfo) -> AccountList:
    """Read an account list: pasted text, or the bytes of a CSV, TSV or workbook.

    Args:
        source: the list, with a row of titles among its first ten rows.
        system: the system of the accounts, if no column names it.
        zone: time zone of the times in the list.

    Raises:
        RegisterError: unreadable, no row of titles, or more than ``MAX_ROWS`` rows.
    """
    accounts: list[OutsideAccount] = []
    rejected: list[RejectedRow] = []
    unread: dict[str, None] = {}
    for number, cells in _records(source, "accounts", unread):
        made = _account(number, cells, system, zone)
        if isinstance(made, RejectedRow):
            rejected.append(made)
        else:
            accounts.append(made)
    return AccountList(tuple(accounts), tuple(rejected), tuple(unread))


def read_payroll(source: str | bytes | BinaryIO, *, sites: Collection[str] = ()) -> PayrollList:
    """Read a payroll list (花名册): one row per period of employment.

    Args:
        source: the list, with a row of titles among its first ten rows.
        sites: codes and names of the warehouse's sites; if empty, a column of sites is not read.

    Raises:
        RegisterError: unreadable, no row of titles, or more than ``MAX_ROWS`` rows.
    """
    known = frozenset(fold(site) for site in sites)
    people: list[Employment] = []
    rejected: list[RejectedRow] = []
    unread: dict[str, None] = {}
    for number, cells in _records(source, "payroll", unread):
        made = _employment(number, cells, known)
        if isinstance(made, RejectedRow):
            rejected.append(made)
        else:
            people.append(made)
    return PayrollList(tuple(people), tuple(rejected), tuple(unread))


def read_merchants(
    source: str | bytes | BinaryIO, *, taken: Mapping[str, str] = MappingProxyType({})
) -> MerchantList:
    """Read a list of merchants: one row per merchant and shop.

    Args:
        source: the list, with a row of titles among its first ten rows.
        taken: the known shops, each mapped to its merchant.

    Raises:
        RegisterError: unreadable, no row of titles, or more than ``MAX_ROWS`` rows.
    """
    owners = {fold(shop): fold(merchant) for shop, merchant in taken.items()}
    seen: set[tuple[str, str]] = set()
    lines: list[MerchantLine] = []
    rejected: list[RejectedRow] = []
    unread: dict[str, None] = {}
    for number, cells in _records(source, "merchants", unread):
        made = _merchant(number, cells)
        if isinstance(made, RejectedRow):
            rejected.append(made)
            continue
        merchant, shop = fold(made.merchant), fold(made.shop)
        if (merchant, shop) in seen:
            rejected.append(RejectedRow(number, "repeated"))
        elif shop and owners.setdefault(shop, merchant) != merchant:
            rejected.append(RejectedRow(number, "shop_taken"))
        else:
            seen.add((merchant, shop))
            lines.append(made)
    return MerchantList(tuple(lines), tuple(rejected), tuple(unread))


def _account(
    number: int, cells: Mapping[str, str], system: str, zone: tzinfo
) -> OutsideAccount | RejectedRow:
    if "reject" in cells:
        return RejectedRow(number, "cell_too_long" if cells["reject"] == "long" else "column_count")
    if not cells.get("account"):
        return RejectedRow(number, "no_account")
    where = cells.get("system") or system
    if not where:
        return RejectedRow(number, "no_system")
    try:
        last_used = read_moment(cells.get("last_used", ""), zone)
    except (ValueError, OverflowError):
        last_used = None  # keep the account in the register; its last use is then unknown
    return OutsideAccount(
        where,
        cells["account"],
        cells.get("owner", ""),
        cells.get("number", ""),
        cells.get("role", ""),
        _state(cells),
        last_used,
        number,
    )


def _employment(number: int, cells: Mapping[str, str], sites: frozenset[str]) -> Employment | RejectedRow:
    if "reject" in cells:
        return RejectedRow(number, "cell_too_long" if cells["reject"] == "long" else "column_count")
    if not cells.get("number") and not cells.get("name"):
        return RejectedRow(number, "no_person")
    last_day = cells.get("employed_to", cells.get("contract_to", ""))
    gone = fold(last_day) in cell_words("left")
    left = gone or _says_left(cells)
    try:
        employed_from, employed_to = (
            read_day(cells.get("employed_from", "")),
            read_day("" if gone else last_day),
        )
    except (ValueError, OverflowError):
        return RejectedRow(number, "bad_date")
    site = cells.get("site", "") if sites else ""
    if site and fold(site) not in sites:
        return RejectedRow(number, "unknown_site")
    agency = cells.get("agency", "")
    temp = fold(cells.get("temp", "")) in cell_words("temp") or bool(agency)
    return Employment(
        cells.get("number", ""),
        cells.get("name", ""),
        employed_from,
        employed_to,
        temp,
        agency,
        number,
        site,
        left and employed_to is None,
    )


def _says_left(cells: Mapping[str, str]) -> bool:
    """Return whether a column other than the last day tells that the person has left."""
    return (
        fold(cells.get("state", "")) in cell_words("left")
        or fold(cells.get("employed", "")) in cell_words("disabled")
        or fold(cells.get("has_left", "")) in cell_words("enabled") | cell_words("left")
    )


def _merchant(number: int, cells: Mapping[str, str]) -> MerchantLine | RejectedRow:
    if "reject" in cells:
        return RejectedRow(number, "cell_too_long" if cells["reject"] == "long" else "column_count")
    merchant, shop = cells.get("merchant", ""), cells.get("shop", "")
    if not merchant:
        return RejectedRow(number, "no_merchant")
    if len(merchant) > _MAX_NAME or len(shop) > _MAX_NAME:
        return RejectedRow(number, "cell_too_long")
    return MerchantLine(merchant, shop, number)


def _state(cells: Mapping[str, str]) -> bool | None:
    text = fold(cells.get("enabled", ""))
    if text:
        return True if text in cell_words("enabled") else False if text in cell_words("disabled") else None
    text = fold(cells.get("disabled", ""))
    if text:
        return False if text in cell_words("enabled") else True if text in cell_words("disabled") else None
    return None


def _records(
    source: str | bytes | BinaryIO, kind: ListKind, unread: dict[str, None]
) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Yield the number and the cells by field of every row below a header, over all tables of the source.

    Titles of ignored columns are added to ``unread``, in their order.
    """
    number = 0
    seen_header = False
    as_written = kind == "merchants"  # a shop is known by the name that exports give it
    try:
        for table in open_tables(_stream(source), password=None, limits=_LIMITS):
            columns: dict[int, str] = {}
            titles: list[str] = []
            width = 0
            for at, row in enumerate(table.rows):
                cells = [
                    cell.strip() if as_written else unicodedata.normalize("NFKC", clean(cell)).strip()
                    for cell in row
                ]
                if not any(cells):
                    continue
                header = _header(cells, kind) if at < _HEADER_ROWS or columns else {}
                if header and cells != titles and _says_state(cells, columns):
                    header = {}  # a data row: an account named 操作员 with state 启用
                if header:
                    columns, titles, width, seen_header = header, cells, len(cells), True
                    others = (cell for at, cell in enumerate(cells) if at not in header)
                    unread.update((title[:_MAX_TITLE], None) for title in others if title)
                    continue
                if not columns:
                    continue
                number += 1
                if number > MAX_ROWS:
                    raise _too_many()
                yield number, _named(cells, columns, width)
    except OrdersError as error:
        raise RegisterError(zh=error.zh, en=error.en) from None
    if not seen_header:
        raise _no_header(kind)


def _says_state(cells: Sequence[str], columns: Mapping[int, str]) -> bool:
    """Return whether a row has a state in the state column of the table, so that it is a data row, not a header."""
    states = cell_words("enabled") | cell_words("disabled")
    where = [at for at, name in columns.items() if name in {"enabled", "disabled"} and at < len(cells)]
    return any(fold(cells[at]) in states for at in where)


def _stream(source: str | bytes | BinaryIO) -> BinaryIO:
    if isinstance(source, str):
        return io.BytesIO(source.encode("utf-8", "replace"))
    return io.BytesIO(source) if isinstance(source, bytes) else source


def _named(cells: Sequence[str], columns: Mapping[int, str], width: int) -> Mapping[str, str]:
    if any(cells[width:]) or len(cells) <= min(columns):
        return {"reject": "columns"}
    named: dict[str, str] = {}
    for at, name in columns.items():
        cell = cells[at] if at < len(cells) else ""
        if len(cell) > _MAX_CELL:
            return {"reject": "long"}
        if cell and not named.get(name):
            named[name] = clean_number(cell) if name in {"account", "number"} else cell
    return named


def _header(cells: Sequence[str], kind: ListKind) -> dict[int, str]:
    """Return the field of each known column, or nothing if the row is not a header.

    Of several columns for one field, the one whose title comes first in the vocabulary wins: a real name before a
    nickname, an employee number before a row number. The contract end is used only if no column tells who has left.
    """
    known = _titles(kind)
    ranks = {title: rank for rank, title in enumerate(known)}
    titles = ((at, fold(_BRACKETS.sub("", cell))) for at, cell in enumerate(cells))
    best = sorted((ranks[title], at) for at, title in titles if title in known)
    found = {at: known[fold(_BRACKETS.sub("", cells[at]))] for _, at in best}
    fields = set(found.values())
    if fields & {"employed_to", "state", "employed", "has_left"}:
        found = {at: field for at, field in found.items() if field != "contract_to"}
    needed = _NEEDED[kind]
    if not fields & needed or len(fields) < min(2, len([cell for cell in cells if cell])):
        return {}
    return found


@cache
def _titles(kind: ListKind) -> Mapping[str, str]:
    return MappingProxyType(
        {
            fold(title): row["field"]
            for row in data_rows("register_headers.csv")
            if row["list"] == kind
            for title in row["titles"].split("|")
        }
    )


def _no_header(kind: ListKind) -> RegisterError:
    zh, en = _NEEDED_WORDS[kind]
    return RegisterError(
        zh=f"找不到表头：前 {_HEADER_ROWS} 行中没有{zh}等列名。未读取任何行；请连同表头一起粘贴或导出。",
        en=f"no row of titles: none of the first {_HEADER_ROWS} rows names {en} column. Nothing was read; paste or "
        "export the list with its titles.",
    )


def _too_many() -> RegisterError:
    return RegisterError(
        zh=f"名单超过 {MAX_ROWS} 行。未读取；请分成几份。",
        en=f"the list has more than {MAX_ROWS} rows. It was not read; split it.",
    )
