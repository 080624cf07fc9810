"""Reads text logs: Linux sign-ins, Windows device installations, and imports from door and camera systems."""

import csv
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import datetime
from functools import partial

import msgspec

from waybillguard.sensor.evidence.clock import iso, table_time
from waybillguard.sensor.evidence.contents import Lines
from waybillguard.sensor.evidence.screen_logs import parse_vnc_line, parse_xrdp_line
from waybillguard.sensor.observation import Observation

_SYSLOG = re.compile(
    r"^(?P<time>(?:[A-Z][a-z]{2}|\d{1,2}月)\s+\d{1,2} \d{2}:\d{2}:\d{2}|\d{4}-\d{2}-\d{2}T[\d:.]+(?:Z|[+-]\d{2}:?\d{2})?) (?P<host>\S+) "
    r"(?P<program>[\w./() -]+?)(?:\[(?P<pid>\d+)\])?: (?P<text>.*)$"
)
_ACCEPTED = re.compile(r"^Accepted (?P<how>\S+) for (?P<account>\S+) from (?P<from>\S+) port (?P<port>\d+)")
_FAILED = re.compile(r"^Failed (?P<how>\S+) for (?:invalid user )?(?P<account>\S+) from (?P<from>\S+) port")
_CLOSED = re.compile(
    r"^pam_unix\(sshd:session\): session closed for user (?P<account>\S+)|^Disconnected from user (?P<who>\S+) (?P<from>\S+)"
)
_NEW_USER = re.compile(r"^new user: name=(?P<name>[^,]+), UID=(?P<uid>\d+)")
_SUDO_GROUP = re.compile(
    r"^add '(?P<name>[^']+)' to (?:shadow )?group '(?P<group>sudo|wheel|admin|root|lpadmin)'"
)
_USB = re.compile(r"usb-storage .*: USB Mass Storage device detected|Attached SCSI removable disk")

_CRON_RAN = re.compile(r"^\((\S+)\) CMD \((\S.*?)\)?$")
_SHARES_SCREEN = re.compile(r"wayvnc|vnc|vino|krfb|gnome-remote-desktop")
_USB_NETWORK = re.compile(r"\b(rndis_host|cdc_ether|cdc_ncm|ipheth)\b.*: register ")


def read_auth_log(lines: Lines, file: str, year: int | None = None) -> Iterator[Observation]:
    """Yield SSH, VNC and xrdp sign-ins, failures, new accounts, cron runs and USB devices from syslog lines.

    A classic line has no year; ``year`` is that of the file's newest line, and a later month belongs to the year
    before.
    """
    opened: set[str] = set()
    failures: dict[str, Observation] = {}
    for number, line in lines:
        row = _SYSLOG.match(line)
        if row is None:
            continue
        say = partial(Observation, file=file, record=f"line {number}", time=_syslog_time(row["time"], year))
        text, program = row["text"], row["program"]
        if program.startswith("sshd"):
            yield from _sshd(text, row["pid"] or "", opened, failures, say)
        elif program.startswith("useradd") and (user := _NEW_USER.match(text)):
            yield say(kind="account_created", name=user["name"], command=f"uid={user['uid']}")
        elif (raised := _SUDO_GROUP.match(text)) is not None:
            yield say(kind="account_raised", name=raised["name"], command=raised["group"])
        elif program.startswith("sudo") and (command := re.search(r"COMMAND=(\S.{0,2000})", text)):
            yield from _as_root(command[1], say)
        elif program.startswith("systemd") and (
            started := re.match(r"Started (\S+?)(?:\.service)?(?: - .*)?\.?$", text)
        ):
            yield say(kind="service", name=started[1], command=text[:200])
        else:
            yield from _came_or_ran(program, text, say)
    yield from failures.values()


def _came_or_ran(program: str, text: str, say: Callable[..., Observation]) -> Iterator[Observation]:
    """Yield xrdp and VNC connections, cron runs, and USB disks and network cards."""
    if program.startswith("xrdp") and (came := parse_xrdp_line(text)) is not None:
        yield say(kind="session_start", tool="rdp", name="xrdp", origin=came[0], account=came[1])
    elif (shared := _SHARES_SCREEN.search(program.lower())) and (said := parse_vnc_line(text)) is not None:
        tool = "vnc" if shared[0] == "vnc" else "desktop-sharing"
        yield say(kind=said[0], tool=tool, name=program, origin=said[1], session=said[1])
    elif program.upper().startswith("CRON") and (ran := _CRON_RAN.match(text)) is not None:
        command = ran[2][:500]
        yield say(kind="task", name="cron", path=command.split()[0], command=command, account=ran[1])
    elif program.startswith("kernel") and _USB.search(text):
        yield say(kind="usb_storage", name=text[:120])
    elif program.startswith("kernel") and (card := _USB_NETWORK.search(text)) is not None:
        yield say(kind="posing_device", name=card[1], product="network")


_INSTALL = re.compile(
    r"\b(?:apt|apt-get|yum|dnf|zypper)\b.*?\binstall\b(?:\s+-\S+)*\s+(\S+)|\b(?:dpkg|rpm)\s+-\S+\s+(\S+)"
)


