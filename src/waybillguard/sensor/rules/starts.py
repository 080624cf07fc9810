"""Rules for autostarts that no installer creates in this form: services, tasks, start entries, scripts."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import islice

from waybillguard.events.shared import Fact, Finding
from waybillguard.sensor.case import NEAR, Case, capped, fact, independent, near
from waybillguard.sensor.observation import Observation
from waybillguard.sensor.paths import (
    WEB_PORTS,
    base_name,
    is_hidden_place,
    is_installed_place,
    is_outside,
    is_shell,
    is_this_pc,
    is_user_writable,
    library_of,
    runs_odd_script,
    script_of,
    started_files,
)

MAX_STARTS = 300
"""Maximum number of odd starts to report; a flood of more adds no information."""
MAX_ROWS = 10
"""Starts shown per program, to leave room for the other facts."""
_NAME = 4
"""Shortest service name to look for in command lines; a shorter one occurs in any."""
_SVCHOST_HOME = re.compile(r"^c:\\(?:windows|program files|program files \(x86\)|programdata\\microsoft)\\")
_ENCODED = re.compile(
    r"\s-e(?:nc|ncodedcommand)?\s+[A-Za-z0-9+/=]{40,}|frombase64string|downloadstring|\biex\b", re.IGNORECASE
)
_SYSTEM_SERVICES = re.compile(r"^mpksl|^wdnis|^mssecflt", re.IGNORECASE)


def odd_starts(case: Case) -> Iterator[Finding]:
    """Yield services, tasks and autostarts that no installer creates in this form; known tools have their own rule."""
    known = {(seen.file, seen.record) for rows in case.by_tool.values() for seen, _ in rows}
    groups: dict[str, list[tuple[Observation, tuple[str, str]]]] = defaultdict(list)
    for seen in case.of("service_installed", "service", "task", "autorun"):
        reason = oddity(seen) or _after_usb(case, seen) or _reached_at_night(case, seen)
        if reason and (seen.file, seen.record) not in known:
            groups[f"{seen.name.lower()}"].append((seen, reason))
    for rows in islice(groups.values(), MAX_STARTS):
        seen, reason = rows[0]
        facts = [fact(each, f"{each.kind}:{why[0]}") for each, why in rows[:MAX_ROWS]]
        facts += [fact(each, f"{each.kind}:lets_in") for each in lets_in(case, seen.path)][:5]
        facts += [fact(each, "connection:outside") for each in talks_outside(case, seen.path)][:5]
        facts += [
            fact(each, "safe_boot") for each in _safe_boots(case) if each.name.lower() == seen.name.lower()
        ][:5]
        facts += _witnesses(case, seen)
        grave = reason[0] in _GRAVE_ODDITIES and not _is_driver(seen)
        grave = grave or (
            reason[0] not in {"lets_in_at_night", "safe_at_night", "talks_at_night"}
            and any(each.fact in _GRAVE_WITNESSES for each in facts)
        )
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
            facts=tuple(facts),
        )


def _program_of(seen: Observation, form: str) -> str:
    """Return the program or script, in addition to the name of its autostart."""
    program = (
        script_of(seen.command) or base_name(library_of(seen.command)) if is_shell(seen.path) else ""
    ) or base_name(seen.path)
    return form.format(program) if program and program not in seen.name.lower() else ""


_ENGLISH = {
    "subscription": "a subscription to system events starts it",
    "script": "it runs a script from a place that anybody at the PC can write to, or from the network",
    "after_usb": "it was set up outside the shift, around a USB disk",
    "lets_in_at_night": "it was set up outside the shift and lets other PCs in",
    "safe_at_night": "it was set up outside the shift and starts even in safe mode",
    "talks_at_night": "it was set up outside the shift and is connected to an address outside the site",
    "odd_library": "rundll32 or regsvr32 loads a library from outside the folders of programs",
    "start_value": "a value that Windows rarely uses starts a program from outside the folders of programs",
    "script_in_data": "it runs a script from a folder for data",
    "on_print": "every print job starts it",
    "posing": "it lies among Windows' own tasks and a person's account made it",
    "drop_in": "it hangs on another service's settings, and no package brings it",
    "udev": "it is started whenever a device is plugged in, and no package brings it",
    "startup_file": "a script or program lies in the Startup folder",
    "shell": "the service is a command line, not a program",
    "no_folder": "the program has no folder",
    "hidden_place": "the program lies where programs are not installed",
    "hidden_target": "what it runs lies in a hidden folder",
    "user_writable": "anybody at the PC can replace the program",
    "foreign_library": "a library from outside the system runs inside a system process",
    "encoded": "the command is hidden or fetched from the network",
}


_GRAVE_ODDITIES = {
    "on_print",
    "subscription",
    "script",
    "shell",
    "no_folder",
    "hidden_place",
    "encoded",
    "foreign_library",
}
_GRAVE_WITNESSES = {"log_cleared_near", "sign_in_out_of_shift"}
"""Facts that can make a service in a user folder severe; much ordinary software runs services from there."""


def oddity(seen: Observation) -> tuple[str, str] | None:
    """Return the first odd property of an autostart, as a code and in Chinese."""
    found = next(((code, zh) for code, zh, test in _ODDITIES if test(seen)), None)
    if found or (seen.marks and not {"start_value", "udev"}.isdisjoint(seen.marks)):
        return found
    if seen.kind.startswith("service") and (odd := _service_oddity(seen)) is not None:
        return odd
    if is_hidden_place(seen.path):
        return "hidden_place", "程序放在不装程序的位置"
    hidden = any(is_hidden_place(each) for each in started_files(seen.path, seen.command))
    return ("hidden_target", "运行的文件放在不易看到的文件夹里") if hidden else None


def _loads_odd_library(seen: Observation) -> bool:
    library = library_of(seen.command) if base_name(seen.path) in {"rundll32.exe", "regsvr32.exe"} else ""
    return "\\" in library and not is_installed_place(library)


def _is_elsewhere(seen: Observation) -> bool:
    return any(
        bool(re.match(r"[a-z]:\\|\\\\|/|%h/", each))
        and not is_installed_place(each)
        and not each.rstrip("\\").endswith("\\start menu\\programs\\startup")
        for each in started_files(seen.path, seen.command)
    )


def _runs_script(seen: Observation) -> bool:
    """Return whether an autostart runs a shell, or a script that Windows passes to its shell."""
    return is_shell(seen.path) or (bool(seen.path) and seen.path == script_of(seen.path))


_DATA = ("c:\\programdata\\", "%programdata%")
_ODDITIES: tuple[tuple[str, str, Callable[[Observation], bool]], ...] = (
    ("on_print", "每打印一份就会启动", lambda seen: "on_print" in seen.marks),
    ("posing", "放在 Windows 自带任务的文件夹里，却是某个账号建的", lambda seen: "posing" in seen.marks),
    (
        "drop_in",
        "附加在另一个服务的设置里，又不属于任何软件包",
        lambda seen: "drop_in" in seen.marks and _is_elsewhere(seen),
    ),
    ("encoded", "命令经过编码，或从网上下载后执行", lambda seen: bool(_ENCODED.search(seen.command))),
    ("subscription", "由系统事件订阅（WMI）启动", lambda seen: "subscription" in seen.marks),
    ("startup_file", "启动文件夹里放着脚本或程序", lambda seen: "startup" in seen.marks),
    ("odd_library", "加载的库不在系统或程序文件夹里", _loads_odd_library),
    (
        "start_value",
        "由很少用到的启动项启动，程序不在程序文件夹里",
        lambda seen: "start_value" in seen.marks and _is_elsewhere(seen),
    ),
    (
        "udev",
        "一插设备就会启动，又不属于任何软件包",
        lambda seen: "udev" in seen.marks and _is_elsewhere(seen),
    ),
    (
        "script",
        "运行的脚本放在谁都能改的位置，或来自网上",
        lambda seen: _runs_script(seen) and runs_odd_script(seen.command),
    ),
    (
        "script_in_data",
        "运行的脚本放在存数据的文件夹里",
        lambda seen: _runs_script(seen) and script_of(seen.command).startswith(_DATA),
    ),
)


def _after_usb(case: Case, seen: Observation) -> tuple[str, str] | None:
    """Return the reason if a service was installed outside the shift within an hour of a USB disk, else None.

    The disk itself is a separate fact.
    """
    if seen.kind != "service_installed" or not case.out_of_shift(seen.time):
        return None
    if (
        not near(case.of("usb_storage"), seen)
        or _SYSTEM_SERVICES.search(seen.name)
        or _is_system_file(seen.path)
    ):
        return None
    return "after_usb", "班次外插入 U 盘前后装上的"


def _reached_at_night(case: Case, seen: Observation) -> tuple[str, str] | None:
    """Return the reason if a start created outside the shift lets others in, runs in safe mode or connects outside."""
    made = seen.kind == "service_installed" or "created" in seen.marks or seen.kind == "autorun"
    if not made or not seen.record.isdigit() or not case.out_of_shift(seen.time):
        return None
    if not seen.path or _is_system_file(seen.path) or is_shell(seen.path):
        return None
    if lets_in(case, seen.path):
        return "lets_in_at_night", "班次外装上的，而且允许别的电脑连进来"
    if any(each.name.lower() == seen.name.lower() for each in _safe_boots(case)):
        return "safe_at_night", "班次外装上的，而且连安全模式下也会启动"
    if talks_outside(case, seen.path):
        return "talks_at_night", "班次外装上的，而且连着店外的地址"
    return None


def lets_in(case: Case, path: str) -> list[Observation]:
    """Return the ways for others to reach a program: firewall rules, and ports open to more than this PC."""
    name = base_name(path)
    rules = [each for each in case.with_path("firewall_rule", path) if "action=3" in each.command]
    ports = case.with_file_name("listener", name) if name else []
    return rules + [each for each in ports if not is_this_pc(each.origin)]


def _safe_boots(case: Case) -> list[Observation]:
    return [each for each in case.of("autorun") if "safe_boot" in each.marks]


def talks_outside(case: Case, path: str) -> list[Observation]:
    """Return a program's connections outside the site on non-web ports."""
    name = base_name(path)
    return [
        each
        for each in (case.with_file_name("connection", name) if name else [])
        if each.port not in WEB_PORTS and is_outside(each.origin) and each.path in {path, ""}
    ]


def _is_system_file(path: str) -> bool:
    return path.startswith(("c:\\windows\\", "c:\\programdata\\microsoft\\"))


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
    """Return facts that make a service severe: logs cleared nearby, the command that created it, a run at night."""
    out = []
    for seen in case.of("log_cleared"):
        if (
            seen.time
            and service.time
            and abs(seen.time - service.time) < NEAR
            and service.kind == "service_installed"
        ):
            out.append(fact(seen, "log_cleared_near"))
            break
    name = service.name.lower()
    for seen in case.of("program_run", "share_access", "program_seen"):
        made = (
            len(name) >= _NAME
            and base_name(seen.path) in {"sc.exe", "net.exe", "powershell.exe", "cmd.exe"}
            and f" {name}" in seen.command.lower()
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
            fact(seen, "sign_in_out_of_shift") for seen in near(case.of("sign_in", "usb_storage"), service)
        ][:3]
    return out[:8]
