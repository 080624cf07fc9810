"""Rules for taps on the print stream: spooler parts, print component ports, readers of the spool and the store."""

import re
from collections.abc import Iterator
from fnmatch import fnmatch
from functools import cache

import msgspec

from waybillguard.events.shared import Fact, Finding
from waybillguard.sensor.case import Case, capped, fact, independent
from waybillguard.sensor.observation import Observation
from waybillguard.sensor.parts import system_parts
from waybillguard.sensor.paths import base_name, is_hidden_place, is_print_store, is_user_writable
from waybillguard.shipped import read_yaml

_TOLD_TO_READ = re.compile(
    r"\\resources\\print\.db|\\spool\\printers\b|/spool/cups\b|\*\.(?:spl|shd)\b", re.IGNORECASE
)
#: Emptying a jammed queue, by hand or by a task, is harmless.
_EMPTIES = re.compile(
    r"\b(?:del|erase|rd|rmdir|rm|remove-item|tmpreaper|logrotate)\b|-delete\b", re.IGNORECASE
)
_PRINTER_PORTS = re.compile(r"(?:\bport|-p)\s+(?:9100|515|631|13528|13529)\b|9100", re.IGNORECASE)
_RECORDS = re.compile(
    r"(?:^|[\s\\/&|;\"(])(pktmon(?=(?:\.exe)?\W+start)|(?:tcpdump|tshark|dumpcap|windump|rawcap)(?=(?:\.exe)?\W+-)|netsh(?=(?:\.exe)?\W+trace\s+start))",
    re.IGNORECASE,
)
_SHARED_PORTS = {5000}
"""Ports that many other servers use as well; not evidence alone."""
SPOOLERS = {
    "spoolsv.exe",
    "printisolationhost.exe",
    "splwow64.exe",
    "printfilterpipelinesvc.exe",
    "cupsd",
    "cups-browsed",
}


