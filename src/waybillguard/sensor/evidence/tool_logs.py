r"""Parses the session logs that remote-control tools write.

A parser exists only if the line format has a source, which is cited in the tool's catalogue entry (``line_format``) and
at each function. Times without a zone are local to the PC, unless a source says otherwise, and stay naive here.
"""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta, timezone
from functools import partial

from waybillguard.sensor.catalogue import catalogue
from waybillguard.sensor.evidence.clock import in_form
from waybillguard.sensor.evidence.contents import Lines
from waybillguard.sensor.evidence.screen_logs import sunshine, vnc, xrdp
from waybillguard.sensor.observation import Observation

# TeamViewer, Connections_incoming.txt: ID, name, start, end, account, type, GUID by tabs; UTC.
_TEAMVIEWER = re.compile(
    r"^(?P<id>\d+)\t(?P<name>[^\t]*)\t(?P<start>\d{2}-\d{2}-\d{4} \d{2}:\d{2}:\d{2})\t"
    r"(?P<end>\d{2}-\d{2}-\d{4} \d{2}:\d{2}:\d{2})?\t(?P<account>[^\t]*)\t(?P<type>[^\t]*)"
)


def teamviewer(lines: Lines, file: str) -> Iterator[Observation]:
    """Yield one session per line of ``Connections_incoming.txt``."""
    for number, line in lines:
        row = _TEAMVIEWER.match(line)
        start = in_form(row["start"], "%d-%m-%Y %H:%M:%S", utc=True) if row else None
        if row and start:
            yield Observation(
                kind="session",
                tool="teamviewer",
                file=file,
                record=f"line {number}",
                time=start,
                until=in_form(row["end"] or "", "%d-%m-%Y %H:%M:%S", utc=True),
                account=row["account"],
                origin=row["id"],
                origin_name=row["name"],
                name=row["type"],
            )


# TeamViewer, TeamViewer*_Logfile.log: "2026/03/10 02:14:33.123  1234  5678 S0  CParticipantManagerBase participant NAME
# (ID [123456789,-12345]) was added with the role 6" (published forensic notes); local time, the zone in a header line.
_TEAMVIEWER_LINE = re.compile(r"^(?P<time>\d{4}/\d{2}/\d{2} \d{2}:\d{2}:\d{2})\.\d+\s")
_TEAMVIEWER_START = re.compile(r"^Start:\s+\d{4}/\d{2}/\d{2} [\d:.]+ \(UTC(?P<zone>[+-]\d{1,2}(?::\d{2})?)\)")
_TEAMVIEWER_JOIN = re.compile(
    r"participant (?P<name>.+?) \(ID \[(?P<id>-?\d+),[^\]]*\]\) was (?P<what>added|removed)(?: with the role (?P<role>\d+))?"
)
_TEAMVIEWER_END = re.compile(
    r"SessionTerminat|session (?:ended|closed|terminated)|Session to .* ended", re.IGNORECASE
)
_REMOTE_ROLE = "6"


def teamviewer_log(lines: Lines, file: str) -> Iterator[Observation]:
    """Yield sessions from TeamViewer's own log: the remote side joins with its ID, and leaves."""
    zone: timezone | None = None
    for number, line in lines:
        start = _TEAMVIEWER_START.match(line)
        if start:
            zone = _zone(start["zone"])
            continue
        row = _TEAMVIEWER_LINE.match(line)
        joined = _TEAMVIEWER_JOIN.search(line) if row else None
        when = in_form(row["time"], "%Y/%m/%d %H:%M:%S") if row else None
        if when is None:
            continue
        when = when.replace(tzinfo=zone) if zone else when
        say = partial(Observation, tool="teamviewer", file=file, record=f"line {number}", time=when)
        if joined and joined["what"] == "added" and joined["role"] in {_REMOTE_ROLE, None}:
            yield say(
                kind="session_start", origin=joined["id"], origin_name=joined["name"], session=joined["id"]
            )
        elif joined and joined["what"] == "removed":
            yield say(kind="session_end", session=joined["id"])
        elif _TEAMVIEWER_END.search(line):
            yield say(kind="session_end")


