"""What was changed on the system: services, logs, accounts, remote desktop, port forwards, firewall, antivirus."""

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from itertools import islice

from waybillguard.events.shared import Fact, Finding
from waybillguard.sensor.case import Case, capped, fact, independent
from waybillguard.sensor.observation import Observation
from waybillguard.sensor.paths import (
    base_name,
    is_forward,
    is_hidden_place,
    is_shell,
    is_user_writable,
    script_of,
)

_NEAR = timedelta(hours=1)
_MAX_STARTS = 300
"""More odd services than this are one flood; the first tell as much."""
_NAME = 4
"""A shorter service name occurs in any command line."""
_SSH = 22
_SVCHOST_HOME = re.compile(r"^c:\\(?:windows|program files|program files \(x86\)|programdata\\microsoft)\\")
_ENCODED = re.compile(
    r"\s-e(?:nc|ncodedcommand)?\s+[A-Za-z0-9+/=]{40,}|frombase64string|downloadstring|\biex\b", re.IGNORECASE
)
_HIDDEN_WINDOW = re.compile(r"\s-w(?:in\w*)?\s+(?:hidden|1)\b", re.IGNORECASE)
_UNCHECKED = re.compile(r"\s-e(?:p|x\w*)\s+(?:bypass|unrestricted)\b", re.IGNORECASE)
_SYSTEM_SERVICES = re.compile(r"^mpksl|^wdnis|^mssecflt", re.IGNORECASE)


def odd_starts(case: Case) -> Iterator[Finding]:
    """Yield services, tasks and autostarts that no installer sets up like this; known tools are told elsewhere."""
    known = {(seen.file, seen.record) for rows in case.by_tool.values() for seen, _ in rows}
    groups: dict[str, list[tuple[Observation, tuple[str, str]]]] = defaultdict(list)
    for seen in case.of("service_installed", "service", "task", "autorun"):
        reason = _oddity(seen) or _after_usb(case, seen)
        if reason and (seen.file, seen.record) not in known:
            groups[f"{seen.name.lower()}"].append((seen, reason))
    for rows in islice(groups.values(), _MAX_STARTS):
        seen, reason = rows[0]
        facts = [fact(each, f"{each.kind}:{why[0]}") for each, why in rows]
        facts += _witnesses(case, seen)
        grave = reason[0] in _GRAVE_ODDITIES and not _is_driver(seen)
        grave = grave or any(each.fact in _GRAVE_WITNESSES for each in facts)
        high = grave and independent(facts) >= 2 and seen.kind != "autorun"  # noqa: PLR2004
        severity = "high" if high else "medium"
        yield Finding(
            kind="odd_service" if seen.kind.startswith("service") else f"odd_{seen.kind}",
            tool=seen.name,
            severity=capped(severity, facts),
            confidence=0.7 if severity == "high" else 0.5,
            time=min((each.time for each, _ in rows if each.time), default=None),
            account=next(
                (
                    each.account
                    for each, _ in rows
                    if each.account and "localsystem" not in each.account.lower()
                ),
                "",
            ),
            detail_zh=f"“{seen.name}”{_program_of(seen, '（{}）')}会自动运行：{reason[1]}。",
            detail_en=f"“{seen.name}”{_program_of(seen, ' ({})')} starts by itself: {_ENGLISH[reason[0]]}.",
            facts=tuple(facts[:20]),
        )


def _program_of(seen: Observation, form: str) -> str:
    """Name the program or script beside the name it starts under."""
    program = (script_of(seen.command) if is_shell(seen.path) else "") or base_name(seen.path)
    return form.format(program) if program and program not in seen.name.lower() else ""


_ENGLISH = {
    "subscription": "a subscription to system events starts it",
    "script": "it runs a script from a place that anybody at the PC can write to, or from the network",
    "after_usb": "it was set up outside the shift, around a USB disk",
    "startup_file": "a script or program lies in the Startup folder",
    "shell": "the service is a command line, not a program",
    "no_folder": "the program has no folder",
    "hidden_place": "the program lies where programs are not installed",
    "user_writable": "anybody at the PC can replace the program",
    "foreign_library": "a library from outside the system runs inside a system process",
    "encoded": "the command is hidden or fetched from the network",
}


