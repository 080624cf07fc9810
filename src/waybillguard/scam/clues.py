"""Forms for the police and 96110, filled from received messages: a report of clues, and a stop-payment sheet.

A report contains only messages judged to be frauds. It lists the numbers, accounts and links in them, each with the
number of messages that contain it, and the hash of every message. Facts that only people know (losses, bank accounts,
reporter) are blank lines to fill in by hand. A judgement of a text is a clue (线索), not a finding.
"""

import hashlib
import re
from collections.abc import Sequence
from datetime import datetime
from functools import cache

import msgspec

from waybillguard.documents import Bullets, Document, Facts, Heading, Paragraph, Signatures, Table
from waybillguard.scam.campaigns import Campaign, campaigns
from waybillguard.scam.check import check
from waybillguard.scam.explain import texts
from waybillguard.scam.model import Assessment, Message, MessageClass, Registry, Verdict
from waybillguard.scam.normalise import normalise

MAX_MESSAGES = 2_000
_MAX_GROUPS, _MAX_NAMED, _MAX_SAMPLE = 50, 500, 300
_HASH_PART = 16
_LINE = "________________"
_BANK_ACCOUNT = re.compile(r"(?<![0-9a-z])[0-9](?:[ -]?[0-9]){15,18}(?![0-9])")
_CLASSES = {
    MessageClass.PARCEL_SCAM: "冒充电商物流客服",
    MessageClass.OTHER_SCAM: "其他诈骗",
    MessageClass.LEGIT: "",
}
_KEEP = (
    "聊天记录、短信和通话记录原样保留，不删除对方。",
    "转账凭证：时间、金额、付款账户、收款户名和账号。",
    "链接、二维码、会议号、下载的程序名称；程序先不卸载，断网后交民警查看。",
    "快递面单、订单页面截图。",
)


class Reporter(msgspec.Struct, frozen=True, kw_only=True):
    """The reporter, and known facts of the case; empty or zero if unknown.

    Attributes:
        unit: the warehouse or merchant.
        case: number of the case.
        period: days of the affected orders, as text.
        orders: number of affected orders.
        contacted: number of buyers who said that a fraudster contacted them.
        cause, measures: same text as in the notice to buyers.
    """

    unit: str = ""
    case: str = ""
    period: str = ""
    orders: int = 0
    contacted: int = 0
    cause: str = ""
    measures: str = ""


def clue_report(
    messages: Sequence[Message], reporter: Reporter, made_at: datetime, registry: Registry | None = None
) -> Document:
    """Return the report of clues (涉诈线索报送表) on the messages that are judged to be frauds."""
    read = [(message, check(message, registry)) for message in messages[:MAX_MESSAGES]]
    frauds = [
        (message, found) for message, found in read if found.verdict in {Verdict.SCAM, Verdict.LIKELY_SCAM}
    ]
    groups = campaigns([message.text for message, _ in frauds], smallest=1)
    named = _named([message for message, _ in frauds], groups)
    blocks = (
        Facts(
            (
                ("报送单位", reporter.unit or _LINE),
                ("联系人及电话", _LINE),
                ("报送时间", f"{made_at:%Y-%m-%d %H:%M}"),
                ("案件编号", reporter.case or "—"),
                ("涉及订单", f"{reporter.period or '—'}，{reporter.orders:,} 笔" if reporter.orders else "—"),
                ("自述被联系的买家", f"{reporter.contacted:,} 人" if reporter.contacted else "—"),
                ("可能的泄露原因", reporter.cause or "—"),
                ("已采取的措施", reporter.measures or "—"),
            )
        ),
        Heading("一、线索概况"),
        Paragraph(
            f"收到消息 {len(read)} 条，其中疑似诈骗 {len(frauds)} 条，按话术分为 {len(groups)} 组。"
            + (
                f"另有 {len(messages) - len(read)} 条超出一次上限，未列入。"
                if len(messages) > len(read)
                else ""
            )
        ),
        Heading("二、涉诈号码、账号、链接"),
        Table(("类型", "内容", "出现消息数"), named or (("—", "消息中没有", "0"),), (2, 6, 2)),
        Heading("三、话术分组"),
        Table(
            ("组", "条数", "类型", "判断理由", "样本（最多 300 字）", "样本 SHA-256"),
            tuple(_group(number, group, frauds) for number, group in enumerate(groups[:_MAX_GROUPS], start=1))
            or (("—", "0", "—", "—", "—", "—"),),
            (1, 1, 2, 4, 7, 4),
        ),
        Heading("四、损失情况（由报案人填写）"),
        _losses(3),
        Heading("五、证据保全"),
        Bullets(_KEEP),
        Paragraph("判断由软件按文字作出，是线索，不是结论；号码可能被冒用，请核实。", "note"),
        Signatures(("报送人", "接收人")),
    )
    return Document(
        title="涉诈线索报送表",
        subtitle="报送：96110 反诈中心 / 属地公安机关。已有损失的，先拨 110 申请紧急止付。",
        blocks=blocks,
        foot="含他人信息，仅供报案使用。",
        landscape=True,
    )


