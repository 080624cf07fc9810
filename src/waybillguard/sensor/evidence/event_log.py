"""Reads Windows event logs: EVTX files, XML exports of ``wevtutil`` and the event viewer, and evtx_dump's JSON lines.

A damaged chunk does not end the reading: the parser is asked for the next record until there is none, and the missing
part is reported as a loss.
"""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, BinaryIO
from xml.etree import ElementTree as ET

import msgspec

from waybillguard.sensor.evidence.clock import iso, table_time
from waybillguard.sensor.evidence.contents import encoding_of
from waybillguard.sensor.evidence.event import Event
from waybillguard.sensor.evidence.event_meanings import MEANINGS, NUMBERS
from waybillguard.sensor.evidence.event_scripts import SCRIPT_EVENTS
from waybillguard.sensor.observation import CUT_OFF, Loss, Observation, clipped
from waybillguard.sensor.paths import whole_number

_ID = re.compile(r'"EventID":(?:"?(\d+)|\{.*?"#text":"?(\d+))')
_CHUNK, _HEAD = 65_536, 4_096
_LONGEST = 1 << 20
_NOT_XML = re.compile(
    r"<\?xml[^>]*\?>|<!DOCTYPE[^>]*>|<!ENTITY[^>]*>|[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]"
    r"|&#(?:0*(?:[0-8]|1[124-9]|2\d|3[01])|x0*(?:[0-8bcef]|1[0-9a-f]));",
    re.IGNORECASE,
)
"""Parts to remove before parsing: headers of appended exports, and characters that XML forbids but Windows writes."""
_GIVE_UP = 10_000
"""Consecutive errors after which the rest of the file is skipped."""
type Keep = Callable[[Observation], bool]
type Also = Callable[[Event], Iterator[Observation]]
"""The user's own rules; with them every event is parsed, not only those with a known meaning."""


class EventLog:
    """Reader of one event log.

    Attributes:
        records: number of events read, with or without a known meaning.
        losses: parts that could not be read.
        computer: the machine's name in the last event.
    """

    def __init__(self, file: str, keep: Keep = lambda _: True, also: Also | None = None) -> None:
        self.file = file
        self._also = also
        self.records = 0
        self.losses: list[Loss] = []
        self.computer = ""
        self._keep = keep
        self._logons: set[str] = set()
        self._attempts: dict[tuple[str, str, str, str], Observation] = {}

    def read(self, source: str | BinaryIO) -> Iterator[Observation]:
        """Yield observations from an EVTX file."""
        import evtx  # noqa: PLC0415 - a live scan reads no event log files

        try:
            records: Iterator[Any] = evtx.PyEvtxParser(source, number_of_threads=1).records_json()
        except (RuntimeError, OSError, ValueError):
            self._lose("not an event log, or its header is damaged")
            return
        failures = in_a_row = 0
        while in_a_row < _GIVE_UP:
            try:
                record = next(records)
            except StopIteration:
                break
            except (RuntimeError, ValueError, OSError):
                failures, in_a_row = failures + 1, in_a_row + 1
                continue
            in_a_row = 0
            self.records += 1
            found = _ID.search(record["data"], 0, 700)
            if self._also is None and found is not None and int(found[1] or found[2]) not in NUMBERS:
                continue
            yield from self._event(record)
        if failures:
            self._lose(f"{failures} damaged records or chunks were passed over; the rest was read")
        yield from self._attempts.values()

    def read_xml(self, source: BinaryIO) -> Iterator[Observation]:
        """Yield observations from an XML export, with or without a root element."""
        parser: ET.XMLPullParser[Any] = ET.XMLPullParser(["end"])
        text = io.TextIOWrapper(source, encoding=encoding_of(source), errors="replace")
        parser.feed("<exported>")
        try:
            for piece in _whole_tags(text):
                parser.feed(_NOT_XML.sub("", piece))
                yield from self._xml_events(parser)
            parser.feed("</exported>")
            yield from self._xml_events(parser)
        except ET.ParseError:
            self._lose("the XML ends early or is damaged; events before it were read")
        yield from self._attempts.values()

    def read_lines(self, lines: Iterable[tuple[int, str]]) -> Iterator[Observation]:
        """Yield observations from evtx_dump's JSON, one event per line."""
        for number, line in lines:
            if line.strip():
                self.records += 1
                yield from self._event({"data": line.lstrip("\ufeff"), "event_record_id": f"line {number}"})
        yield from self._attempts.values()

    def read_events(self, events: Iterable[Event]) -> Iterator[Observation]:
        """Yield observations from events that were read from a table."""
        try:
            for event in events:
                self.records += 1
                yield from self._mean(event)
        except csv.Error:
            self._lose(CUT_OFF)
        yield from self._attempts.values()

    def _xml_events(self, parser: "ET.XMLPullParser[Any]") -> Iterator[Observation]:
        for event_and_element in parser.read_events():
            element = event_and_element[-1]
            if not isinstance(element, ET.Element) or element.tag.rpartition("}")[2] != "Event":
                continue
            self.records += 1
            event = _from_xml(element, self.file, str(self.records))
            self.computer = element.findtext("{*}System/{*}Computer") or self.computer
            element.clear()
            if event is not None:
                yield from self._mean(event)

    def _event(self, record: dict[str, Any]) -> Iterator[Observation]:
        try:
            body = msgspec.json.decode(record["data"])
            body = body.get("Event", body)
            system = body["System"]
            number = system["EventID"]
            event = Event(
                self.file,
                str(system.get("EventRecordID") or record["event_record_id"]),
                table_time(str(_attribute(system["TimeCreated"], "SystemTime"))),
                str(_attribute(system["Provider"], "Name")).lower(),
                int(
                    (number.get("#text") or number.get("Value") or 0) if isinstance(number, dict) else number
                ),
                str(system.get("Channel") or ""),
                _fields(body),
                str(_attribute(system.get("Security") or {}, "UserID")),
            )
            self.computer = str(system.get("Computer") or self.computer)
        except (KeyError, TypeError, ValueError, AttributeError, RecursionError):
            self._lose(f"record {record.get('event_record_id', '?')} is damaged")
            return
        yield from self._mean(event)

    def _mean(self, event: Event) -> Iterator[Observation]:
        if self._also is not None:
            yield from self._also(event)
        scripts = SCRIPT_EVENTS.get((event.provider.partition("/")[0], event.number))
        if scripts is not None:
            yield from (each for each in scripts(event) if self._keep(each))
            return
        meaning = MEANINGS.get((event.provider, event.number)) or MEANINGS.get(
            (event.provider.removesuffix("/operational").partition(" (")[0], event.number)
        )
        seen = meaning(event) if meaning else None
        if seen is None:
            return
        if seen.kind == "session_attempts":
            key = (seen.tool, seen.name, seen.account, seen.origin)
            before = self._attempts.get(key)
            self._attempts[key] = (
                msgspec.structs.replace(before, count=before.count + 1, until=seen.time) if before else seen
            )
            return
        if seen.kind == "session_start" and seen.session:
            self._logons.add(seen.session)
        if seen.name == "4634" and seen.session not in self._logons:
            return
        if self._keep(seen := clipped(seen)):
            yield seen

    def _lose(self, reason: str) -> None:
        if len(self.losses) < 50:  # noqa: PLR2004 - enough to show what is wrong with the file
            self.losses.append(Loss(file=self.file, reason=reason, records_read=self.records))


