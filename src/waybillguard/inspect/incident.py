"""Incident response (事件处置): stop, preserve, notify. Time limits are given only where a legal text sets them."""

from datetime import datetime, timedelta
from functools import cache
from typing import Final, Literal

import msgspec

from waybillguard.documents import Document, Facts, Paragraph, Signatures, Table
from waybillguard.inspect.catalogue import catalogue, read_yaml

#: 较大 and above: Incident Reporting Measures, annex 3.
LARGE_PERSONS: Final = 1_000_000
#: Required content of a notice: PIPL 57 and Network Data Regulations 11.
NOTICE_ITEMS: Final = (
    ("kinds", "信息种类"),
    ("cause", "原因"),
    ("harm", "可能的危害"),
    ("remedies", "已采取的措施和个人可采取的措施"),
    ("contact", "处理者联系方式"),
)


class Duty(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One duty in an incident, as data."""

    id: str
    zh: str
    en: str
    owner: str
    basis: str
    at_once: bool = False
    hours: int | None = None
    after: Literal["detection", "end"] = "detection"
    when: Literal["always", "large", "national_security", "courier"] = msgspec.field(
        default="always", name="if"
    )


class Incident(msgspec.Struct, frozen=True, kw_only=True):
    """The facts of an incident known so far.

    ``persons_high``: upper bound from ``trace``; None while unknown, which is not treated as small.
    ``ended_at``: end of the incident handling; None while it is in progress.
    """

    detected_at: datetime
    ended_at: datetime | None = None
    persons_high: int | None = None
    national_security: bool = False
    courier: bool = False


class DatedDuty(msgspec.Struct, frozen=True):
    """A duty with its deadline. ``due`` is None if due immediately, or for duties after an end that is not reached."""

    duty: Duty
    due: datetime | None
    certain: bool


@cache
def duties() -> tuple[Duty, ...]:
    """Return all duties in order."""
    return tuple(read_yaml("incident.yaml", list[Duty]))


def steps(incident: Incident) -> tuple[DatedDuty, ...]:
    """Return the duties of this incident, in order.

    While the number of persons is unknown, the duties of a large incident are listed as uncertain. Their deadlines
    run from detection, so that a four-hour limit is not missed.
    """
    unknown = incident.persons_high is None
    large = (incident.persons_high or 0) >= LARGE_PERSONS
    holds = {
        "always": True,
        "large": large or unknown,
        "national_security": incident.national_security,
        "courier": incident.courier,
    }
    return tuple(
        DatedDuty(
            duty,
            _due(duty, incident),
            duty.when != "large" or not unknown,
        )
        for duty in duties()
        if holds[duty.when]
    )


def _due(duty: Duty, incident: Incident) -> datetime | None:
    start = incident.ended_at if duty.after == "end" else incident.detected_at
    return None if duty.hours is None or start is None else start + timedelta(hours=duty.hours)


def missing_items(items: set[str]) -> tuple[str, ...]:
    """Return the names, in Chinese, of the five required items that a notice lacks."""
    return tuple(zh for key, zh in NOTICE_ITEMS if key not in items)


def incident_document(subject: str, incident: Incident) -> Document:
    """Return the steps as a checklist to sign."""
    owners = catalogue().bodies.owners
    rows = tuple(
        (
            str(number),
            step.duty.zh + ("" if step.certain else "（人数未明，先按此时限准备）"),
            owners[step.duty.owner].zh,
            _when(step),
            step.duty.basis,
            "",
        )
        for number, step in enumerate(steps(incident), start=1)
    )
    high = "未知" if incident.persons_high is None else f"{incident.persons_high:,}"
    return Document(
        title="个人信息安全事件处置单",
        subtitle=subject,
        blocks=(
            Facts((("发现时间", f"{incident.detected_at:%Y-%m-%d %H:%M %Z}"), ("影响人数上限", high))),
            Table(("序", "事项", "责任", "时限", "依据", "完成时间"), rows, (1, 8, 2, 3, 5, 3)),
            Paragraph("只列出法规写明的时限；其余为“立即”。是否通知及豁免由处理者决定。", "note"),
            Signatures(("处置负责人",)),
        ),
    )


def _when(step: DatedDuty) -> str:
    if step.due is not None:
        return f"{step.due:%m-%d %H:%M} 前"
    return f"处置结束后 {(step.duty.hours or 0) // 24} 日内" if step.duty.after == "end" else "立即"
