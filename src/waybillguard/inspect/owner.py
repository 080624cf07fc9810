"""The owner's page: did data leak through this warehouse (no, unknown, or yes from–to), and three things to do."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Final, Literal

import msgspec

from waybillguard.documents import Bullets, Document, Facts, Heading, Paragraph, Table
from waybillguard.inspect.catalogue import catalogue
from waybillguard.inspect.model import Inspection, Status
from waybillguard.inspect.sheet import STATUS_ZH

_SEVERITIES: Final = ("critical", "high", "medium", "low")
_THINGS: Final = 3


class Watched(msgspec.Struct, frozen=True, kw_only=True):
    """Known facts about a period.

    Attributes:
        leaks: periods with a confirmed internal source (from, to).
        leads: number of open leads.
        days_unrecorded: days of the period without complete records.
        ledger_verified: whether the access ledger verifies.
        stations_unscanned: stations not scanned in the period.
        remote_tools: open findings about remote control.
        no_stations: no print PC is registered, so none was scanned.
        days_old: full days since the inspection that these facts come from; 0 within a day.
        plaintext_orders: orders that were plaintext outside our service (lane C), which we can see but not protect.
    """

    since: date
    until: date
    leaks: tuple[tuple[datetime, datetime], ...] = ()
    leads: int = 0
    days_unrecorded: int = 0
    ledger_verified: bool = False
    stations_unscanned: int = 0
    remote_tools: int = 0
    plaintext_orders: int = 0
    no_stations: bool = False
    days_old: int = 0


class Answer(msgspec.Struct, frozen=True):
    """No, unknown, or yes with the period; ``lacking`` lists what is missing for a "no"."""

    answer: Literal["no", "unknown", "yes"]
    start: datetime | None
    end: datetime | None
    lacking: tuple[tuple[str, str], ...]

    @property
    def text_zh(self) -> str:
        """Return the answer as one Chinese sentence."""
        if self.answer == "yes" and self.start and self.end:
            return f"是：{self.start:%Y-%m-%d %H:%M} 至 {self.end:%Y-%m-%d %H:%M} 有信息从本仓外泄。"
        if self.answer == "no":
            return "否：记录完整，未发现信息从本仓外泄。"
        return "还不能确定：" + "；".join(zh for zh, _ in self.lacking) + "。"


def answer(watched: Watched) -> Answer:
    """Answer whether data leaked. "No" requires complete records; otherwise the answer is "unknown"."""
    if watched.leaks:
        start, end = min(one for one, _ in watched.leaks), max(one for _, one in watched.leaks)
        return Answer("yes", start, end, ())
    checks = (
        (
            watched.days_old,
            "检查结果是 {n} 天前的，请重新检查",
            "the inspection is {n} days old: run it again",
        ),
        (watched.leads, "有 {n} 条线索未查清", "{n} leads are open"),
        (watched.remote_tools, "有 {n} 项远程控制发现未处理", "{n} remote-control findings are open"),
        (watched.days_unrecorded, "有 {n} 天记录不完整", "{n} days lack a complete record"),
        (int(not watched.ledger_verified), "台账未核对通过", "the ledger is not verified"),
        (watched.stations_unscanned, "有 {n} 台打单电脑未扫描", "{n} print PCs are not scanned"),
        (
            int(watched.no_stations),
            "没有登记任何打单电脑，打印间未扫描",
            "no print PC is on record, so none was scanned",
        ),
        (
            watched.plaintext_orders,
            "有 {n} 单明文订单不在保护范围",
            "{n} plaintext orders are outside our guard",
        ),
    )
    lacking = tuple((zh.format(n=n), en.format(n=n)) for n, zh, en in checks if n)
    return Answer("unknown" if lacking else "no", None, None, lacking)


def things_to_do(inspection: Inspection) -> tuple[tuple[str, str], ...]:
    """Return at most three fixes in Chinese and English: failed before unknown, most severe first."""
    controls = catalogue().by_id()
    open_ones = [
        verdict
        for verdict in inspection.verdicts
        if verdict.status in {Status.NOT_SATISFIED, Status.NO_EVIDENCE} and verdict.control in controls
    ]
    open_ones.sort(
        key=lambda one: (
            one.status is Status.NO_EVIDENCE,
            _SEVERITIES.index(controls[one.control].severity),
            one.control,
        )
    )
    return tuple((controls[one.control].fix_zh, controls[one.control].fix_en) for one in open_ones[:_THINGS])


def merchant_document(
    subject: str, watched: Watched, inspection: Inspection, lanes: Iterable[tuple[str, float]]
) -> Document:
    """Return the document that an owner gives to merchants: the answer, the lanes, the state of the controls.

    ``lanes``: name and share (0–1) of each.
    """
    counts = dict.fromkeys(Status, 0)
    for verdict in inspection.verdicts:
        counts[verdict.status] += 1
    said = answer(watched)
    rows = tuple((STATUS_ZH[status], str(count)) for status, count in counts.items())
    return Document(
        title="订单信息安全说明",
        subtitle=subject,
        blocks=(
            Facts(
                (
                    ("统计区间", f"{watched.since} 至 {watched.until}"),
                    ("生成时间", f"{inspection.clock.now:%Y-%m-%d %H:%M} UTC"),
                )
            ),
            Heading("信息是否从本仓外泄"),
            Paragraph(said.text_zh, "warning" if said.answer == "yes" else "plain"),
            Heading("订单通道"),
            Table(("通道", "占比"), tuple((name, f"{share:.0%}") for name, share in lanes)),
            Heading("检查结果"),
            Table(("结论", "项数"), rows),
            Heading("正在做的事"),
            Bullets(tuple(zh for zh, _ in things_to_do(inspection)) or ("保持每日检查",)),
        ),
        foot="本说明由仓库自报，未经第三方复测；每项结论可用所附证据重新计算。",
    )