_GRAVE_ODDITIES = {
    "subscription",
    "script",
    "shell",
    "no_folder",
    "hidden_place",
    "encoded",
    "foreign_library",
}
_GRAVE_WITNESSES = {"log_cleared_near", "sign_in_out_of_shift"}
"""Much ordinary software runs services from a person's folder: that alone never makes more than medium."""


def _oddity(seen: Observation) -> tuple[str, str] | None:
    """Say what is odd about how something starts, as a code and in Chinese."""
    if _ENCODED.search(seen.command):
        return "encoded", "命令经过编码，或从网上下载后执行"
    if "subscription" in seen.marks:
        return "subscription", "由系统事件订阅（WMI）启动"
    if "startup" in seen.marks:
        return "startup_file", "启动文件夹里放着脚本或程序"
    if is_shell(seen.path) and _runs_odd_script(seen.command):
        return "script", "运行的脚本放在谁都能改的位置，或来自网上"
    if seen.kind.startswith("service") and (odd := _service_oddity(seen)) is not None:
        return odd
    return ("hidden_place", "程序放在不装程序的位置") if is_hidden_place(seen.path) else None


def _after_usb(case: Case, seen: Observation) -> tuple[str, str] | None:
    """A service set up outside the shift within the hour of a USB disk; the disk itself stands among the witnesses."""
    if seen.kind != "service_installed" or not case.out_of_shift(seen.time):
        return None
    if (
        not _near(case.of("usb_storage"), seen)
        or _SYSTEM_SERVICES.search(seen.name)
        or _is_system_file(seen.path)
    ):
        return None
    return "after_usb", "班次外插入 U 盘前后装上的"


def _is_system_file(path: str) -> bool:
    return path.startswith(("c:\\windows\\", "c:\\programdata\\microsoft\\"))


def _runs_odd_script(command: str) -> bool:
    script = script_of(command)
    hidden = _HIDDEN_WINDOW.search(command) is not None and _UNCHECKED.search(command) is not None
    return script.startswith("http") or is_hidden_place(script) or is_user_writable(script) or hidden


def _service_oddity(seen: Observation) -> tuple[str, str] | None:
    path = seen.path
    if is_shell(path) and "rundll32" not in path:
        return "shell", "服务本身是一段命令，而不是程序"
    if path and "\\" not in path and "/" not in path and not _is_driver(seen):
        return "no_folder", "程序没有所在文件夹"
    if is_user_writable(path) and not is_hidden_place(path) and not _SYSTEM_SERVICES.search(seen.name):
        return "user_writable", "任何人都能替换这个程序"
    foreign = path.endswith(".dll") and ":" in path and not _SVCHOST_HOME.match(path)
    if foreign and "svchost" in seen.command.lower():
        return "foreign_library", "系统进程里运行着系统之外的模块"
    return None


def _is_driver(seen: Observation) -> bool:
    return "driver" in seen.marks or seen.path.endswith(".sys")


def _witnesses(case: Case, service: Observation) -> list[Fact]:
    """Return what else makes a service grave: cleared logs around it, the command that made it, its run at night."""
    out = []
    for seen in case.of("log_cleared"):
        if (
            seen.time
            and service.time
            and abs(seen.time - service.time) < _NEAR
            and service.kind == "service_installed"
        ):
            out.append(fact(seen, "log_cleared_near"))
            break
    name = service.name.lower()
    for seen in case.of("program_run", "share_access", "program_seen"):
        made = (
            len(name) >= _NAME
            and f" {name}" in seen.command.lower()
            and base_name(seen.path) in {"sc.exe", "net.exe", "powershell.exe", "cmd.exe"}
        )
        same = bool(service.path) and seen.path == service.path and not is_shell(seen.path)
        if (
            made
            or same
            or (seen.kind == "share_access" and seen.path and base_name(seen.path) == base_name(service.path))
        ):
            out.append(fact(seen, f"{seen.kind}:same_program"))
    if service.kind == "service_installed" and case.out_of_shift(service.time):
        out += [
            fact(seen, "sign_in_out_of_shift") for seen in _near(case.of("sign_in", "usb_storage"), service)
        ][:3]
    return out[:8]


