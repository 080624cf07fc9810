"""A scan's report as it comes in and as pages show it: decoded, judged by the site's approvals."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

import msgspec

from waybillguard.events.shared import Finding, RemoteSession
from waybillguard.sensor.catalogue import catalogue
from waybillguard.sensor.installs import Install
from waybillguard.sensor.observation import Loss
from waybillguard.sensor.report import first_steps
from waybillguard.service.sensors.errors import report_too_large, report_unreadable
from waybillguard.service.sensors.models import PrintPc, ScanReport, ToolApproval

MAX_BYTES: Final = 4 << 20
MAX_LISTED: Final = 500
_YEARS: Final = range(1899, 2200)
"""Those in which a scan tells times; others are no calendar's, or cannot be brought to another zone."""
_GRAVE: Final = frozenset({"high", "critical"})


class Body(msgspec.Struct, frozen=True):
    """What a page needs of a scan; other keys are passed over."""

    findings: tuple[Finding, ...]
    sessions: tuple[RemoteSession, ...] = ()
    installs: tuple[Install, ...] = ()
    losses: tuple[Loss, ...] = ()
    machine: str = ""
    system: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """A finding with what the site says of its tool."""

    finding: Finding
    approved: bool

    @property
    def severity(self) -> str:
        """The severity that counts here: an approved tool that hides nothing is low."""
        return "low" if self.approved else self.finding.severity


def read_body(data: bytes) -> Body:
    """Decode a report.

    Raises:
        SensorServiceError: it is too large, or no scan wrote it.
    """
    if len(data) > MAX_BYTES:
        raise report_too_large()
    try:
        if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:  # as PowerShell writes what a command prints
            data = data.decode("utf-16").encode()
        # No column of a database takes a null: it would keep the report of who put one into a name from arriving.
        body = msgspec.json.decode(data.replace(rb"\u0000", rb"\ufffd"), type=Body)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        raise report_unreadable() from None
    if len(body.findings) > MAX_LISTED:
        raise report_too_large()
    if not all(each.tzinfo and each.year in _YEARS for each in _times_of(body)):
        raise report_unreadable()
    return body


def _times_of(body: Body) -> Iterator[datetime]:
    """Yield every time of a report."""
    times = [each.time for each in body.findings] + [each.time for each in body.installs]
    times += [when for each in body.sessions for when in (each.start, each.end)]
    yield from filter(None, times)
    for fact in (fact for each in body.findings for fact in each.facts):
        with suppress(ValueError):
            yield datetime.fromisoformat(fact.time)


def judge_body(body: Body, pc: PrintPc, day: date) -> list[Judged]:
    """Hold the findings against the approvals of the PC's site that are in force on a day."""
    rows = ToolApproval.objects.filter(tenant=pc.tenant_id, withdrawn_at=None, until__gte=day)
    names = [row.tool.lower() for row in rows if row.site_id in {None, pc.site_id}]
    return [Judged(finding, _is_approved(finding, names)) for finding in body.findings]


def _is_approved(finding: Finding, names: list[str]) -> bool:
    """Is the tool approved. What is hidden, renamed or taps the print stream is nobody's approved tool."""
    if finding.kind not in {
        "remote_tool",
        "management_tool",
        "tunnel",
        "client_tool",
        "transfer_tool",
        "monitoring",
    }:
        return False
    tool = finding.tool.lower()
    return any(name == tool or name in tool.split() for name in names)


def steps_of(judged: list[Judged]) -> tuple[tuple[str, str], ...]:
    """Return what to do first, for an owner, in Chinese and English."""
    grave = [each.finding for each in judged if each.severity in _GRAVE]
    doubtful = [each.finding for each in judged if each.severity == "medium"]
    return first_steps([*grave, *doubtful])


def known_tools() -> list[str]:
    """Return the names of tools that a site may approve."""
    kinds = {"remote_control", "management", "tunnel", "monitoring", "transfer", "client"}
    return sorted({tool.name for tool in catalogue().tools if tool.kind in kinds})


def is_grave(judged: list[Judged]) -> bool:
    """Does a report restrict the PC."""
    return any(each.severity in _GRAVE for each in judged)


def counted(judged: list[Judged]) -> dict[str, int]:
    """Count findings by weight, as the row of a report keeps them."""
    return {
        "high": sum(each.severity in _GRAVE for each in judged),
        "medium": sum(each.severity == "medium" for each in judged),
        "low": sum(each.severity == "low" for each in judged),
    }


def body_of(report: ScanReport) -> Body:
    """Return the decoded body of a stored report."""
    return read_body(bytes(report.body))