@cache
def stop_payment_sheet() -> Document:
    """Return the sheet for a call to 110 and the bank (紧急止付信息单), in the order of their questions."""
    return Document(
        title="紧急止付信息单",
        subtitle="先打 110，再打银行。边打边填，越快越好。",
        blocks=(
            Facts(
                tuple(
                    (name, _LINE)
                    for name in (
                        "报案人姓名",
                        "身份证号",
                        "联系电话",
                        "被骗时间",
                        "对方自称",
                        "联系方式（电话、微信、QQ、会议号）",
                        "网址或程序名称",
                    )
                )
            ),
            Heading("转账记录（每笔一行）"),
            _losses(5),
            Heading("已告诉对方的信息"),
            Bullets(("□ 验证码   □ 支付密码   □ 银行卡号   □ 身份证   □ 共享过屏幕   □ 装过对方给的程序",)),
            Heading("已做的事"),
            Bullets(
                (
                    "□ 拨打 110，警情编号：________________",
                    "□ 拨打银行客服，已冻结或挂失：________________",
                    "□ 已停止共享、断网、修改密码",
                )
            ),
            Heading("证据"),
            Bullets(_KEEP),
            Paragraph("警察和银行不会让你转账到“安全账户”。自称能追回钱、要先收费的，也是诈骗。", "warning"),
            Signatures(("报案人",)),
        ),
        foot="本单由本人填写，自己保管，只交给民警和银行。",
    )


def _losses(rows: int) -> Table:
    header = ("转账时间", "金额（元）", "付款银行或平台、账号", "收款户名", "收款账号", "收款银行或平台")
    return Table(header, tuple(("\u3000",) * len(header) for _ in range(rows)), (3, 2, 4, 2, 4, 3))


def _group(
    number: int, group: Campaign, frauds: Sequence[tuple[Message, Assessment]]
) -> tuple[str, str, str, str, str, str]:
    message, found = frauds[group.members[0]]
    reasons = texts().reasons
    # The reason is printed without its quotation, because the sample is next to it.
    why = "；".join(
        re.split(r"[（。：]", reasons[code.value])[0] for code in found.why if code.value in reasons
    )
    sample = message.text[:_MAX_SAMPLE] + ("…" if len(message.text) > _MAX_SAMPLE else "")
    whole = hashlib.sha256(message.text.encode("utf-8", "surrogatepass")).hexdigest()
    digest = " ".join(whole[at : at + _HASH_PART] for at in range(0, len(whole), _HASH_PART))
    return str(number), str(len(group.members)), _CLASSES[found.kind], why or "—", sample, digest


def _named(messages: Sequence[Message], groups: Sequence[Campaign]) -> tuple[tuple[str, str, str], ...]:
    """Return each number, account and link with the number of messages that contain it, most frequent first."""
    plain = [normalise(message.text).text for message in messages]
    found = [
        ("电话", dict.fromkeys(name for group in groups for name in group.phones)),
        ("微信、QQ 等账号", dict.fromkeys(name for group in groups for name in group.accounts)),
        ("网址", dict.fromkeys(name for group in groups for name in group.domains)),
        (
            "银行账号",
            dict.fromkeys(match.group() for text in plain for match in _BANK_ACCOUNT.finditer(text)),
        ),
        (
            "发送方",
            dict.fromkeys(name for message in messages if (name := (message.sender or "").strip())),
        ),
    ]
    rows = [
        (kind, name, sum(name in text for text in plain) if kind != "发送方" else _sent_by(messages, name))
        for kind, names in found
        for name in names
    ]
    rows.sort(key=lambda row: -row[2])
    return tuple((kind, name, str(count)) for kind, name, count in rows[:_MAX_NAMED])


def _sent_by(messages: Sequence[Message], sender: str) -> int:
    return sum((message.sender or "").strip() == sender for message in messages)
