"""Scan reports: decode them, and judge their findings by the site's approvals."""

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
"""Valid years of times in a scan. Other years are errors, or cannot be converted to another time zone."""
_GRAVE: Final = frozenset({"high", "critical"})


class Body(msgspec.Struct, frozen=True):
    """The parts of a scan report that pages need; other keys are ignored."""

    findings: tuple[Finding, ...]
    sessions: tuple[RemoteSession, ...] = ()
    installs: tuple[Install, ...] = ()
    losses: tuple[Loss, ...] = ()
    machine: str = ""
    system: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """A finding, and whether the site approved its tool."""

    finding: Finding
    approved: bool

    @property
    def severity(self) -> str:
        """The severity after approvals: low for an approved tool that hides nothing."""
        return "low" if self.approved else self.finding.severity


def read_body(data: bytes) -> Body:
    """Decode a report.

    Raises:
        SensorServiceError: it is too large, or is not a scan report.
    """
    if len(data) > MAX_BYTES:
        raise report_too_large()
    try:
        if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:  # PowerShell redirects output as UTF-16
            data = data.decode("utf-16").encode()
        # Databases reject null characters, so somebody could suppress a report by putting one into a name.
        body = msgspec.json.decode(data.replace(rb"\u0000", rb"\ufffd"), type=Body)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        raise report_unreadable() from None
    if len(body.findings) > MAX_LISTED:
        raise report_too_large()
    if not all(each.tzinfo and each.year in _YEARS for each in _times_of(body)):
        raise report_unreadable()
    return body


def _times_of(body: Body) -> Iterator[datetime]:
    """Yield all times in a report."""
    times = [each.time for each in body.findings] + [each.time for each in body.installs]
    times += [when for each in body.sessions for when in (each.start, each.end)]
    yield from filter(None, times)
    for fact in (fact for each in body.findings for fact in each.facts):
        with suppress(ValueError):
            yield datetime.fromisoformat(fact.time)


def judge_body(body: Body, pc: PrintPc, day: date) -> list[Judged]:
    """Judge the findings by the approvals of the PC's site that are in force on a day."""
    rows = ToolApproval.objects.filter(tenant=pc.tenant_id, withdrawn_at=None, until__gte=day)
    names = [row.tool.lower() for row in rows if row.site_id in {None, pc.site_id}]
    return [Judged(finding, _is_approved(finding, names)) for finding in body.findings]


def _is_approved(finding: Finding, names: list[str]) -> bool:
    """Return whether the tool is approved. A tool that is hidden or renamed or taps the print stream never is."""
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
    """Return the first steps for the owner in Chinese and English."""
    grave = [each.finding for each in judged if each.severity in _GRAVE]
    doubtful = [each.finding for each in judged if each.severity == "medium"]
    return first_steps([*grave, *doubtful])


def known_tools() -> list[str]:
    """Return the names of tools that a site may approve."""
    kinds = {"remote_control", "management", "tunnel", "monitoring", "transfer", "client"}
    return sorted({tool.name for tool in catalogue().tools if tool.kind in kinds})


def is_grave(judged: list[Judged]) -> bool:
    """Return whether the findings are severe enough to restrict the PC."""
    return any(each.severity in _GRAVE for each in judged)


def counted(judged: list[Judged]) -> dict[str, int]:
    """Count findings by severity, for the columns of a stored report."""
    return {
        "high": sum(each.severity in _GRAVE for each in judged),
        "medium": sum(each.severity == "medium" for each in judged),
        "low": sum(each.severity == "low" for each in judged),
    }


def body_of(report: ScanReport) -> Body:
    """Return the decoded body of a stored report."""
    return read_body(bytes(report.body))
