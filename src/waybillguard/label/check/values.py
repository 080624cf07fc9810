"""Value types of the check: lines, zones, verdicts, and the error that refuses a label."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple, Self

from waybillguard.label.errors import LabelError


class Standard(StrEnum):
    """The standard that a label is judged by.

    ``MIN`` is what GB/T 41833-2022 allows (for photos of any label); ``PRINT`` is what the project itself
    prints, which hides more (fixed stars, floors, goods as a class).
    """

    MIN = "min"
    PRINT = "print"


class Zone(StrEnum):
    """The purpose of an area of the label."""

    NAME = "name"
    PHONE = "phone"
    ADDRESS = "address"
    REMARK = "remark"
    GOODS = "goods"
    CODE = "code"
    SORT_CODE = "sort_code"
    HUB = "hub"
    CARRIER = "carrier"
    WAYBILL_NO = "waybill_no"
    TRACE = "trace"
    NOTICE = "notice"
    STAFF = "staff"
    UNKNOWN = "unknown"


class Party(StrEnum):
    """The party that a field belongs to: consignee (收件人) or sender (寄件人)."""

    RECEIVER = "receiver"
    SENDER = "sender"


class Reason(NamedTuple):
    """A broken rule: its stable name and its text in both languages, without the content of the label."""

    rule: str
    zh: str
    en: str


class Glyph(NamedTuple):
    """A character of a line read from a picture: its confidence (0–1), and its middle and height in pixels."""

    score: float
    x: float
    height: float


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line of text read from a label; ``x``, ``y`` are its top left corner in dots or pixels.

    ``zone`` and ``party`` give the field, None if it is not known yet. Lines of one ``block`` belong together. For
    text read from a picture, ``glyphs`` has one entry per character, and ``loose`` the middles of marks that are not
    characters.
    """

    text: str
    x: int
    y: int
    size: int
    width: int = 0
    zone: Zone | None = None
    party: Party | None = None
    glyphs: tuple[Glyph, ...] = ()
    loose: tuple[float, ...] = ()
    block: int = 0


@dataclass(frozen=True, slots=True)
class FieldVerdict:
    """The verdict on one field. ``text`` is masked; ``lines`` are the indexes of its lines."""

    field: Zone
    party: Party
    passed: bool
    text: str
    reason: Reason | None
    lines: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """The verdict on a label: passed only if every field passed. The reasons are those of the first failed field."""

    passed: bool
    fields: tuple[FieldVerdict, ...]
    reason_zh: str = ""
    reason_en: str = ""


FIELD_ZH: dict[Zone, str] = {
    Zone.NAME: "姓名",
    Zone.PHONE: "电话",
    Zone.ADDRESS: "地址",
    Zone.REMARK: "备注",
    Zone.GOODS: "物品",
    Zone.CODE: "条码或二维码",
    Zone.SORT_CODE: "大头笔",
    Zone.HUB: "集包地",
    Zone.CARRIER: "快递公司",
    Zone.WAYBILL_NO: "运单号",
    Zone.TRACE: "溯源行",
    Zone.NOTICE: "提示语",
    Zone.STAFF: "工作人员",
    Zone.UNKNOWN: "栏位之外",
}


_AT_SOURCE: Final = (
    "请在订单导出或快递接口处改正后重新导入",
    "correct it in the export or at the carrier, and import the order again",
)
_HELP: Final[dict[Zone, tuple[str, str]]] = {
    **dict.fromkeys((Zone.SORT_CODE, Zone.HUB, Zone.CARRIER, Zone.WAYBILL_NO, Zone.CODE), _AT_SOURCE),
    Zone.TRACE: ("请改正工位名称后重打", "correct the name of the station, then print it again"),
}
"""Advice on fields that our masks do not fill."""


class LabelRefusedError(LabelError):
    """The label shows more than is allowed and is not released.

    ``field`` and ``rule`` are for machines. Neither the texts nor the attributes contain text of the label.
    """

    code = "label_refused"
    field: str = ""
    rule: str = ""

    @classmethod
    def of(cls, field: Zone, reason: Reason) -> Self:
        """Make the error for a field and the rule that it breaks."""
        zh, en = _HELP.get(field, ("请核对该栏位的脱敏设置", "check how that field is masked"))
        error = cls(
            zh=f"面单未放行：{FIELD_ZH[field]}栏——{reason.zh}（GB/T 41833-2022，规则 {reason.rule}）。此单未打印，{zh}。",
            en=f"label not released: field {field.value}: {reason.en} (GB/T 41833-2022, rule {reason.rule}). "
            f"It was not printed; {en}.",
        )
        error.field, error.rule = field.value, reason.rule
        return error
