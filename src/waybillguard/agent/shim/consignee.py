"""Reads the consignee of a document, for any field names and any nesting that an ERP uses.

Runs only in the child of compatibility mode (`waybillguard.agent.shim.child`). The ``orders`` package parses the
values and refuses invalid ones; missing values are not invented. Names of fields: ``data/consignee_keys.csv``.
"""

import csv
import io
import re
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Final

import msgspec

from waybillguard.agent.shim.clean import is_number, is_opaque
from waybillguard.agent.shim.unfold import Path, leaves
from waybillguard.agent.shim.wire import Document
from waybillguard.orders import OrderRow, Status, parse_pasted, read_orders, read_phone

#: Column titles of the table that is passed to the ``orders`` package.
_TITLES: Final = {
    "order_no": "订单编号", "waybill_no": "运单号", "carrier": "快递公司", "sort_code": "大头笔", "shop": "店铺", "name": "收货人", "phone": "手机号码",
    "province": "省", "city": "市", "district": "区", "detail": "详细地址", "goods": "商品名称", "remark": "买家留言",
}  # fmt: skip
_SENDER: Final = re.compile(
    r"^(?:send(?:er)?|shipper|from|consignor|寄件|发件|发货|seller)|^(?:j|jj)_|sendername|senderinfo",
    re.IGNORECASE,
)
#: A platform's routing data; its words are places and services, not an address.
_ROUTE: Final = re.compile(
    r"^(?:routing|route|sort|shipping|origin|consolidation|service|size|style)", re.IGNORECASE
)
_PLAIN_KEY: Final = re.compile(r"[^0-9a-z\u4e00-\u9fff]")


def read_consignee(document: Document) -> tuple[OrderRow | None, str]:
    """Return the order of a document, or None and the reason: one of ``orders read``, ``opaque`` or ``none``.

    A row that is partly masked or incomplete is refused, because no label can be made from it.
    """
    found = [
        (path, text)
        for path, text in leaves([*document.contents, document.beside])
        if not any(_SENDER.search(step) or _ROUTE.search(step) for step in path)
        and "templateur" not in "".join(path).lower()
    ]
    found += [
        (path, text)
        for path, text in leaves(
            [part.get(key) for part in document.contents for key in ("templateURL", "templateUrl")]
        )
        if path
    ]
    found = [(path, text) for path, text in found if not is_opaque(text)]
    fields = _by_key(found)
    fields["sort_code"] = next(
        (
            text
            for path, text in leaves(list(document.contents))
            if _field(path) == "sort_code" and is_number(text)
        ),
        "",
    )
    reasons: list[str] = []
    if fields["name"] and fields["phone"]:
        row = _row(fields)
        if row.status is Status.OK and row.detail:
            return row, ""
        reasons.append(row.reason or "no_address")
    pasted = _by_value(found, fields)
    if pasted is not None and pasted.status is Status.OK and pasted.detail:
        return pasted, ""
    if pasted is not None:
        reasons.append(pasted.reason or "no_address")
    return None, reasons[0] if reasons else "none"


def _by_key(found: Iterable[tuple[Path, str]]) -> dict[str, str]:
    """Assign texts to fields by the last word of their keys, then by the whole key."""
    fields = dict.fromkeys((*_TITLES, "town"), "")
    numbers: list[str] = []
    for path, text in found:
        field = _field(path)
        if field == "phone":
            numbers.append(text)
        elif field == "detail" and fields["detail"] and text not in fields["detail"]:
            fields["detail"] = text if fields["detail"] in text else fields["detail"] + text
        elif field and not fields[field]:
            fields[field] = text
    reading = read_phone(*numbers) if numbers else None
    fields["phone"] = " ".join(dict.fromkeys(numbers)) if reading and reading.phones else ""
    for number in ("order_no", "waybill_no"):
        if not is_number(fields[number]):
            fields[number] = ""
    # A full address line contains the street already; with a town column it would occur twice.
    if fields["town"] and fields["town"] not in fields["detail"]:
        fields["detail"] = fields["town"] + fields["detail"]
    return fields


def _field(path: Path) -> str:
    words = _words()
    for step in reversed(path[-2:]):
        field = words.get(_PLAIN_KEY.sub("", step.lower()), "")
        if field:
            return field if step == path[-1] else ""
        if step == path[-1] and not step.isdigit():
            return ""
    return ""


@cache
def _words() -> dict[str, str]:
    text = (files("waybillguard.agent.shim") / "data" / "consignee_keys.csv").read_text("utf-8")
    return {row["word"]: row["field"] for row in csv.DictReader(io.StringIO(text))}


def _row(fields: dict[str, str]) -> OrderRow:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_TITLES.values())
    writer.writerow(" ".join(fields[name].replace("\0", "").split()) for name in _TITLES)
    (row,) = read_orders(io.BytesIO(out.getvalue().encode("utf-8", "replace")), "message.csv")
    return row


def _by_value(found: list[tuple[Path, str]], fields: dict[str, str]) -> OrderRow | None:
    """Read the texts like a pasted order: phone number, name and address are recognised by their form."""
    texts = [
        text
        for path, text in found
        if _field(path) not in {"order_no", "waybill_no", "sort_code", "carrier", "goods", "remark", "shop"}
        and not (is_number(text) and not read_phone(text).phones)
    ]
    if not texts:
        return None
    row = parse_pasted("\n".join(dict.fromkeys(texts)))
    return msgspec.structs.replace(
        row,
        order_no=fields["order_no"],
        waybill_no=fields["waybill_no"],
        carrier=fields["carrier"],
        sort_code=fields["sort_code"],
        goods=row.goods or fields["goods"],
    )
