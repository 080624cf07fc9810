"""Rules for acts that command lines reveal, whatever the program's name: record, intercept, relay, copy outside."""

import re
from collections import defaultdict
from collections.abc import Iterator

import msgspec

from waybillguard.events.shared import Finding
from waybillguard.sensor.case import Case, capped, fact, independent
from waybillguard.sensor.observation import Observation
from waybillguard.sensor.parts import Act, acts_of, is_own_place, system_parts
from waybillguard.sensor.paths import (
    WEB_PORTS,
    base_name,
    is_hidden_place,
    is_installed_place,
    is_outside,
    is_renamed_shell,
    is_shell,
    is_this_pc,
    outside_address,
    runs_odd_script,
    script_of,
)
from waybillguard.sensor.rules.print_stream import SPOOLERS

_STARTING = ("autorun", "service", "service_installed", "task")
_COPIERS = re.compile(
    r"\b(?:x?copy|robocopy|move|rsync|scp|sftp|pscp|winscp|curl|wget|l?ftp|tftp|bitsadmin|start-bitstransfer|net\s+use|copy-item"
    r"|requests\.(?:post|put)|urlopen|httpclient|webclient|axios|ftplib|paramiko|smtplib|xmlhttp\w*|winhttp\w*|invoke-(?:webrequest|restmethod)|iwr|irm|uploadfile|uploadstring|smbclient|nc|ncat|socat|rclone|sendmail|mutt|send-mailmessage)\b",
    re.IGNORECASE,
)
_UPLOADS = re.compile(
    r"\s(?:-T|-F|-d|--data\S*|--form\S*|--upload-file|--post-file\S*|-InFile|-Body)\b|\b(?:PUT|POST|upload\w*)\b|/upload", re.IGNORECASE
)  # fmt: skip
_TARGETS = re.compile(
    r"\\\\([\w.-]+)(?:@[\w@]+)?\\|(?<![\w.-])[\w.-]+@\[?([\w.:-]+?)\]?:|\b(https?|ftps?|sftp|rtmps?|davs?|smb|smtps?|mqtts?|wss?|tcp|udp|srt)://(?:[^@/\s]*@)?\[?([\w.-]+)",
    re.IGNORECASE,
)
_LABELS = re.compile(r"spool|\.spl\b|\.prn\b|print\.db|面单|订单|发货|打单|waybill|label", re.IGNORECASE)
_OFTEN_HONEST = {"writes_to_robot", "copies_shadow", "uploads"}
"""Acts that monitoring and backups perform as well; they are severe only if the command names labels or the spool."""
_MAKES_STARTS = {"schtasks.exe", "reg.exe", "sc.exe", "at.exe", "crontab"}


def outside_of(command: str) -> str:
    """Return the destination outside the site to which a command copies something; empty if there is none."""
    if not _COPIERS.search(command):
        return ""
    # A script passes its arguments as a list, each in quotes.
    flat = re.sub(r"[\"',\[\]()]+", " ", command)
    for share, login, scheme, host in _TARGETS.findall(command):
        where = share or login or host
        fetches = scheme.lower().startswith("http") and not _UPLOADS.search(flat)
        if (is_outside(where) or (_UPLOADS.search(flat) and _is_public_name(where))) and not fetches:
            return str(where)
    return ""


_INSIDE_NAMES = re.compile(
    r"\.(?:local|lan|home|internal|corp|localdomain|intranet|arpa|test)$", re.IGNORECASE
)


def _is_public_name(host: str) -> bool:
    """Return whether a host is a public name and not one of the platforms that legitimately receive labels."""
    low = host.lower()
    return (
        re.fullmatch(r"(?:[\w-]+\.)+[a-z]{2,}", low) is not None
        and not _INSIDE_NAMES.search(low)
        and not any(low == each or low.endswith(f".{each}") for each in system_parts().label_domains)
    )


