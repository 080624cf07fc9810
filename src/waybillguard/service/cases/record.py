"""Build the record of a case as a document: facts, timeline, orders by number, evidence with hashes."""

import re
from datetime import datetime
from typing import Literal

from django.utils import timezone, translation

from waybillguard.documents import Document, Facts, Heading, Paragraph, Signatures, Table
from waybillguard.service.cases.models import Case

_WORDS = {
    "zh": (
        "案件记录", "一、基本情况", "编号", "事由", "状态", "立案时间", "结论", "二、时间线", "时间", "经过", "记录人", "三、涉及订单",
        "订单号", "运单号", "四、证据清单", "名称", "SHA-256", "大小（字节）",
        "本记录为线索材料。订单只写单号；人工填写的文字按原文，其中的手机号、身份证号已隐去，交出前请核对。每份证据以哈希值固定，可由第三方核对。", "制作人", "见证人", "系统",
    ),
    "en": (
        "Case record", "1. Facts", "Number", "Subject", "State", "Opened", "Outcome", "2. Timeline", "Time", "What happened", "By",
        "3. Orders concerned", "Order", "Waybill", "4. Evidence", "Name", "SHA-256", "Bytes",
        ("This record is a lead. Orders are named by number alone; in typed text phones and identity numbers are hidden: "
         "read it before handing it over. Each piece of evidence is fixed by its hash."),
        "Made by", "Witness", "System",
    ),
}  # fmt: skip
_MAX_ROWS = 5_000
_PERSONAL = re.compile(
    r"(?<![0-9])(?:\+?86[- ]?)?(?P<mobile>1[3-9][0-9][- ]?[0-9]{4}[- ]?[0-9]{4})(?![0-9])"
    r"|(?<![0-9])[1-9][0-9]{5}(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9Xx](?![0-9])"
)
_HALF_WIDTH = {0xFF10 + digit: 0x30 + digit for digit in range(10)} | {
    0xFF0B: "+", 0xFF0D: "-", 0xFF38: "X", 0xFF58: "x", 0x3000: " ", 0x2010: "-", 0x2011: "-", 0x2013: "-", 0x2014: "-",
}  # fmt: skip
"""Characters that an input method may write in full width."""


def record_of(case: Case, tenant: str, language: Literal["zh", "en"]) -> Document:
    """Return the record of a case in its current state."""
    w = _WORDS[language]
    events = [
        (
            _when(event.at),
            hide_numbers(event.text_zh if language == "zh" else event.text_en),
            str(event.who or w[21]),
        )
        for event in case.events.select_related("who").order_by("at", "pk")[:_MAX_ROWS]
    ]
    orders = [
        (row.order.order_no, row.order.waybill_no)
        for row in case.orders.select_related("order").order_by("pk")[:_MAX_ROWS]
    ]
    evidence = [
        (hide_numbers(one.name), one.sha256, str(one.size or ""))
        for one in case.evidence.order_by("at")[:_MAX_ROWS]
    ]
    title = hide_numbers(case.title_zh if language == "zh" else case.title_en)
    with translation.override("zh-hans" if language == "zh" else "en"):
        state = str(case.get_state_display())
    facts = ((w[2], case.number), (w[3], title), (w[4], state), (w[5], _when(case.opened_at)))
    return Document(
        title=w[0],
        subtitle=tenant,
        language=language,
        blocks=(
            Heading(w[1]),
            Facts((*facts, (w[6], hide_numbers(case.outcome))) if case.outcome else facts),
            Paragraph(w[18], "note"),
            Heading(w[7]),
            Table((w[8], w[9], w[10]), tuple(events), (3, 8, 2)),
            Heading(w[11]),
            Table((w[12], w[13]), tuple(orders)),
            Heading(w[14]),
            Table((w[15], w[16], w[17]), tuple(evidence), (4, 8, 2)),
            Signatures((w[19], w[20])),
        ),
        foot=f"{w[0]} {case.number}",
    )


def hide_numbers(text: str) -> str:
    """Return a typed text with mobile and identity numbers masked.

    >>> hide_numbers("受害人 138 0013 8000 来电，订单 2610270000488")
    '受害人 ****8000 来电，订单 2610270000488'
    """
    plain = text.translate(_HALF_WIDTH)  # one character for one, so that positions stay the same
    kept, at = [], 0
    for found in _PERSONAL.finditer(plain):
        kept += [text[at : found.start()], "****" + found[0][-4:] if found["mobile"] else "****"]
        at = found.end()
    return "".join([*kept, text[at:]])


def _when(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}"
