"""Rules for hooks between user and system: sign-in back doors, loaded libraries, filters, programs posing as Windows'.

Known parts are data (``data/system_parts.yaml``). One record makes a finding to review; two records and an unusual
place make a severe one.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from fnmatch import fnmatch

from waybillguard.events.shared import Fact, Finding
from waybillguard.sensor.case import Case, capped, fact, independent
from waybillguard.sensor.observation import Observation
from waybillguard.sensor.parts import is_odd_library_place, is_own_place, system_parts
from waybillguard.sensor.paths import base_name, is_hidden_place, is_outside, is_user_writable

_TWO = 2
#: Programs of the sign-in screen that anybody can start without signing in.
_BEFORE_SIGN_IN = {
    "sethc.exe",
    "utilman.exe",
    "osk.exe",
    "magnify.exe",
    "narrator.exe",
    "displayswitch.exe",
    "atbroker.exe",
}
_SYSTEM_HOME = re.compile(
    r"^(?:c:)?\\windows\\(?:system32|syswow64|winsxs|servicing|immersivecontrolpanel|systemapps|softwaredistribution)\\"
    r"|^(?:c:)?\\windows\\explorer\.exe$|\\windows\.old\\|^(?:c:)?\\\$windows\.~bt\\"
)
_HOOKS = {
    "keyboard_filter": ("键盘驱动上挂了陌生的过滤驱动，按键会先经过它", "An unknown filter sits on the keyboard; every key passes through it"),
    "printer_filter": ("打印机设备上挂了陌生的过滤驱动，打印内容会先经过它", "An unknown filter sits on the printers; what is printed passes through it"),
    "usb_filter": ("USB 上挂了陌生的过滤驱动，发往 USB 打印机的内容和按键都会先经过它", "An unknown filter sits on USB; what goes to USB printers and what is typed passes through it"),
    "print_provider": ("打印系统里多了一个陌生的打印提供程序", "An unknown print provider was added to the print system"),
    "every_program": ("有一个陌生的库被装进每个程序", "An unknown library is loaded into every program"),
    "preload": ("有一个陌生的库被装进程序（LD_PRELOAD），打印内容和按键都能看到", "An unknown library is loaded into programs (LD_PRELOAD); it can see what is printed and typed"),
    "network_provider": ("登录时的网络提供程序里多了一个陌生的模块，可看到密码", "An unknown network provider was added; it sees passwords at sign-in"),
    "com_class": ("当前用户的注册表把系统的一个组件换成了陌生的库", "One user's registry puts an unknown library in place of a component of Windows"),
    "print_library": ("打印服务里装进了一个不在系统文件夹里的库，打印内容会经过它", "A library from outside the system's folders was loaded into the print service"),
    "verifier": ("有一个库经“程序校验”设置装进别的程序", "A library is loaded into a program by its verifier settings"),
    "verifier_spooler": ("有一个库经“程序校验”设置装进打印服务，打印内容会经过它", "A library is loaded into the print service by its verifier settings; jobs pass through it"),
    "input_method": ("有一个输入法的程序放在系统文件夹以外，每个按键都经过它", "An input method lies outside the system's folder; every key passes through it"),
    "borrowed_library": ("程序从自己的文件夹装进了一个没有签名、却用系统名字的库", "A program took an unsigned library under a name of Windows from its own folder"),
    "machine_class": ("系统的一个组件由个人文件夹里的陌生库提供", "A component for all users is a library in a person's folder"),
    "foreign_library": ("有程序装进了一个没有签名、放在个人文件夹里的库", "A program took an unsigned library from a person's folder"),
    "injected": ("有陌生程序把代码放进别的程序里运行", "An unknown program put code into another program"),
    "lsa_package": ("登录验证里多了一个陌生的模块，可看到密码", "An unknown package sits in the sign-in service; it can see passwords"),
}  # fmt: skip


def hooks(case: Case) -> Iterator[Finding]:
    """Yield unknown libraries and drivers that Windows loads into sign-in, programs or device stacks."""
    groups: dict[tuple[str, str], list[Observation]] = defaultdict(list)
    for seen in case.of("hook"):
        if not _is_usual(seen):
            groups[seen.name, base_name(seen.path)].append(seen)
    for (place, library), rows in groups.items():
        facts = [fact(each, f"hook:{place}") for each in rows]
        facts += _same_file(case, library, rows)
        odd = any(is_hidden_place(each.path) or is_user_writable(each.path) for each in rows) or any(
            each.fact.endswith(":odd_place") for each in facts
        )
        zh, en = _HOOKS[place]
        yield Finding(
            kind="system_hook",
            tool=library,
            severity=capped("high" if odd and independent(facts) >= _TWO else "medium", facts),
            confidence=0.75 if odd else 0.5,
            time=min((each.time for each in rows if each.time), default=None),
            detail_zh=f"{zh}：{library}{_about(rows, '（{}）')}。",
            detail_en=f"{en}: {library}{_about(rows, ' ({})')}.",
            facts=tuple(facts[:20]),
        )


def _about(rows: list[Observation], form: str) -> str:
    return form.format(rows[0].command) if rows[0].command else ""


def _is_usual(seen: Observation) -> bool:
    if seen.name == "com_class":  # programs legitimately register their own classes in a user profile
        return not is_odd_library_place(seen.path) and seen.command not in system_parts().taken_classes
    if "\\" in seen.path and not re.search(r"\\windows\\(?:system32|syswow64)\\", seen.path):
        return False
    name = base_name(seen.path)
    return any(
        fnmatch(each, pattern)
        for pattern in system_parts().hooks.get(seen.name, ())
        for each in (name, name.removesuffix(".sys"))
    )


def _same_file(case: Case, library: str, rows: list[Observation]) -> list[Fact]:
    """Return further facts about the same file, including an unusual place."""
    stem = library.partition(".")[0]
    own = {(each.file, each.record) for each in rows}
    out = []
    for seen in case.of("service", "service_installed", "program_seen", "program_run", "autorun"):
        if (seen.file, seen.record) in own or base_name(seen.path).partition(".")[0] != stem:
            continue
        odd = is_hidden_place(seen.path) or is_user_writable(seen.path)
        out.append(fact(seen, f"{seen.kind}:{'odd_place' if odd else 'same_file'}"))
    return out[:8]


def sign_in_doors(case: Case) -> Iterator[Finding]:
    """Yield back doors of sign-in: a debugger on the sign-in screen's tools, an extra Winlogon program."""
    for seen in case.of("autorun"):
        victim = seen.name.lower().removeprefix("debugger of ")
        if seen.name.startswith("Debugger of ") and (victim in _BEFORE_SIGN_IN or is_hidden_place(seen.path)):
            yield _door(
                seen,
                f"登录画面上的工具 {victim} 被换成了“{base_name(seen.path)}”，不用密码就能打开",
                f"The sign-in screen's {victim} was replaced by “{base_name(seen.path)}”, which opens without a password",
            )
        elif seen.name.startswith("Winlogon "):
            yield _door(
                seen,
                f"登录时除系统程序外还会启动“{base_name(seen.path)}”（{seen.name}）",
                f"Signing in also starts “{base_name(seen.path)}” ({seen.name})",
            )