def acts(case: Case) -> Iterator[Finding]:
    """Yield programs whose command line reveals that they record, intercept, relay, or disable protection."""
    groups: dict[tuple[str, str], list[Observation]] = defaultdict(list)
    known: dict[str, Act] = {}
    for seen in case.of(*_STARTING, "program_run", "port_forward", "script"):
        for act in acts_of(seen.command):
            known[act.code] = act
            groups[act.code, base_name(seen.path or seen.name)].append(seen)
    for (code, program), rows in groups.items():
        act = known[code]
        facts = [fact(each, f"{each.kind}:{act.code}") for each in rows]
        where = next(
            (host for each in rows for *_, host in _TARGETS.findall(each.command) if is_outside(host)), ""
        )
        starts = any(each.kind in _STARTING for each in rows)
        honest = code in _OFTEN_HONEST and not any(_LABELS.search(each.command) for each in rows)
        grave = bool(where) and starts and independent(facts) > 1 and not honest
        yield Finding(
            kind="command_act",
            tool=program,
            severity=capped("high" if grave else "medium", facts),
            confidence=0.75 if starts else 0.6,
            time=min((each.time for each in rows if each.time), default=None),
            account=next((each.account for each in rows if each.account), ""),
            source=where,
            detail_zh=f"程序“{program}”的命令行表明：{act.zh}{'，并连到店外的 ' + where if where else ''}（{_excerpt(act, rows[0].command)}）。",
            detail_en=f"The command line of “{program}” says that {act.en}{', and sends to ' + where + ' outside' if where else ''} ({_excerpt(act, rows[0].command)}).",
            facts=tuple(facts[:20]),
        )


def _excerpt(act: Act, command: str) -> str:
    """Return the part of a command that reveals the act."""
    found = act.pattern.search(command)
    start = max(found.end() - 160, 0) if found else 0
    return command[start : start + 200]


def copies_outside(case: Case) -> Iterator[Finding]:
    """Yield commands that copy files outside the site; copies of print jobs and orders are more severe."""
    groups: dict[str, list[Observation]] = defaultdict(list)
    scripts: dict[str, list[Observation]] = defaultdict(list)
    for seen in case.of(*_STARTING, "program_run", "script"):
        where = outside_of(seen.command)
        if where:
            groups[where].append(seen)
        elif seen.kind == "script":
            scripts[seen.file].append(seen)
    for rows in scripts.values():  # the address and the upload may be in different lines
        whole = "\n".join(each.command for each in rows)[:_MAX_SCRIPT]
        where = outside_of(whole)
        if where and where not in groups:
            groups[where].append(
                msgspec.structs.replace(
                    next((each for each in rows if where in each.command), rows[0]), command=_about(whole)
                )
            )
    for where, rows in groups.items():
        facts = [fact(each, f"{each.kind}:copies_outside") for each in rows]
        labels = any(_LABELS.search(each.command) for each in rows)
        spool = any("spool" in each.command.lower() for each in rows)
        yield Finding(
            kind="copies_outside",
            tool=rows[0].name,
            severity=capped(
                "high"
                if spool and independent(facts) > 1
                else "medium"
                if labels or is_outside(where)
                else "low",
                facts,
            ),
            confidence=0.8 if labels else 0.6,
            time=min((each.time for each in rows if each.time), default=None),
            account=next((each.account for each in rows if each.account), ""),
            source=where,
            detail_zh=f"有命令把文件复制到店外的 {where}{'，看来是订单或打印内容' if labels else ''}：{rows[0].command[:200]}。",
            detail_en=f"A command copies files to {where} outside the site{', by its name orders or print jobs' if labels else ''}: {rows[0].command[:200]}.",
            facts=tuple(facts[:20]),
        )


_MAX_SCRIPT = 40_000


def _about(whole: str) -> str:
    """Return the lines of a script that mention addresses or labels."""
    return " ; ".join(
        line
        for line in whole.splitlines()
        if _TARGETS.search(line) or _LABELS.search(line) or _UPLOADS.search(f" {line}")
    )[:1000]


