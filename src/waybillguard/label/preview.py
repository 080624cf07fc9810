"""Previews a label before it has a ticket; the picture cannot be mistaken for a valid label."""

from collections.abc import Mapping
from typing import Final

from waybillguard.label import goods
from waybillguard.label.codes import REFERENCE_LENGTH
from waybillguard.label.model import LabelContent

_REFERENCE: Final = "0" * REFERENCE_LENGTH  # cannot be opened: its authentication fails
_DEFAULTS: Final = {
    "waybill_no": "000000000000",
    "sort_code": "待分配",
    "name": "**",
    "phone": "***",
    "address": "****",
    "goods_class": goods.OTHER,
}


def preview_content(fields: Mapping[str, str]) -> LabelContent:
    """Return the content of a preview, made from the fields of an order.

    ``fields`` has waybill_no, sort_code, hub, carrier, name, phone, address, goods_class and remark, all
    masked; missing fields get placeholders. The preview is marked 样张 and its code cannot be opened.
    """
    wanted = (
        "waybill_no",
        "sort_code",
        "hub",
        "carrier",
        "name",
        "phone",
        "address",
        "goods_class",
        "remark",
    )
    values = {name: fields.get(name) or _DEFAULTS.get(name, "") for name in wanted}
    return LabelContent(
        **values,
        reference=_REFERENCE,
        ticket="预览",
        station="预览",
        printed_at="未打印",
        attempt=1,
        sample=True,
    )
