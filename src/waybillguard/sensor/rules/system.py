"""Rules for changes to the system: logs, remote desktop, port forwards, firewall, antivirus."""

import re
from collections import defaultdict
from collections.abc import Iterator
from fnmatch import fnmatch

import msgspec

from waybillguard.events.shared import Finding
from waybillguard.sensor.case import Case, capped, fact, independent
from waybillguard.sensor.observation import Observation
from waybillguard.sensor.parts import system_parts
from waybillguard.sensor.paths import base_name, is_forward, is_hidden_place, is_this_pc, is_user_writable

_SSH = 22


def logs_cleared(case: Case) -> Iterator[Finding]:
    """Yield cleared event logs: one finding for each account and day."""
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
    "jobs_saved": ("有 PDF 打印机设为自动保存每份打印内容", "A PDF printer saves every job by itself", "medium"),
    "spool_shared": ("打印队列的文件夹被共享到网络上，别的电脑能拿到打印内容", "The spool folder is shared over the network; others can take what is printed", "medium"),
    "ssh_key": ("留有 SSH 登录密钥，持有者不用密码就能登录", "A key opens an account over SSH without a password", "low"),
    "ssh_key_administrator": ("留有能以管理员身份登录的 SSH 密钥，持有者不用密码就能登录", "A key opens an administrator's account over SSH without a password", "medium"),
    "packet_capture": ("有程序在监听网卡上的全部数据，包括发往打印机的内容", "A program hears all packets, those to the printers too", "medium"),
    "antivirus_exclusion": ("杀毒软件被设为不检查某些文件夹或程序", "The antivirus was told to leave folders or programs alone", "medium"),
    "spool_moved": ("打印队列的文件夹被改到别处，打印内容会存在那里", "The spool folder was moved; what is printed lies there", "medium"),
    "unsigned_drivers": ("Windows 被设为加载没有签名的驱动（测试模式）", "Windows was set to load drivers that nobody signed (test mode)", "medium"),
    "ssh_keys_elsewhere": ("SSH 的登录密钥被放在不寻常的位置，或由命令给出", "Keys that open accounts over SSH lie in an unusual place, or a command gives them", "medium"),
    "unpackaged": ("有程序或库不属于任何软件包", "A program or library belongs to no package", "low"),
    "shadow_copy": ("有用命令建立的磁盘卷影副本，正在使用的文件（包括打印队列）可从中整份取走", "A shadow copy of the disk was ordered; files in use, the spool too, can be taken from it", "low"),
    "interceptor_root": ("受信任的根证书里有抓包工具的证书：持有者可看到浏览器收发的内容", "The root of a tool that decrypts the browser's traffic is among the trusted ones", "medium"),
    "tunnel_peer": ("这台电脑在一个虚拟专网里，网里的别的设备可绕过店里的网络连进来", "This PC is in a private network over the internet; its other machines can come in past the site's network", "low"),
    "weak_sign_in": ("登录保护被放宽：不用密码、只凭密码的散列或不经网络验证就能从远处登录", "Sign-in was weakened: others can come in with no password, with its hash alone, or before they are checked", "medium"),
    "changed_program": ("软件包里的程序或库被改过，与包里的不再一样", "Programs or libraries of packages were changed since they were installed", "medium"),
    "odd_account": ("有账号带着不该有的权限：和 root 一样的编号，或服务账号能登录", "An account has what it should not: the number of root, or a shell for a service", "medium"),
    "root_without_password": ("有账号不用密码就能以 root 运行命令", "An account runs commands as root without a password", "low"),
    "port_proxy": ("注册表里加了端口转发", "A port forward was written to the registry", "medium"),
}  # fmt: skip


def settings(case: Case) -> Iterator[Finding]:
    """Yield system settings that give others access."""
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


_NAMED = {
    "antivirus_exclusion",
    "spool_moved",
    "spool_shared",
    "ssh_key",
    "ssh_key_administrator",
    "jobs_kept",
    "jobs_saved",
    "rdp_service_dll",
    "ssh_keys_elsewhere",
    "unpackaged",
    "interceptor_root",
    "tunnel_peer",
    "weak_sign_in",
    "changed_program",
    "odd_account",
    "root_without_password",
}


def _named(name: str, rows: list[Observation], colon: str, comma: str) -> str:
    """Return a text that names the objects of a setting, for settings that a user must find on the PC."""
    if name not in _NAMED:
        return ""
    return colon + comma.join(dict.fromkeys(each.command for each in rows[:5]))


