"""Reads one file of the evidence: determines its format by the content, and yields its observations."""

import csv
import re
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

import msgspec

from waybillguard.sensor.catalogue import catalogue
from waybillguard.sensor.evidence import (
    any_text,
    browser_files,
    commands,
    event_tables,
    exports,
    journal,
    linux_files,
    linux_lists,
    lists,
    print_config,
    settings_files,
    system_logs,
    tables,
    tool_logs,
)
from waybillguard.sensor.evidence.binary import original_place, read_binary
from waybillguard.sensor.evidence.contents import MAX_TEXT, decode, expected_kind, hash_of, kind_of, numbered
from waybillguard.sensor.evidence.event import Event
from waybillguard.sensor.evidence.event_log import EventLog
from waybillguard.sensor.evidence.hive import MAX_SIZE as MAX_HIVE
from waybillguard.sensor.evidence.hive import Hive, HiveError
from waybillguard.sensor.evidence.hive import logs as hive_logs
from waybillguard.sensor.evidence.interest import is_of_interest
from waybillguard.sensor.evidence.prefetch import PrefetchError, read_prefetch
from waybillguard.sensor.evidence.source import Member
from waybillguard.sensor.evidence.task import TaskError, read_tasks
from waybillguard.sensor.evidence.text_forms import text_form
from waybillguard.sensor.evidence.user_rules import UserRules
from waybillguard.sensor.observation import CUT_OFF, Loss, Observation, ReadFile, clipped
from waybillguard.sensor.paths import is_spool

MAX_SMALL_TEXT = 4 << 20
"""Maximum bytes read of a configuration file."""
_SMALL = 32 << 20
_STARTS_AT_SIGN_IN = re.compile(
    r"\\start menu\\programs\\startup\\[^\\]+\.(?:exe|scr|com|vbs|vbe|js|jse|wsf|bat|cmd|ps1|hta|ahk|au3|a3x|pyw?|jar)$"
    r"|\\(?:xlstart|word\\startup|office6\\startup)\\(?!personal\.|~)[^\\]+\.(?:xl\w+|dot\w?|wll|et\w?|dll)$"
)
"""Scripts and programs in the Startup folder; users normally put shortcuts there."""


class Told(msgspec.Struct):
    """The result of one file besides its observations, available when the file has been read."""

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
        """Yield the observations of interest; all others are only counted."""
        name = self._member.name
        try:
            with self._member.open() as stream:
                head, digest = hash_of(stream)
                kind = kind_of(head)
                stream.seek(0)
                yield from self._place()
                if self._rules is not None:
                    yield from self._rules.on_file(name, stream)
                    stream.seek(0)
                for seen in map(clipped, self._by_kind(kind, stream, head)):
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
        """Yield the file itself if its path belongs to a known tool: its presence is a trace."""
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
        if re.search(r"^[a-z]:\\.*\.(?:spl|shd)$", place) and not is_spool(place):
            yield msgspec.structs.replace(seen, kind="setting", name="jobs_saved", command=place)
        if _STARTS_AT_SIGN_IN.search(place):
            yield msgspec.structs.replace(
                seen, kind="autorun", name=place.rpartition("\\")[2], command=place, marks=("startup",)
            )

    def _by_kind(self, kind: str, stream: BinaryIO, head: bytes) -> Iterator[Observation]:
        name = self._member.name
        self._is(kind)
        if name.lower().endswith(".zip") and not head.startswith(b"PK"):
            self._lose("its name says zip, its content does not")
        expected = expected_kind(name)
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
            yield from self._hive(stream, head)
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

    def _hive(self, stream: BinaryIO, head: bytes) -> Iterator[Observation]:
        name = self._member.name.rpartition("/")[2]
        if hive_logs.is_log(head):
            self._is("hive_log")
            if self._beside(name.rpartition(".")[0]) is None:
                self._lose("the log of a registry hive that is not beside it; not read")
            return
        if self._member.size > MAX_HIVE:
            self._lose("larger than any registry hive; not read")
            return
        data = stream.read()
        if hive_logs.is_dirty(data):
            logs = [log for ending in hive_logs.ENDINGS if (log := self._beside(name + ending)) is not None]
            data = hive_logs.replay(data, logs) or data
        try:
            hive = Hive(data, self._member.name)
        except HiveError as error:
            self._lose(str(error))
            return
        yield from hive.read()
        self._records = hive.records
        self.told.losses += hive.losses
        self.told.offset, self.told.computer = hive.offset, hive.computer

    def _beside(self, name: str) -> bytes | None:
        stream = self._member.beside(name)
        if stream is None:
            return None
        with stream:
            return stream.read(hive_logs.MAX_SIZE)

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
        text = decode(head[:4096])
        form = text_form(low, name, text)
        self._is(form)
        most = MAX_SMALL_TEXT if form in _BY_TEXT else MAX_TEXT
        if self._member.size > most:
            self._lose(f"text of more than {most >> 20} MiB; only its first part was read")
        if (
            low.endswith(settings_files.ENDINGS)
            and self._member.size < settings_files.MAX_SIZE
            and form in _MAY_BE_SETTINGS
        ):
            yield from settings_files.read_settings(decode(stream.read(settings_files.MAX_SIZE)), name)
            stream.seek(0)
        if form.startswith("event_"):
            yield from self._exported_events(form, stream, text)
        elif form in {"task", "table", "json_export"}:
            yield from {"task": self._task, "table": self._table, "json_export": self._json}[form](stream)
        elif form in _BY_TEXT:
            whole = head if self._member.size <= len(head) else stream.read(MAX_SMALL_TEXT)
            yield from _BY_TEXT[form](decode(whole), name)
        elif form in _BY_NUMBERED_LINES:
            yield from _BY_NUMBERED_LINES[form](numbered(stream), name)
        elif form in _BY_LINES:
            yield from _BY_LINES[form]((line for _, line in numbered(stream)), name)
        elif form in _WITH_YEAR:
            yield from _WITH_YEAR[form](numbered(stream), name, self._member.year or None)
        else:
            yield from self._tool_log(form, stream)
        if form in {"other", "system_log"}:
            yield from any_text.read_text(numbered(stream), name)

    def _tool_log(self, form: str, stream: BinaryIO) -> Iterator[Observation]:
        name = self._member.name
        self._is("tool_log")
        brand = tool_logs.brand_of(original_place(name), form)
        for seen in tool_logs.PARSERS[form](numbered(stream), name):
            yield msgspec.structs.replace(seen, tool=brand) if brand else seen

    def _json(self, stream: BinaryIO) -> Iterator[Observation]:
        yield from tables.read_json(self._items(stream), self._member.name)

    def _items(self, stream: BinaryIO) -> list[Any]:
        """Return the items of a JSON file; a file over the size limit is treated as cut off there."""
        rows, whole = tables.json_rows(stream.read(_SMALL))
        if not whole:
            self._lose(CUT_OFF)
        return rows

    def _table(self, stream: BinaryIO) -> Iterator[Observation]:
        try:
            yield from tables.read_csv(numbered(stream), self._member.name)
        except csv.Error:
            self._lose(CUT_OFF)

    def _exported_events(self, form: str, stream: BinaryIO, text: str) -> Iterator[Observation]:
        name = self._member.name
        log = EventLog(name, is_of_interest, self._also)
        if form == "event_export":
            yield from log.read_xml(stream)
        elif form == "event_lines":
            yield from log.read_lines(numbered(stream))
        elif form == "event_blocks":
            yield from log.read_events(event_tables.events_of_blocks(list(numbered(stream)), name))
        elif text.lstrip("\ufeff \r\n")[:1] in {"[", "{"}:
            yield from log.read_events(event_tables.events_of_json(self._items(stream), name))
        else:
            yield from log.read_events(event_tables.events_of_csv(numbered(stream), name))
        self._finish(log)

    def _task(self, stream: BinaryIO) -> Iterator[Observation]:
        if self._member.size > _SMALL:
            self._lose("larger than any scheduled task; not read")
            return
        try:
            yield from read_tasks(decode(stream.read()), self._member.name)
        except TaskError as error:
            self._lose(str(error))


