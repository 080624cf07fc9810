"""Reads saved output of Windows' own commands in any language: ``sc``, ``schtasks``, ``reg query`` and others.

Windows translates labels, so only untranslated parts are matched: key names, numbers, paths.
"""

import csv
import re
from collections.abc import Iterable, Iterator

from waybillguard.sensor.evidence.registry_keys import Values, registry_key, without_default
from waybillguard.sensor.observation import Observation
from waybillguard.sensor.paths import port_number, program_path, whole_number

_SC_NAME = re.compile(r"^\s*(?:SERVICE_NAME\s*|服务名称\s*|\[SC\][^:：]*)[:：]\s*(\S.*)$", re.IGNORECASE)
_SC_FIELD = re.compile(
    r"^\s+(BINARY_PATH_NAME|DISPLAY_NAME|SERVICE_START_NAME|二进制路径名|显示名称|服务启动名)\s*[:：](.*)$",
    re.IGNORECASE,
)
_REG_VALUE = re.compile(r"^\s{2,}+(.+?)(?<!\s)\s{2,}+(REG_\w+)(?:\s{2,}+(.*)|\s?)$")
_REG_KEY = re.compile(r"^(HKEY_[A-Z_]+\\\S.*?)\s*$")
_PROGRAM = re.compile(
    r"(?:[a-z]:\\|%\w+%\\|\\\\)[^\"<>|]*?\.(?:exe|bat|cmd|ps1|vbs|js|dll|scr)\b|\b(?:powershell|cmd|rundll32|wscript|mshta)(?:\.exe)?\b",
    re.IGNORECASE,
)


def read_sc(lines: Iterable[tuple[int, str]], file: str) -> Iterator[Observation]:
    """Yield services from ``sc qc`` and ``sc query``."""
    held: dict[str, str] = {}
    start = 0
    for number, line in lines:
        name = _SC_NAME.match(line)
        if name:
            yield from _service(held, file, start)
            held, start = {"name": name[1].rstrip()}, number
        elif (row := _SC_FIELD.match(line)) is not None:
            key = {
                "二进制路径名": "binary_path_name",
                "显示名称": "display_name",
                "服务启动名": "service_start_name",
            }.get(row[1], row[1].lower())
            held[key] = row[2].strip()
    yield from _service(held, file, start)


def _service(held: dict[str, str], file: str, line: int) -> Iterator[Observation]:
    if held:
        image = held.get("binary_path_name", "")
        yield Observation(
            kind="service",
            file=file,
            record=f"line {line}",
            name=held["name"],
            path=program_path(image),
            command=image,
            product=held.get("display_name", ""),
            account=held.get("service_start_name", ""),
        )


def read_schtasks(lines: Iterable[str], file: str) -> Iterator[Observation]:
    """Yield tasks from ``schtasks /query /v /fo csv``: the name is the cell that begins with a backslash."""
    for number, row in enumerate(csv.reader(lines), start=1):
        name = next((cell for cell in row if cell.startswith("\\")), "")
        command = next((cell for cell in row if cell is not name and _PROGRAM.search(cell[:2000])), "")
        if name and command:
            yield Observation(
                kind="task",
                file=file,
                record=f"row {number}",
                name=name,
                path=program_path(command),
                command=command,
            )


def read_task_list(lines: Iterable[tuple[int, str]], file: str) -> Iterator[Observation]:
    """Yield tasks from ``schtasks /query /v /fo list``: the name and the first program after it."""
    name = ""
    for number, line in lines:
        value = re.split(r"[:：]\s+", line, maxsplit=1)[-1].strip()
        if value.startswith("\\") and not value.startswith("\\\\"):
            name = value
        elif name and _PROGRAM.search(value[:2000]):
            yield Observation(
                kind="task", file=file, record=f"line {number}", name=name, path=program_path(value), command=value
            )  # fmt: skip
            name = ""