def forwards(case: Case) -> Iterator[Finding]:
    """Yield port forwards: they bypass the firewall, most often to remote desktop."""
    rows = case.of("port_forward")
    rows += [
        each
        for each in case.of("program_run", "service", "task", "autorun", "script")
        if is_forward(each.command)
    ]
    if not rows:
        return
    facts = [fact(each, "port_forward") for each in rows]
    to_rdp = any(re.search(r"3389|-R\s", each.command) for each in rows)
    tunnelled = [
        fact(each, "loopback_session")
        for each in case.of("session_start", "session_trace")
        if is_this_pc(each.origin)
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


def traffic_drivers(case: Case) -> Iterator[Finding]:
    """Yield drivers that let a program capture packets or USB traffic."""
    groups: dict[str, list[Observation]] = defaultdict(list)
    for seen in case.of("service", "service_installed"):
        names = {seen.name.lower(), base_name(seen.path).removesuffix(".sys")}
        if any(fnmatch(name, each) for name in names for each in system_parts().interceptor_drivers):
            groups[seen.name.lower()].append(seen)
    for rows in groups.values():
        path = next((each.path for each in rows if "\\" in each.path), rows[0].path)
        yield Finding(
            kind="traffic_driver",
            tool=rows[0].name,
            severity="medium",
            confidence=0.7,
            time=min((each.time for each in rows if each.time), default=None),
            detail_zh=f"装有能截取网络或 USB 数据的驱动“{rows[0].name}”（{path}）。抓包、加速软件也会装它；请确认是谁装的。",
            detail_en=f"Driver “{rows[0].name}” ({path}) can take packets or USB data. Capture tools and accelerators bring it too: ask who installed it.",
            facts=tuple(fact(each, f"{each.kind}:traffic_driver") for each in rows[:10]),
        )


_MAX_SERVERS = 30


def servers_outside(case: Case) -> Iterator[Finding]:
    """Yield settings with an outside server: for monitoring or copies, or of a program that starts or connects."""
    groups: dict[str, list[Observation]] = defaultdict(list)
    for seen in case.of("setting"):
        if seen.name == "server_outside":
            groups[seen.file].append(seen)
    starts = case.of("service", "service_installed", "task", "autorun", "program_run")
    named = {file for file, rows in groups.items() if all("named" in each.marks for each in rows)}
    for file, rows in sorted(groups.items(), key=lambda each: each[0] in named)[:_MAX_SERVERS]:
        hosts = {each.origin for each in rows}
        folder = rows[0].path[: len(rows[0].path) - len(base_name(rows[0].path))]
        tools = [
            match.tool
            for match in case.catalogue.match(
                msgspec.structs.replace(rows[0], kind="program_seen", command="")
            )
            if not match.weak
        ]
        seconds = [
            fact(each, f"{each.kind}:same_folder")
            for each in starts
            if folder.strip("\\/") and each.path.startswith(folder)
        ][:3]
        seconds += [
            fact(each, "connection:same_server") for each in case.of("connection") if each.origin in hosts
        ][:3]
        if not seconds and not tools and file in named:
            continue
        copies = any("copies" in each.marks for each in rows)
        facts = [*(fact(each, "setting:server_outside") for each in rows[:10]), *seconds]
        told = "、".join(dict.fromkeys(each.command for each in rows[:4]))
        tool = next((each.name for each in tools if each.kind not in {"client", "print_component"}), "")
        yield Finding(
            kind="server_outside",
            tool=tool,
            severity=capped("medium" if seconds or copies or tool else "low", facts),
            confidence=0.6 if seconds else 0.4,
            time=None,
            source=rows[0].origin,
            detail_zh=f"{f'“{tool}”的' if tool else ''}设置文件 {file} 里写着店外的服务器（{told}）{'，看来会把内容另送一份' if copies else ''}。请确认这是谁的服务器。",
            detail_en=f"The settings file {file}{f' of “{tool}”' if tool else ''} names a server outside the site ({told}){', it seems for copies' if copies else ''}. Ask whose it is.",
            facts=tuple(facts),
        )


def told_to_record(case: Case) -> Iterator[Finding]:
    """Yield settings and logs of programs that name the spool, or that record screens, keys or prints."""
    groups: dict[tuple[str, str], list[Observation]] = defaultdict(list)
    for seen in case.of("setting"):
        if seen.name in {"names_spool", "records_work"}:
            groups[seen.name, seen.file].append(seen)
    servers = defaultdict(list)
    for seen in case.of("setting"):
        if seen.name == "server_outside" and "named" not in seen.marks:
            servers[seen.file].append(seen)
    for (name, file), rows in list(groups.items())[:_MAX_SERVERS]:
        spool = name == "names_spool"
        facts = [fact(each, f"setting:{name}") for each in rows] + [
            fact(each, "setting:server_outside") for each in servers[file][:3]
        ]
        copies = bool(servers[file]) or (spool and any(each.marks for each in rows))
        told = "、".join(dict.fromkeys(each.command for each in rows[:3]))
        yield Finding(
            kind=name,
            tool=base_name(file),
            severity="medium" if copies else "low",
            confidence=0.6 if copies else 0.4,
            time=None,
            source=servers[file][0].origin if servers[file] else "",
            detail_zh=f"文件 {file} {'里写着打印队列或打印组件的文件夹' if spool else '的设置要记录屏幕、按键或打印内容'}{'，看来会把内容送往别处' if copies else ''}：{told}。",
            detail_en=f"{file} {'names the folder of the spool or of the print component' if spool else 'has a program record screens, keys or prints'}{'; it seems that they are sent elsewhere' if copies else ''}: {told}.",
            facts=tuple(facts[:20]),
        )


def openings(case: Case) -> Iterator[Finding]:
    """Yield ways in for others: firewall rules for everything or for unusual programs, and SSH servers."""
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
        odd = allows and (
            is_hidden_place(seen.path) or (is_user_writable(seen.path) and seen.time is not None)
        )
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
    """Yield the findings of the antivirus and of the user's own YARA and Sigma rules, with the rule's author."""
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
