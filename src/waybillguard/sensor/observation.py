"""Defines the observation: one record about a machine, produced by the readers and used by the rules.

The live scan and evidence produce the same type, so each rule is written once. Values may name people and machines;
the ``repr`` hides them.
"""

from datetime import datetime
from typing import Final, Literal

import msgspec

type Kind = Literal[
    "program_run",  # prefetch, BAM, UserAssist, process creation, a live process
    "program_seen",  # shimcache, amcache, a file: present, perhaps never run
    "program_installed",  # uninstall key, MSI event, package database
    "program_removed",
    "service_installed",  # the registration of a service
    "service",  # the configuration of a service
    "autorun",  # run keys, startup folder, cron, desktop autostart
    "task",  # scheduled task, timer
    "hook",  # a library or driver that Windows loads into sign-in, programs or a device stack; ``name`` is the place
    "printer",
    "print_monitor",
    "print_processor",
    "print_filter",  # CUPS backend or filter, driver filter
    "print_access",  # a program that has the spool or the print component's store open
    "document_printed",
    "listener",
    "connection",
    "dns",
    "host_named",  # a host named in any text; it was not necessarily contacted
    "session_start",
    "session_end",
    "session",  # start and end in one record
    "session_trace",  # a record within a session: address, identity
    "session_attempts",  # refused or repeated attempts, counted
    "sign_in",  # at the keyboard
    "account_created",
    "account_deleted",
    "account_listed",  # an account that exists
    "account_raised",  # added to an administrators group
    "log_cleared",
    "setting",  # a relevant system setting, given by ``name``
    "port_forward",
    "packet_redirect",  # a rule of the packet filter that redirects or duplicates packets
    "extension",  # a browser extension; ``command`` holds its permissions, ``session`` its identifier
    "script",  # a line of a stored script
    "posing_device",  # a device that presents itself as a keyboard or network card, given by ``product``
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
    """One relevant record.

    Attributes:
        kind: kind of observation.
        file: evidence file (posix path inside the evidence) or live source.
        record: number, key or line of the record in that file.
        time: time of the record; naive if the source has local time without a zone (the examination adds the zone).
        until: end, if the record holds both start and end.
        name: service, program, printer, account or setting.
        path: program file or registry key.
        command: command line or value.
        account: account of the act.
        origin: remote address.
        origin_name: name or number of the remote side.
        signer, product, original: signer, product and original file name from the binary itself.
        port: TCP or UDP port.
        session: key shared by the records of one session.
        tool: identifier in the catalogue, if the reader knows it (tool logs).
        count: number of equal records merged into this one.
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
        """Show only the kind."""
        return f"Observation({self.kind!r}, …)"


_MOST: Final = {"path": 4_096, "name": 4_096, "command": 32_768}
"""Maximum lengths, larger than any system allows; they bound the time of regular expressions."""


def clipped(seen: Observation) -> Observation:
    """Return an observation with its texts cut to the maximum lengths; only forged records exceed them."""
    longer = {name: text[:most] for name, most in _MOST.items() if len(text := getattr(seen, name)) > most}
    return msgspec.structs.replace(seen, **longer) if longer else seen


def encodable(seen: Observation) -> Observation:
    """Return an observation that can be encoded as UTF-8: lone surrogates from cut or foreign names are replaced."""
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
    """A part of the evidence that could not be read (contracts: ``losses``)."""

    file: str
    reason: str
    records_read: int = 0


class ReadFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file that was examined (contracts: ``read``)."""

    file: str
    kind: str
    sha256: str
    records: int = 0
