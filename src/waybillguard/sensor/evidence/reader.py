"""One file of the evidence: what it is, by its content, and what it says."""

import hashlib
import io
import re
from collections.abc import Callable, Iterator
from itertools import count
from typing import BinaryIO

import msgspec

from waybillguard.sensor.catalogue import catalogue
from waybillguard.sensor.evidence import (
    browser_files,
    commands,
    exports,
    linux_files,
    print_config,
    system_logs,
    tool_logs,
)
from waybillguard.sensor.evidence.binary import original_place, read_binary
from waybillguard.sensor.evidence.event import Event
from waybillguard.sensor.evidence.event_log import EventLog
from waybillguard.sensor.evidence.hive import MAX_SIZE as MAX_HIVE
from waybillguard.sensor.evidence.hive import Hive, HiveError
from waybillguard.sensor.evidence.interest import is_of_interest
from waybillguard.sensor.evidence.prefetch import PrefetchError, read_prefetch
from waybillguard.sensor.evidence.source import Member
from waybillguard.sensor.evidence.task import TaskError, read_task
from waybillguard.sensor.evidence.text_forms import text_form
from waybillguard.sensor.evidence.user_rules import UserRules
from waybillguard.sensor.observation import Loss, Observation, ReadFile

MAX_TEXT = 256 << 20
MAX_SMALL_TEXT = 4 << 20
"""Of a configuration file no more is read."""
_PIECE = 1 << 20
_MAX_LINE = 64_000
_SMALL = 32 << 20
_EXPECTED = {
    ".evtx": "event_log", ".pf": "prefetch", ".dat": "hive", ".hve": "hive", ".hiv": "hive",
}  # fmt: skip
_STARTS_AT_SIGN_IN = re.compile(
    r"\\start menu\\programs\\startup\\[^\\]+\.(?:exe|scr|com|vbs|vbe|js|jse|wsf|bat|cmd|ps1|hta|ahk|au3|a3x|pyw?|jar)$"
    r"|\\(?:xlstart|word\\startup|office6\\startup)\\(?!personal\.|~)[^\\]+\.(?:xl\w+|dot\w?|wll|et\w?|dll)$"
)
"""Scripts and programs themselves; what people put there are shortcuts."""
_HIVE_NAMES = {
    "system",
    "software",
    "sam",
    "security",
    "ntuser.dat",
    "usrclass.dat",
    "amcache.hve",
    "default",
}
_MAGIC = (
    (b"ElfFile\0", "event_log"),
    (b"regf", "hive"),
    (b"MAM\x04", "prefetch"),
    (b"MAM\x84", "prefetch"),
    (b"MZ", "binary"),
    (b"\x7fELF", "binary"),
)


class Told(msgspec.Struct):
    """What one file gave: observations come while it is read, the rest when it is done."""

    read: ReadFile
    losses: list[Loss]
    offset: int | None = None
    computer: str = ""


