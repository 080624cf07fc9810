r"""Reads events from tables: JSON or CSV of ``Get-WinEvent``, which has only the message, and CSV of EvtxECmd.

Windows' labels in a message, in Chinese and English, are mapped to the field names in the event's XML.
"""

import json
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any

from waybillguard.sensor.evidence.clock import table_time
from waybillguard.sensor.evidence.event import SECURITY, Event
from waybillguard.sensor.evidence.event_meanings import MEANINGS
from waybillguard.sensor.evidence.event_scripts import SCRIPT_EVENTS
from waybillguard.sensor.evidence.rows import Row, block_rows, column, csv_rows
from waybillguard.sensor.paths import whole_number

_LABELS = {
    "安全 ID": "{}UserSid", "Security ID": "{}UserSid",
    "帐户名": "{}UserName", "帐户名称": "{}UserName", "账户名": "{}UserName", "账户名称": "{}UserName", "Account Name": "{}UserName",
    "帐户域": "{}DomainName", "账户域": "{}DomainName", "Account Domain": "{}DomainName",
    "登录 ID": "{}LogonId", "Logon ID": "{}LogonId",
    "登录类型": "LogonType", "Logon Type": "LogonType",
    "工作站名称": "WorkstationName", "工作站名": "WorkstationName", "Workstation Name": "WorkstationName",
    "源网络地址": "IpAddress", "源地址": "IpAddress", "Source Network Address": "IpAddress", "Source Address": "IpAddress",
    "新进程名称": "NewProcessName", "New Process Name": "NewProcessName",
    "进程命令行": "CommandLine", "Process Command Line": "CommandLine",
    "创建者进程名称": "ParentProcessName", "Creator Process Name": "ParentProcessName",
    "服务名称": "ServiceName", "服务名": "ServiceName", "Service Name": "ServiceName",
    "服务文件名": "ServiceFileName", "服务文件名称": "ServiceFileName", "Service File Name": "ServiceFileName",
    "任务名称": "TaskName", "任务名": "TaskName", "Task Name": "TaskName",
    "会话名称": "SessionName", "会话名": "SessionName", "Session Name": "SessionName",
    "客户端名称": "ClientName", "客户端名": "ClientName", "Client Name": "ClientName",
    "客户端地址": "ClientAddress", "Client Address": "ClientAddress",
    "用户": "User", "User": "User", "会话 ID": "SessionID", "Session ID": "SessionID",
    "域": "Domain", "Domain": "Domain",
    "共享名": "ShareName", "共享名称": "ShareName", "Share Name": "ShareName",
    "相对目标名称": "RelativeTargetName", "Relative Target Name": "RelativeTargetName",
}  # fmt: skip
_PARTS = {
    "使用者": "Subject", "主题": "Subject", "Subject": "Subject",
    "新登录": "Target", "New Logon": "Target", "新帐户": "Target", "新账户": "Target", "New Account": "Target",
    "目标帐户": "Target", "Target Account": "Target", "登录失败的帐户": "Target", "Account For Which Logon Failed": "Target",
    "成员": "Member", "Member": "Member", "组": "Target", "Group": "Target",
}  # fmt: skip
_LINE = re.compile(r"([^:：\t]{1,60}?)[ \t]*[:：](.*)$")
_SCRIPT = re.compile(
    r"\(\d+ (?:/|of|中的第|，共) ?\d+\)\s*[:：]\s*(.*?)(?:\n[ \t]{0,9}ScriptBlock ID\s*[:：].*)?$",
    re.DOTALL | re.IGNORECASE,
)
_MAX_MESSAGE = 64_000


def events_of_csv(lines: Iterable[tuple[int, str]], file: str) -> Iterator[Event]:
    """Yield the events of a CSV; raises ``csv.Error`` if it ends in an open quote."""
    for number, row in csv_rows(lines):
        event = _event(row, file, f"row {number}")
        if event is not None:
            yield event


def events_of_json(rows: list[Any], file: str) -> Iterator[Event]:
    """Yield the events in the output of ``Get-WinEvent | ConvertTo-Json``."""
    for number, row in enumerate(rows, start=1):
        if isinstance(row, dict):
            low = {str(name).lower(): value for name, value in row.items()}
            values = {name: str(value) for name, value in low.items() if value is not None}
            event = _event(values, file, f"item {number}", low.get("properties"))
            if event is not None:
                yield event


def events_of_blocks(lines: Iterable[tuple[int, str]], file: str) -> Iterator[Event]:
    """Yield the events in the output of ``Get-WinEvent | Format-List`` or ``wevtutil /f:text``."""
    parts = list(_blocks(lines))
    for number, row in parts or block_rows(lines):
        event = _event(row, file, f"line {number}")
        if event is not None:
            yield event


def _blocks(lines: Iterable[tuple[int, str]]) -> Iterator[tuple[int, Row]]:
    """Yield one row per event of ``wevtutil /f:text``: ``Event[0]:``, properties, then the message to the end."""
    held: list[tuple[int, str]] = []
    for number, line in [*lines, (0, "Event[end]")]:
        if re.match(r"^Event\s?\[\w+\]", line):
            at = next(
                (
                    place
                    for place, (_, each) in enumerate(held)
                    if re.match(r"^\s*(?:Description|描述|说明)\s*[:：]", each)
                ),
                len(held),
            )
            rows = list(block_rows(held[:at]))
            if rows:
                yield rows[0][0], {**rows[0][1], "message": "\n".join(each for _, each in held[at:])}
            held = []
        else:
            held.append((number, line))