def read_ps(lines: Iterable[tuple[int, str]], file: str) -> Iterator[Observation]:
    """Yield running programs from ``ps`` with any columns; kernel threads are in brackets and have no memory."""
    head: list[str] = []
    for number, line in lines:
        words = line.split()
        if "PID" in words and words[-1] in {"CMD", "COMMAND", "ARGS"}:
            head = words
            continue
        last = len(head) - 1
        row = line.split(None, last) if head else []
        dated = (
            "STARTED" in head
            and len(row) > head.index("STARTED")
            and re.fullmatch(r"[A-Z][a-z]{2}", row[head.index("STARTED")])
        )
        if dated:  # ``lstart`` has five words under one header
            row = line.split(None, last + 4)
            row = [*row[: head.index("STARTED")], "", *row[head.index("STARTED") + 5 :]]
        cells = dict(zip(head, row, strict=False))
        command, pid = cells.get(head[-1] if head else "", ""), cells.get("PID", "")
        posing = (whole_number(cells.get("RSS", "")) or 0) > 0  # resident memory
        if command and pid.isdigit() and (posing or not command.startswith("[")):
            program = command.split()[0].rstrip(":")
            posing = program.startswith("[")
            yield Observation(
                kind="program_run",
                file=file,
                record=f"line {number}",
                name=program.strip("[]") if posing else program.rpartition("/")[2],
                path=program,
                command=command[:1000],
                account=cells.get("USER") or cells.get("UID") or "",
                session=f"pid{pid}",
                marks=("posing_kernel",) if posing else (),
            )


def read_transfers(text: str, file: str) -> Iterator[Observation]:
    """Yield BITS jobs that upload, or that start a program when done (``bitsadmin /list /verbose``)."""
    for number, job in enumerate(re.split(r"^(?=GUID: \{)", text.replace("\r", ""), flags=re.MULTILINE)):
        name = re.match(r"GUID: \{[^}]*\} DISPLAY: (.*)$", job, re.MULTILINE)
        notify = re.search(r"^NOTIFICATION COMMAND LINE: *(?!none\b)(\S.*)$", job, re.MULTILINE)
        uploads = re.search(r"^TYPE: UPLOAD", job, re.MULTILINE)
        if name and (notify or uploads):
            copies = " ".join(line.strip()[:500] for line in job.splitlines() if " -> " in line)
            yield Observation(
                kind="task",
                file=file,
                record=f"job {number}",
                name=name[1].strip(" '"),
                path=program_path(notify[1]) if notify else "bitsadmin.exe",
                command=f"bitsadmin {'/upload' if uploads else ''} {name[1]} {copies} {notify[1] if notify else ''}"[:1000],
            )  # fmt: skip


_ENTRY = re.compile(r"^\s*([0-9a-f:.]+)\s+([^\s#][^#]*)", re.IGNORECASE)


def read_hosts(lines: Iterable[tuple[int, str]], file: str) -> Iterator[Observation]:
    """Yield the addresses that a hosts file gives to names; blocked names are left out."""
    for number, line in lines:
        entry = _ENTRY.match(line)
        if entry and entry[1] not in {"0.0.0.0", "::", "255.255.255.255"}:  # noqa: S104 - an address in a file
            for name in entry[2].lower().split():
                yield Observation(
                    kind="setting",
                    file=file,
                    record=f"line {number}",
                    name="hosts_entry",
                    command=name,
                    origin=entry[1],
                )


_RULE = re.compile(r"^-{20,}\s*$")
_DONE = re.compile(r"command completed|命令成功完成|命令已?成功", re.IGNORECASE)


def read_group(lines: Iterable[tuple[int, str]], file: str) -> Iterator[Observation]:
    """Yield the members that ``net localgroup`` and ``net user`` list."""
    administrators = "admin" in file.lower() or "管理" in file
    listed = False
    for number, line in lines:
        if _RULE.match(line):
            listed = True
        elif listed and line.strip() and not _DONE.search(line):
            for name in re.split(r"\s{2,}", line.strip()):
                yield Observation(
                    kind="account_raised" if administrators else "account_listed",
                    file=file,
                    record=f"line {number}",
                    name=name,
                    command="Administrators" if administrators else "",
                )


def read_drivers(lines: Iterable[str], file: str) -> Iterator[Observation]:
    """Yield drivers from ``driverquery /fo csv``: module, display name, kind, date."""
    for number, row in enumerate(csv.reader(lines), start=1):
        if len(row) > 1 and number > 1:
            yield Observation(
                kind="service",
                file=file,
                record=f"row {number}",
                name=row[0],
                path=f"{row[0].lower()}.sys",
                product=row[1],
                marks=("driver",),
            )


_CONSUMER = re.compile(
    r"^[ \t]*(Name|CommandLineTemplate|ScriptText|ScriptFileName)\s*[:=]\s*\"?(\S.*)", re.MULTILINE | re.IGNORECASE
)  # fmt: skip


def read_consumers(text: str, file: str) -> Iterator[Observation]:
    """Yield the commands of permanent WMI consumers, from a MOF file or the output of PowerShell or wmic."""
    rows = [
        (
            each[1].lower(),
            each[2].rstrip().removesuffix(";").removesuffix('"').replace("\\\\", "\\"),
            each.start(),
        )
        for each in _CONSUMER.finditer(text)
    ]
    for place, (field, command, start) in enumerate(rows):
        if field != "name":
            near = [value for key, value, _ in rows[max(place - 2, 0) : place + 3] if key == "name"]
            yield Observation(
                kind="autorun",
                file=file,
                record=f"line {text.count(chr(10), 0, start) + 1}",
                name=near[0] if near else field,
                path=program_path(command) if field != "scripttext" else "",
                command=command[:1000],
                marks=("subscription",),
            )


