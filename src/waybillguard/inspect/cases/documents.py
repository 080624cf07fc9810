"""Documents of a joint case (文书): facts and tables that authorities use in their own documents."""

from collections.abc import Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from waybillguard.documents import Block, Document, Facts, Heading, Paragraph, Signatures, Table
from waybillguard.inspect.cases.clocks import deadlines
from waybillguard.inspect.cases.custody import whole
from waybillguard.inspect.cases.model import Attachment, Case, Task
from waybillguard.inspect.cases.states import actors, state_of
from waybillguard.inspect.cases.town import CLAIM_ZH, GapRow, WarehouseRow
from waybillguard.inspect.catalogue import catalogue
from waybillguard.inspect.sheet import items

_TASK_ZH = {
    "notified": "已通知",
    "in_work": "整改中",
    "self_certified": "自报完成，待复测",
    "retest_passed": "复测通过",
    "retest_failed": "复测未通过",
}
_CLOCK_ZH = {"open": "进行中", "met": "按期", "late": "逾期完成", "overdue": "已逾期"}
_SEEN_ZH = {"text": "", "news": "（据报道）", "memory": "（条号未核）", "own": "（建议）"}
_BEIJING = ZoneInfo("Asia/Shanghai")
_FOOT = "本文书由系统按登记的事实生成，供办案单位参考，不替代其文书。"


def rectification_report(case: Case, tasks: Iterable[Task], today: date) -> Document:
    """Return the rectification report (整改报告): every task with its state. A self-reported task is not done."""
    tasks = tuple(tasks)
    done = sum(task.closed for task in tasks)
    rows = tuple(
        (
            task.warehouse,
            _item(task.item),
            catalogue().bodies.owners[task.owner].zh,
            _TASK_ZH[task.state] + ("（逾期）" if not task.closed and today > task.due else ""),
            task.due.isoformat(),
            task.steps[-1].evidence_sha256[:12] if task.steps else "",
        )
        for task in sorted(tasks, key=lambda one: (one.warehouse, int(one.item)))
    )
    return Document(
        title="整改情况报告",
        subtitle=case.title,
        blocks=(
            _head(case, today),
            Paragraph(f"共 {len(tasks)} 项，复测通过 {done} 项，未完成 {len(tasks) - done} 项。"),
            Table(("仓库", "项目", "责任", "状态", "期限", "复测证据"), rows, (4, 5, 2, 4, 3, 3)),
            Paragraph("单位自报完成的，未经复测不计为完成。", "note"),
            Signatures(("报告单位",)),
        ),
        foot=_FOOT,
        landscape=True,
    )


def duty_table(case: Case, tasks: Iterable[Task], today: date) -> Document:
    """Return the table of duties (职责分工表): who does what by when, and the deadlines of the case."""
    tasks = tuple(tasks)
    rows = []
    for actor in actors().values():
        mine = [task for task in tasks if task.authority == actor.id]
        if mine or actor.id in state_of(case).actors:
            first = min((task.due for task in mine if not task.closed), default=None)
            rows.append((actor.zh, actor.duty_zh, str(len(mine)), first.isoformat() if first else "—"))
    blocks: list[Block] = [
        _head(case, today),
        Heading("分工"),
        Table(("单位", "职责", "主管任务数", "最近期限"), tuple(rows), (4, 8, 2, 3)),
        Heading("期限"),
        _clock_table(case, today),
        Signatures(("召集单位", "参会单位")),
    ]
    return Document(title="职责分工表", subtitle=case.title, blocks=tuple(blocks), foot=_FOOT)


def evidence_pack(case: Case, attachments: Iterable[Attachment], today: date) -> Document:
    """Return the list of evidence (证据清单) with hashes and custody. A broken chain is marked."""
    attachments = tuple(attachments)
    rows = tuple(
        (str(number), one.name, one.sha256, f"{one.size:,}", "完整" if whole(one) else "不完整")
        for number, one in enumerate(attachments, start=1)
    )
    chain = tuple(
        (str(number), f"{_by_the_clock(step.at):%Y-%m-%d %H:%M}", step.handed_by, step.handed_to, step.place)
        for number, one in enumerate(attachments, start=1)
        for step in one.custody
    )
    return Document(
        title="证据清单",
        subtitle=case.title,
        blocks=(
            _head(case, today),
            Table(("序", "名称", "SHA-256", "字节", "流转"), rows, (1, 4, 9, 2, 2)),
            Heading("流转记录"),
            Table(("序", "时间", "移交人", "接收人", "地点"), chain, (1, 4, 4, 4, 4)),
            Signatures(("制作人", "见证人", "接收单位")),
        ),
        foot=_FOOT,
        landscape=True,
    )


