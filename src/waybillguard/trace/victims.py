"""Read lists of victims: any of order, waybill or keyed phone, with times and certainty.

A row that cannot be read is refused by its row number; the others are still read.
"""

import io
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta, timezone
from functools import cache
from typing import Final

import msgspec

from waybillguard.events import VictimReport
from waybillguard.orders.encodings import detect_encoding, text_pieces
from waybillguard.orders.errors import OrdersError
from waybillguard.orders.headers import normalise
from waybillguard.orders.limits import Limits
from waybillguard.orders.phones import read_phone
from waybillguard.orders.rows_dates import iso_time
from waybillguard.orders.small_tables import is_no_plain_text
from waybillguard.orders.tables_delimited import DelimitedRows
from waybillguard.trace.errors import TraceError
from waybillguard.trace.victims_workbook import text_of_workbook

NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "order_id": (
        "order_id", "order_no", "order", "order number", "订单号", "订单编号", "订单号码", "单号", "平台单号",
        "平台订单号", "网购订单号",
    ),
    "waybill_no": (
        "waybill_no", "waybill", "waybill number", "tracking_no", "tracking number", "运单号", "运单号码", "运单编号",
        "快递单号", "快递编号", "快递运单号", "快递号", "物流单号", "物流编号", "面单号", "包裹单号",
    ),
    "phone_token": ("phone_token", "person_token", "token", "电话令牌"),
    "phone": (
        "phone", "phone number", "mobile", "mobile number", "tel", "电话", "电话号码", "手机", "手机号", "手机号码",
        "联系电话", "联系方式", "联系手机", "收件电话",
    ),
    "contacted_at": (
        "contacted_at", "called_at", "来电时间", "接触时间", "接到诈骗电话时间", "接到电话时间", "接电话时间", "被骗时间",
        "发案时间", "案发时间", "来电日期", "被骗日期", "案发日期",
    ),
    "reported_at": (
        "reported_at", "报案时间", "举报时间", "登记时间", "报警时间", "接警时间", "报案日期", "报警日期",
    ),
    "certainty": ("certainty", "可信度", "把握"),
    "category": ("category", "goods_class", "品类", "物品类别", "商品类别"),
}  # fmt: skip
"""Known column titles, ours and those of police and merchants. A role (受害人, 收件人) may precede them."""
_WHOSE: Final = re.compile(r"^(?:受害人|被害人|受害者|当事人|事主|报案人|报警人|收件人|收货人)的?(?=.)")
_REMARK: Final = re.compile(r"\([^()]*\)")
_EITHER: Final = "单号"
"""A title used for orders and for waybills."""
_HEAD_ROWS: Final = 10
_LONGEST: Final = 80
_DELIMITERS: Final = "\t,;，|"
_CHINA: Final = timezone(timedelta(hours=8))
_EVENING: Final = 20
_YEARS: Final = (2000, 2200)
_PERCENT: Final = 100.0
_SPACES: Final = re.compile(r"[\s\u3000\ufeff\u200b-\u200f]+")
_SEVERAL: Final = re.compile(r"[0-9A-Za-z]{4}\s*[、,，;；\n]\s*[0-9A-Za-z]{4}")
_ROUNDED: Final = re.compile(r"[0-9](?:\.[0-9]+)?[eE]\+[0-9]+")
_MOBILE: Final = re.compile(r"(?:\+?86)?1[3-9][0-9]{9}")
_IDENTITY: Final = re.compile(
    r"[1-9][0-9]{5}(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9X]"
)
_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ABOUT: Final = re.compile(r"左右|前后|许$|约|大概|\(?(?:星期|周)[一二三四五六日天]\)?")
_HALVES: Final = re.compile(r"(凌晨|早上|清晨|早晨|中午|傍晚|晚上|夜里|晚)")
_MORNING: Final = frozenset({"凌晨", "早上", "清晨", "早晨"})
_HOUR_ALONE: Final = re.compile(r"(\d{1,2})\s*[时点](半|整|钟)?(?!\s*\d)")


