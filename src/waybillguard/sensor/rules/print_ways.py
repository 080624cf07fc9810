"""Rules for diverted print streams: ports to files or outside, redirected packets, other clients of the component."""

import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import timedelta
from fnmatch import fnmatch

from waybillguard.events.shared import Finding
from waybillguard.sensor.case import Case, capped, fact, independent
from waybillguard.sensor.observation import Observation
from waybillguard.sensor.parts import system_parts
from waybillguard.sensor.paths import (
    base_name,
    is_hidden_place,
    is_installed_place,
    is_outside,
    is_this_pc,
    is_user_writable,
)
from waybillguard.sensor.rules.commands import outside_of
from waybillguard.sensor.rules.print_stream import SPOOLERS, is_ours, print_parts_known

_HERE = re.compile(
    r"(?:^|[\s,_/])(?:127\.0\.0\.1|localhost|\[?::1\]?)(?::(\d+))?(?=$|[\s,:_/])", re.IGNORECASE
)


def looped_printers(case: Case) -> Iterator[Finding]:
    """Yield printers whose network port is a program on this PC, which receives each job before the printer."""
    for seen in case.of("printer"):
        here = _HERE.search(seen.command)
        if here is None:
            continue
        heard = [
            each
            for each in case.of("listener")
            if each.port in _RAW_PORTS and (each.name or each.path) and not is_ours(each)
        ]
        named = rf"(?:127\.0\.0\.1|localhost|0\.0\.0\.0):{here[1]}\b|--?(?:port|listen)[=\s]:?{here[1]}\b"
        if here[1]:
            heard += [
                each
                for each in case.of("service", "autorun", "task", "program_run")
                if re.search(named, each.command) and not is_ours(each)
            ]
        facts = [
            fact(seen, "printer_port_here"),
            *(fact(each, f"{each.kind}:printer_port") for each in heard),
        ]
        odd = any(is_user_writable(each.path) or is_hidden_place(each.path) for each in heard)
        out = next(
            (host for each in heard for host in _ADDRESS.findall(each.command) if is_outside(host)), ""
        )
        program = (
            (heard[0].name if heard[0].kind == "service" else base_name(heard[0].path or heard[0].name))
            if heard
            else ""
        )
        port = here[0].strip(" ,_/")
        yield Finding(
            kind="printer_here",
            tool=program or seen.name,
            severity=capped("high" if odd or out else "medium", facts),
            confidence=0.75,
            time=seen.time,
            account=heard[0].account if heard else "",
            source=out,
            detail_zh=f"打印机“{seen.name}”的端口 {port} 是本机上的程序{f'“{program}”' if program else ''}：每份打印内容先到它手里{f'，并被转到店外的 {out}' if out else ''}。",
            detail_en=f"Printer “{seen.name}” prints to a program on this PC{f' (“{program}”)' if program else ''} at {port}, which gets every job first{f' and sends it to {out} outside' if out else ''}.",
            facts=tuple(facts[:20]),
        )


_ADDRESS = re.compile(r"\b(\d{1,3}(?:\.\d{1,3}){3})\b")
_RAW_PORTS = {9100, 9101, 9102, 515, 631}
_LOCAL_NAMES = re.compile(r"\.(?:local|lan|home|internal|corp|localdomain|arpa)$", re.IGNORECASE)


def remote_printers(case: Case) -> Iterator[Finding]:
    """Yield printer ports on the internet: with a public address, or a name in a public domain."""
    groups: dict[str, list[Observation]] = {}
    for seen in case.of("printer"):
        host = _host(seen.command)
        if host:
            groups.setdefault(host, []).append(seen)
    for host, rows in groups.items():
        yield Finding(
            kind="remote_printer",
            tool=rows[0].name,
            severity="medium",
            confidence=0.7,
            time=rows[0].time,
            account=rows[0].account,
            source=host,
            detail_zh=f"打印端口“{rows[0].name}”指向店外的 {host}，打印内容会发出去。",
            detail_en=f"Printer port “{rows[0].name}” leads to {host} outside the site; what is printed leaves.",
            facts=tuple(fact(each, "printer_port_outside") for each in rows[:10]),
        )


def _host(command: str) -> str:
    """Return the outside host of a printer port; empty if the host is inside or missing."""
    for part in re.split(r"[,\s]+", command):
        share = re.match(r"\\\\([^\\@]+)", part)
        if share and is_outside(share[1]):
            return share[1]
        host = re.sub(r"^(?:\w+://)?(?:[^@/]*@)?(?:IP_)?([^:/]+).*$", r"\1", part)
        if is_outside(host):
            return host
        if (
            re.fullmatch(r"(?:[\w-]+\.)+[A-Za-z]{2,}", host)
            and not _LOCAL_NAMES.search(host)
            and not part.lower().endswith((".prn", ".pdf", ".xps", ".oxps"))
        ):
            return host
    return ""