def return_visit_record(case: Case, tasks: Iterable[Task], on: date) -> Document:
    """Return the form of a return visit (回访记录): closed items to sample again, with blank results."""
    rows = tuple(
        (task.warehouse, _item(task.item), f"{_by_the_clock(task.steps[-1].at):%Y-%m-%d}", "□ 保持 □ 反弹")
        for task in tasks
        if task.closed
    )
    return Document(
        title="回访记录",
        subtitle=case.title,
        blocks=(
            _head(case, on),
            Paragraph("随机抽取面单和打单电脑，按十二项检查表同项复查。"),
            Table(("仓库", "项目", "复测通过日期", "回访结果"), rows, (5, 6, 3, 4)),
            Signatures(("回访人一", "回访人二", "被回访单位")),
        ),
        foot=_FOOT,
    )


def town_table(town: str, gaps: Iterable[GapRow], rows: Iterable[WarehouseRow], on: date) -> Document:
    """Return the town's table of common gaps and the ranking of warehouses."""
    gap_rows = tuple(
        (
            row.zh,
            str(row.failing),
            str(row.unknown),
            str(row.inspected),
            str(row.retested),
            "—" if row.before is None else f"{row.failing - row.before:+d}",
        )
        for row in gaps
    )
    ranked = tuple(
        (
            str(number),
            row.warehouse,
            str(row.failing),
            str(row.unknown),
            CLAIM_ZH[row.claim],
            f"{row.changed:+d}",
        )
        for number, row in enumerate(rows, start=1)
    )
    return Document(
        title="共性问题统计表",
        subtitle=town,
        blocks=(
            Facts((("统计日期", on.isoformat()),)),
            Table(
                ("共性问题", "存在问题", "无证据", "检查仓库", "已复测", "较上期"),
                gap_rows,
                (6, 2, 2, 2, 2, 2),
            ),
            Heading("仓库"),
            Table(("序", "仓库", "不符合", "无证据", "数据来源", "较上期"), ranked, (1, 6, 2, 2, 3, 2)),
            Paragraph("自报的数据在复测前只是声明。", "note"),
        ),
        foot=_FOOT,
    )


def _head(case: Case, today: date) -> Facts:
    numbers = "；".join(
        f"{_authority(event.document.authority)} {event.document.number}（{event.document.date}）"
        for event in case.events
        if event.document
    )
    return Facts(
        (
            ("案件", case.title),
            ("主管单位", _authority(case.agency)),
            ("阶段", f"{state_of(case).number} {state_of(case).zh}"),
            ("相关文书", numbers or "—"),
            ("生成日期", today.isoformat()),
        )
    )


def _authority(name: str) -> str:
    """Return an actor's name; an unknown authority is shown as it was entered."""
    return actors()[name].zh if name in actors() else name


def _clock_table(case: Case, today: date) -> Table:
    rows = tuple(
        (
            one.rule.zh,
            one.started.isoformat(),
            one.due.isoformat() + ("" if one.certain else "（节假日未公布）"),
            one.ended.isoformat() if one.ended else "—",
            _CLOCK_ZH[one.status],
            one.rule.basis + _SEEN_ZH[one.rule.seen],
        )
        for one in deadlines(case, today)
    )
    return Table(("事项", "起算", "期限", "完成", "状态", "依据"), rows, (5, 3, 3, 3, 2, 5))


def _by_the_clock(at: datetime) -> datetime:
    """Convert a time to Beijing time, which all authorities use."""
    return at.astimezone(_BEIJING) if at.tzinfo is not None else at


def _item(number: str) -> str:
    return next((f"{item.number} {item.title_zh}" for item in items() if str(item.number) == number), number)