def is_event_blocks(text: str) -> bool:
    """Return whether a text holds events with one property per line."""
    found = {
        column(each)
        for each in re.findall(r"^\s{0,4}([^\s:：][^:：\n]{0,30}?)\s*[:：]", text[:3000], re.MULTILINE)
    }
    return (
        bool(found & {"providername", "source"})
        and bool(found & {"id", "eventid"})
        and len(found & {"timecreated", "logname", "message", "date"}) > 0
    )


def is_event_table(text: str) -> bool:
    """Return whether a table's header, or the first item of a JSON, has an event number and provider."""
    head = text[:3000].lower()
    if head.lstrip("\ufeff \r\n")[:1] in {"[", "{"}:
        return '"id":' in head and '"providername":' in head
    names = {column(each) for each in re.split(r"[,\t;]", head.lstrip("\ufeff \r\n").partition("\n")[0])}
    return bool(names & {"id", "eventid"}) and bool(names & {"providername", "source", "message"})


_PRINTED = (
    re.compile(r"(?P<Param1>\d+), .*? owned by (?P<Param3>.+?) on (?P<Param4>\S+) was printed on (?P<Param5>.+?) through port (?P<Param6>.+?)\. .*?bytes: (?P<Param7>\d+).*?printed: (?P<Param8>\d+)", re.DOTALL),
    re.compile(r"在 ?(?P<Param5>[^，,。]+?) ?上?通过端口 ?(?P<Param6>\S+?) ?(?:打印|进行|。|，)(?:.*?(?:字节|大小)\D*(?P<Param7>\d+)\D+(?P<Param8>\d+))?", re.DOTALL),
    re.compile(r"(?<!\S)(?P<Param3>\S+?) ?(?:在 ?\S+ ?上)?(?:所?拥有|打印的文档)"),
)  # fmt: skip
"""Patterns for the message of event 307 (document printed), in English and Chinese."""
_PRINTED_JOB = 307
_SHORT = {
    "microsoft windows security auditing.": SECURITY,
    "service control manager eventlog provider": "service control manager",
}


def _provider(name: str, number: int) -> str:
    """Return a provider's full name; the event viewer shortens some."""
    low = re.sub(r"^.*\((microsoft-windows-[\w-]+)\)$", r"\1", name.strip().lower())
    if not low:  # the table of a single log may omit the provider, but most numbers are unique to one
        told = {known for known, of in (*MEANINGS, *SCRIPT_EVENTS) if of == number}
        return told.pop() if len(told) == 1 else ""
    whole = f"microsoft-windows-{low}"
    return _SHORT.get(low) or (
        whole if any(known == whole for known, _ in (*MEANINGS, *SCRIPT_EVENTS)) else low
    )


def _event(row: dict[str, str], file: str, record: str, properties: Any = None) -> Event | None:  # noqa: ANN401 - as JSON has it
    number = whole_number(row.get("id") or row.get("eventid") or "")
    if number is None:
        return None
    provider = _provider(row.get("providername") or row.get("provider") or row.get("source") or "", number)
    message = row.get("message", "")[:_MAX_MESSAGE]
    fields = message_fields(message) | (_printed_job(message) if number == _PRINTED_JOB else {})
    if isinstance(properties, list):
        fields |= {
            str(place): str(each.get("Value", ""))
            for place, each in enumerate(properties)
            if isinstance(each, dict)
        }
    with suppress(ValueError, TypeError, AttributeError, RecursionError):
        data = json.loads(row.get("payload", ""))["EventData"]["Data"]
        fields |= {str(each["@Name"]): str(each.get("#text", "")) for each in data if "@Name" in each}
    return Event(
        file,
        row.get("recordid") or row.get("recordnumber") or record,
        table_time((row.get("timecreated") or row.get("date", "").rstrip("Z ")).strip(), utc="payload" in row),  # wevtutil writes Z after local time
        provider,
        number,
        row.get("logname") or row.get("channel") or "",
        fields,
        row.get("userid", ""),
    )  # fmt: skip


def message_fields(message: str) -> dict[str, str]:
    """Return the fields in an event's message; the heading of a section says which account its lines describe."""
    fields = {"0": message, "Data": message, "payload": re.sub(r"^\s*\w+: ", "", message)}
    part = "Subject"
    for line in message.splitlines():
        row = _LINE.match(line.strip()[:8000])
        if row is None:
            continue
        label, value = row[1].strip(), row[2].strip()
        if not value and label in _PARTS:
            part = _PARTS[label]
        elif value and value != "-":
            name = _LABELS.get(label, label.replace(" ", "") if label.isascii() else "")
            if name:
                fields.setdefault(name.format(part), value)
    for copy, name in (
        ("ImagePath", "ServiceFileName"), ("Address", "IpAddress"), ("Param1", "User"), ("Param2", "Domain"),
        ("Param3", "IpAddress"), ("TargetSid", "TargetUserSid"), ("MemberSid", "MemberUserSid"), ("MemberName", "MemberUserName"),
        ("LogonID", "SubjectLogonId"),
    ):  # fmt: skip
        if name in fields:
            fields.setdefault(copy, fields[name])
    return fields | _told_in_words(message)


def _printed_job(message: str) -> dict[str, str]:
    fields: dict[str, str] = {}
    for pattern in _PRINTED:
        printed = pattern.search(message)
        fields |= {name: value for name, value in printed.groupdict().items() if value} if printed else {}
    return fields


def _told_in_words(message: str) -> dict[str, str]:
    """Return the fields that a message contains in running text: a task, a script."""
    fields: dict[str, str] = {}
    content = message.find("<Task")
    if content >= 0:
        fields["TaskContent"] = message[content:]
    script = _SCRIPT.search(message)
    if script:
        fields["ScriptBlockText"] = script[1]
    return fields