def told_addresses(case: Case) -> Iterator[Finding]:
    """Yield autostarts and running programs whose command names an address outside the site."""
    known = {(seen.file, seen.record) for rows in case.by_tool.values() for seen, _ in rows}
    groups: dict[tuple[str, str], list[Observation]] = defaultdict(list)
    for seen in case.of(*_STARTING, "program_run", "script"):
        where = outside_address(seen.command)
        if where and (seen.file, seen.record) not in known:
            groups[base_name(seen.path or seen.name), where].append(seen)
    for (program, where), rows in list(groups.items())[:_MAX_TALKERS]:
        facts = [fact(each, f"{each.kind}:address_outside") for each in rows[:10]]
        starts = any(each.kind in _STARTING for each in rows)
        yield Finding(
            kind="address_outside",
            tool=program,
            severity=capped("medium" if starts and not is_installed_place(rows[0].path) else "low", facts),
            confidence=0.5,
            time=min((each.time for each in rows if each.time), default=None),
            account=next((each.account for each in rows if each.account), ""),
            source=where,
            detail_zh=f"“{rows[0].name or program}”{'会自动运行，' if starts else ''}命令里写着店外的地址 {where}：{rows[0].command[:200]}。请确认这是谁的服务器。",
            detail_en=f"The command of “{rows[0].name or program}”{', which starts by itself,' if starts else ''} names {where} outside the site: {rows[0].command[:200]}. Ask whose server it is.",
            facts=tuple(facts),
        )


def hidden_programs(case: Case) -> Iterator[Finding]:
    """Yield programs and scripts in places where programs are not installed and users do not look."""
    groups: dict[str, list[Observation]] = defaultdict(list)
    for seen in case.of("program_seen", "program_run"):
        if is_hidden_place(seen.path) and not _PASSING.search(seen.path) and _RUNS_ITSELF.search(seen.path):
            groups[seen.path].append(seen)
    for path, rows in list(groups.items())[:_MAX_TALKERS]:
        yield Finding(
            kind="hidden_program",
            tool=base_name(path),
            severity="low",
            confidence=0.4,
            time=min((each.time for each in rows if each.time), default=None),
            detail_zh=f"程序或脚本“{path}”放在不装程序、也不易看到的位置。请确认是谁放的。",
            detail_en=f"“{path}” lies where programs are not installed and people do not look. Ask who put it there.",
            facts=tuple(fact(each, f"{each.kind}:hidden_place") for each in rows[:10]),
        )


_PASSING = re.compile(
    r"[\\/](?:te?mp|\.cache|\.config|\.local|\.mozilla|\.vscode\w*|\.npm|\.git|\.wine|\.steam|package cache)[\\/]",
    re.IGNORECASE,
)
_RUNS_ITSELF = re.compile(
    r"\.(?:exe|dll|sys|scr|com|ps1|vbs|vbe|js|hta|bat|cmd|py|sh|so|jar)$|^/(?:.*/)?[^./]+$", re.IGNORECASE
)


def odd_runs(case: Case) -> Iterator[Finding]:
    """Yield suspicious runs: hidden scripts, autostarts created for them, shells started from documents."""
    groups: dict[tuple[str, str], list[Observation]] = defaultdict(list)
    for seen in case.of("program_run"):
        what = odd_run(seen)
        if what:
            groups[what, script_of(seen.command) or base_name(seen.path)].append(seen)
    for (what, program), rows in groups.items():
        zh, en = _RUNS[what]
        facts = [fact(each, f"program_run:{what}") for each in rows]
        yield Finding(
            kind="odd_run",
            tool=program,
            severity="medium",
            confidence=0.6,
            time=rows[0].time,
            account=rows[0].account,
            detail_zh=f"{zh}：{rows[0].command[:200]}。",
            detail_en=f"{en}: {rows[0].command[:200]}.",
            facts=tuple(facts[:20]),
        )


_RUNS = {
    "office_shell": ("表格或文档程序启动了命令行，像是宏在做事", "A shell was started by an office program, as a macro does"),
    "renamed_shell": ("系统自带的命令行工具被改了名在运行", "A tool of Windows was run under another name"),
    "unseen_script": ("有人不显示窗口地运行了脚本，脚本放在谁都能改的位置", "A script was run unseen from a place that anybody can write to"),
    "made_start": ("有命令让这样的脚本以后自动运行", "A command made such a script start by itself"),
}  # fmt: skip


def odd_run(seen: Observation) -> str:
    """Return the code of what is suspicious about one run; empty if nothing is."""
    program = base_name(seen.path or seen.name)
    if is_shell(program) and seen.origin_name in system_parts().office_programs:
        return "office_shell"
    if is_renamed_shell(seen.path, seen.original):
        return "renamed_shell"
    if not seen.command or "\\temp\\" in seen.command.lower() or not runs_odd_script(seen.command):
        return ""
    if program in _MAKES_STARTS:
        return "made_start"
    unseen = re.search(r"\s-w\w*\s+(?:h\w*|1)\b|\\users\\public\\|\\perflogs\\", seen.command, re.IGNORECASE)
    return "unseen_script" if is_shell(program) and unseen else ""


