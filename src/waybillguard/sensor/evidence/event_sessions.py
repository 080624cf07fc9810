"""Translates Windows events about sessions: sign-ins, remote desktop and shadowing, SSH, administrative shares."""

import re
from typing import Any

from waybillguard.sensor.evidence.event import SECURITY, Event, Meaning, account_of
from waybillguard.sensor.evidence.screen_logs import parse_vnc_line
from waybillguard.sensor.observation import Kind, Observation

_SESSIONS = "microsoft-windows-terminalservices-localsessionmanager"
_REMOTE = "microsoft-windows-terminalservices-remoteconnectionmanager"
_RDP_CORE = "microsoft-windows-remotedesktopservices-rdpcorets"
_LOOPBACK = {"", "-", "LOCAL", "本地", "::1", "127.0.0.1", "::ffff:127.0.0.1"}


def _sign_in(event: Event) -> Observation | None:
    kind, origin = event.get("LogonType"), event.get("IpAddress")
    values = {
        "account": account_of(event, "Target"),
        "session": event.get("TargetLogonId").lower(),
        "origin": "" if origin in _LOOPBACK else origin,
    }
    if kind == "10":
        values["origin"] = origin
        return event.seen(
            "session_start", tool="rdp", name="4624", origin_name=event.get("WorkstationName"), **values
        )
    if kind == "7" and values["origin"]:
        return event.seen("session_trace", tool="rdp", name="4624", **values)
    if kind in {"2", "11"} and not values["account"].rpartition("\\")[2].upper().startswith(
        ("DWM-", "UMFD-")
    ):
        return event.seen("sign_in", name=kind, **values)
    return None


def _sign_out(event: Event) -> Observation:
    return event.seen(
        "session_end",
        tool="rdp",
        name="4634",
        account=account_of(event, "Target"),
        session=event.get("TargetLogonId").lower(),
    )


def _refused(event: Event) -> Observation | None:
    if event.get("LogonType") not in {"3", "10"} or event.get("IpAddress") in _LOOPBACK:
        return None
    return event.seen(
        "session_attempts",
        tool="rdp",
        name="4625",
        account=account_of(event, "Target"),
        origin=event.get("IpAddress"),
    )


def _reconnect(event: Event) -> Observation:
    start = event.number == 4778  # noqa: PLR2004 - reconnected; 4779 is disconnected
    return event.seen(
        "session_start" if start else "session_end",
        tool="rdp",
        name=str(event.number),
        account=account_of(event),
        session=event.get("LogonID").lower(),
        origin="" if event.get("ClientAddress") in _LOOPBACK else event.get("ClientAddress"),
        origin_name=event.get("ClientName"),
        command=event.get("SessionName"),
    )


def _denied_4825(event: Event) -> Observation:
    return event.seen(
        "session_attempts",
        tool="rdp",
        name="4825",
        account=account_of(event),
        origin=event.get("ClientAddress"),
    )


def _local_session(event: Event) -> Observation | None:
    origin = event.get("Address")
    values: dict[str, Any] = {
        "tool": "rdp",
        "name": str(event.number),
        "account": event.get("User", "TargetUser"),
        "session": f"ts{event.get('SessionID', 'TargetSessionId', 'Session')}",
    }
    if event.number in {21, 22, 25}:
        if origin in _LOOPBACK - {"127.0.0.1", "::1", "::ffff:127.0.0.1"}:
            return event.seen("sign_in", name="2", account=values["account"]) if event.number == 21 else None  # noqa: PLR2004
        return event.seen("session_start", origin=origin, **values)
    return event.seen("session_end", origin=origin if origin not in _LOOPBACK else "", **values)


def _authenticated_1149(event: Event) -> Observation:
    domain, name = event.get("Param2"), event.get("Param1")
    return event.seen(
        "session_trace",
        tool="rdp",
        name="1149",
        account=f"{domain}\\{name}" if domain else name,
        origin=event.get("Param3"),
    )


def _rdp_core(event: Event) -> Observation | None:
    address = event.get("ClientIP", "IPString").strip("[]")
    host = address.rpartition(":")[0].strip("[]") if address.count(":") == 1 or "]:" in address else address
    if not host:
        return None
    return event.seen("session_attempts", tool="rdp", name=str(event.number), origin=host)


def _share(event: Event) -> Observation | None:
    share, target = event.get("ShareName"), event.get("RelativeTargetName")
    if not re.search(r"\\(?:ADMIN|[A-Z])\$$", share, re.IGNORECASE):
        return None
    return event.seen(
        "share_access",
        name=share.rpartition("\\")[2],
        path=target,
        account=account_of(event),
        origin=event.get("IpAddress"),
    )