def read_boot_settings(lines: Iterable[tuple[int, str]], file: str) -> Iterator[Observation]:
    """Yield from ``bcdedit`` whether Windows loads unsigned drivers; the names of settings are not translated."""
    for number, line in lines:
        found = re.match(r"^(testsigning|nointegritychecks)\s+(\S+)", line, re.IGNORECASE)
        if found and found[2].lower() in {"yes", "是", "on"}:
            yield Observation(
                kind="setting",
                file=file,
                record=f"line {number}",
                name="unsigned_drivers",
                command=found[1].lower(),
            )


_SOCKET = re.compile(
    r"^(?:(?:tcp|udp)\s+)?(LISTEN|UNCONN|ESTAB)\s+\d+\s+\d+\s+(\S+):([0-9]{1,5})\s+(\S+):(\S+)(?:.*?\(\(\"([^\"]+)\",pid=(\d+))?"
)


def read_sockets(lines: Iterable[tuple[int, str]], file: str) -> Iterator[Observation]:
    """Yield listeners and connections from ``ss -tulpn`` (iproute2)."""
    for number, line in lines:
        row = _SOCKET.match(line)
        if row is None:
            continue
        state, here, port, there, far_port, name, pid = row.groups()
        far = state == "ESTAB"
        yield Observation(
            kind="connection" if far else "listener",
            file=file,
            record=f"line {number}",
            name=name or "",
            origin=(there if far else here).partition("%")[0].strip("[]"),
            port=port_number(far_port if far else port),
            session=f"pid{pid}" if pid else "",
        )


_TUNNEL_SERVER = re.compile(r"^[ \t]*(?:server_addr|serverAddr|server)\s*=\s*\"?([^\s\"]+)", re.MULTILINE)
_TUNNEL_LOCAL = re.compile(r"^[ \t]*(?:local_port|localPort)\s*=\s*([0-9]{1,5})\b", re.MULTILINE)
_YAML = re.compile(r"^([ -]*)(\w+):[ \t]*(\S.*)?$", re.MULTILINE)
_LOCAL_PORT = re.compile(
    r"[\"']?(?:\w+://)?(?:(?:[\w.-]+|\[[0-9a-f:]+\]):)?([0-9]{1,5})/?[\"']?\s*(?:#.*)?", re.IGNORECASE
)


def read_tunnel(text: str, file: str) -> Iterator[Observation]:
    """Yield the local ports that a tunnel's configuration (frp, NPS, ngrok) exposes through its server."""
    server = _TUNNEL_SERVER.search(text)
    for port in [*_TUNNEL_LOCAL.findall(text), *_yaml_ports(text)] or [""]:
        yield Observation(
            kind="port_forward",
            file=file,
            record=f"local port {port}",
            name="tunnel",
            origin=server[1] if server else "",
            command=f"{server[1] if server else ''} → {port}",
        )


def _yaml_ports(text: str) -> Iterator[str]:
    """Yield the local ports in ngrok's settings: ``addr``, and ``url`` below ``upstream``; other ``url`` are public."""
    upstream = -1
    for row in _YAML.finditer(text):
        depth, name, value = len(row[1]), row[2], row[3] or ""
        if depth <= upstream:
            upstream = -1
        if name == "upstream":
            upstream = depth
        elif depth and (name == "addr" or (name == "url" and upstream >= 0)):
            port = _LOCAL_PORT.fullmatch(value.strip())
            if port:
                yield port[1]


def read_reg_query(lines: Iterable[tuple[int, str]], file: str) -> Iterator[Observation]:
    """Yield observations from the output of ``reg query KEY /s``."""
    key, start = "", 0
    values: Values = {}
    for number, line in lines:
        opened = _REG_KEY.match(line)
        if opened:
            yield from registry_key(key, values, file, f"{key.partition(chr(92))[2]} (line {start})")
            key, values, start = opened[1], {}, number
        elif (row := _REG_VALUE.match(line)) is not None:
            text = (row[3] or "").rstrip()
            values[without_default(row[1])] = (
                int(text, 16) if row[2] == "REG_DWORD" and re.fullmatch(r"0x[0-9a-f]+", text) else text
            )
    yield from registry_key(key, values, file, f"{key.partition(chr(92))[2]} (line {start})")
