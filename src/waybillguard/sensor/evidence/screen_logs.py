"""Reads logs of programs that share the desktop: VNC servers, xrdp, Sunshine; times are local."""

import re
from collections.abc import Iterator
from functools import partial

from waybillguard.sensor.evidence.clock import in_form
from waybillguard.sensor.evidence.contents import Lines
from waybillguard.sensor.observation import Kind, Observation

# VNC servers; local time. UltraVNC, mslogon.log: "14/10/2026 23:12   Connection received from HOST using USER account"
# (logging.cpp). x11vnc and others of LibVNCServer: "05/11/2026 22:40:43 Got connection from client HOST", "Client HOST gone"
# (main.c, rfbserver.c). TigerVNC and RealVNC: "Connections: accepted: HOST::PORT", "closed:" (VNCServerST.cxx), TigerVNC
# below a line with the time. TightVNC: "[pid/thread] TIME ... connection from HOST".
_VNC_CAME = (
    r"(?:(?:Connection received|Got connection|[Nn]ew (?:\w+ )?connection|[Ii]ncoming connection) from (?:client )?"
    r"|Connections: (?:accepted|connected): )(\S+)"
)
_VNC_WORDS: tuple[tuple[Kind, str], ...] = (
    ("session_attempts", r"Invalid attempt from client (\S+)|Connections: (?:rejected|blacklisted): (\S+)"),
    (
        "session_end",
        r"Client (\S+) (?:gone|disconnected)|Connections: (?:closed|disconnected): (\S+)|^Client (\S+)",
    ),
    ("session_start", _VNC_CAME),
)
_VNC_SAYS = tuple((kind, re.compile(words)) for kind, words in _VNC_WORDS)
_VNC_TIME = re.compile(
    r"^(?:<\d+>\s*|\[[ \d/]+\]\s*)?(\d{1,4}[-/]\d{1,2}[-/]\d{1,4}[ T]\d{1,2}:\d{2}(?::\d{2})?)\S*\s+(.*)$"
)
_VNC_HEAD = re.compile(
    r"^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) ([A-Z][a-z]{2}) +(\d{1,2}) (\d{2}:\d{2}:\d{2}) (\d{4})$"
)
_VNC_TIMES = (
    "%d/%m/%Y %H:%M:%S",
    "%d/%m/%Y %H:%M",
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%d %H:%M",
    "%Y/%m/%d %H:%M:%S",
)


def parse_vnc_line(text: str) -> tuple[Kind, str] | None:
    """Return the kind and origin of a VNC server's line: connected, refused or disconnected."""
    for kind, pattern in _VNC_SAYS:
        found = pattern.search(text)
        if found:
            host = next(each for each in found.groups() if each)
            return kind, re.sub(r"::?\d{1,5}$|:$", "", host) if host.count(":") != 1 else host.partition(":")[
                0
            ]
    return None


def vnc(lines: Lines, file: str) -> Iterator[Observation]:
    """Yield connected, refused and ended sessions of a VNC server."""
    head = None
    for number, line in lines:
        day, row = _VNC_HEAD.match(line.strip()), _VNC_TIME.match(line)
        if day:
            head = in_form(" ".join(day.groups()), "%b %d %H:%M:%S %Y")
            continue
        said = parse_vnc_line(row[2] if row else line.strip())
        when = (
            next((when for form in _VNC_TIMES if (when := in_form(row[1].replace("T", " "), form))), None)
            if row
            else head
        )
        if said and when:
            yield Observation(
                kind=said[0],
                tool="vnc",
                file=file,
                record=f"line {number}",
                time=when,
                origin=said[1],
                session=said[1],
            )


# xrdp.log and xrdp-sesman.log: "[20261105-22:40:43] [INFO ] Socket 12: AF_INET6 connection received from ::ffff:HOST port 5"
# and "++ created session (access granted): username USER, ip HOST:PORT" (xrdp, log.c, xrdp_listen.c, session.c); local time.
_XRDP = re.compile(r"^\[(\d{8})-(\d{2}:\d{2}:\d{2})\] \[\w+ *\] *(.*)$")
_XRDP_SAYS = re.compile(
    r"connection (?:received|accepted) from (?P<from>\S+)|created session.{0,200}?username (?P<user>[^,\s]+), ip (?P<ip>[^,\s]+)"
)


def parse_xrdp_line(text: str) -> tuple[str, str] | None:
    """Return the address and account of an xrdp line that records a new connection."""
    found = _XRDP_SAYS.search(text)
    if found is None:
        return None
    host = (found["from"] or found["ip"]).removeprefix("::ffff:")
    return (host.partition(":")[0] if host.count(":") == 1 else host), found["user"] or ""


def xrdp(lines: Lines, file: str) -> Iterator[Observation]:
    """Yield remote desktop sessions of a Linux machine, with their end."""
    for number, line in lines:
        row = _XRDP.match(line)
        if row is None:
            continue
        say = partial(
            Observation, tool="rdp", name="xrdp", file=file, record=f"line {number}",
            time=in_form(f"{row[1]} {row[2]}", "%Y%m%d %H:%M:%S"),
        )  # fmt: skip
        said = parse_xrdp_line(row[3])
        if said:
            yield say(kind="session_start", origin=said[0], account=said[1])
        elif re.search(r"terminated session", row[3]):
            yield say(kind="session_end")


# Sunshine, sunshine.log: "[2026-10-12 22:20:02.118]: Info: CLIENT CONNECTED" (stream.cpp); no address; local time.
_SUNSHINE = re.compile(r"^\[(\d{4}-\d\d-\d\d[ :]\d\d:\d\d:\d\d)(?:\.\d+)?\]: \w+: CLIENT (DIS)?CONNECTED")


def sunshine(lines: Lines, file: str) -> Iterator[Observation]:
    """Yield the times at which the screen was streamed; the log has no address."""
    for number, line in lines:
        row = _SUNSHINE.match(line)
        if row:
            yield Observation(
                kind="session_end" if row[2] else "session_start",
                tool="sunshine",
                file=file,
                record=f"line {number}",
                time=in_form(f"{row[1][:10]} {row[1][11:]}", "%Y-%m-%d %H:%M:%S"),
                session="stream",
            )