def hidden_talkers(case: Case) -> Iterator[Finding]:
    """Yield shells and programs in hidden places with a connection outside the site."""
    groups: dict[str, list[Observation]] = defaultdict(list)
    for seen in case.of("connection"):
        hidden = is_hidden_place(seen.path) and "\\appdata\\local\\temp\\" not in seen.path
        if is_outside(seen.origin) and (hidden or is_shell(seen.path or seen.name)):
            groups[seen.path or seen.name].append(seen)
    for program, rows in groups.items():
        yield Finding(
            kind="hidden_talker",
            tool=base_name(program),
            severity="medium",
            confidence=0.65,
            time=rows[0].time,
            account=rows[0].account,
            source=rows[0].origin,
            detail_zh=f"程序“{program}”正连着店外的 {rows[0].origin}；这样的程序一般不该上网。",
            detail_en=f"“{program}” is connected to {rows[0].origin} outside the site; such a program rarely needs to be.",
            facts=tuple(fact(each, "connection:outside") for each in rows[:20]),
        )


def own_talkers(case: Case) -> Iterator[Finding]:
    """Yield unknown programs with outside connections or open ports, in user folders or started automatically."""
    known = {(seen.file, seen.record) for rows in case.by_tool.values() for seen, _ in rows}
    groups: dict[str, list[Observation]] = defaultdict(list)
    for seen in case.of("connection", "listener"):
        if (seen.file, seen.record) not in known and _is_unusual_connection(case, seen):
            groups[seen.path or seen.name].append(seen)
    for program, rows in list(groups.items())[:_MAX_TALKERS]:
        starts = _starts_of(case, rows[0])
        facts = [fact(each, f"{each.kind}:outside") for each in rows[:10]] + [
            fact(each, f"{each.kind}:starts") for each in starts[:5]
        ]
        out = next((each for each in rows if each.kind == "connection"), rows[0])
        where = f"{out.origin}:{out.port}"
        yield Finding(
            kind="own_talker",
            tool=base_name(program),
            severity=capped(
                "medium" if starts and is_own_place(rows[0].path) and out.kind == "connection" else "low",
                facts,
            ),
            confidence=0.4,
            time=rows[0].time,
            account=rows[0].account,
            source=out.origin if out.kind == "connection" else "",
            detail_zh=f"程序“{program}”{'连着店外的' if out.kind == 'connection' else '在等别的电脑连进来：'} {where}{'，而且会自动启动' if starts else ''}。请确认是谁装的。",
            detail_en=f"“{program}” {'is connected outside to' if out.kind == 'connection' else 'waits for other PCs at'} {where}{' and starts by itself' if starts else ''}. Ask who installed it.",
            facts=tuple(facts),
        )


def _is_unusual_connection(case: Case, seen: Observation) -> bool:
    """Return whether an outside connection or an open port is unusual enough to report."""
    program = seen.path or seen.name
    usual = base_name(program) in SPOOLERS | system_parts().programs or program.startswith("c:\\windows\\")
    if not program or usual or not seen.origin or is_this_pc(seen.origin):
        return False
    if seen.kind == "listener":
        return is_own_place(seen.path)
    rare = seen.port not in WEB_PORTS | _OFTEN_USED or seen.path.startswith(("/usr/local/", "/opt/"))
    return is_outside(seen.origin) and (is_own_place(seen.path) or (rare and bool(_starts_of(case, seen))))


_MAX_TALKERS = 40
_OFTEN_USED = frozenset({25, 53, 110, 123, 143, 465, 587, 993, 995, 5222, 8080, 8443})
"""Ports of mail, DNS, time and chat."""


def _starts_of(case: Case, seen: Observation) -> list[Observation]:
    """Return the autostarts of a program, matched by its path, or by its name if the path is unknown."""
    by_path = [each for kind in _STARTING for each in case.with_path(kind, seen.path)] if seen.path else []
    if by_path or "\\" in seen.path:
        return by_path
    name = base_name(seen.path or seen.name)
    return [each for kind in _STARTING for each in case.with_file_name(kind, name)] if len(name) > 3 else []  # noqa: PLR2004 - shorter names are many programs'
