"""Schemas of the machine API for requests and responses. Contact data only ever appears masked in responses."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Final, Literal

from ninja import Schema
from pydantic import AwareDatetime, Field

from waybillguard.label.model import LabelSize
from waybillguard.seal.planner import Leakage
from waybillguard.service.platform.schemas import Body, Flag, Id, Whole, listed
from waybillguard.service.print_room.models import LabelRun
from waybillguard.service.vault.models import Batch, Lane, OrderState, Shredded
from waybillguard.service.vault.search import SearchKind

MOST_NUMBERS: Final = 500
type FileKind = Literal["pdf", "png", "zpl", "zpl-full", "tspl", "cpcl", "escpos"]
type Number = Annotated[str, Field(min_length=1, max_length=80)]


class LoginIn(Body):
    """What a sign-in to the CLI needs."""

    username: Annotated[str, Field(max_length=150)]
    password: Annotated[str, Field(max_length=4_096)]
    code: Annotated[str, Field(max_length=40)]
    label: Annotated[str, Field(max_length=200)] = ""
    act: Annotated[
        str,
        Field(pattern="^([0-9a-f]{64})?$", description="the `action` of a refusal that the code confirms"),
    ] = ""


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
    state: Annotated[str, listed(Batch.State.values)]
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
    lane: Annotated[str, listed(Lane.values)]
    lane_in: Annotated[str, listed(Lane.values)]
    state: Annotated[str, listed(OrderState.values)]
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


class TermIn(Body):
    """One more thing that must hold."""

    kind: SearchKind
    value: Annotated[str, Field(max_length=80)]


class LookOut(Schema):
    """One look at an order as the ledger has it; ``who`` is empty where the words were erased."""

    shard: str
    index: int
    time: datetime
    kind: str
    purpose: str
    who: str
    workstation: str
    erased: bool


class SearchIn(TermIn):
    """A search; in the body, because what is searched for must not stand in a URL."""

    kind: SearchKind = "any"
    shop: Annotated[str, Field(max_length=80)] = ""
    day: date | None = None
    also: Annotated[list[TermIn], Field(max_length=3, default_factory=list)]


class SearchOut(Schema):
    """What a search found; ``tested`` records were opened inside the key process to be sure.

    ``indexing``: an import is still being merged into the fragment index.
    """

    orders: list[OrderOut]
    truncated: bool
    tested: int = 0
    indexing: bool = False


class RunIn(Body):
    """Which labels, in what form: either ``orders`` (order or waybill numbers), or ``all`` that are not printed yet."""

    orders: Annotated[list[Number], Field(min_length=1, max_length=MOST_NUMBERS)] | None = None
    all: Annotated[Flag, Field(description="true: every sealed order not yet printed")] = False
    size: LabelSize = LabelSize.S76X130
    dpi: Literal[203, 300] = 203
    file_kind: FileKind = "pdf"
    station: Annotated[str, Field(max_length=40)] = "shell"
    carrier: Annotated[str, Field(max_length=40)] = ""


class RunOut(Schema):
    """Where a label run stands."""

    id: int
    state: Annotated[str, listed(LabelRun.State.values)]
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
    key: Annotated[str, Field(description="name of the interface key; empty for a person's token")] = ""
    scopes: Annotated[list[str], Field(description="what the key may do", default_factory=list)]


class NumbersIn(Body):
    """Which orders: ids, order numbers, waybill numbers; together at most 1,000."""

    ids: Annotated[list[Id], Field(max_length=1000, default_factory=list)]
    order_nos: Annotated[list[Number], Field(max_length=1000, default_factory=list)]
    waybill_nos: Annotated[list[Number], Field(max_length=1000, default_factory=list)]


class MaskedOut(Schema):
    """Masked orders, and which ids or numbers are not there."""

    orders: list[OrderOut]
    missing: list[str]


class StateIn(Body):
    """One order's new state. Name it by id, order number or waybill number (every goods line changes)."""

    id: Id | None = None
    order_no: Annotated[str, Field(max_length=80)] = ""
    waybill_no: Annotated[str, Field(max_length=80)] = ""
    state: OrderState
    at: AwareDatetime | None = None