def _near(rows: list[Observation], seen: Observation) -> list[Observation]:
    return [each for each in rows if each.time and seen.time and abs(each.time - seen.time) < _NEAR]


def logs_cleared(case: Case) -> Iterator[Finding]:
    """Yield the clearing of event logs: one finding for each person and day."""
    groups: dict[tuple[str, str], list[Observation]] = defaultdict(list)
    for seen in case.of("log_cleared"):
        groups[seen.account, case.local(seen.time)[:10]].append(seen)
    for (account, _), rows in groups.items():
        names = list(dict.fromkeys(each.name for each in rows))
        important = [name for name in names if name in {"Security", "System", "Application"}]
        yield Finding(
            kind="log_cleared",
            tool="",
            severity="medium",
            confidence=0.95,
            time=rows[0].time,
            account=account,
            detail_zh=f"清空了 {len(rows)} 次事件日志（{'、'.join((important or names)[:3])} 等），此前的记录已不完整。",
            detail_en=f"Event logs were cleared {len(rows)} time(s) ({', '.join((important or names)[:3])} …); records before are lost.",
            facts=tuple(fact(each, "log_cleared") for each in rows[:50]),
        )


_SETTINGS = {
    "rdp_shadow": ("打开了远程桌面“影子”查看：别人可以不经同意看着这台电脑的屏幕", "Remote desktop shadowing is on: the screen can be watched unseen", "medium"),
    "rdp_service_dll": ("远程桌面服务的程序被替换", "The library of remote desktop was replaced", "medium"),
    "rdp_port": ("远程桌面改用了不常见的端口", "Remote desktop listens on an unusual port", "low"),
    "rdp_enabled": ("远程桌面已打开", "Remote desktop is on", "low"),
    "hidden_account": ("有账号被设为在登录画面上不显示", "An account is hidden from the sign-in screen", "medium"),
    "antivirus_off": ("杀毒软件的实时保护被关闭", "The antivirus was switched off", "medium"),
    "unattended_access": ("远控软件设了无人值守密码", "A remote-control program has a password for unattended access", "low"),
    "jobs_kept": ("打印机设为“保留打印的文档”（KeepPrintedJobs）：面单内容留在硬盘上", "A printer keeps printed jobs (KeepPrintedJobs): whole labels stay on the disk", "low"),
    "packet_capture": ("有程序在监听网卡上的全部数据，包括发往打印机的内容", "A program hears all packets, those to the printers too", "medium"),
    "antivirus_exclusion": ("杀毒软件被设为不检查某些文件夹或程序", "The antivirus was told to leave folders or programs alone", "medium"),
    "spool_moved": ("打印队列的文件夹被改到别处，打印内容会存在那里", "The spool folder was moved; what is printed lies there", "medium"),
    "port_proxy": ("注册表里加了端口转发", "A port forward was written to the registry", "medium"),
}  # fmt: skip


def settings(case: Case) -> Iterator[Finding]:
    """Yield switches of the system that open it to others."""
    groups: dict[str, list[Observation]] = defaultdict(list)
    for seen in case.of("setting"):
        groups[seen.name].append(seen)
    for name, rows in groups.items():
        if name not in _SETTINGS:
            continue
        zh, en, usual = _SETTINGS[name]
        facts = [fact(each, f"setting:{name}") for each in rows]
        if name == "rdp_shadow":
            silent = any(re.search(r"(?:=|0x0*|\()\s*[24]\)?$", each.command.strip()) for each in rows)
            facts += (
                [
                    fact(each, "session_out_of_shift")
                    for each in case.of("session_start")
                    if each.tool == "rdp" and case.out_of_shift(each.time)
                ][:5]
                if silent
                else []
            )
            usual = "high" if silent and independent(facts) >= 2 else usual  # noqa: PLR2004
        if name == "rdp_service_dll":
            facts += [
                fact(seen, "rdp_wrapper")
                for seen, found in case.matches
                if any(m.tool.id == "rdpwrap" for m in found)
            ][:5]
            usual = "high" if independent(facts) >= 2 else usual  # noqa: PLR2004
        if name == "hidden_account":
            hidden = {each.command.lower() for each in rows}
            facts += [
                fact(seen, "account_created")
                for seen in case.of("account_created")
                if seen.name.lower() in hidden
            ]
            usual = "high" if independent(facts) >= 2 else usual  # noqa: PLR2004
        yield Finding(
            kind="remote_setting" if name.startswith("rdp") else name,
            tool="RDP" if name.startswith("rdp") else "",
            severity=capped(usual, facts),
            confidence=0.85,
            time=min((each.time for each in rows if each.time), default=None),
            account=next((each.account for each in rows if each.account), ""),
            detail_zh=f"{zh}{_named(name, rows, '：', '、')}。",
            detail_en=f"{en}{_named(name, rows, ': ', ', ')}.",
            facts=tuple(facts[:20]),
        )