def _door(seen: Observation, zh: str, en: str) -> Finding:
    return Finding(
        kind="sign_in_door",
        tool=base_name(seen.path),
        severity="medium",
        confidence=0.8,
        time=seen.time,
        account=seen.account,
        detail_zh=f"{zh}。",
        detail_en=f"{en}.",
        facts=(fact(seen, "sign_in_door"),),
    )


def borrowed_names(case: Case) -> Iterator[Finding]:
    """Yield programs that have the name of a Windows program but are stored elsewhere."""
    names = system_parts().programs
    groups: dict[str, list[Observation]] = defaultdict(list)
    for seen in case.of("program_run", "program_seen", "service", "service_installed", "autorun", "task"):
        if base_name(seen.path) in names and "\\" in seen.path and not _SYSTEM_HOME.search(seen.path):
            groups[seen.path].append(seen)
    for path, rows in groups.items():
        facts = [fact(each, f"{each.kind}:borrowed_name") for each in rows]
        yield Finding(
            kind="borrowed_name",
            tool=base_name(path),
            severity=capped("high", facts),
            confidence=0.85,
            time=min((each.time for each in rows if each.time), default=None),
            account=next((each.account for each in rows if each.account), ""),
            detail_zh=f"程序“{path}”用了系统程序的名字，但不在系统文件夹里。",
            detail_en=f"“{path}” bears the name of a program of Windows and does not lie in its folder.",
            facts=tuple(facts[:20]),
        )


_KERNEL = re.compile(
    r"^\[?(?:k(?:worker|softirqd|threadd|swapd|compactd|auditd|blockd|devtmpfs)|migration/|rcu_|irq/|scsi_|jbd2)"
)


def posing_threads(case: Case) -> Iterator[Finding]:
    """Yield programs whose file is deleted, or that pose as Linux kernel threads, which have no memory or sockets."""
    groups: dict[str, list[Observation]] = defaultdict(list)
    gone = [each for each in case.of("program_run") if "deleted" in each.marks]
    owners = {each.session for each in gone if is_own_place(each.path) or is_hidden_place(each.path)}
    for seen in case.of("program_run", "connection", "listener"):
        poses = "posing_kernel" in seen.marks or (seen.kind != "program_run" and _KERNEL.match(seen.name))
        if seen.session and (poses or seen.session in owners):
            groups[seen.session].append(seen)
    for session, own in groups.items():
        rows = [*own, *(each for each in gone if each.session == session and each not in own)]
        out = next(
            (each.origin for each in rows if each.kind == "connection" and is_outside(each.origin)), ""
        )
        path = next((each.path for each in rows if each.path.startswith("/")), "")
        name = next((each.command for each in rows if "posing_kernel" in each.marks), "") or rows[0].name
        # An update may replace a running program, so a deleted file alone is never severe.
        posing = any("posing_kernel" in each.marks or _KERNEL.match(each.name) for each in rows)
        facts = [
            fact(each, f"{each.kind}:{'deleted' if 'deleted' in each.marks else 'posing'}") for each in rows
        ]
        yield Finding(
            kind="posing_program",
            tool=base_name(path) or name,
            severity=capped("high" if posing and out and independent(facts) > 1 else "medium", facts),
            confidence=0.85 if posing else 0.6,
            time=min((each.time for each in rows if each.time), default=None),
            account=next((each.account for each in rows if each.account), ""),
            source=out,
            detail_zh=f"程序“{path or name}”冒充系统内核的线程，或者运行后删掉了自己的文件（显示为 {name}）{'，正连着店外的 ' + out if out else ''}。",
            detail_en=f"“{path or name}” poses as a thread of the kernel, or deleted its own file while it runs (shown as {name}){'; it is connected to ' + out + ' outside' if out else ''}.",
            facts=tuple(facts[:20]),
        )
