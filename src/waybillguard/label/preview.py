"""What a label would look like, before it has a ticket: a picture that cannot pass for a label."""

from collections.abc import Mapping
from typing import Final

from waybillguard.label import goods
from waybillguard.label.codes import REFERENCE_LENGTH
from waybillguard.label.model import LabelContent

_REFERENCE: Final = "0" * REFERENCE_LENGTH  # opens nothing: its authentication fails
_DEFAULTS: Final = {
    "waybill_no": "000000000000",
    "sort_code": "待分配",
    "name": "**",
    "phone": "***",
    "address": "****",
    "goods_class": goods.OTHER,
}


def preview_content(fields: Mapping[str, str]) -> LabelContent:
    """Return the content of a preview from the fields an order gives.

    ``fields`` has waybill_no, sort_code, hub, carrier, name, phone, address, goods_class and remark, all
    masked; what is still missing gets a stand-in. The preview is marked 样张 and its code opens nothing.
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