class VictimRow(msgspec.Struct, frozen=True):
    """A report and its data row number, from 1. A phone in the clear is kept beside it and never logged."""

    row: int
    report: VictimReport
    phone: str = ""

    def __repr__(self) -> str:
        """Show the row number only."""
        return f"VictimRow({self.row}, …)"


class VictimTable(msgspec.Struct, frozen=True):
    """A list of victims: its rows, and the numbers of rows that were refused."""

    rows: tuple[VictimRow, ...]
    refused: tuple[int, ...]


def read_victims(content: bytes) -> VictimTable:
    """Read a list of victims: workbook, CSV or pasted table.

    Separators are commas, tabs, semicolons or bars; encodings are UTF-8, UTF-16 or GB 18030.

    A line or two above the titles are skipped. Without a known title, a single column of numbers is read as order
    or waybill numbers, and mobile numbers as phones.

    Raises:
        TraceError: no list of victims found in it.
    """
    text = text_of(content)
    cells = max((_cells(text, one) for one in _DELIMITERS), key=_titled)
    at, places = _head(cells)
    body = cells[at + 1 :]
    if not places:
        if not cells or len(cells[0]) > 1 or not re.fullmatch(r"(?=.*\d)[\w+-]{4,40}", cells[0][0].strip()):
            raise _unreadable()
        return victims_of(_bare(row[0]) for row in cells)
    return victims_of(
        {name: row[at].strip() if at < len(row) else "" for name, at in places.items()} for row in body
    )


def text_of(content: bytes) -> str:
    """Return the text of a list in any encoding; of a workbook, the columns that a list of victims uses.

    Raises:
        TraceError: a workbook that cannot be read.
    """
    if is_no_plain_text(content):
        return text_of_workbook(content, _head)
    stream = io.BytesIO(content)
    return "".join(text_pieces(stream, *detect_encoding(stream)))


def _cells(text: str, delimiter: str) -> list[list[str]]:
    """Return the rows that are not empty. A stray quotation mark does not swallow the rows after it."""
    rows = DelimitedRows(text, iter(()), delimiter, '"', Limits())
    found: list[list[str]] = []
    try:
        for row in rows:
            if any(map(str.strip, row)):
                found.append(row)
                if len(found) <= _HEAD_ROWS and places_of(row):
                    rows.expect(frozenset({len(row)}))
    except OrdersError:
        raise _unreadable() from None
    return found


def _titled(cells: Sequence[Sequence[str]]) -> int:
    return len(_head(cells)[1])


def _head(cells: Sequence[Sequence[str]]) -> tuple[int, dict[str, int]]:
    """Return the index of the title row and the meaning of its columns; empty if there is none."""
    found = ((at, places) for at, row in enumerate(cells[:_HEAD_ROWS]) if (places := places_of(row)))
    return next(found, (0, {}))


def _bare(cell: str) -> dict[str, str]:
    mobile = _MOBILE.fullmatch(_SPACES.sub("", cell))
    return {"phone": cell} if mobile else {"order_id": cell, "waybill_no": cell}


def victims_of(rows: Iterable[Mapping[str, str]]) -> VictimTable:
    """Read rows of texts, keyed by our column names."""
    read, refused = [], []
    for number, row in enumerate(rows, 1):
        try:
            read.append(_row(number, row))
        except ValueError:
            refused.append(number)
    return VictimTable(tuple(read), tuple(refused))


def _row(number: int, row: Mapping[str, str]) -> VictimRow:
    texts = {name: _number(row.get(name, "")) for name in ("order_id", "waybill_no")}
    token = _SPACES.sub("", row.get("phone_token", "") or "").lower()
    phone = read_phone(row.get("phone", "") or "")
    called = "" if phone.problem else phone.phone
    if not (texts["order_id"] or texts["waybill_no"] or token or called):
        raise ValueError(number)
    report = VictimReport(
        order_id=texts["order_id"] or None,
        waybill_no=texts["waybill_no"] or None,
        phone_token=token or None,
        contacted_at=_time(row.get("contacted_at", "")),
        reported_at=_time(row.get("reported_at", "")),
        certainty=_certainty(row.get("certainty", "")),
        category=(row.get("category", "") or "").strip() or None,
    )
    return VictimRow(number, report, called)


