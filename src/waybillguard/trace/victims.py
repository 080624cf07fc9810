"""Lists of victims as people write them: any of order, waybill or keyed phone, times, certainty.

A row that cannot be read is refused by its number and never stops the rest.
"""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta, timezone
from typing import Final

import msgspec

from waybillguard.events import VictimReport
from waybillguard.orders.encodings import detect_encoding
from waybillguard.trace.errors import TraceError

NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "order_id": ("order_id", "order_no", "order", "订单号", "订单编号", "单号", "平台单号"),
    "waybill_no": ("waybill_no", "waybill", "tracking_no", "运单号", "快递单号", "物流单号", "面单号"),
    "phone_token": ("phone_token", "token", "电话令牌"),
    "phone": ("phone", "mobile", "tel", "电话", "手机", "手机号", "联系电话", "收件人电话"),
    "contacted_at": (
        "contacted_at",
        "called_at",
        "来电时间",
        "接触时间",
        "接到诈骗电话时间",
        "被骗时间",
        "发案时间",
    ),
    "reported_at": ("reported_at", "报案时间", "举报时间", "登记时间"),
    "certainty": ("certainty", "可信度", "把握"),
    "category": ("category", "goods_class", "品类", "物品类别", "商品类别"),
}
"""Titles of columns, ours and what police and merchants write."""
_CHINA: Final = timezone(timedelta(hours=8))
_PERCENT: Final = 100.0
_SPACES: Final = re.compile(r"[\s\u3000\ufeff]+")


class VictimRow(msgspec.Struct, frozen=True):
    """A report and the data row, from 1, that it was read from; a phone in the clear stays beside it, unlogged."""

    row: int
    report: VictimReport
    phone: str = ""

    def __repr__(self) -> str:
        """Show the row's number alone."""
        return f"VictimRow({self.row}, …)"


class VictimTable(msgspec.Struct, frozen=True):
    """A list as read: rows, and the numbers of rows that were refused."""

    rows: tuple[VictimRow, ...]
    refused: tuple[int, ...]


def read_victims(content: bytes) -> VictimTable:
    """Read a list of victims: CSV or pasted table; commas, tabs or semicolons; UTF-8 or GB 18030.

    Without a known title, a single column of numbers is taken as order or waybill numbers.

    Raises:
        TraceError: nothing in it can be read as a list of victims.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode(detect_encoding(io.BytesIO(content))[0], "replace")
    lines = [line for line in text.splitlines() if line.strip()]
    if not lines:
        raise _unreadable()
    head = lines[0]
    delimiter = max("\t,;，", key=head.count)
    if head.count(delimiter) == 0:
        delimiter = ","
    if delimiter == "，":
        text, delimiter = text.replace("，", ","), ","
    cells = [
        row
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        if any(map(str.strip, row))
    ]
    if not cells:
        raise _unreadable()
    places = _places(cells[0])
    body = cells[1:]
    if not places:
        if len(cells[0]) > 1 or not re.fullmatch(r"(?=.*\d)[\w-]{4,40}", cells[0][0].strip()):
            raise _unreadable()
        places, body = {"order_id": 0, "waybill_no": 0}, cells
    return victims_of(
        {name: row[at].strip() if at < len(row) else "" for name, at in places.items()} for row in body
    )


def victims_of(rows: Iterable[Mapping[str, str]]) -> VictimTable:
    """Read rows of texts by our names of columns."""
    read, refused = [], []
    for number, row in enumerate(rows, 1):
        try:
            read.append(_row(number, row))
        except ValueError:
            refused.append(number)
    return VictimTable(tuple(read), tuple(refused))


def _row(number: int, row: Mapping[str, str]) -> VictimRow:
    texts = {
        name: _SPACES.sub("", row.get(name, "") or "").strip("'\"=") for name in ("order_id", "waybill_no")
    }
    token = _SPACES.sub("", row.get("phone_token", "") or "").lower()
    phone = re.sub(r"[^0-9]", "", row.get("phone", "") or "")
    if not (texts["order_id"] or texts["waybill_no"] or token or phone):
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
    return VictimRow(number, report, phone)


def _certainty(text: str) -> float:
    text = (text or "").strip()
    if not text:
        return 0.9
    value = float(text.rstrip("%％"))
    value = value / _PERCENT if "%" in text or "％" in text or value > 1 else value
    if not 0 <= value <= 1:
        raise ValueError(text)
    return value


def _time(text: str) -> datetime | None:
    """Read a time; without a zone it is China's. A text that is none is no time: the row is still a victim.

    A date alone is the evening of that day, so that what was looked at in the day may have led to the call.
    """
    text = (text or "").strip().replace("/", "-").replace("年", "-").replace("月", "-").replace("日", " ")
    if not text:
        return None
    text = re.sub(r"-(\d)(?=\D|$)", r"-0\1", text)
    text = re.sub(r"[T ](\d):", r" 0\1:", text.strip())
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        return None
    if len(text) == len("2026-01-01"):
        read = read.replace(hour=20)
    return (read if read.tzinfo else read.replace(tzinfo=_CHINA)).astimezone(UTC)


def _places(titles: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for at, title in enumerate(titles):
        plain = _SPACES.sub("", title).strip("\"'").lower()
        for name, words in NAMES.items():
            if name not in found and plain in words:
                found[name] = at
    return found if {"order_id", "waybill_no", "phone_token", "phone"} & found.keys() else {}


def _unreadable() -> TraceError:
    return TraceError(
        zh="受害人名单无法读取：没有找到订单号、运单号或手机号列。请给出带标题行的 CSV，如 order_id,contacted_at。",
        en="the list of victims cannot be read: no column of orders, waybills or phones was found. Give a CSV with "
        "titles, such as order_id,contacted_at.",
    )
