"""Rules for remote desktop and SSH sessions: their origin, guessed passwords, exploits and hijacking."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import timedelta

from waybillguard.events.shared import Fact, Finding, RemoteSession
from waybillguard.sensor.case import Case, capped, fact, independent
from waybillguard.sensor.observation import Observation
from waybillguard.sensor.paths import is_this_pc
from waybillguard.sensor.sessions import is_public

MANY_ATTEMPTS = 20
"""Refused or repeated attempts from one address that exclude typing errors."""
_SYSTEM_TOOLS = {"RDP": "远程桌面", "SSH": "SSH"}


def remote_sessions(case: Case) -> Iterator[Finding]:
    """Yield one finding for each origin and account that connected by remote desktop or SSH."""
    groups: dict[tuple[str, str, str], list[RemoteSession]] = defaultdict(list)
    for session in case.sessions:
        if session.tool in _SYSTEM_TOOLS and session.direction == "in":
            groups[session.tool, session.origin, session.account.rpartition("\\")[2].lower()].append(session)
    tries: Counter[str] = Counter()
    for seen in case.of("session_attempts"):
        tries[seen.origin] += seen.count
    forced = {origin for origin, count in tries.items() if count >= MANY_ATTEMPTS}
    for (tool, origin, _), sessions in groups.items():
        facts = tuple(_facts_of(sessions))
        night = any(case.out_of_shift(each.start) for each in sessions)
        public, tunnel, guessed = is_public(origin), any(each.tunnel for each in sessions), origin in forced
        if tunnel or (public and tool == "RDP") or guessed:
            severity = "high"
        elif night or public:
            severity = "medium"
        else:
            severity = "low"
        reasons = [
            text
            for is_so, text in (
                (public, ("来自公网", "from the internet")),
                (tunnel, ("经本机隧道", "through a tunnel on this PC")),
                (guessed, ("此前有大量尝试", "after many attempts")),
                (night, ("在班次外", "outside the shift")),
            )
            if is_so
        ]
        zh = "，".join(text[0] for text in reasons)
        en = ", ".join(text[1] for text in reasons)
        yield Finding(
            kind="remote_session",
            tool=tool,
            severity=capped(severity, facts),
            confidence=0.9 if independent(facts) > 1 else 0.7,
            time=sessions[0].start,
            account=sessions[0].account,
            source=origin,
            detail_zh=f"{_SYSTEM_TOOLS[tool]}登录 {len(sessions)} 次{'：' + zh if zh else '（局域网内）'}。",
            detail_en=f"{len(sessions)} {tool} session(s){': ' + en if en else ' from the local network'}.",
            facts=facts[:50],
        )


def _facts_of(sessions: list[RemoteSession]) -> Iterator[Fact]:
    for session in sessions:
        for place in session.evidence.split("; "):
            file, _, record = place.rpartition("#")
            yield Fact(fact="session", time=session.start.isoformat(), file=file, record=record)


def attempts(case: Case) -> Iterator[Finding]:
    """Yield password guessing from one address, and sign-ins refused in spite of a correct password."""
    groups: dict[tuple[str, str], list[Observation]] = defaultdict(list)
    for seen in case.of("session_attempts"):
        groups[seen.tool, seen.origin].append(seen)
    for (tool, origin), rows in groups.items():
        count = sum(each.count for each in rows)
        denied = [each for each in rows if each.name == "4825"]
        if count < MANY_ATTEMPTS and not denied:
            continue
        zh = (
            f"来自 {origin} 的 {count} 次连接尝试，像在猜密码。"
            if not denied
            else "密码正确，但没有远程登录权限，被拒绝：有人在试用别人的账号。"
        )
        en = (
            f"{count} attempts from {origin}; somebody is guessing."
            if not denied
            else "Right password, but no right to sign in remotely: somebody tries an account."
        )
        yield Finding(
            kind="remote_denied" if denied else "password_guessing",
            tool={"rdp": "RDP", "ssh": "SSH"}.get(tool, tool),
            severity="medium",
            confidence=0.8,
            time=min((each.time for each in rows if each.time), default=None),
            account=next((each.account for each in rows if each.account), ""),
            source=origin,
            detail_zh=zh,
            detail_en=en,
            facts=tuple(fact(each, f"attempts:{each.name}:{each.count}") for each in rows[:20]),
        )


def exploits(case: Case) -> Iterator[Finding]:
    """Yield requests of a known exploit against a remote-control program."""
    for tool in dict.fromkeys(seen.tool for seen in case.seen if "exploit" in seen.marks):
        rows = [seen for seen in case.seen if seen.tool == tool and "exploit" in seen.marks]
        known = case.catalogue.by_id.get(tool)
        facts = tuple(fact(each, "exploit_request") for each in rows[:20])
        yield Finding(
            kind="exploit",
            tool=known.name if known else tool,
            severity=capped("high", facts),
            confidence=0.9,
            time=rows[0].time,
            source=rows[0].origin,
            detail_zh="日志里有利用已知漏洞、绕过密码执行命令的请求。",
            detail_en="The log holds requests of a known exploit that runs commands without a password.",
            facts=facts,
        )


_TSCON = re.compile(r"\btscon(?:\.exe)?\b\s+\d+.*?/dest", re.IGNORECASE)


def hijacks(case: Case) -> Iterator[Finding]:
    """Yield takeovers of another user's desktop session (tscon), with the reconnection that follows."""
    rows = [
        seen for seen in case.of("program_run", "service_installed", "task") if _TSCON.search(seen.command)
    ]
    groups: list[list[Observation]] = []
    for seen in rows:
        last = groups[-1][-1] if groups else None
        if last is not None and last.time and seen.time and seen.time - last.time < timedelta(minutes=10):
            groups[-1].append(seen)
        else:
            groups.append([seen])
    reconnects = [
        seen for seen in case.of("session_start", "session_end") if seen.name in {"4778", "4779", "25", "24"}
    ]
    for group in groups:
        near = [
            seen
            for seen in reconnects
            if seen.time
            and group[0].time
            and timedelta(seconds=-5) < seen.time - group[0].time < timedelta(minutes=10)
        ]
        facts = (
            *(fact(each, "tscon_command") for each in group),
            *(fact(each, f"session:{each.name}") for each in near),
        )
        taken = next((each.account for each in near if each.name in {"4778", "25"}), "")
        yield Finding(
            kind="session_hijack",
            tool="RDP",
            severity=capped("high", facts),
            confidence=0.9 if near else 0.75,
            time=group[0].time,
            account=taken or group[0].account,
            source=next((each.origin for each in near if each.origin and not is_this_pc(each.origin)), ""),
            detail_zh="有人用系统命令 tscon 接管了别人已登录的桌面，不需要密码。",
            detail_en="Somebody took over another person's signed-in desktop with tscon; no password is needed.",
            facts=facts[:30],
        )


def watched_screens(case: Case) -> Iterator[Finding]:
    """Yield remote desktop shadowing from its log: somebody watched or controlled this screen."""
    rows = [each for each in case.of("session_start") if each.tool == "rdp" and each.name == "shadow"]
    if rows:
        night = any(case.out_of_shift(each.time) for each in rows)
        facts = [fact(each, "shadow") for each in rows]
        facts += [
            fact(each, "setting:rdp_shadow") for each in case.of("setting") if each.name == "rdp_shadow"
        ]
        yield Finding(
            kind="screen_watched",
            tool="RDP",
            severity=capped("high" if night else "medium", facts),
            confidence=0.85,
            time=rows[0].time,
            account=rows[0].account,
            source=rows[0].origin or rows[0].origin_name,
            detail_zh=f"有人用远程桌面的“影子”功能看过这台电脑的屏幕 {len(rows)} 次{'，在班次外' if night else ''}。",
            detail_en=f"This screen was watched {len(rows)} time(s) by shadowing of remote desktop{', outside the shift' if night else ''}.",
            facts=tuple(facts[:20]),
        )
