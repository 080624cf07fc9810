"""Rules for tools of the catalogue: which are present, since when, and what makes their presence severe."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from waybillguard.events.shared import Fact, Finding, Severity
from waybillguard.sensor.case import Case, capped, fact, independent
from waybillguard.sensor.catalogue import Match, Tool
from waybillguard.sensor.observation import Observation
from waybillguard.sensor.paths import base_name, is_hidden_place

_KINDS = {
    "remote_control": ("remote_tool", "远程控制软件", "remote-control program"),
    "management": ("management_tool", "远程管理软件", "remote-management program"),
    "tunnel": ("tunnel", "内网穿透工具", "tunnel"),
    "monitoring": ("monitoring", "员工监控软件", "employee-monitoring program"),
    "print_tap": ("print_tap", "可截取打印流的程序", "program that can take the print stream"),
    "attack_tool": ("attack_tool", "攻击工具", "attack tool"),
    "transfer": ("transfer_tool", "文件外传工具", "file-transfer program"),
    "client": ("client_tool", "远程协助客户端", "client for remote help"),
}
_MOMENTS = {
    "service_installed",
    "program_installed",
    "task",
    "print_monitor",
    "print_processor",
    "print_filter",
}
_REASONS = {
    "renamed": ("程序被改名", "the program was renamed"),
    "hidden_place": ("放在不装程序的位置", "it lies where programs are not installed"),
    "installed_out_of_shift": ("在班次外安装", "it was installed outside the shift"),
    "session_out_of_shift": ("在班次外有远程会话", "there was a session outside the shift"),
    "log_cleared_near": ("安装或会话前后日志被清空", "a log was cleared around it"),
    "new_account_near": ("安装或会话前后新建了账号", "an account was made around it"),
}
_NEAR = timedelta(hours=24)


def tools_found(case: Case) -> Iterator[Finding]:
    """Yield one finding per tool, and one for each renamed copy of it."""
    for rows in case.by_tool.values():
        tool = rows[0][1][0].tool
        if tool.kind == "print_component":
            continue
        renamed = [seen for seen, found in rows if _is_renamed(tool, seen, found)]
        yield _finding(case, tool, rows, renamed)


def _finding(
    case: Case, tool: Tool, rows: list[tuple[Observation, list[Match]]], renamed: list[Observation]
) -> Finding:
    facts = _facts(rows)
    traces = [
        row for row in rows if row[0].kind != "host_named"
    ]  # a tool named in a text was perhaps never present
    strong = [match for _, found in rows for match in found if not match.weak]
    types: set[str] = {match.type for _, found in traces for match in found if match.type != "port"}
    assumed = all(match.mark == "assumed" for match in strong) if strong else False
    sessions = [each for each in case.sessions if each.tool == tool.name]
    moments = [seen.time for seen, _ in rows if seen.kind in _MOMENTS and seen.time]
    reasons, extra = _aggravations(case, rows, renamed, moments, [each.start for each in sessions])
    facts = (*extra, *facts)[:50]
    severity = _severity(tool, (*extra, *_facts(traces)), types, reasons) if traces else "low"
    severity = capped(severity, facts, assumed=assumed)
    approved = case.approved(tool)
    if approved and not {"renamed", "log_cleared_near"} & set(reasons):
        severity = "low"
    kind, zh, en = _KINDS[tool.kind]
    installs = [each for each in case.installs if each.tool == tool.name]
    time = min([*(each.time for each in installs if each.time), *moments], default=None) or min(
        (seen.time for seen, _ in rows if seen.time), default=None
    )
    account = next((each.account for each in installs if each.account), "") or next(
        (seen.account for seen, _ in rows if seen.account), ""
    )
    why_zh = "；".join(_REASONS[each][0] for each in reasons)
    why_en = "; ".join(_REASONS[each][1] for each in reasons)
    used_zh = f"，有 {len(sessions)} 次远程会话" if sessions else ""
    used_en = f", used in {len(sessions)} sessions" if sessions else ""
    seen_zh, seen_en = f"发现{zh}“{tool.name}”", f"{en[0].upper()}{en[1:]} “{tool.name}”"
    if not traces:
        seen_zh = f"文字中提到{zh}“{tool.name}”的网址，没有发现其他痕迹"
        seen_en = f"A text names a host of the {en} “{tool.name}”; no other trace of it was found"
    ok_zh, ok_en = ("（本店已批准）", " (approved by the site)") if approved else ("", "")
    return Finding(
        kind="renamed_tool" if renamed else kind,
        tool=tool.name,
        severity=severity,
        confidence=_confidence(types, facts, assumed=assumed),
        time=time,
        account=account,
        source=next((each.origin for each in sessions if each.origin), "") or _share_origin(case, tool, rows),
        detail_zh=f"{seen_zh}{ok_zh}{used_zh}{'。' + why_zh if why_zh else ''}。{tool.note_zh}",
        detail_en=f"{seen_en}{ok_en}{used_en}{': ' + why_en if why_en else ''}. {tool.note_en}".strip(),
        facts=facts,
    )


def _facts(rows: list[tuple[Observation, list[Match]]]) -> tuple[Fact, ...]:
    out: dict[tuple[str, str, str], Fact] = {}
    for seen, found in rows:
        for match in found:
            key = (match.type, seen.file, seen.record)
            out.setdefault(key, fact(seen, f"{seen.kind}:{match.type}:{match.mark}"))
    return tuple(out.values())[:40]


def _severity(tool: Tool, facts: tuple[Fact, ...], types: set[str], reasons: list[str]) -> Severity:
    several = independent(facts) >= 2 or len(types) >= 2  # noqa: PLR2004
    if tool.kind in {"client", "transfer"}:
        return "low"
    if tool.kind == "attack_tool":
        return "high" if several else "medium"
    if reasons and several:
        return "high"
    return "medium" if several or "renamed" in reasons else "low"


def _aggravations(
    case: Case,
    rows: list[tuple[Observation, list[Match]]],
    renamed: list[Observation],
    moments: list[datetime],
    sessions: list[datetime],
) -> tuple[list[str], list[Fact]]:
    """Return the reasons that make a tool's presence severe, each with its fact."""
    found: dict[str, Fact] = {}
    for seen in renamed:
        found.setdefault("renamed", fact(seen, "renamed"))
    for seen, _ in rows:
        for reason in _reasons_of(case, seen):
            found.setdefault(reason, fact(seen, reason))
    times = [*moments, *sessions]
    for kind, reason in (("log_cleared", "log_cleared_near"), ("account_created", "new_account_near")):
        for seen in case.of(kind):
            if seen.time and any(abs(seen.time - when) < _NEAR for when in times):
                found.setdefault(reason, fact(seen, reason))
    return list(found), list(found.values())