class StatesIn(Body):
    """State changes, 1,000 at most."""

    changes: Annotated[list[StateIn], Field(min_length=1, max_length=1000)]


class StatesOut(Schema):
    """How many orders changed, and the positions (from 0) of changes that name no order."""

    changed: int
    unknown: list[int]


class OrderIn(Body):
    """An order to seal. Contacts go in here and never come out again.

    ``platform`` is the name an export would write (京东, jd, 抖店 …): with it the order counts to that platform's logs, and
    plaintext of one that issues encrypted waybills is lane C.
    """

    platform: Annotated[str, Field(max_length=40)] = ""
    carrier: Annotated[str, Field(max_length=40)] = ""
    sort_code: Annotated[str, Field(max_length=60)] = ""
    order_no: Annotated[str, Field(max_length=80)] = ""
    waybill_no: Annotated[str, Field(max_length=80)] = ""
    shop: Annotated[str, Field(max_length=80)] = ""
    created_at: Annotated[str, Field(max_length=40)] = ""
    name: Annotated[str, Field(max_length=200)]
    phone: Annotated[str, Field(max_length=60)]
    province: Annotated[str, Field(max_length=60)] = ""
    city: Annotated[str, Field(max_length=60)] = ""
    district: Annotated[str, Field(max_length=60)] = ""
    detail: Annotated[str, Field(max_length=400)]
    goods: Annotated[str, Field(max_length=200)] = ""
    quantity: Annotated[str, Field(max_length=20)] = "1"
    remark: Annotated[str, Field(max_length=400)] = ""


class SealIn(Body):
    """Orders to seal at once, 1,000 at most."""

    orders: Annotated[list[OrderIn], Field(min_length=1, max_length=1000)]


class RefusedOrderOut(Schema):
    """An order that was not sealed: its position (from 0) and why."""

    position: int
    reason: str


class SealOut(Schema):
    """What became of a batch: ``known`` orders were sealed by an earlier call or import."""

    import_id: int
    sealed: int
    references: int
    known: int
    refused: list[RefusedOrderOut]


class ShredIn(Body):
    """What to shred: ``orders`` by id, a ``day``, or the ``tenant`` (then ``confirm`` is its code)."""

    scope: Literal["orders", "day", "tenant"]
    ids: Annotated[list[Id], Field(max_length=1000, default_factory=list)]
    day: date | None = None
    confirm: Annotated[str, Field(max_length=40)] = ""


class ShredOut(Schema):
    """The tombstone: the leaf hash of the ledger entry that certifies it."""

    scope: Annotated[str, listed(Shredded.Scope.values)]
    mark: str
    at: datetime


class RetentionSchema(Body):
    """How long what is kept (days), and the case that holds everything (empty: none)."""

    contact_days: Whole
    undelivered_days: Whole
    index_days: Whole
    look_days: Whole | None = None
    legal_hold: Annotated[str, Field(max_length=200)] = ""


class IndexPlanOut(Schema):
    """How much one index reveals at the present size."""

    field: str
    rows: int
    bits: int
    advised_bits: int
    coincidences: float
    budget_low: float
    budget_high: float
    verdict: Leakage
    reveals_zh: str
    reveals_en: str


class SuiteName(StrEnum):
    """How the API names the cipher suites 1, 2 and 3."""

    AES_256_GCM = "aes-256-gcm"
    AES_256_GCM_SIV = "aes-256-gcm-siv"
    SM4_GCM = "sm4-gcm"


class RotationOut(Schema):
    """How far a rotation of keys is: ``state`` is none, running, stopped (call again to go on) or done."""

    state: Annotated[str, listed(["none", "running", "stopped", "done"])]
    generation: int = 1
    total: int = 0
    done: int = 0
    unopened: int = 0
    days_destroyed: int = 0
    suite: SuiteName = SuiteName.AES_256_GCM
    started_at: datetime | None = None
    finished_at: datetime | None = None
    error_zh: str = ""
    error_en: str = ""