class PrintParts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Known parts of a print system (data/print_parts.yaml)."""

    monitors: tuple[str, ...]
    libraries: tuple[str, ...]
    processors: tuple[str, ...]
    backends: tuple[str, ...]
    filters: tuple[str, ...]
    ports: dict[int, str]


@cache
def print_parts_known() -> PrintParts:
    """Return the known parts, read once per process."""
    return read_yaml("waybillguard.sensor", "data/print_parts.yaml", PrintParts, strict=False)


def print_parts(case: Case) -> Iterator[Finding]:
    """Yield print monitors, processors and filters of no known system or maker."""
    known = print_parts_known()
    groups: dict[str, list[Observation]] = {}
    for seen in [*case.of("print_monitor", "print_processor", "print_filter"), *_processors_used(case)]:
        if _is_known(seen, known) or _is_catalogued(case, seen):
            continue
        groups.setdefault(base_name(seen.path) or seen.name.lower(), []).append(seen)
    for library, rows in groups.items():
        facts = [fact(each, each.kind) for each in rows]
        facts += _others_of(case, rows[0], library)
        path = next((each.path for each in rows if each.path), "")
        odd = (
            is_hidden_place(path)
            or is_user_writable(path)
            or any({"unsigned", "unpackaged", "copies"} & set(each.marks) for each in rows)
        )
        # The time of a registry key may be that of an update, so only a record of the act itself counts.
        night = next(
            (each for each in rows if case.out_of_shift(each.time) and "\\" not in each.record), None
        )
        severity = "high" if independent(facts) >= 2 and (odd or night) else "medium"  # noqa: PLR2004
        yield Finding(
            kind="print_monitor" if rows[0].kind != "print_processor" else "print_processor",
            tool=rows[0].name or library,
            severity=capped(severity, facts),
            confidence=0.8 if severity == "high" else 0.6 if odd or night else 0.5,
            time=min((each.time for each in rows if each.time), default=None),
            account=next((each.account for each in rows if each.account), ""),
            detail_zh=f"打印系统里多了一个陌生部件“{rows[0].name or library}”。每一份打印内容都会经过它。",
            detail_en=f"An unknown part “{rows[0].name or library}” sits in the print system; every job passes through it.",
            facts=tuple(facts[:20]),
        )


def _processors_used(case: Case) -> Iterator[Observation]:
    """Yield the print processors that printers use, as separate parts."""
    for seen in case.of("printer"):
        if seen.product and "port" not in seen.marks:
            yield msgspec.structs.replace(
                seen, kind="print_processor", name=seen.product, path="", product=""
            )


def _is_known(seen: Observation, known: PrintParts) -> bool:
    if "packaged" in seen.marks:
        return True
    library, name = base_name(seen.path), seen.name.lower()
    outside = "\\" in seen.path and not re.search(
        r"\\(?:system32|syswow64|driverstore|spool)(?:\\|$)", seen.path.lower()
    )
    if seen.kind == "print_filter":
        return _is_known_filter(seen, known)
    if outside:
        return False
    patterns = known.processors if seen.kind == "print_processor" else known.libraries
    if library:
        return any(fnmatch(library, each.lower()) for each in patterns)
    # A printer names its processor without the suffix.
    return any(
        fnmatch(each, pattern.lower())
        for pattern in (*known.monitors, *patterns)
        for each in (name, f"{name}.dll")
    )


def _is_known_filter(seen: Observation, known: PrintParts) -> bool:
    """Return whether a CUPS backend or filter is known: name, folder and package match, and it forwards no jobs."""
    if {"copies", "unpackaged"} & set(seen.marks) or not re.match(
        r"^$|[^/]+$|/usr/lib(?:exec|64)?/cups/", seen.path
    ):
        return False
    names = known.backends if seen.command == "backend" else known.filters
    return any(fnmatch(seen.name.lower(), each) for each in names)


def _is_catalogued(case: Case, seen: Observation) -> bool:
    return any(match.tool.kind != "client" for match in case.catalogue.match(seen))


def _others_of(case: Case, part: Observation, library: str) -> list[Fact]:
    """Return facts about the same file from sources other than the registry."""
    if not library:
        return []
    stem = library.rpartition(".")[0] or library
    out = []
    for seen in case.seen:
        if (seen.file, seen.record) == (part.file, part.record) or seen.kind.startswith("print_m"):
            continue
        if (
            base_name(seen.path) == library
            or f"\\{library}" in seen.command.lower()
            or (
                len(stem) > 4 and stem == base_name(seen.path).rpartition(".")[0]  # noqa: PLR2004
            )
        ):
            out.append(fact(seen, f"{seen.kind}:same_file"))
    return out[:8]


def component_ports(case: Case) -> Iterator[Finding]:
    """Yield programs that listen on the port of a platform's print component without being it."""
    ports = print_parts_known().ports
    groups: dict[str, list[Observation]] = {}
    for seen in case.of("listener"):
        if seen.port not in ports or not (seen.name or seen.path):
            continue
        if any(match.tool.kind == "print_component" for match in case.catalogue.match(seen)) or is_ours(seen):
            continue
        groups.setdefault(seen.path or seen.name, []).append(seen)
    for program, rows in groups.items():
        if {each.port for each in rows} <= _SHARED_PORTS:
            continue
        facts = [fact(each, f"listener:{each.port}") for each in rows]
        more = [
            fact(each, f"{each.kind}:same_program")
            for each in case.of(
                "autorun", "service", "service_installed", "task", "connection", "program_run", "program_seen"
            )
            if (each.path and each.path == rows[0].path)
            or (each.name and each.name.lower() == rows[0].name.lower())
        ]
        # Programs for one user are normally installed below Local\\Programs.
        own = "\\appdata\\local\\programs\\" in rows[0].path
        odd = (is_user_writable(rows[0].path) and not own) or is_hidden_place(rows[0].path)
        severity = "high" if odd else "medium"
        named = ", ".join(sorted({ports[each.port] for each in rows}))
        numbers = "、".join(str(number) for number in sorted({each.port for each in rows}))
        yield Finding(
            kind="component_port",
            tool=base_name(program),
            severity=capped(severity, [*facts, *more]),
            confidence=0.8 if odd else 0.6,
            time=rows[0].time,
            account=rows[0].account,
            detail_zh=f"程序“{base_name(program)}”占用了打印组件的端口 {numbers}（{named}）。经它打印的面单内容都会先到它手里。",
            detail_en=f"“{base_name(program)}” listens on the print component's port {numbers}; jobs sent there reach it first.",
            facts=tuple([*facts, *more][:20]),
        )