def _reasons_of(case: Case, seen: Observation) -> Iterator[str]:
    """Yield the aggravating reasons that one trace of a tool shows."""
    # Installers and support versions run from the user's temp folder; that is not hiding.
    temporary = "\\appdata\\local\\temp\\" in seen.path
    if is_hidden_place(seen.path) and not temporary and seen.kind not in {"connection", "dns"}:
        yield "hidden_place"
    if not case.out_of_shift(seen.time):
        return
    if seen.kind in _MOMENTS and "registry" not in seen.marks and _is_exact(seen):
        yield "installed_out_of_shift"
    if seen.kind.startswith("session") and "day_only" not in seen.marks:
        yield "session_out_of_shift"


def _is_exact(seen: Observation) -> bool:
    """Return whether the time is that of the act; the time of a key or file may be that of an update."""
    dated = any(mark.startswith("install_date") for mark in seen.marks)
    return seen.kind == "service_installed" or ("\\" not in seen.record and not dated)


def _is_renamed(tool: Tool, seen: Observation, found: list[Match]) -> bool:
    """Return whether the binary identifies itself as this tool but has another file name."""
    if seen.kind not in {"program_run", "program_seen", "service", "autorun"}:
        return False
    if not (seen.original or seen.product or "binary" in seen.marks):
        return False
    if not {match.type for match in found} & {"file", "product", "domain"}:
        return False
    if seen.original:
        claims = base_name(seen.original)
        named = any(match.type == "file" and _fits(match.value, claims) for match in found)
        return (
            named
            and claims != base_name(seen.path)
            and not any(match.type == "file" and _fits(match.value, base_name(seen.path)) for match in found)
            and not _is_setup(seen)
        )
    from_path = any(match.type == "file" and _fits(match.value, base_name(seen.path)) for match in found)
    stem = base_name(seen.path).partition(".")[0]
    words = [word for word in tool.id.split("-") if len(word) > 3]  # noqa: PLR2004
    in_folder = any(match.type == "folder" for match in found)
    return (
        not from_path
        and not in_folder
        and not any(word in stem for word in words)
        and not _is_setup(seen)
        and bool(stem)
    )


def _fits(pattern: str, name: str) -> bool:
    if "*" not in pattern:
        return pattern == name
    head, _, tail = pattern.partition("*")
    return name.startswith(head) and name.endswith(tail.replace("*", ""))


def _is_setup(seen: Observation) -> bool:
    name = base_name(seen.path)
    return any(word in name for word in ("setup", "install", "unins", "update", ".tmp")) or (
        not name.endswith((".exe", ".scr", ".com")) and "." in name
    )


def _confidence(types: set[str], facts: tuple[Fact, ...], *, assumed: bool) -> float:
    base = 0.3 if assumed else 0.5
    return min(0.99, base + 0.12 * (len(types) - 1) + 0.1 * min(independent(facts) - 1, 3))


def _share_origin(case: Case, tool: Tool, rows: list[tuple[Observation, list[Match]]]) -> str:
    """Return the address from which a tool was copied to an administrative share."""
    if tool.kind != "attack_tool":
        return ""
    times = [seen.time for seen, _ in rows if seen.time]
    for seen in case.of("share_access"):
        if seen.origin and seen.time and any(abs(seen.time - when) < timedelta(minutes=5) for when in times):
            return seen.origin
    return ""