def _zone(text: str) -> timezone:
    hours, _, minutes = text[1:].partition(":")
    sign = -1 if text[0] == "-" else 1
    return timezone(sign * timedelta(hours=int(hours), minutes=int(minutes or 0)))


# AnyDesk, connection_trace.txt: "Incoming    2022-09-28, 12:34    User    ALIAS    ID" (AnyDesk knowledge base); UTC.
_ANYDESK_TRACE = re.compile(
    r"^(?P<way>Incoming|Outgoing)\s+(?P<day>\d{4}-\d{2}-\d{2}),\s*(?P<clock>\d{2}:\d{2})\s+(?P<how>\w+)\s+(?P<alias>\S+)(?:\s+(?P<id>\d+))?"
)
# AnyDesk, ad.trace and ad_svc.trace: "   info 2021-02-21 10:16:02.100   gsvc   4628   3664   anynet.any_socket - text"; UTC.
_ANYDESK_LOG = re.compile(
    r"^\s*\w+\s+(?P<time>\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}(?:\.\d+)?)\s.*?\s(?P<part>[\w.]+) - (?P<text>.*)$"
)
_ANYDESK_IP = re.compile(r"[Ll]ogged in from (?P<ip>[0-9a-fA-F.:]+?):\d+")
_ANYDESK_ID = re.compile(
    r"(?:Client-ID: |[Aa]ccept(?:ing| request) from |Incoming session request: .*?\(?)(?P<id>\d{6,})"
)


def anydesk_connections(lines: Lines, file: str) -> Iterator[Observation]:
    """Yield the starts of sessions; this log has no ends. Refused sessions are attempts."""
    for number, line in lines:
        row = _ANYDESK_TRACE.match(line.strip("\ufeff \0"))
        start = in_form(f"{row['day']} {row['clock']}", "%Y-%m-%d %H:%M", utc=True) if row else None
        if row and start:
            yield Observation(
                kind="session_attempts" if row["how"].upper() == "REJECTED" else "session_start",
                tool="anydesk",
                file=file,
                record=f"line {number}",
                time=start,
                origin=row["id"] or row["alias"],
                origin_name=row["alias"],
                name=f"{row['way']} {row['how']}",
                session="trace",
            )


def anydesk_log(lines: Lines, file: str) -> Iterator[Observation]:
    """Yield starts, ends, addresses and identities from AnyDesk's own log."""
    for number, line in lines:
        row = _ANYDESK_LOG.match(line)
        if row is None:
            continue
        text = row["text"]
        when = in_form(
            row["time"][:26], "%Y-%m-%d %H:%M:%S.%f" if "." in row["time"] else "%Y-%m-%d %H:%M:%S", utc=True
        )
        address, identity = _ANYDESK_IP.search(text), _ANYDESK_ID.search(text)
        say = partial(Observation, tool="anydesk", file=file, record=f"line {number}", time=when)
        if "Incoming session request" in text or "Accept request from" in text or "Accepting from" in text:
            yield say(
                kind="session_start",
                origin=identity["id"] if identity else "",
                session="log",
            )
        elif "Session closed" in text or "Session stopped" in text or text.startswith("Received quit"):
            yield say(kind="session_end", session="log")
        elif address or (identity and text.startswith("Client-ID")):
            yield say(
                kind="session_trace",
                origin=address["ip"] if address else "",
                origin_name=identity["id"] if identity else "",
                session="log",
            )
        elif "_unattended_access" in text or "--set-password" in text:
            yield say(kind="setting", name="unattended_access")


# RustDesk, src/server/connection.rs: "#12 Connection opened from 1.2.3.4:50000." (debug), "Connection closed: reason" (info).
_RUSTDESK = re.compile(
    r"^\[(?P<time>\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2})(?:\.\d+)?(?: (?P<zone>[+-]\d{2}:?\d{2}))?\]\s+\w+\s+\[(?P<place>[^\]]*)\]\s*(?P<text>.*)$"
)