_INTO_FILE = re.compile(r"^(?:\\\\[^\\]+\\(?:[^\\]+\\.+|[^\\]*\$.*)|[a-z]:\\.+|file:/.+)$", re.IGNORECASE)
_QUIET_FILES = re.compile(r"\.(?:pdf|xps|oxps)$|^file:/dev/(?:null|usb|lp|tty)", re.IGNORECASE)


def port_files(case: Case) -> Iterator[Finding]:
    """Yield printer ports that write to a file, on this PC or a share, where any program can read it."""
    groups: dict[str, list[Observation]] = defaultdict(list)
    for seen in case.of("printer", "document_printed"):
        for port in (part.strip().rstrip(":") for part in seen.command.split(",")):
            if _INTO_FILE.match(port) and not _QUIET_FILES.search(port):
                groups[port.lower()].append(seen)
    for port, rows in groups.items():
        facts = [fact(each, f"{each.kind}:port_file") for each in rows]
        takers = [
            each
            for each in case.of("autorun", "service", "task", "program_run")
            if _folder(port) in each.command.lower()
        ]
        facts += [fact(each, f"{each.kind}:takes_it_up") for each in takers]
        moved = bool(takers)
        # A shop's own label program reads such files as well.
        odd = any(not is_installed_place(each.path) or outside_of(each.command) for each in takers)
        yield Finding(
            kind="printer_file",
            tool=rows[0].name,
            severity=capped("high" if odd and independent(facts) > 1 else "medium", facts),
            confidence=0.8 if moved else 0.6,
            time=rows[0].time,
            account=rows[0].account,
            source=port,
            detail_zh=f"打印机“{rows[0].name}”把每份打印内容写成文件（{rows[0].command}），而不是送到打印机{'；有程序在取走这些文件' if moved else ''}。",
            detail_en=f"Printer “{rows[0].name}” writes every job into a file ({rows[0].command}) and not to a printer{'; a program takes these files up' if moved else ''}.",
            facts=tuple(facts[:20]),
        )


def _folder(port: str) -> str:
    return re.sub(r"[\\/][^\\/]*\.\w+$", "", port) or port


_PRINT_PORTS = re.compile(r"\b(?:9100|9101|9102|515|631|13528|13529|18653|16888|16889)\b")


def packet_redirects(case: Case) -> Iterator[Finding]:
    """Yield rules of the packet filter that redirect or duplicate print traffic, or send packets outside."""
    for seen in case.of("packet_redirect"):
        doubles = re.search(r"\bTEE\b|\bdup\s", seen.command) is not None
        printed = _PRINT_PORTS.search(seen.command) is not None
        if not (doubles or printed or is_outside(seen.origin)):
            continue
        where = f" {seen.origin}" if seen.origin else ""
        yield Finding(
            kind="packet_redirect",
            tool=seen.name,
            severity="medium",
            confidence=0.85 if printed or doubles else 0.6,
            time=seen.time,
            source=seen.origin,
            detail_zh=f"防火墙规则把{'发往打印机的' if printed else ''}数据{'另抄一份' if doubles else '改道'}送到{where or '别处'}：{seen.command}。",
            detail_en=f"A rule of the packet filter {'copies' if doubles else 'leads'} {'what goes to the printers' if printed else 'packets'} to{where or ' elsewhere'}: {seen.command}.",
            facts=(fact(seen, "packet_redirect"),),
        )


def component_clients(case: Case) -> Iterator[Finding]:
    """Yield programs in user folders that connect to the print component and are neither browser nor ERP client."""
    ports, usual = set(print_parts_known().ports), system_parts().component_clients
    groups: dict[str, list[Observation]] = defaultdict(list)
    for seen in case.of("connection"):
        name = base_name(seen.path or seen.name)
        if (
            seen.port in ports
            and is_this_pc(seen.origin)
            and name
            and not any(fnmatch(name, each) for each in usual)
            and not (
                seen.path and (is_installed_place(seen.path) or "\\appdata\\local\\programs\\" in seen.path)
            )
            and not any(match.tool.kind == "print_component" for match in case.catalogue.match(seen))
            and not is_ours(seen)
        ):
            groups[seen.path or name].append(seen)
    for program, rows in groups.items():
        out = [
            each
            for each in case.of("connection")
            if each.session == rows[0].session and each.session and is_outside(each.origin)
        ]
        facts = [fact(each, "connection:component") for each in rows]
        facts += [fact(each, "connection:outside") for each in out[:5]]
        yield Finding(
            kind="component_client",
            tool=base_name(program),
            severity="medium" if out else "low",
            confidence=0.6,
            time=rows[0].time,
            account=rows[0].account,
            source=out[0].origin if out else "",
            detail_zh=f"程序“{base_name(program)}”连着打印组件{'，同时连着外面的 ' + out[0].origin if out else ''}，它既不是浏览器，也不是已知的 ERP。请确认是谁装的。",
            detail_en=f"“{base_name(program)}” is connected to the print component{' and to ' + out[0].origin + ' outside' if out else ''}; it is neither a browser nor a known ERP client. Ask who installed it.",
            facts=tuple(facts[:20]),
        )