def _named(name: str, rows: list[Observation], colon: str, comma: str) -> str:
    """Name what a setting is about where the people of the PC must find it."""
    if name not in {"antivirus_exclusion", "spool_moved"}:
        return ""
    return colon + comma.join(dict.fromkeys(each.command for each in rows[:5]))


def forwards(case: Case) -> Iterator[Finding]:
    """Yield port forwards: a way round the firewall, most often to remote desktop."""
    rows = case.of("port_forward")
    rows += [
        each for each in case.of("program_run", "service", "task", "autorun") if is_forward(each.command)
    ]
    if not rows:
        return
    facts = [fact(each, "port_forward") for each in rows]
    to_rdp = any(re.search(r"3389|-R\s", each.command) for each in rows)
    tunnelled = [
        fact(each, "loopback_session")
        for each in case.of("session_start", "session_trace")
        if each.origin in {"127.0.0.1", "::1"}
    ]
    kinds = {each.file + each.kind for each in rows}
    programs = "、".join(dict.fromkeys(base_name(each.path or each.name) for each in rows if each.path)) or ""
    severity = "high" if to_rdp and (tunnelled or len(kinds) > 1) else "medium"
    yield Finding(
        kind="port_forward",
        tool="RDP" if to_rdp else "",
        severity=capped(severity, [*facts, *tunnelled]),
        confidence=0.85,
        time=min((each.time for each in rows if each.time), default=None),
        account=next((each.account for each in rows if each.account), ""),
        detail_zh=f"设置了端口转发{f'（{programs}）' if programs else ''}{'，指向远程桌面' if to_rdp else ''}：外面的电脑可绕过防火墙连进来。",
        detail_en=f"A port is forwarded{f' by {programs}' if programs else ''}{' to remote desktop' if to_rdp else ''}: others can come in past the firewall.",
        facts=tuple([*facts, *tunnelled][:20]),
    )


def accounts(case: Case) -> Iterator[Finding]:
    """Yield new accounts: hidden ones, ones made administrators, ones that lived for a moment."""
    for seen in case.of("account_created"):
        facts = [fact(seen, "account_created")]
        raised = [
            each
            for each in case.of("account_raised")
            if (each.session and each.session == seen.session) or each.name.lower() == seen.name.lower()
        ]
        gone = [
            each
            for each in case.of("account_deleted")
            if each.name.lower() == seen.name.lower()
            and each.time
            and seen.time
            and timedelta(0) <= each.time - seen.time < timedelta(hours=24)
        ]
        hidden = seen.name.endswith("$") and not seen.account.endswith("$")
        facts += [fact(each, "made_administrator") for each in raised] + [
            fact(each, "account_deleted") for each in gone
        ]
        night = case.out_of_shift(seen.time)
        severity = "low"
        if hidden or gone or (raised and night):
            severity = "medium"
        if (
            (hidden and raised)
            or (raised and gone and night)
            or (raised and night and _near(case.of("log_cleared", "session_start"), seen))
        ):
            severity = "high"
        parts_zh = [
            text
            for is_so, text in (
                (hidden, "名字以 $ 结尾，不易看到"),
                (raised, "被加入管理员组"),
                (gone, "很快又被删除"),
                (night, "在班次外"),
            )
            if is_so
        ]
        parts_en = [
            text
            for is_so, text in (
                (hidden, "its name ends in $, so it hardly shows"),
                (raised, "it was made an administrator"),
                (gone, "it was deleted soon after"),
                (night, "outside the shift"),
            )
            if is_so
        ]
        yield Finding(
            kind="hidden_account" if hidden else "account_created",
            tool="",
            severity=capped(severity, facts),
            confidence=0.85,
            time=seen.time,
            account=seen.account,
            detail_zh=f"新建了账号“{seen.name}”{'：' + '，'.join(parts_zh) if parts_zh else ''}。",
            detail_en=f"Account “{seen.name}” was made{': ' + ', '.join(parts_en) if parts_en else ''}.",
            facts=tuple(facts),
        )