def rustdesk(lines: Lines, file: str) -> Iterator[Observation]:
    """Yield starts and ends. Opening lines have debug level, so an end may have no start."""
    for number, line in lines:
        row = _RUSTDESK.match(line)
        if row is None:
            continue
        when = in_form(row["time"], "%Y-%m-%d %H:%M:%S")
        if when and row["zone"]:
            sign = -1 if row["zone"][0] == "-" else 1
            digits = row["zone"][1:].replace(":", "")
            when = when.replace(
                tzinfo=timezone(sign * timedelta(hours=int(digits[:2]), minutes=int(digits[2:])))
            )
        opened = re.search(r"#(\d+) Connection opened from (.+?):?(\d+)?\.?$", row["text"])
        say = partial(Observation, tool="rustdesk", file=file, record=f"line {number}", time=when)
        if opened:
            yield say(kind="session_start", origin=opened[2].strip("[]"), session=opened[1])
        elif "Connection closed" in row["text"]:
            closed = re.search(r"#(\d+) Connection closed", row["text"])
            yield say(kind="session_end", session=closed[1] if closed else "")


# Sunlogin, sunlogin_service.*.log: "2024-03-26 10:31:07.576<TAB>- Info  -<TAB>[service][TcpAcceptor] new acceptor A:P-->B:P"; local time.
_SUNLOGIN = re.compile(r"^(?P<time>\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}\.\d{3})\s+-\s*\w+\s*-\s*(?P<text>.*)$")
_SUNLOGIN_NEW = re.compile(r"\[(?:Tcp|Udp)?Acceptor\].*?new acceptor (?P<from>[\d.a-fA-F:]+?):\d+-->")
_SUNLOGIN_HTTP = re.compile(r"new RC HTTP connection (?P<from>[\d.a-fA-F:]+?):\d+,\s*path:\s*(?P<path>\S+)")
_SUNLOGIN_ATTACK = re.compile(r"cmd=ping(?:\.\.|%2e)|action=verify-haras", re.IGNORECASE)
_SUNLOGIN_END = re.compile(
    r"(?:remote|control|session|desktop)\S*.*\b(?:disconnect(?:ed)?|closed?|exit(?:ed)?|end(?:ed)?)\b",
    re.IGNORECASE,
)


def sunlogin(lines: Lines, file: str) -> Iterator[Observation]:
    """Yield incoming connections, with a mark for the two request paths of the known exploit."""
    for number, line in lines:
        row = _SUNLOGIN.match(line)
        if row is None:
            continue
        when = in_form(row["time"], "%Y-%m-%d %H:%M:%S.%f")
        say = partial(Observation, tool="sunlogin", file=file, record=f"line {number}", time=when)
        opened, asked = _SUNLOGIN_NEW.search(row["text"]), _SUNLOGIN_HTTP.search(row["text"])
        if asked:
            attack = bool(_SUNLOGIN_ATTACK.search(asked["path"]))
            yield say(
                kind="session_trace",
                origin=asked["from"],
                name="exploit" if attack else "http",
                command=asked["path"][:200],
                marks=("exploit",) if attack else (),
            )
        elif opened:
            yield say(kind="session_start", origin=opened["from"], session=opened["from"])
        elif _SUNLOGIN_END.search(row["text"]):
            yield say(kind="session_end")


# ToDesk, Logs\session*_YYYY_MM_DD.log|.xlog: grows only while the PC is controlled; the day is in the name.
_TODESK_DAY = re.compile(r"_(\d{4})_(\d{2})_(\d{2})\.x?log$", re.IGNORECASE)
_TODESK_LINE = re.compile(r"(\d{4})[-/](\d{2})[-/](\d{2})[ T](\d{2}):(\d{2}):(\d{2})")


def todesk(lines: Lines, file: str) -> Iterator[Observation]:
    """Yield one session for a session log that is not empty.

    Start and end are the first and the last time in the log, or the day in its name.
    """
    day = _TODESK_DAY.search(file)
    first = last = None
    written = 0
    for _, line in lines:
        written += 1
        stamp = _TODESK_LINE.search(line[:80])
        if stamp:
            when = in_form("-".join(stamp.groups()), "%Y-%m-%d-%H-%M-%S")
            first, last = first or when, when or last
    if written and (first or day):
        start = first or (in_form("-".join(day.groups()), "%Y-%m-%d") if day else None)
        yield Observation(
            kind="session",
            tool="todesk",
            file=file,
            record=f"lines 1-{written}",
            time=start,
            until=last,
            name="session log",
            marks=() if first else ("day_only",),
        )


