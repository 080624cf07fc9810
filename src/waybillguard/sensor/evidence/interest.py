"""Selects the observations that a rule could use, out of the many thousands on a machine.

The selection is applied while reading, so that memory is bounded for evidence of any size.
"""

import re
from functools import lru_cache

from waybillguard.sensor.catalogue import catalogue
from waybillguard.sensor.observation import Observation
from waybillguard.sensor.parts import acts_of, is_data_place, is_own_place, system_parts
from waybillguard.sensor.paths import (
    WEB_PORTS,
    base_name,
    is_forward,
    is_hidden_place,
    is_renamed_shell,
    is_shell,
    is_this_pc,
    is_user_writable,
    outside_address,
    runs_odd_script,
    started_files,
)

_MANY = {
    "program_run",
    "program_seen",
    "program_installed",
    "program_removed",
    "autorun",
    "task",
    "service",
    "connection",
    "dns",
    "listener",
    "firewall_rule",
    "script",
}
_COMMAND = re.compile(
    r"\btscon\b|portproxy|wevtutil(?:\.exe)?\s+(?:cl|clear-log)|clear-eventlog|\bnet1?(?:\.exe)?\s+(?:user|localgroup)\s.*\s/add"
    r"|\bsc(?:\.exe)?\s.*\b(?:create|config)\b|schtasks(?:\.exe)?\s.*/create|new-service|fdenytsconnections|\\shadow\b"
    r"|set-mppreference|add-mppreference|-enc(?:odedcommand)?\s|--set-password|--install|addprinter|\bpktmon\b|\b(?:tcpdump|tshark|dumpcap|windump|rawcap)\b|print\.db|\.spl\b|spool\\printers|/spool/cups",
    re.IGNORECASE,
)
#: Marks set by readers on observations that rules use regardless of their place.
_TOLD = {
    "own_unit",
    "safe_boot",
    "subscription",
    "startup",
    "start_value",
    "udev",
    "on_print",
    "drop_in",
    "posing",
}
_SPOOLERS = {"spoolsv.exe", "printisolationhost.exe", "splwow64.exe", "cupsd"}
_SIGN_IN = ("Winlogon ", "Debugger of ")
_PORTS = {
    22,
    3389,
    5900,
    5901,
    5938,
    7070,
    13528,
    13529,
    5000,
    18653,
    16888,
    16889,
    28613,
    28713,
    28813,
    12705,
}


def is_of_interest(seen: Observation) -> bool:
    """Return whether a rule could use this: always for rare kinds, for frequent kinds only with an indication."""
    return seen.kind not in _MANY or _points_at(seen) or bool(catalogue().match(seen))


def _points_at(seen: Observation) -> bool:
    """Return whether anything other than the catalogue indicates interest: command, port, place or owned process."""
    if seen.command and _says_much(seen):
        return True
    if _starts_oddly(seen) or _bears_a_system_name(seen.path):
        return True
    if _is_odd_place(seen.path) and seen.kind != "connection":
        return True
    if _starts_or_talks(seen) or _lets_in(seen):
        return True
    if seen.kind == "service":
        in_system = seen.path.startswith("c:\\windows\\system32\\")
        hosted = "svchost" in seen.command.lower()
        return not in_system and (
            hosted or is_user_writable(seen.path) or "\\" not in seen.path or "driver" not in seen.marks
        )
    return (
        (seen.kind == "firewall_rule" and seen.time is not None)
        or (
            seen.kind == "program_run" and seen.session.startswith("pid")
        )  # a running process: it may own a port
        or not {"deleted", "posing_kernel"}.isdisjoint(seen.marks)
        or (seen.kind in {"listener", "connection"} and seen.port in _PORTS)
        or (
            seen.kind == "connection"
            and (seen.session.startswith("pid") or base_name(seen.name) in _SPOOLERS)
        )
        or (
            seen.kind in {"task", "autorun"}
            and bool(seen.path)
            and not seen.path.startswith(("c:\\windows\\", "%windir%"))
        )
        or (seen.kind == "task" and "created" in seen.marks and bool(seen.path))
        or (seen.kind == "program_seen" and "amcache" in seen.marks and _is_other_name(seen))
    )


def _starts_or_talks(seen: Observation) -> bool:
    """Return whether a program in a user-writable or hidden place starts automatically or has a connection."""
    return seen.kind in {"autorun", "task", "service", "connection"} and (
        is_own_place(seen.path)
        or is_data_place(seen.path)
        or any(is_own_place(each) or is_hidden_place(each) for each in started_files(seen.path, seen.command))
    )


def _lets_in(seen: Observation) -> bool:
    """Return whether this is a port open to others, or a firewall rule for a program outside Windows."""
    if seen.kind == "listener":
        return not is_this_pc(seen.origin) or seen.port in WEB_PORTS
    return (
        seen.kind == "firewall_rule"
        and bool(seen.path)
        and not seen.path.startswith(("c:\\windows\\", "system"))
    )


def _says_much(seen: Observation) -> bool:
    """Return whether a command line contains anything that a rule examines."""
    command = seen.command
    return bool(
        _COMMAND.search(command)
        or is_forward(command)
        or next(acts_of(command), None) is not None
        or _sends(command)
        or (seen.kind == "script" and _UPLOADS.search(command) is not None)
        or (seen.kind in _NAMES_ADDRESS and outside_address(command) != "")
        or (seen.kind == "program_run" and (_is_shell_of(seen) or is_renamed_shell(seen.path, seen.original)))
    )


_UPLOADS = re.compile(r"\b(?:post|put|upload\w*|sendmail|storbinary|multipart\w*)\b", re.IGNORECASE)
_NAMES_ADDRESS = {"script", "program_run", "service", "task", "autorun"}


def _is_shell_of(seen: Observation) -> bool:
    return is_shell(seen.path) and (
        seen.origin_name in system_parts().office_programs or runs_odd_script(seen.command)
    )


def _sends(command: str) -> bool:
    return "\\\\" in command or "://" in command or ("@" in command and ":" in command)


def _starts_oddly(seen: Observation) -> bool:
    """Return whether an autostart uses a subscription, sign-in or a shell."""
    return not _TOLD.isdisjoint(seen.marks) or (
        seen.kind in {"autorun", "task"} and (is_shell(seen.path) or seen.name.startswith(_SIGN_IN))
    )


@lru_cache(maxsize=65_536)
def _bears_a_system_name(path: str) -> bool:
    return (
        "\\" in path and not path.startswith("c:\\windows\\") and base_name(path) in system_parts().programs
    )


@lru_cache(maxsize=65_536)
def _is_odd_place(path: str) -> bool:
    return is_hidden_place(path)


def _is_other_name(seen: Observation) -> bool:
    return (
        bool(seen.original)
        and base_name(seen.original) != base_name(seen.path)
        and is_user_writable(seen.path)
    )
