"""Joins records of several logs to remote sessions with start, end, remote address and account."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from typing import Literal

from waybillguard.events.shared import RemoteSession
from waybillguard.sensor.catalogue import Catalogue
from waybillguard.sensor.observation import Observation
from waybillguard.sensor.paths import is_this_pc

NEAR = {"rdp": timedelta(minutes=5), "anydesk": timedelta(minutes=3), "sunlogin": timedelta(minutes=10)}
"""Maximum distance between records of one session's start, by tool; AnyDesk's log has minutes only."""
_LONGEST = timedelta(hours=48)
_REACH = 300
"""Number of latest sessions that a record may belong to; a machine never has more at a time."""
_NAMES = {"rdp": "RDP", "ssh": "SSH"}


@dataclass(slots=True)
class _Open:
    tool: str
    start: datetime
    account: str = ""
    origin: str = ""
    origin_name: str = ""
    end: datetime | None = None
    keys: set[str] = field(default_factory=set)
    evidence: list[str] = field(default_factory=list)
    direction: Literal["in", "out", "unknown"] = "in"
    only_trace: bool = True

    def takes(self, seen: Observation) -> bool:
        """Return whether a record fits this session: no contradiction between known accounts and addresses."""
        if _base(self.account) and _base(seen.account) and _base(self.account) != _base(seen.account):
            return False
        return not (
            self.origin
            and seen.origin
            and _is_address(self.origin)
            and _is_address(seen.origin)
            and self.origin != seen.origin
        )

    def add(self, seen: Observation) -> None:
        """Add a record's account, address and key to the session."""
        self.account = max(self.account, seen.account, key=len)
        if seen.origin and (not self.origin or (_is_address(seen.origin) and not _is_address(self.origin))):
            self.origin_name = self.origin_name or self.origin
            self.origin = seen.origin
        self.origin_name = self.origin_name or (seen.origin_name if seen.origin_name != self.origin else "")
        self.keys |= {seen.session} - {""}
        self.evidence.append(f"{seen.file}#{seen.record}")
        self.only_trace = self.only_trace and seen.kind == "session_trace"


def join_sessions(seen: Iterable[Observation], tools: Catalogue) -> tuple[RemoteSession, ...]:
    """Return the sessions of all tools, by start; ``seen`` must be sorted by time."""
    opened: list[_Open] = []
    for each in seen:
        if each.time is None or not each.kind.startswith("session") or each.kind == "session_attempts":
            continue
        if each.kind == "session":
            session = _Open(each.tool, each.time, end=each.until)
            session.add(each)
            opened.append(session)
        elif each.kind == "session_end":
            _close(opened, each, each.time)
        elif "exploit" not in each.marks:
            _open(opened, each, each.time)
    out = [_finish(session, tools) for session in opened if not _is_noise(session)]
    return tuple(sorted(out, key=lambda each: (each.start, each.tool, each.origin)))


def _open(opened: list[_Open], seen: Observation, when: datetime) -> None:
    near = NEAR.get(seen.tool, timedelta(seconds=2))
    for session in reversed(opened[-_REACH:]):
        if session.tool != seen.tool or not session.takes(seen):
            continue
        same_key = (
            bool(seen.session) and seen.session in session.keys and seen.session not in {"log", "trace"}
        )
        if session.end is None and (
            when - session.start <= near or (same_key and when - session.start < _LONGEST)
        ):
            session.add(seen)
            return
        if (
            seen.kind == "session_trace"
            and session.end is None
            and when - session.start < timedelta(hours=12)
            and seen.tool != "rdp"
        ):
            session.add(seen)
            return
    session = _Open(seen.tool, when, direction="out" if seen.name.startswith("Outgoing") else "in")
    session.add(seen)
    opened.append(session)


def _close(opened: list[_Open], seen: Observation, when: datetime) -> None:
    mine = [each for each in opened[-_REACH:] if each.tool == seen.tool and when - each.start < _LONGEST]
    for session in reversed(mine):
        if seen.session and seen.session in session.keys:
            if session.end is None:
                session.end = when
            session.evidence.append(f"{seen.file}#{seen.record}")
            return
    for session in reversed(mine):
        if session.takes(seen):
            if session.end is None:
                session.end = when
                session.evidence.append(f"{seen.file}#{seen.record}")
            return
    if seen.tool == "rustdesk":  # the opening line has debug level and is often missing
        session = _Open(seen.tool, when, end=when)
        session.add(seen)
        opened.append(session)


def _is_noise(session: _Open) -> bool:
    """Return whether a session has no start record; for RDP an address alone (event 1149) is a session."""
    return session.only_trace and session.tool != "rdp"


def _finish(session: _Open, tools: Catalogue) -> RemoteSession:
    tool = tools.by_id.get(session.tool)
    return RemoteSession(
        tool=_NAMES.get(session.tool) or (tool.name if tool else session.tool),
        direction=session.direction,
        start=session.start.astimezone(UTC),
        end=session.end.astimezone(UTC) if session.end else None,
        account=session.account,
        origin=session.origin,
        origin_name=session.origin_name,
        tunnel=is_this_pc(session.origin),
        evidence="; ".join(dict.fromkeys(session.evidence[:20])),
    )


def _base(account: str) -> str:
    return account.rpartition("\\")[2].partition("@")[0].lower()


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def is_public(origin: str) -> bool:
    """Return whether an address is a public internet address."""
    try:
        return ip_address(origin).is_global
    except ValueError:
        return False