PARSERS: dict[str, Callable[[Lines, str], Iterator[Observation]]] = {
    "teamviewer": teamviewer,
    "teamviewer_log": teamviewer_log,
    "rustdesk": rustdesk,
    "sunlogin": sunlogin,
    "todesk": todesk,
    "vnc": vnc,
    "xrdp": xrdp,
    "sunshine": sunshine,
    "anydesk": anydesk_log,
    "anydesk_connections": anydesk_connections,
}
"""Parsers by the catalogue's ``parser``; AnyDesk has two logs with different formats."""


def brand_of(place: str, parser: str) -> str:
    """Return the tool whose folder holds a log, if the log's lines are another tool's format (a re-brand)."""
    found = catalogue().match(Observation(kind="program_seen", file="", record="", path=place))
    tools = {each.tool.id: each.tool for each in found if each.type == "folder" and not each.weak}
    own = [tool for tool in tools.values() if (tool.parser or tool.id) == parser]
    return next(iter(tools)) if len(tools) == 1 and not own else ""


def read_netsupport(text: str, file: str) -> Iterator[Observation]:
    """Yield a NetSupport client from its settings (``client32.ini``), with the gateway that controls it."""
    gateway = re.search(
        r"^[ \t]*(?:GatewayAddress|SecondaryGateway)\s*=\s*([^\s:]+)", text, re.MULTILINE | re.IGNORECASE
    )
    yield Observation(
        kind="setting",
        file=file,
        record="GatewayAddress" if gateway else "settings",
        name="unattended_access",
        tool="netsupport-manager",
        origin=gateway[1] if gateway else "",
        command=f"gateway {gateway[1]}" if gateway else "",
    )


def read_desktop_sharing(text: str, file: str) -> Iterator[Observation]:
    """Yield built-in screen sharing that admits others without asking (``dconf dump`` of GNOME and MATE)."""
    part = re.search(
        r"^\[\S{0,200}?(?:remote-access|remote-desktop)\S{0,200}\]\n((?:[^\[\n].*\n?)*)", text, re.MULTILINE
    )
    if part and re.search(r"^(?:enabled|enable)=true", part[1], re.MULTILINE):
        asks = re.search(r"prompt-enabled=false|view-only=false|authentication-methods=\['none'\]", part[1])
        yield Observation(
            kind="setting", file=file, record="remote-access", name="unattended_access", tool="desktop-sharing",
            command=asks[0] if asks else "enabled",
        )  # fmt: skip


def read_peers(text: str, file: str) -> Iterator[Observation]:
    """Yield the other machines in this PC's private network (``tailscale status``)."""
    for number, line in enumerate(text.splitlines(), 1):
        row = PEER.match(line)
        if row:
            yield Observation(
                kind="setting", file=file, record=f"line {number}", name="tunnel_peer", tool="tailscale", origin=row[1],
                command=" ".join(line.split())[:120],
            )  # fmt: skip


PEER = re.compile(r"^(100\.\d+\.\d+\.\d+)\s+\S+\s+\S+@\S*\s+(?:windows|linux|macOS|iOS|android)\s")


def read_rdp_wrapper(text: str, file: str) -> Iterator[Observation]:  # noqa: ARG001 - the form says all
    """Yield RDP Wrapper from its settings (``rdpwrap.ini``), under any file name."""
    yield Observation(
        kind="setting", file=file, record="settings", name="rdp_service_dll", command=file.rpartition("/")[2]
    )


def read_mesh_agent(text: str, file: str) -> Iterator[Observation]:
    """Yield a MeshCentral agent from its settings (``.msh``: MeshServer, MeshID; its documentation), under any name."""
    server = re.search(r"^MeshServer=wss?://([^:/\s]+)", text, re.MULTILINE)
    yield Observation(
        kind="setting",
        file=file,
        record="MeshServer",
        name="unattended_access",
        tool="meshcentral",
        origin=server[1] if server else "",
        command=f"server {server[1]}" if server else "",
    )