def _number(cell: str | None) -> str:
    """Return an order or waybill number; empty if the cell says that there is none (无, 不详).

    Raises:
        ValueError: several numbers, a number rounded by a spreadsheet, an identity number, or name, phone and
            address.
    """
    text = unicodedata.normalize("NFKC", cell or "").strip()
    if _SEVERAL.search(text):
        raise ValueError
    text = _SPACES.sub("", text).strip("'\"=")
    text = re.sub(r"^(\d+)\.0+$", r"\1", text)
    if not re.search(r"[0-9A-Za-z]", text):
        return ""
    somebody = not text.isascii() and _MOBILE.search(text)  # a cell with name, phone and address
    if len(text) > _LONGEST or somebody or _ROUNDED.fullmatch(text) or is_identity(text):
        raise ValueError
    return text


def is_identity(text: str) -> bool:
    """Return whether a text is a resident identity number (GB 11643: date and check digit)."""
    text = text.upper()
    if not _IDENTITY.fullmatch(text):
        return False
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, text, strict=False))
    return text[-1] == "10X98765432"[total % 11]


def is_mobile(text: str) -> bool:
    """Return whether an order or waybill number has the form of a mobile number."""
    return _MOBILE.fullmatch(text) is not None


def _certainty(text: str) -> float:
    text = (text or "").strip()
    if not text:
        return 0.9
    value = float(text.rstrip("%％"))
    value = value / _PERCENT if "%" in text or "％" in text or value > 1 else value
    if not 0 <= value <= 1:
        raise ValueError(text)
    return value


def _time(text: str | None) -> datetime | None:
    """Read a time; without a zone it is China's. An unreadable time is ignored: the row is still a victim.

    A date alone is read as the evening of that day, so that looks of that day may precede the call. Midnight is
    read in the same way, because spreadsheets write a date alone as midnight.
    """
    text = _ABOUT.sub("", unicodedata.normalize("NFKC", text or "").strip()).strip()
    half = _HALVES.search(text)
    if half:
        text = _HALVES.sub("上午" if half[1] in _MORNING else "下午", text)
        if half[1] not in {*_MORNING, "中午"} and re.search(r"下午\s*12\s*[:时点]", text):
            text = text.partition("下午")[0].strip()  # midnight is ambiguous: keep the date alone
    text = _HOUR_ALONE.sub(lambda one: f"{one[1]}:{'30' if one[2] == '半' else '00'}", text)
    read = _iso(text) or _iso(iso_time(text).removesuffix("+08:00"))
    if read is None or not _YEARS[0] <= read.year < _YEARS[1]:
        return None
    if read.tzinfo is None:
        read = read.replace(hour=read.hour or (0 if read.minute or read.second else _EVENING), tzinfo=_CHINA)
    return read.astimezone(UTC)


def _iso(text: str) -> datetime | None:
    """Read ISO 8601, also with slashes and single digits; a local time has no zone."""
    if not text or text.isdigit():
        return None
    text = re.sub(r"-(\d)(?=\D|$)", r"-0\1", text.replace("/", "-"))
    text = re.sub(r"[T ](\d):", r" 0\1:", text)
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def places_of(titles: Sequence[str]) -> dict[str, int]:
    """Return the index of each known column; empty if no column identifies the victims."""
    known = _titles()
    found: dict[str, int] = {}
    for at, title in enumerate(titles):
        plain = _WHOSE.sub("", _REMARK.sub("", normalise(title)))
        name = known.get(plain)
        if name is not None and name not in found:
            found[name] = at
            if plain == _EITHER:
                found.setdefault("waybill_no", at)
    return found if {"order_id", "waybill_no", "phone_token", "phone"} & found.keys() else {}


@cache
def _titles() -> Mapping[str, str]:
    return {normalise(word): name for name, words in NAMES.items() for word in words}


def _unreadable() -> TraceError:
    return TraceError(
        zh="受害人名单无法读取：没有找到订单号、运单号或手机号列。请给出带标题行的 CSV，如 order_id,contacted_at。",
        en="the list of victims cannot be read: no column of orders, waybills or phones was found. Give a CSV with "
        "titles, such as order_id,contacted_at.",
    )