def _attribute(element: dict[str, Any], name: str) -> Any:  # noqa: ANN401 - as JSON has it
    """Return an attribute of an element in the form of evtx_dump or Velociraptor."""
    return (element.get("#attributes") or element).get(name, "")


def _fields(body: dict[str, Any]) -> dict[str, str]:
    """Flatten EventData and UserData to texts by name; unnamed data are numbered."""
    out: dict[str, str] = {}
    for part in ("EventData", "UserData"):
        data = body.get(part)
        if not isinstance(data, dict):
            continue
        if part == "UserData":
            data = next(
                (value for key, value in data.items() if key != "#attributes" and isinstance(value, dict)), {}
            )
        for key, value in data.items():
            if key == "#attributes":
                continue
            inner = value.get("#text", "") if isinstance(value, dict) else value
            if isinstance(inner, list):
                out |= {str(place): str(each) for place, each in enumerate(inner)}
            elif inner is not None:
                out[key] = str(inner)
                if key == "Data":
                    out["0"] = str(inner)
    return out


def _from_xml(element: ET.Element, file: str, record: str) -> Event | None:
    def child(parent: ET.Element | None, name: str) -> ET.Element | None:
        return None if parent is None else parent.find(f"{{*}}{name}")

    system = child(element, "System")
    number, provider = child(system, "EventID"), child(system, "Provider")
    event_id = whole_number((number.text or "").strip()) if number is not None else None
    if event_id is None or provider is None:
        return None
    fields: dict[str, str] = {}
    for place, data in enumerate(element.findall("{*}EventData/{*}Data")):
        fields[data.get("Name") or str(place)] = data.text or ""
    for data in element.findall("{*}UserData/*/*"):
        fields[data.tag.rpartition("}")[2]] = data.text or ""
    created, security = child(system, "TimeCreated"), child(system, "Security")
    numbered, channel = child(system, "EventRecordID"), child(system, "Channel")
    return Event(
        file,
        (numbered.text if numbered is not None and numbered.text else "") or record,
        iso(created.get("SystemTime", "")) if created is not None else None,
        (provider.get("Name") or "").lower(),
        event_id,
        (channel.text if channel is not None else "") or "",
        fields,
        (security.get("UserID") or "") if security is not None else "",
    )


def _whole_tags(text: io.TextIOWrapper) -> Iterator[str]:
    """Yield a text in pieces that end with a tag, so that no match of ``_NOT_XML`` is split."""
    held = ""
    while piece := text.read(_CHUNK):
        head, tag, rest = piece.rpartition(">")
        if tag or len(held) > _LONGEST:
            yield held + head + tag
            held = ""
        held += rest
    yield held
