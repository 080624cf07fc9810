"""``waybillguard sensor``: scan and harden this print PC, and examine evidence."""

import os
import re
import sys
from datetime import datetime, time
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from waybillguard.cli.output import DONE, FOUND, USAGE, fail, json_out, say

if TYPE_CHECKING:
    from waybillguard.events.shared import Fact
    from waybillguard.sensor import Approval, Examination, Settings

app = typer.Typer(
    help="打印电脑：查远控和打印窃取、加固、取证 · The print PC: find remote control and print taps, harden, examine.",
    no_args_is_help=True,
)
_STEERS = re.compile(r"[\0-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_ZH = {"critical": "严重", "high": "高", "medium": "中", "low": "低"}
_MAX_TOLD = 3
"""Maximum number of kinds of facts printed per finding; the JSON contains all."""

Output = Annotated[
    str | None, typer.Option("--json", metavar="OUT", help="- 为标准输出 · - for standard output")
]
Shift = Annotated[
    str,
    typer.Option(
        "--shift", metavar="HH:MM-HH:MM", help="班次时间，用来判断夜间活动 · hours of the print room"
    ),
]
Approvals = Annotated[
    Path | None,
    typer.Option(
        "--approvals",
        exists=True,
        dir_okay=False,
        help="已批准的远程工具（YAML：tool, who, until） · approved tools",
    ),
]


@app.command()
def scan(*, json: Output = None, shift: Shift = "07:00-23:00", approvals: Approvals = None) -> None:
    """检查这台电脑（不到 3 秒，只读） · Scan this PC: under 3 s, read only."""
    from waybillguard.sensor.live.scan import scan as scan_machine

    found, _ = scan_machine(settings=_settings(shift, approvals))
    if json is not None:
        with json_out(json) as out:
            body = msgspec.to_builtins(found.examination)
            out.write(msgspec.json.encode({"machine": found.machine, "system": found.system, **body}) + b"\n")
    _print_findings(found.examination, to_stdout=json is None)
    raise typer.Exit(FOUND if _grave(found.examination) else DONE)


@app.command()
def examine(
    paths: Annotated[
        list[Path],
        typer.Argument(metavar="PATH...", exists=True, help="证据文件夹或 zip · folders or zips of evidence"),
    ],
    *,
    json: Output = None,
    events: Annotated[
        Path | None, typer.Option(exists=True, help="访问事件（Parquet），用来算涉及的面单 · access events")
    ] = None,
    report: Annotated[
        Path | None,
        typer.Option("--report", metavar="FILE", help="中文报告，.html 或 .pdf · report in Chinese"),
    ] = None,
    zone: Annotated[
        int | None,
        typer.Option(
            "--zone",
            min=-840,
            max=840,
            help="电脑时区与 UTC 的分钟差；默认取证据里的，否则 480 · minutes ahead of UTC",
        ),
    ] = None,
    rules: Annotated[
        Path | None,
        typer.Option(
            "--rules",
            metavar="FOLDER",
            exists=True,
            file_okay=False,
            help="自备 YARA、Sigma 规则文件夹 · folder of your own YARA and Sigma rules",
        ),
    ] = None,
    shift: Shift = "07:00-23:00",
    approvals: Approvals = None,
) -> None:
    """检验证据：远控安装、会话、打印窃取、损失 · Examine evidence: findings, sessions, installs, losses."""
    from waybillguard.errors import WaybillGuardError
    from waybillguard.sensor import examine as examine_paths

    if report is not None and report.suffix.lower() not in {".html", ".pdf"}:
        say("报告只能是 .html 或 .pdf / the report is .html or .pdf")
        raise typer.Exit(USAGE)
    if report is not None and not report.parent.is_dir():
        say(
            f"报告的文件夹不存在：{report.parent}，请先建好 / the report's folder is not there: {report.parent}; make it first"
        )
        raise typer.Exit(USAGE)
    settings = msgspec.structs.replace(_settings(shift, approvals), offset=zone)
    try:
        found, case = examine_paths(
            [str(path) for path in paths],
            settings=settings,
            events=str(events) if events else None,
            rules=str(rules.resolve()) if rules else "",
            progress=_progress(),
        )
    except WaybillGuardError as error:
        fail(error)
    if json is not None:
        with json_out(json) as out:
            out.write(msgspec.json.encode(found) + b"\n")
    if report is not None:
        from waybillguard.sensor.report import write_report

        write_report(found, case, report)
    _print_findings(found, to_stdout=json is None)
    if not found.read:
        say(
            "没有读到任何文件：请给出证据所在的文件夹或 zip / no file was read: give the folder or zip that holds the evidence"
        )
        raise typer.Exit(USAGE)
    raise typer.Exit(FOUND if _grave(found) or found.losses else DONE)


@app.command()
def harden(
    *,
    check: Annotated[bool, typer.Option("--check", help="只检查，不改动 · check, change nothing")] = False,
    apply: Annotated[
        bool, typer.Option("--apply", help="加固（先写下原状） · harden; what was there is recorded")
    ] = False,
    undo: Annotated[
        bool, typer.Option("--undo", help="逐字节恢复原状 · put everything back byte for byte")
    ] = False,
    json: Output = None,
    root: Annotated[Path, typer.Option("--root", hidden=True)] = Path("/"),
) -> None:
    """加固打印电脑 · Harden this print PC: each item says why and what it may disturb."""
    from waybillguard.errors import WaybillGuardError
    from waybillguard.sensor import harden as hardening

    if check + apply + undo != 1:
        say("请选 --check、--apply、--undo 之一 / choose one of --check, --apply, --undo")
        raise typer.Exit(USAGE)
    store: hardening.Store = (
        hardening.RegistryStore() if sys.platform == "win32" else hardening.FileStore(root)
    )
    base = (
        Path(os.environ.get("PROGRAMDATA", r"C:\ProgramData"))
        if sys.platform == "win32"
        else root / "var/lib"
    )
    record = base / "waybillguard" / "hardening.json"
    left: tuple[str, ...] = ()
    try:
        if apply:
            say(f"已改动 {len(hardening.apply(store, record))} 处；原状记录在 {record}")
        elif undo:
            restored, left = hardening.undo(store, record)
            say(
                f"已恢复 {len(restored)} 处"
                + (f"；{len(left)} 处之后被别人改过，未动：{'、'.join(left)}" if left else "")
            )
        found = hardening.check(store)
    except WaybillGuardError as error:
        fail(error)
    if json is not None:
        with json_out(json) as out:
            out.write(msgspec.json.encode({"items": found, "left_alone": left}) + b"\n")
    words = {"done": "已做好", "open": "未做", "by_hand": "需人工", "not_here": "不适用"}
    lines = [
        f"[{words[each.state]}] {each.title_zh}：{each.why_zh}（影响：{each.disturbs_zh}）{each.how_zh}"
        for each in found
    ]
    (print if json is None else say)("\n".join(lines))
    raise typer.Exit(FOUND if left or (check and any(each.state == "open" for each in found)) else DONE)


def _settings(shift: str, approvals: Path | None) -> "Settings":
    from waybillguard.sensor import Settings

    try:
        start, _, end = shift.partition("-")
        hours = (time.fromisoformat(start.strip()), time.fromisoformat(end.strip()))
    except ValueError:
        say("班次写作 08:00-22:00 / --shift is written like 08:00-22:00")
        raise typer.Exit(USAGE) from None
    listed = tuple(_approved(approvals)) if approvals is not None else ()
    return Settings(
        shift=hours, approvals=listed, today=datetime.now().astimezone().date() if approvals else None
    )


def _approved(path: Path) -> "list[Approval]":
    """Read the list of approved tools, in any encoding that editors on Chinese Windows write."""
    import yaml

    from waybillguard.sensor import Approval
    from waybillguard.sensor.evidence.contents import decode

    try:
        return msgspec.convert(yaml.safe_load(decode(path.read_bytes())) or [], list[Approval])
    except (ValueError, OSError, yaml.YAMLError, msgspec.ValidationError):
        say(
            "批准清单的格式不对：每行一条 - {tool: 软件, who: 使用人, until: 2027-03-31}"
            " / --approvals is a YAML list of - {tool: name, who: user, until: 2027-03-31}"
        )
        raise typer.Exit(USAGE) from None


def _progress() -> "Progress":
    return (lambda name: say(_shown(f"… {name}"))) if sys.stderr.isatty() else (lambda _: None)


def _grave(found: "Examination") -> bool:
    return any(finding.severity != "low" for finding in found.findings)


def _print_findings(found: "Examination", *, to_stdout: bool) -> None:
    """Print the findings as text, most severe first; on standard error if JSON goes to standard output."""
    from waybillguard.sensor.fact_words import in_words

    lines = []
    for each in found.findings:
        if each.severity != "low":
            told: dict[str, Fact] = {}
            for one in each.facts:
                told.setdefault(in_words(one.fact, "zh"), one)
            lines.append(f"[{_ZH[each.severity]}] {each.detail_zh}")
            lines += [
                f"    {words}（{one.file} {one.record}）" for words, one in islice(told.items(), _MAX_TOLD)
            ]
    few = sum(each.severity == "low" for each in found.findings)
    lines.append(
        f"共 {len(found.findings)} 项发现（另有 {few} 项低），{len(found.sessions)} 次远程会话，{len(found.installs)} 次安装"
        + (f"，{len(found.losses)} 处未能读取" if found.losses else "")
    )
    if unknown := sum(each.kind == "other" for each in found.read):
        lines.append(f"{unknown} 个文件不是已知的证据，只记下摘要")
    (print if to_stdout else say)(_shown("\n".join(lines)))


def _shown(text: str) -> str:
    """Remove terminal control and bidirectional characters, because an attacker may have chosen names in evidence."""
    return _STEERS.sub("\N{REPLACEMENT CHARACTER}", text)


if TYPE_CHECKING:
    from collections.abc import Callable

    type Progress = Callable[[str], None]