def _as_root(command: str, say: Callable[..., Observation]) -> Iterator[Observation]:
    """Yield a command run with ``sudo``, and the packages it installed."""
    yield say(
        kind="program_run",
        path=command.split(maxsplit=1)[0],
        name=command.split(maxsplit=1)[0].rpartition("/")[2],
        command=command[:500],
    )
    installed = _INSTALL.search(command)
    if installed:
        name = (installed[1] or installed[2]).rpartition("/")[2]
        yield say(kind="program_installed", name=re.split(r"[_=]|-\d", name)[0], command=command[:500])


def _sshd(
    text: str, pid: str, opened: set[str], failures: dict[str, Observation], say: Callable[..., Observation]
) -> Iterator[Observation]:
    """Yield sign-ins and their ends; failures are counted by address."""
    if accepted := _ACCEPTED.match(text):
        opened.add(pid)
        yield say(
            kind="session_start",
            tool="ssh",
            name=accepted["how"],
            account=accepted["account"],
            origin=accepted["from"],
            session=f"ssh{pid}",
        )
    elif failed := _FAILED.match(text):
        now = say(
            kind="session_attempts", tool="ssh", name="ssh", account=failed["account"], origin=failed["from"]
        )
        before = failures.get(now.origin)
        failures[now.origin] = (
            msgspec.structs.replace(before, count=before.count + 1, until=now.time) if before else now
        )
    elif (closed := _CLOSED.match(text)) and pid in opened:
        yield say(
            kind="session_end", tool="ssh", account=closed["account"] or closed["who"], session=f"ssh{pid}"
        )


def is_syslog(lines: list[str]) -> bool:
    """Return whether the first lines look like syslog."""
    kept = [line for line in lines if line.strip()]
    return bool(kept) and sum(_SYSLOG.match(line) is not None for line in kept) * 2 > len(kept)


def _syslog_time(text: str, year: int | None) -> datetime | None:
    month = "%m月" if "月" in text else "%b"
    if text[:1].isdigit() and month == "%b":
        return iso(text)
    try:
        return datetime.strptime(f"{year or 1900} {' '.join(text.split())}", f"%Y {month} %d %H:%M:%S")  # noqa: DTZ007
    except ValueError:
        return None


_SETUP_SECTION = re.compile(r"^>>>\s+\[(?P<what>.*)\]\s*$")
_SETUP_START = re.compile(r"^>>>\s+Section start (?P<time>\d{4}/\d{2}/\d{2} \d{2}:\d{2}:\d{2})")
_SETUP_USB = re.compile(r"VID_[0-9A-F]{4}&PID_[0-9A-F]{4}", re.IGNORECASE)
_SETUP_POSES = re.compile(
    r"\bkeyboard\.inf\b|HID Keyboard|\bR?NDIS\w*\.inf\b|\bRNDIS\b|\bnetrndis|CDC[- ]?(?:NCM|ECM)",
    re.IGNORECASE,
)
_SETUP_DEVICE = re.compile(r"(?:USBSTOR|USBPRINT|WPDBUSENUMROOT|SWD\\WPDBUSENUM)\\[^\]]+", re.IGNORECASE)


def read_setup_log(lines: Lines, file: str) -> Iterator[Observation]:
    """Yield USB disks, printers and keyboards from ``setupapi.dev.log`` (Microsoft's SetupAPI logs; local time)."""
    what, at, when = "", 0, None
    for number, line in lines:
        if section := _SETUP_SECTION.match(line):
            if not section["what"].startswith("Exit status"):
                what, at, when = section["what"], number, None
        elif start := _SETUP_START.match(line):
            with suppress(ValueError):
                when = datetime.strptime(start["time"], "%Y/%m/%d %H:%M:%S")  # noqa: DTZ007 - local time
            say = partial(Observation, file=file, record=f"line {at}", time=when, marks=("setupapi",))
            if when and (device := _SETUP_DEVICE.search(what)) is not None:
                is_printer = device[0].upper().startswith("USBPRINT")
                yield say(
                    kind="printer" if is_printer else "usb_storage", name=device[0].split("\\")[1][:120]
                )
        elif when and (kind := _SETUP_POSES.search(line)) and (device := _SETUP_USB.search(what)) is not None:
            yield Observation(
                kind="posing_device", file=file, record=f"line {at}", time=when, name=device[0].upper(),
                product="keyboard" if "keyboard" in kind[0].lower() else "network", marks=("setupapi",)
            )  # fmt: skip
            what, when = "", None


_DOOR_TIME = re.compile(r"time|时间|日期|刷卡|发生", re.IGNORECASE)
_DOOR_WORD = re.compile(r"door|card|camera|门|卡|通道|摄像|报警|闸机", re.IGNORECASE)


def is_doors(text: str) -> bool:
    """Return whether the first line of a CSV names a time and a door, card or camera."""
    head = text.lstrip("\ufeff").partition("\n")[0]
    return bool(_DOOR_TIME.search(head) and _DOOR_WORD.search(head))


def read_doors(lines: Iterable[str], file: str) -> Iterator[Observation]:
    """Yield events of a door or camera system from a CSV whose header names a time and a door, card or camera."""
    rows = csv.DictReader(lines)
    names = [name or "" for name in rows.fieldnames or []]
    clock = next((name for name in names if _DOOR_TIME.search(name)), None)
    where = [name for name in names if _DOOR_WORD.search(name) and name != clock]
    if clock is None or not where:
        return
    for number, row in enumerate(rows, start=1):
        when = table_time(row.get(clock) or "")
        if when:
            text = " ".join(str(row.get(name) or "") for name in where).strip()
            yield Observation(kind="door", file=file, record=f"row {number}", time=when, name=text[:120])
