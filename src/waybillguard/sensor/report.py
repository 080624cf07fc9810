"""Writes the report of an examination in Chinese: a first page for the owner, full details for a court.

The same examination gives the same bytes, independent of the clock and of the machine that writes it.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from html import escape
from pathlib import Path
from typing import Final

from waybillguard.documents import (
    Block,
    Bullets,
    Document,
    Facts,
    Heading,
    Paragraph,
    Picture,
    Signatures,
    Table,
    to_html,
    to_pdf,
)
from waybillguard.events.shared import Finding
from waybillguard.sensor.case import Case
from waybillguard.sensor.examination import Examination
from waybillguard.sensor.fact_words import in_words
from waybillguard.sensor.loss_words import in_chinese

SEVERITY_ZH = {"critical": "严重", "high": "高", "medium": "中", "low": "低"}
_FIRST: Final[dict[str, tuple[str, str]]] = {
    "print_tap": (
        "先停用这台电脑打印：打出的每张面单都可能被截取。",
        "Stop printing on this PC first: every label printed there may be copied.",
    ),
    "print_monitor": (
        "先停用这台电脑打印：打出的每张面单都可能被截取。",
        "Stop printing on this PC first: every label printed there may be copied.",
    ),
    "print_store_access": (
        "先停用这台电脑打印：打出的每张面单都可能被截取。",
        "Stop printing on this PC first: every label printed there may be copied.",
    ),
    "component_port": (
        "先停用这台电脑打印：面单内容会先到陌生程序手里。",
        "Stop printing on this PC first: labels pass through an unknown program.",
    ),
    "printer_file": (
        "先停用这台电脑打印：打印内容被写成文件，随时可被取走。",
        "Stop printing on this PC first: what is printed is written to files that can be fetched at any time.",
    ),
    "packet_redirect": (
        "先停用这台电脑打印：打印数据被改道或抄走。",
        "Stop printing on this PC first: print data is diverted or copied.",
    ),
    "copies_outside": (
        "拔掉网线：有命令在把文件发到店外。",
        "Pull the network cable: a command sends files out of the shop.",
    ),
    "command_act": (
        "拔掉网线，问清这个程序是谁装的。",
        "Pull the network cable and find out who installed this program.",
    ),
    "typing_device": (
        "先拔下并封存这个设备，不要插到别的电脑上。",
        "Unplug this device and seal it; do not plug it into another PC.",
    ),
    "printer_here": (
        "先停用这台电脑打印：每张面单先到本机程序手里。",
        "Stop printing on this PC first: every label goes to a program on it first.",
    ),
    "printer_name": (
        "先停用这台电脑打印：打印内容会发到店外。",
        "Stop printing on this PC first: what is printed goes out of the shop.",
    ),
    "spooler_outside": (
        "先停用这台电脑打印：打印内容会发到店外。",
        "Stop printing on this PC first: what is printed goes out of the shop.",
    ),
    "screen_watched": (
        "问清是谁在看屏幕；答不上来就拔掉网线。",
        "Find out who watches the screen; without an answer, pull the network cable.",
    ),
    "browser_extension": (
        "先不要用这个浏览器打单；扩展不要删，它是证据。",
        "Do not print labels from this browser; do not remove the extension, it is evidence.",
    ),
    "monitoring": (
        "问清是谁装的监控软件、数据传到哪里；答不上来就当作窃取处理。",
        "Find out who installed the monitoring program and where its data goes; without an answer, treat it as theft.",
    ),
    "remote_tool": (
        "拔掉网线，问清是谁在用这个远控软件。",
        "Pull the network cable and find out who uses this remote-control program.",
    ),
    "renamed_tool": (
        "拔掉网线：正规软件不会改名藏起来。",
        "Pull the network cable: an honest program does not hide under another name.",
    ),
    "tunnel": (
        "拔掉网线：外面的人可以经它进来。",
        "Pull the network cable: people outside can come in through it.",
    ),
    "attack_tool": (
        "拔掉网线，不要关机，联系警方或专业人员。",
        "Pull the network cable, do not switch off, and call the police or a specialist.",
    ),
    "session_hijack": (
        "换掉所有在这台电脑上登录过的账号密码。",
        "Change the passwords of all accounts used on this PC.",
    ),
    "hidden_account": (
        "换掉管理员密码；账号先不要删，它是证据。",
        "Change the administrator's password; do not delete the account yet, it is evidence.",
    ),
    "exploit": (
        "拔掉网线，升级或卸载有漏洞的软件前先固定证据。",
        "Pull the network cable; secure the evidence before you update or remove the vulnerable program.",
    ),
}
_KEEP = (
    "不要卸载、不要杀毒清除、不要重装：先由警方或专业人员封存硬盘或整机。",
    "不要清空日志、回收站和打印队列。",
    "记下发现的时间、在场的人和电脑上显示的时间。",
)


def summary(found: Examination) -> tuple[str, tuple[str, ...]]:
    """Return the verdict in one sentence and the first steps, for an owner."""
    grave = [each for each in found.findings if each.severity in {"high", "critical"}]
    doubtful = [each for each in found.findings if each.severity == "medium"]
    if grave:
        verdict = f"这台电脑有 {len(grave)} 项严重问题，面单信息可能已经外泄。"
    elif doubtful:
        verdict = f"没有确认被控制，但有 {len(doubtful)} 项需要查清。"
    else:
        verdict = "在读到的证据里没有发现远程控制或打印窃取。"
    return verdict, tuple(zh for zh, _ in first_steps([*grave, *doubtful]))


def first_steps(findings: Sequence[Finding]) -> tuple[tuple[str, str], ...]:
    """Return the distinct first steps for these findings, the most severe first, in Chinese and English."""
    return tuple(dict.fromkeys(_FIRST[each.kind] for each in findings if each.kind in _FIRST))


def describe(found: Examination, case: Case) -> Document:
    """Build the report as a document."""
    return Document(
        title="打印电脑检验报告",
        subtitle="远程控制与打印窃取",
        blocks=tuple(_numbered(_blocks(found, case))),
        foot="本报告陈述电子证据中的记录及其出处，是调查线索，不是司法鉴定意见。",
    )


def write_report(found: Examination, case: Case, path: Path) -> None:
    """Write the report as HTML or PDF, by the suffix of the path."""
    document = describe(found, case)
    if path.suffix.lower() == ".pdf":
        path.write_bytes(to_pdf(document))
    else:
        path.write_text(to_html(document), "utf-8")
    path.chmod(0o600)


def _numbered(blocks: Iterable[Block]) -> Iterator[Block]:
    """Number the sections that are present."""
    numbers = iter("一二三四五六七")
    for block in blocks:
        if isinstance(block, Heading) and block.level == 1:
            yield Heading(f"{next(numbers)}、{block.text}")
        else:
            yield block


def _blocks(found: Examination, case: Case) -> Iterator[Block]:
    verdict, steps = summary(found)
    grave = any(each.severity in {"high", "critical"} for each in found.findings)
    yield Heading("结论")
    yield Paragraph(verdict, tone="warning" if grave else "note")
    if steps:
        yield Paragraph("先做这几件事：")
        yield Bullets(steps, numbered=True)
    if found.findings:
        yield Paragraph("作为证据，先不要动：")
        yield Bullets(_KEEP)
    yield Heading("发现")
    for number, each in enumerate(found.findings, start=1):
        yield from _finding(number, each, case)
    if not found.findings:
        yield Paragraph("无。")
    yield Heading("时间线")
    yield from _timeline(found, case)
    if found.reach:
        yield Heading("涉及的面单")
        yield Paragraph(
            "工具存在或会话期间，这个工位打印和查看的数量。截取打印流不需要会话，应按“安装至移除”全部计算。"
        )
        yield Table(
            header=("工具", "依据", "工位", "起", "止", "打印", "查看", "导出", "订单"),
            rows=tuple(
                (
                    each.tool,
                    "安装期间" if each.why == "install" else "会话期间",
                    each.workstation,
                    case.local(each.start),
                    case.local(each.end) if each.end else "未见移除",
                    str(each.printed),
                    str(each.looked_at),
                    str(each.exported),
                    str(each.orders),
                )
                for each in found.reach
            ),
            widths=(3, 2, 2, 3, 3, 1, 1, 1, 1),
        )
    yield Heading("证据清单")
    yield Table(
        header=("文件", "种类", "记录数", "SHA-256"),
        rows=tuple(
            (each.file, each.kind, str(each.records), each.sha256)
            for each in found.read
            if each.kind != "other"
        ),
        widths=(4, 2, 1, 5),
        caption=f"另有 {sum(each.kind == 'other' for each in found.read)} 个文件不含可检验的记录。",
    )
    yield Heading("缺失与限度")
    if found.losses:
        yield Table(
            header=("文件", "未能读取的原因", "已读记录"),
            rows=tuple((each.file, in_chinese(each.reason), str(each.records_read)) for each in found.losses),
            widths=(4, 5, 1),
        )
    yield Bullets(_limits(case))
    yield Heading("方法与保管")
    yield Bullets(
        (
            "先封存原始存储介质（法发〔2016〕22号），在副本上检验；检验不运行证据中的任何程序，不在证据旁写入任何文件。",
            "每个文件先计算 SHA-256，再在受限的独立进程中解析；损坏处跳过并列入“缺失”。",
            "每条事实注明文件与记录号，可用同一份证据复核；同一份证据得到逐字节相同的报告。",
            "“高”至少要有两处相互独立的记录；目录里标为“推测”的特征最多评为“低”。",
        )
    )
    yield Signatures(("检验人", "见证人"))


def _finding(number: int, each: Finding, case: Case) -> Iterator[Block]:
    yield Heading(f"{number}. 【{SEVERITY_ZH[each.severity]}】{each.tool or each.detail_zh[:20]}", level=2)
    yield Paragraph(each.detail_zh)
    pairs = [
        ("时间", case.local(each.time)),
        ("账号", each.account),
        ("来源", each.source),
        ("把握", f"{each.confidence:.0%}"),
    ]
    yield Facts(tuple((name, value) for name, value in pairs if value))
    yield Table(
        header=("事实", "时间", "文件", "记录"),
        rows=tuple(
            (in_words(fact.fact, "zh"), _second(fact.time, case), fact.file, fact.record)
            for fact in each.facts[:12]
        ),
        widths=(4, 3, 3, 4),
        caption=f"共 {len(each.facts)} 条事实。" if len(each.facts) > 12 else "",  # noqa: PLR2004
    )


def _second(time: str, case: Case) -> str:
    """Format a record's time to the second, in the machine's time zone; empty without a time."""
    return f"{datetime.fromisoformat(time).astimezone(case.zone):%Y-%m-%d %H:%M:%S}" if time else ""


def _timeline(found: Examination, case: Case) -> Iterator[Block]:
    rows = [
        (each.time, "安装", f"{each.tool or '未知程序'} {each.service}".strip(), each.account)
        for each in found.installs
        if each.time
    ]
    rows += [
        (each.start, "会话开始", f"{each.tool} 来自 {each.origin or '不详'}", each.account)
        for each in found.sessions
    ]
    rows += [(each.end, "会话结束", each.tool, each.account) for each in found.sessions if each.end]
    rows += [
        (each.time, "发现", each.detail_zh[:40], each.account)
        for each in found.findings
        if each.time and each.severity != "low"
    ]
    rows.sort(key=lambda row: (row[0].isoformat(), row[1], row[2]))
    if not rows:
        yield Paragraph("没有带时间的记录。")
        return
    yield Picture(
        _drawing([(row[0].timestamp(), row[1]) for row in rows]), caption="安装、会话与发现在时间上的分布"
    )
    yield Table(
        header=("时间", "事件", "内容", "账号"),
        rows=tuple((case.local(when), what, text, who) for when, what, text, who in rows[:200]),
        widths=(3, 2, 6, 3),
    )


_COLOURS = {"安装": "#b3261e", "会话开始": "#1f5fbf", "会话结束": "#7aa2dc", "发现": "#8a6d00"}


def _drawing(points: list[tuple[float, str]]) -> str:
    """Draw the events on a time line with one row per sort of event."""
    first, last = points[0][0], points[-1][0]
    span = max(last - first, 1.0)
    lanes = list(_COLOURS)
    parts = []
    for lane, name in enumerate(lanes):
        y = 20 + lane * 28
        parts.append(f'<text x="4" y="{y + 4}" font-size="11" fill="#333">{escape(name)}</text>')
        parts.append(f'<line x1="70" x2="690" y1="{y}" y2="{y}" stroke="#ccc" stroke-width="1"/>')
    for when, name in points:
        x = 70 + 620 * (when - first) / span
        parts.append(
            f'<circle cx="{x:.1f}" cy="{20 + lanes.index(name) * 28}" r="5" fill="{_COLOURS[name]}"/>'
        )
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 700 130" width="700" height="130">{"".join(parts)}</svg>'


def _limits(case: Case) -> tuple[str, ...]:
    zone = int(case.zone.utcoffset(None).total_seconds() // 60)
    clock = f"UTC{'+' if zone >= 0 else '-'}{abs(zone) // 60:02}:{abs(zone) % 60:02}"
    known = "取自证据" if case.zone_known else "证据未写明，按北京时间处理"
    return (
        f"时间按 {clock} 显示（{known}）；没有写明时区的日志按此换算。",
        f"班次按 {case.settings.shift[0]:%H:%M} 至 {case.settings.shift[1]:%H:%M} 判断夜间活动。",
        "藏在驱动层的程序不在检验能力之内；屏幕可以被拍照；没有发现不等于没有发生。",
        "程序文件里写的签名者只是名称，未验证签名本身。",
    )