def is_ours(seen: Observation) -> bool:
    """Return whether an observation is about this project's own program."""
    return "waybillguard" in seen.command.lower() and "python" in base_name(seen.path or seen.name)


def print_readers(case: Case) -> Iterator[Finding]:
    """Yield programs that read the spool or the print component's store."""
    groups: dict[str, list[tuple[Observation, str]]] = {}
    for seen in case.of("print_access", "program_run", "autorun", "service", "task", "script"):
        hit = _reads(seen)
        if not hit or base_name(seen.path or seen.name) in SPOOLERS or seen.name.lower() in SPOOLERS:
            continue
        if any(match.tool.kind == "print_component" for match in case.catalogue.match(seen)):
            continue
        groups.setdefault(seen.path or seen.name, []).append((seen, hit))
    for program, rows in groups.items():
        facts = [fact(each, "reads_print_store") for each, _ in rows]
        more = [
            fact(each, f"{each.kind}:same_program")
            for each in case.of("autorun", "service", "task", "connection", "listener")
            if each.path and each.path == rows[0][0].path
        ]
        odd = is_user_writable(program) or is_hidden_place(program)
        # Backups and antivirus read the spool as well: only a program in an unusual place is severe.
        severity = "high" if odd and (more or len(rows) > 1) else "medium"
        yield Finding(
            kind="print_store_access",
            tool=base_name(program),
            severity=capped(severity, [*facts, *more]),
            confidence=0.75,
            time=rows[0][0].time,
            account=rows[0][0].account,
            detail_zh=f"程序“{base_name(program)}”读取打印队列或打印组件的任务库，里面是完整的面单内容。",
            detail_en=f"“{base_name(program)}” reads the spool or the print component's store, which holds whole labels.",
            facts=tuple([*facts, *more][:20]),
        )


def _reads(seen: Observation) -> str:
    """Return the evidence that a program reads the store: an open file, or its command."""
    if seen.kind == "print_access" or "prefetch" in seen.marks:
        what = f"{seen.command}\n{seen.origin_name}" if seen.kind == "print_access" else seen.command
        return next((line for line in what.splitlines() if is_print_store(line)), "")
    told = _TOLD_TO_READ.search(seen.command)
    return seen.command if told and not _EMPTIES.search(seen.command) else ""


def captures(case: Case) -> Iterator[Finding]:
    """Yield programs that capture network traffic; capturing the printers' port is more severe."""
    names = system_parts().capturers
    groups: dict[str, list[Observation]] = {}
    for seen in case.of("program_run", "service", "task", "autorun", "script"):
        program = base_name(seen.path or seen.name)
        told = _RECORDS.search(seen.command)
        if program in names or told:
            groups.setdefault(program if program in names or told is None else told[1].lower(), []).append(
                seen
            )
    for program, rows in groups.items():
        printers = any(_PRINTER_PORTS.search(each.command) for each in rows)
        facts = [fact(each, "records_printer_port" if printers else "records_network") for each in rows]
        yield Finding(
            kind="packet_capture",
            tool=program,
            severity=capped("high" if printers else "medium", facts),
            confidence=0.8 if printers else 0.6,
            time=rows[0].time,
            account=rows[0].account,
            detail_zh=f"程序“{program}”在记录网络数据{'，而且专门记录发往打印机的内容' if printers else ''}。",
            detail_en=f"“{program}” records network traffic{', and what goes to the printers in particular' if printers else ''}.",
            facts=tuple(facts[:20]),
        )