def hidden_accounts(case: Case) -> Iterator[Finding]:
    """Yield accounts whose name ends in $ among those that exist or are administrators, if nobody saw them made."""
    made = {seen.name.lower() for seen in case.of("account_created")}
    computer = {each.partition(".")[0].lower() + "$" for each in case.computers}
    for seen in case.of("account_raised", "account_listed"):
        name = seen.name.rpartition("\\")[2]
        if not name.endswith("$") or name.lower() in made | computer:
            continue
        yield Finding(
            kind="hidden_account",
            tool="",
            severity="medium",
            confidence=0.8,
            time=seen.time,
            account=seen.account,
            detail_zh=f"账号“{name}”以 $ 结尾，不易看到{'，而且是管理员' if seen.command else ''}。",
            detail_en=f"Account “{name}” ends in $, so it hardly shows{', and it is an administrator' if seen.command else ''}.",
            facts=(fact(seen, seen.kind),),
        )


def openings(case: Case) -> Iterator[Finding]:
    """Yield what lets others in: firewall rules for everything or for odd programs, and SSH servers."""
    for seen in case.of("firewall_rule"):
        rule = dict(part.split("=", 1) for part in seen.command.split(" ") if "=" in part)
        allows = rule.get("action") in {"2", "3"} and rule.get("direction") == "1"
        everything = (
            allows
            and not seen.path
            and rule.get("ports") == "*"
            and rule.get("from") in {"*", "Any"}
            and rule.get("protocol") in {"256", "6", "17", "*"}
        )
        scripted = seen.origin_name in {"wmiprvse.exe", "powershell.exe", "netsh.exe", "cmd.exe"}
        odd = allows and (is_hidden_place(seen.path) or is_user_writable(seen.path)) and seen.time is not None
        if not (everything or scripted or odd):
            continue
        yield Finding(
            kind="firewall_opened",
            tool=seen.name,
            severity="medium" if everything or (odd and is_hidden_place(seen.path)) else "low",
            confidence=0.7,
            time=seen.time,
            account=seen.account,
            detail_zh=f"防火墙规则“{seen.name}”{'放行了所有进来的连接' if everything else '由脚本或用户目录里的程序添加'}。",
            detail_en=f"Firewall rule “{seen.name}” {'lets everything in' if everything else 'was made by a script or for a program in a user folder'}.",
            facts=(fact(seen, "firewall_rule"),),
        )
    servers = [
        seen
        for seen in case.of("listener")
        if seen.port == _SSH or base_name(seen.path or seen.name) in {"sshd.exe", "sshd"}
    ]
    if servers:
        yield Finding(
            kind="ssh_server",
            tool="SSH",
            severity="low",
            confidence=0.9,
            time=servers[0].time,
            detail_zh="这台电脑开着 SSH 服务，可从别处登录。打印电脑一般用不到。",
            detail_en="An SSH server listens on this PC; a print PC rarely needs one.",
            facts=tuple(fact(each, "ssh_listening") for each in servers[:10]),
        )


def user_rules(case: Case) -> Iterator[Finding]:
    """Yield what the antivirus and the user's own YARA and Sigma rules found, with the rule's author."""
    for seen in case.of("rule_match"):
        yield Finding(
            kind="rule_match",
            tool=seen.name,
            severity="medium",
            confidence=0.7,
            time=seen.time,
            account=seen.account,
            detail_zh=f"规则“{seen.name}”命中（来源：{seen.origin_name or '用户规则'}）。",
            detail_en=f"Rule “{seen.name}” matched (by {seen.origin_name or 'the user’s rules'}).",
            facts=(fact(seen, "rule_match"),),
        )