def spooler_outside(case: Case) -> Iterator[Finding]:
    """Yield connections of the print service to addresses outside the site."""
    rows = [
        each
        for each in case.of("connection")
        if base_name(each.path or each.name) in SPOOLERS and is_outside(each.origin)
    ]
    if rows:
        yield Finding(
            kind="spooler_outside",
            tool=base_name(rows[0].path or rows[0].name),
            severity="medium",
            confidence=0.75,
            time=rows[0].time,
            source=rows[0].origin,
            detail_zh=f"打印服务正连着店外的 {rows[0].origin}，打印内容可能正在发出去。",
            detail_en=f"The print service is connected to {rows[0].origin} outside the site; what is printed may be leaving.",
            facts=tuple(fact(each, "connection:outside") for each in rows[:20]),
        )


def printer_names(case: Case) -> Iterator[Finding]:
    """Yield hosts entries that point a printer's name outside the site."""
    names = {
        part.lower() for each in case.of("printer") for part in re.split(r"[,\s/:]+", each.command) if part
    }
    rows = [
        seen
        for seen in case.of("setting")
        if seen.name == "hosts_entry"
        and (seen.command in names or _LOCAL_NAMES.search(seen.command))
        and is_outside(seen.origin)
    ]
    if rows:
        yield Finding(
            kind="printer_name",
            tool=rows[0].command,
            severity="medium",
            confidence=0.85,
            time=rows[0].time,
            source=rows[0].origin,
            detail_zh=f"hosts 文件把打印机“{rows[0].command}”指到了店外的 {rows[0].origin}：打印内容会发到那里。",
            detail_en=f"The hosts file leads the printer “{rows[0].command}” to {rows[0].origin} outside the site; what is printed goes there.",
            facts=tuple(fact(each, "hosts_entry") for each in rows[:20]),
        )


_TWICE = timedelta(seconds=10)
_ENOUGH = 3


def printed_twice(case: Case) -> Iterator[Finding]:
    """Yield printers that get a copy: nearly every job right after another printer's, with the same size."""
    jobs = [each for each in case.of("document_printed") if each.time]
    total = Counter(each.name for each in jobs)
    copies: dict[str, list[Observation]] = defaultdict(list)
    for before, after in itertools.pairwise(jobs):
        if after.name != before.name and after.session == before.session and _gap(before, after) <= _TWICE:
            copies[after.name].append(after)
    for name, rows in copies.items():
        if len(rows) < _ENOUGH or len(rows) * 5 < total[name] * 4:
            continue
        yield Finding(
            kind="printed_twice",
            tool=name,
            severity="medium",
            confidence=0.7,
            time=rows[0].time,
            account=rows[0].account,
            source=rows[0].command,
            detail_zh=f"打印机“{name}”（{rows[0].command}）几乎每次都跟在另一台后面打同样的内容（{len(rows)} 次）：每张面单都多出一份。",
            detail_en=f"Printer “{name}” ({rows[0].command}) prints the same right after another one ({len(rows)} times): a second copy of each label.",
            facts=tuple(fact(each, "printed_twice") for each in rows[:20]),
        )


def _gap(before: Observation, after: Observation) -> timedelta:
    assert before.time is not None
    assert after.time is not None
    return after.time - before.time


def printed_at_night(case: Case) -> Iterator[Finding]:
    """Yield prints outside the shift, by printer."""
    groups: dict[str, list[Observation]] = defaultdict(list)
    for seen in case.of("document_printed"):
        if seen.name and case.out_of_shift(seen.time):
            groups[seen.name].append(seen)
    for name, rows in groups.items():
        yield Finding(
            kind="printed_out_of_shift",
            tool=name,
            severity="medium" if len(rows) >= _ENOUGH else "low",
            confidence=0.7,
            time=rows[0].time,
            account=rows[0].account,
            source=rows[0].command,
            detail_zh=f"班次外在“{name}”（{rows[0].command}）上打印了 {len(rows)} 份，从 {case.local(rows[0].time)} 起。请对照值班记录。",
            detail_en=f"{len(rows)} job(s) were printed on “{name}” ({rows[0].command}) outside the shift, from {case.local(rows[0].time)}. Compare with who was on duty.",
            facts=tuple(fact(each, "printed_out_of_shift") for each in rows[:20]),
        )