_MAY_BE_SETTINGS = {"other", "json_export", "script", "netsupport"}
"""Formats that settings of unknown programs may have; known programs have readers of their own."""
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
    "journal": journal.read_journal,
    "history": journal.read_history,
    "packages": linux_files.read_packages,
    "linux_netstat": lists.read_linux_netstat,
    "dns_cache": lists.read_dns_cache,
    "program_list": lists.read_program_list,
    "running_files": lists.read_running_files,
    "units": lists.read_units,
    "bodyfile": lists.read_bodyfile,
    "ssh_settings": lists.read_ssh_settings,
    "forwards": lists.read_forwards,
    "firewall_log": lists.read_firewall_log,
    "handles": lists.read_handles,
    "starts": lists.read_starts,
    "typed": lists.read_typed,
    "columns": tables.read_columns,
    "blocks": tables.read_blocks,
    "html": tables.read_html,
    "convs": linux_lists.read_conversions,
    "desktop_sessions": lists.read_desktop_sessions,
    "accounts": linux_lists.read_accounts,
    "sudoers": linux_lists.read_sudoers,
    "changed_files": linux_lists.read_changed,
    "audit": linux_lists.read_audit,
    "kernel_log": linux_lists.read_dmesg,
    "printer_list": linux_lists.read_printer_list,
    "open_files": linux_lists.read_open_files,
    "listing": linux_lists.read_listing,
    "modules": linux_lists.read_modules,
    "memory_map": linux_lists.read_memory_map,
}
_BY_TEXT: dict[str, Callable[[str, str], Iterator[Observation]]] = {
    "unit": linux_files.read_unit,
    "autostart": linux_files.read_autostart,
    "tunnel_config": commands.read_tunnel,
    "consumers": commands.read_consumers,
    "netsupport": tool_logs.read_netsupport,
    "rdp_wrapper": tool_logs.read_rdp_wrapper,
    "desktop_sharing": tool_logs.read_desktop_sharing,
    "peers": tool_logs.read_peers,
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
_WITH_YEAR: dict[str, Callable[[_Lines, str, int | None], Iterator[Observation]]] = {
    "system_log": system_logs.read_auth_log,
    "sign_ins": linux_lists.read_last,
}
"""Readers of formats whose lines have no year."""
_BY_LINES: dict[str, Callable[[Iterator[str], str], Iterator[Observation]]] = {
    "registry_export": exports.read_reg,
    "netstat": exports.read_netstat,
    "process_list": exports.read_tasklist,
    "task_list": commands.read_schtasks,
    "driver_list": commands.read_drivers,
    "door_log": system_logs.read_doors,
}
