"""Shapes of the machine API: what goes in, what comes out. Contact data only ever appears masked."""

from datetime import date, datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import Field


class Problem(Schema):
    """An error (RFC 9457 fields, in both languages)."""

    type: str
    title: str
    detail_zh: str
    detail_en: str


class LoginIn(Schema):
    """What signs the shell in."""

    username: str
    password: str
    code: str
    label: str = ""


class LoginOut(Schema):
    """A token for 12 hours."""

    token: str
    expires_at: datetime
    user: str
    tenant: str


class ImportOut(Schema):
    """Where an import stands."""

    id: int
    label: str
    state: str
    rows_read: int
    rows_ok: int
    rows_reference: int
    rows_refused: int
    rows_known: int
    lanes: dict[str, int]
    error_code: str
    error_zh: str
    error_en: str
    receipt: dict[str, str | int]


class RefusedOut(Schema):
    """A data row held for a person."""

    sheet: str
    row: int
    reason: str


class OrderOut(Schema):
    """An order as screens show it."""

    id: int
    order_no: str
    waybill_no: str
    carrier: str
    sort_code: str
    shop: str
    platform: str
    lane: str
    lane_in: str
    state: str
    created_at: datetime | None
    name: str
    phone: str
    address: str
    remark: str
    goods_class: str
    printed_at: datetime | None
    attempts: int


class OrderPageOut(Schema):
    """A page of orders and where the next one starts."""

    orders: list[OrderOut]
    next_cursor: str
    previous_cursor: str


class TermIn(Schema):
    """One more thing that must hold."""

    kind: Literal["any", "order", "waybill", "phone", "last4", "name", "address"]
    value: Annotated[str, Field(max_length=80)]


class SearchIn(Schema):
    """A search; in the body, because what is searched for must not stand in a URL."""

    kind: Literal["any", "order", "waybill", "phone", "last4", "name", "address"] = "any"
    value: Annotated[str, Field(max_length=80)]
    shop: Annotated[str, Field(max_length=80)] = ""
    day: date | None = None
    also: Annotated[list[TermIn], Field(max_length=3)] = []


class SearchOut(Schema):
    """What a search found; ``tested`` records were opened inside the key process to be sure.

    ``indexing``: an import is still being merged into the fragment index.
    """

    orders: list[OrderOut]
    truncated: bool
    tested: int = 0
    indexing: bool = False


class RunIn(Schema):
    """Which labels, in what form. ``orders`` are order or waybill numbers; none means all unprinted."""

    orders: list[str] | None = None
    size: str = "76x130"
    dpi: int = 203
    file_kind: str = "pdf"
    station: str = "shell"
    carrier: str = ""


class RunOut(Schema):
    """Where a label run stands."""

    id: int
    state: str
    wanted: int
    done: int
    refused: int
    not_found: list[str] = Field(default_factory=list)
    error_zh: str
    error_en: str


class RefusedLabelOut(Schema):
    """A label that was not drawn, and why."""

    order_no: str
    waybill_no: str
    reason: str
    reason_zh: str
    reason_en: str


class MeOut(Schema):
    """Who the token belongs to."""

    user: str
    tenant: str
    role: str
    expires_at: datetime