_SHADOW_TOLD = (
    re.compile(r"User (?P<user>\S+) on computer (?P<computer>\S+)"),
    re.compile(r"granted permission to user (?P<user>\S+)(?P<computer>)"),
    re.compile(r"(?P<user>[\w.-]+\\[\w.$-]+)(?P<computer>)"),
)
"""Patterns for the shadowing account in a message, the most specific first; the last takes the first account named."""


def _shadowed(event: Event) -> Observation:
    """Return the shadowing of a session (20503 to 20508); all fields are read, because they differ by version."""
    message = event.get("payload")
    told = next((found for pattern in _SHADOW_TOLD if (found := pattern.search(message))), None)
    texts = [value for value in event.fields.values() if value.strip()] if not message else []
    address = next(
        (each for each in texts if re.fullmatch(r"[\d.]{7,15}|[0-9a-fA-F:]*:[0-9a-fA-F:]+", each)), ""
    )
    names = [each for each in texts if each != address and not each.isdigit()]
    if told is not None:
        names = [told["user"], told["computer"]]
    return event.seen(
        "session_end" if event.number in {20504, 20507} else "session_start",
        tool="rdp",
        name="shadow",
        account=names[0] if names else event.user,
        origin=address,
        origin_name=names[1] if len(names) > 1 else "",
        session="shadow",
    )


def _sshd(event: Event) -> Observation | None:
    text = event.get("payload")
    accepted = re.match(r"Accepted \S+ for (\S+) from (\S+) port \d+", text)
    if accepted:
        return event.seen("session_start", tool="ssh", name="ssh", account=accepted[1], origin=accepted[2])
    ended = re.match(r"Disconnected from (?:user )?(\S+) (\S+) port", text)
    if ended:
        return event.seen("session_end", tool="ssh", account=ended[1], origin=ended[2])
    listening = re.match(r"Server listening on (\S+) port (\d+)", text)
    if listening:
        return event.seen("listener", name="sshd.exe", port=int(listening[2]), origin=listening[1])
    refused = re.match(r"Failed \w+ for (?:invalid user )?(\S+) from (\S+) port", text)
    if refused:
        return event.seen("session_attempts", tool="ssh", name="ssh", account=refused[1], origin=refused[2])
    return None


def _vnc(event: Event) -> Observation | None:
    """Return a VNC server's entry in the application log (UltraVNC's logging.cpp: 1 connected, 2 refused, 3 left)."""
    text = " ".join(event.fields.values())
    said = parse_vnc_line(text)
    if said is None:
        return None
    return event.seen(said[0], tool="vnc", name="vnc", origin=said[1], session=said[1])


def _screenconnect(event: Event) -> Observation | None:
    """Return a connect or disconnect of ScreenConnect; its provider name includes the instance number."""
    said = re.match(r"\s*(\S.*?)\s+(?:Connected|Disconnected)\b", event.get("0"))
    return said and event.seen(
        "session_start" if event.number == 100 else "session_end",  # noqa: PLR2004
        tool="screenconnect",
        name=str(event.number),
        origin_name=said[1],
        session=said[1],
    )


def _chromoting(event: Event) -> Observation:
    """Return an event of Chrome Remote Desktop (Chromium's host: 1 connected, 2 left, 3 refused, 4 addresses)."""
    kinds: dict[int, Kind] = {1: "session_start", 2: "session_end", 3: "session_attempts"}
    return event.seen(
        kinds.get(event.number, "session_trace"),
        tool="chrome-remote-desktop",
        name=str(event.number),
        origin=event.get("1").rpartition(":")[0].strip("[]"),
        origin_name=event.get("0").partition("/")[0],
        session=event.get("0"),
    )


SESSION_MEANINGS: dict[tuple[str, int], Meaning] = {
    (SECURITY, 4624): _sign_in,
    (SECURITY, 4634): _sign_out,
    (SECURITY, 4647): _sign_out,
    (SECURITY, 4625): _refused,
    (SECURITY, 4778): _reconnect,
    (SECURITY, 4779): _reconnect,
    (SECURITY, 4825): _denied_4825,
    (SECURITY, 5140): _share,
    (SECURITY, 5145): _share,
    (_SESSIONS, 21): _local_session,
    (_SESSIONS, 23): _local_session,
    (_SESSIONS, 24): _local_session,
    (_SESSIONS, 25): _local_session,
    (_REMOTE, 1149): _authenticated_1149,
    **{(_REMOTE, number): _shadowed for number in (20503, 20504, 20506, 20507, 20508)},
    (_RDP_CORE, 131): _rdp_core,
    (_RDP_CORE, 140): _rdp_core,
    ("openssh", 4): _sshd,
    ("screenconnect client", 100): _screenconnect,
    ("screenconnect client", 101): _screenconnect,
    **{("chromoting", number): _chromoting for number in (1, 2, 3, 4)},
    **{
        (server, number): _vnc
        for server in ("ultravnc", "winvnc4", "vnc server", "tvnserver", "winvnc")
        for number in (1, 2, 3, 256)
    },
}
