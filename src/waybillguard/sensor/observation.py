"""One thing that was seen on a machine: what the readers give and the rules take.

Live scan and evidence speak through the same type, so a rule is written once. Values may name people and
machines; the ``repr`` says nothing.
"""

from datetime import datetime
from typing import Final, Literal

import msgspec

type Kind = Literal[
    "program_run",  # prefetch, BAM, UserAssist, process creation, a live process
    "program_seen",  # shimcache, amcache, a file that lies there: present, perhaps never run
    "program_installed",  # uninstall key, MSI event, package database
    "program_removed",
    "service_installed",  # the moment a service was registered
    "service",  # a service as it is configured
    "autorun",  # run keys, startup folder, cron, desktop autostart
    "task",  # scheduled task, timer
    "hook",  # a library or driver that Windows loads into sign-in, programs or a device stack; ``name`` says where
    "printer",
    "print_monitor",
    "print_processor",
    "print_filter",  # CUPS backend or filter, driver filter
    "print_access",  # a program that holds the spool or the print component's store open
    "document_printed",
    "listener",
    "connection",
    "dns",
    "host_named",  # a host that any text names: nobody need have asked for it
    "session_start",
    "session_end",
    "session",  # start and end in one record
    "session_trace",  # a record inside a session: address, identity
    "session_attempts",  # refused or repeated attempts, counted
    "sign_in",  # at the keyboard
    "account_created",
    "account_deleted",
    "account_listed",  # an account that exists
    "account_raised",  # put into a group of administrators
    "log_cleared",
    "setting",  # a switch of the system that matters here; ``name`` says which
    "port_forward",
    "packet_redirect",  # a rule of the packet filter that leads packets elsewhere or doubles them
    "extension",  # of a browser; ``command`` holds what it may do, ``session`` its identifier
    "script",  # a line of a script that lies there
    "posing_device",  # a device that came as a keyboard or network card; ``product`` says which
    "firewall_rule",
    "usb_storage",
    "boot",
    "wake",
    "share_access",
    "door",  # imported from door and camera systems
    "rule_match",  # YARA or Sigma, from the user's folder
    "clock",  # the machine's zone or a jump of its clock
]


class Observation(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A single record that means something.

    Attributes:
        kind: what sort of thing it is.
        file: evidence file (posix path inside the evidence) or live source.
        record: number, key or line of the record in that file.
        time: when; naive where the source writes local time without a zone (the examination adds the zone).
        until: end, where the record holds both.
        name: service, program, printer, account or setting.
        path: program file or registry key.
        command: command line or value.
        account: who.
        origin: address from which.
        origin_name: name or number of the remote side.
        signer, product, original: what a binary says of itself.
        port: TCP or UDP port.
        session: key that ties records of one session together.
        tool: identifier in the catalogue, where the reader itself knows it (tool logs).
        count: how many equal records stand behind this one.
        marks: short codes, such as ``unsigned`` or ``unpackaged``.
    """

    kind: Kind
    file: str
    record: str
    time: datetime | None = None
    until: datetime | None = None
    name: str = ""
    path: str = ""
    command: str = ""
    account: str = ""
    origin: str = ""
    origin_name: str = ""
    signer: str = ""
    product: str = ""
    original: str = ""
    port: int = 0
    session: str = ""
    tool: str = ""
    count: int = 1
    marks: tuple[str, ...] = ()

    def __repr__(self) -> str:
        """Show the kind alone."""
        return f"Observation({self.kind!r}, …)"


_MOST: Final = {"path": 4_096, "name": 4_096, "command": 32_768}
"""No system has longer ones; expressions that look at them stay quick."""


def clipped(seen: Observation) -> Observation:
    """Return an observation without the ends of texts that are longer than any system's: a forged record has them."""
    longer = {name: text[:most] for name, most in _MOST.items() if len(text := getattr(seen, name)) > most}
    return msgspec.structs.replace(seen, **longer) if longer else seen


def sayable(seen: Observation) -> Observation:
    """Return an observation that can be handed on: half a character, as cut or foreign names hold it, is replaced."""
    changes = {
        name: plain
        for name in seen.__struct_fields__
        if isinstance(text := getattr(seen, name), str)
        and not text.isascii()
        and (plain := text.encode("utf-8", "replace").decode()) != text
    }
    return msgspec.structs.replace(seen, **changes) if changes else seen


CUT_OFF = "cut off or damaged; what comes before the damage was read"
"""Reason of a loss."""


class Loss(msgspec.Struct, frozen=True, kw_only=True):
    """What could not be read (contracts: ``losses``)."""

    file: str
    reason: str
    records_read: int = 0


class ReadFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file that was looked at (contracts: ``read``)."""

    file: str
    kind: str
    sha256: str
    records: int = 0