class FileReader:
    """Reads one member; iterate for the observations, then take ``told``."""

    def __init__(self, member: Member, rules: UserRules | None = None) -> None:
        self._member = member
        self._rules = rules
        self._records = 0
        self.told = Told(ReadFile(file=member.name, kind="other", sha256=""), [])

    def __iter__(self) -> Iterator[Observation]:
        """Yield the observations that may matter; everything else is counted."""
        name = self._member.name
        try:
            with self._member.open() as stream:
                head, digest = _hash(stream)
                kind = _kind(head)
                stream.seek(0)
                yield from self._place()
                if self._rules is not None:
                    yield from self._rules.on_file(name, stream)
                    stream.seek(0)
                for seen in self._by_kind(kind, stream, head):
                    self._records += 1
                    if kind == "event_log" or is_of_interest(seen):
                        yield seen
                self.told.read = ReadFile(
                    file=name, kind=self.told.read.kind, sha256=digest, records=self._records
                )
        except OSError:
            self.told.losses.append(
                Loss(file=name, reason="cannot be read to its end", records_read=self._records)
            )

    def _place(self) -> Iterator[Observation]:
        """Yield the file's own place if it is a known tool's: that it lies there is a trace too."""
        place = original_place(self._member.name)
        seen = Observation(
            kind="program_seen",
            file=self._member.name,
            record="place",
            path=place,
            marks=("registry", "place"),
        )
        if catalogue().match(seen):
            yield seen
        yield from print_config.cups_program(f"/{self._member.name}", self._member.name)
        if _STARTS_AT_SIGN_IN.search(place):
            yield msgspec.structs.replace(
                seen, kind="autorun", name=place.rpartition("\\")[2], command=place, marks=("startup",)
            )

    def _by_kind(self, kind: str, stream: BinaryIO, head: bytes) -> Iterator[Observation]:
        name = self._member.name
        self._is(kind)
        if name.lower().endswith(".zip") and not head.startswith(b"PK"):
            self._lose("its name says zip, its content does not")
        expected = _expected(name)
        if expected and kind != expected and kind in {"other", "text", "binary", "empty"}:
            self._lose(
                "empty"
                if kind == "empty"
                else f"its name says {expected.replace('_', ' ')}, its content does not"
            )
            if kind != "text":
                return
        if kind == "event_log":
            yield from self._event_log(stream)
        elif kind == "hive":
            yield from self._hive(stream)
        elif kind == "prefetch":
            yield from self._prefetch(stream)
        elif kind == "binary":
            yield from read_binary(stream, name)
        elif kind == "text":
            yield from self._text(stream, head)
        elif "extension settings/" in name.lower():
            text = stream.read(MAX_SMALL_TEXT).decode("utf-8", "replace")
            yield from browser_files.read_user_scripts(text, name)

    @property
    def _also(self) -> Callable[[Event], Iterator[Observation]] | None:
        return self._rules.on_event if self._rules is not None and self._rules.reads_events else None

    def _is(self, kind: str) -> None:
        self.told.read = msgspec.structs.replace(self.told.read, kind=kind)

    def _lose(self, reason: str) -> None:
        self.told.losses.append(Loss(file=self._member.name, reason=reason, records_read=self._records))

    def _event_log(self, stream: BinaryIO) -> Iterator[Observation]:
        log = EventLog(self._member.name, is_of_interest, self._also)
        yield from log.read(self._member.path or stream)
        self._finish(log)

    def _finish(self, log: EventLog) -> None:
        self.told.losses += log.losses
        self.told.computer = log.computer
        self._records = log.records

    def _hive(self, stream: BinaryIO) -> Iterator[Observation]:
        if self._member.size > MAX_HIVE:
            self._lose("larger than any registry hive; not read")
            return
        try:
            hive = Hive(stream.read(), self._member.name)
        except HiveError as error:
            self._lose(str(error))
            return
        yield from hive.read()
        self._records = hive.records
        self.told.losses += hive.losses
        self.told.offset, self.told.computer = hive.offset, hive.computer

    def _prefetch(self, stream: BinaryIO) -> Iterator[Observation]:
        if self._member.size > _SMALL:
            self._lose("larger than any prefetch file; not read")
            return
        try:
            yield from read_prefetch(stream.read(), self._member.name)
        except PrefetchError as error:
            self._lose(str(error))

    def _text(self, stream: BinaryIO, head: bytes) -> Iterator[Observation]:
        name = self._member.name
        low = name.rpartition("/")[2].lower()
        if self._member.size > MAX_TEXT:
            self._lose(f"text of more than {MAX_TEXT >> 20} MiB; only its first part was read")
        text = _decode(head[:4096])
        form = text_form(low, name, text)
        self._is(form)
        if form.startswith("event_"):
            log = EventLog(name, is_of_interest, self._also)
            yield from log.read_xml(stream) if form == "event_export" else log.read_lines(_numbered(stream))
            self._finish(log)
        elif form == "task":
            yield from self._task(stream)
        elif form == "json_export" and self._member.size < _SMALL:
            data = stream.read()
            yield from exports.read_json(data, name)
            if not exports.json_rows(data)[1]:
                self._lose("cut off or damaged; what comes before the damage was read")
        elif form in _BY_TEXT:
            whole = head if self._member.size <= len(head) else stream.read(MAX_SMALL_TEXT)
            yield from _BY_TEXT[form](_decode(whole), name)
        elif form == "system_log":
            yield from system_logs.read_auth_log(_numbered(stream), name, self._member.year or None)
        elif form in _BY_NUMBERED_LINES:
            yield from _BY_NUMBERED_LINES[form](_numbered(stream), name)
        elif form in _BY_LINES:
            yield from _BY_LINES[form]((line for _, line in _numbered(stream)), name)
        else:
            self._is("tool_log")
            yield from tool_logs.PARSERS[form](_numbered(stream), name)

    def _task(self, stream: BinaryIO) -> Iterator[Observation]:
        if self._member.size > _SMALL:
            self._lose("larger than any scheduled task; not read")
            return
        try:
            yield from read_task(stream.read(), self._member.name)
        except TaskError as error:
            self._lose(str(error))


type _Lines = Iterator[tuple[int, str]]
_BY_NUMBERED_LINES: dict[str, Callable[[_Lines, str], Iterator[Observation]]] = {
    "setup_log": system_logs.read_setup_log,
    "service_list": commands.read_sc,
    "task_names": commands.read_task_list,
    "linux_processes": commands.read_ps,
    "registry_query": commands.read_reg_query,
    "package_log": linux_files.read_dpkg_log,
    "cron": linux_files.read_cron,
    "hosts": commands.read_hosts,
    "other": linux_files.read_paths,
    "boot_settings": commands.read_boot_settings,
    "sockets": commands.read_sockets,
    "group_list": commands.read_group,
    "packet_rules": print_config.read_packet_rules,
    "udev": linux_files.read_udev,
    "script": linux_files.read_script,
    "pam": linux_files.read_pam,
    "ssh_keys": linux_files.read_keys,
}
_BY_TEXT: dict[str, Callable[[str, str], Iterator[Observation]]] = {
    "unit": linux_files.read_unit,
    "autostart": linux_files.read_autostart,
    "tunnel_config": commands.read_tunnel,
    "consumers": commands.read_consumers,
    "netsupport": tool_logs.read_netsupport,
    "rdp_wrapper": tool_logs.read_rdp_wrapper,
    "transfers": commands.read_transfers,
    "wireguard": print_config.read_wireguard,
    "mesh_agent": tool_logs.read_mesh_agent,
    "cups_printers": print_config.read_printers_conf,
    "cups_server": print_config.read_cupsd,
    "ppd": print_config.read_ppd,
    "cups_script": print_config.read_cups_script,
    "preload": print_config.read_preload,
    "shares": linux_files.read_shares,
    "shell_start": linux_files.read_profile_script,
    "extension": browser_files.read_manifest,
    "user_script": browser_files.read_user_scripts,
    "browser_profile": browser_files.read_profile,
}
_BY_LINES: dict[str, Callable[[Iterator[str], str], Iterator[Observation]]] = {
    "registry_export": exports.read_reg,
    "netstat": exports.read_netstat,
    "process_list": exports.read_tasklist,
    "task_list": commands.read_schtasks,
    "driver_list": commands.read_drivers,
    "door_log": system_logs.read_doors,
}


def _hash(stream: BinaryIO) -> tuple[bytes, str]:
    digest, head = hashlib.sha256(), b""
    while piece := stream.read(_PIECE):
        head = head or piece[:65_536]
        digest.update(piece)
    return head, digest.hexdigest()


def _kind(head: bytes) -> str:
    if not head:
        return "empty"
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    if head[4:8] == b"SCCA":
        return "prefetch"
    if head[:2] in {b"\xff\xfe", b"\xfe\xff"} or head[:3] == b"\xef\xbb\xbf":
        return "text"
    sample = head[:8192]
    return "other" if b"\0" in sample and not _looks_utf16(sample) else "text"


def _expected(name: str) -> str:
    low = name.rpartition("/")[2].lower()
    ending = low[low.rfind(".") :] if "." in low else ""
    if low in _HIVE_NAMES and ("config" in name.lower() or low.endswith((".dat", ".hve"))):
        return "hive"
    return _EXPECTED.get(ending, "") if ending in {".evtx", ".pf", ".hve", ".hiv"} else ""


def _looks_utf16(sample: bytes) -> bool:
    odd = sample[1::2]
    return len(odd) > 8 and odd.count(0) > len(odd) * 0.6 and sample[::2].count(0) < len(odd) * 0.1  # noqa: PLR2004


def _decode(data: bytes) -> str:
    return data.decode(_encoding(data), "replace")


def _encoding(data: bytes) -> str:
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return "utf-16"
    if _looks_utf16(data):
        return "utf-16-le"
    try:
        data[: len(data) - 4].decode("utf-8")
    except UnicodeDecodeError as error:
        return "utf-8-sig" if error.start > len(data) - 8 else "gb18030"
    return "utf-8-sig"


def _numbered(stream: BinaryIO) -> Iterator[tuple[int, str]]:
    """Yield lines with their numbers; a line without end is cut, and no more than the bound is read."""
    stream.seek(0)
    encoding = _encoding(stream.read(65_536))
    stream.seek(0)
    text = io.TextIOWrapper(stream, encoding=encoding, errors="replace", newline=None)
    read = 0
    for number in count(1):
        line = text.readline(_MAX_LINE)
        if not line or read > MAX_TEXT:
            break
        read += len(line)
        yield number, line.rstrip("\r\n")
    text.detach()
