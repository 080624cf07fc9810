"""Actions on print PCs: store scan reports, approve tools, restrict, release, and clean a PC step by step.

A restriction denies plaintext, exports and administration to the browsers of the station. The agent continues to
print labels, so that shipping does not stop. A restriction takes effect immediately, without waiting for the ledger;
a release writes its ledger entry first.
"""

import hashlib
from datetime import date, datetime, timedelta
from typing import Final

from django.db import transaction
from django.urls import reverse
from django_scopes import scope

from waybillguard.service.cases.models import Case, CaseEvidence
from waybillguard.service.cases.services import add_event, add_evidence, open_case
from waybillguard.service.identity.accounts.changes import note
from waybillguard.service.identity.context import tenant_of
from waybillguard.service.identity.models import BROWSERS, Device, Site, User
from waybillguard.service.sensors.errors import approval_too_long, not_proven_clean, step_out_of_order
from waybillguard.service.sensors.models import PrintPc, ScanReport, ToolApproval
from waybillguard.service.sensors.reports import Judged, counted, is_grave, judge_body, read_body
from waybillguard.service.tenancy.days import local_day
from waybillguard.service.tenancy.models import Tenant

WATCH: Final = timedelta(days=30)
STALE: Final = timedelta(days=7)
LONGEST_APPROVAL: Final = timedelta(days=366)
KEPT_REPORTS: Final = 60
"""Number of reports kept for each PC. Up to the same number of older ones is kept as evidence of a case."""
Stage = PrintPc.Stage
_NEXT: Final = {
    Stage.CLEANING: Stage.RESTRICTED,
    Stage.REBUILT: Stage.CLEANING,
    Stage.WATCHING: Stage.REBUILT,
}
_STEP_ZH: Final = {
    Stage.CLEANING: "证据已封存，开始清理",
    Stage.REBUILT: "已重装并加固",
    Stage.WATCHING: "已确认干净，观察 30 天",
}


def take_report(
    tenant: Tenant,
    station: str,
    data: bytes,
    now: datetime,
    *,
    by: User | None = None,
    device: Device | None = None,
) -> ScanReport:
    """Store a scan of a station's PC, and restrict the PC if the scan has a severe finding that is not approved.

    Raises:
        SensorServiceError: the report is too large, or is not a scan report.
    """
    body = read_body(data)
    with transaction.atomic(), scope(tenant=tenant):
        pc, _ = PrintPc.objects.select_for_update().get_or_create(
            tenant=tenant, station=station, defaults={"site": _site_of(tenant, station)}
        )
        judged = judge_body(body, pc, local_day(now, tenant))
        report = ScanReport.objects.create(
            tenant=tenant,
            pc=pc,
            received_at=now,
            device=device,
            entered_by=by,
            sha256=hashlib.sha256(data).hexdigest(),
            body=data,
            **counted(judged),
        )
        _drop_old(pc)
        note(tenant, "pc_scanned", actor=by, now=now, pc=pc.pk, report=report.sha256, high=report.high)
        if is_grave(judged):
            if pc.stage in {Stage.IN_USE, Stage.WATCHING}:
                _restrict(pc, None, now)
            _enter_in_case(pc, report, judged, by, now)
    return report


def _drop_old(pc: PrintPc) -> None:
    """Delete the oldest reports of a PC, except the first ones that are evidence of a case."""
    reports = ScanReport.objects.filter(tenant=pc.tenant_id, pc=pc)
    held = CaseEvidence.objects.filter(tenant=pc.tenant_id, case__source=f"print_pc:{pc.pk}").values("sha256")
    evidence = reports.filter(sha256__in=held).order_by("pk").values_list("pk", flat=True)[:KEPT_REPORTS]
    old = reports.exclude(pk__in=list(evidence)).order_by("-pk").values_list("pk", flat=True)[KEPT_REPORTS:]
    ScanReport.objects.filter(tenant=pc.tenant_id, pk__in=list(old)).delete()


def _enter_in_case(
    pc: PrintPc, report: ScanReport, judged: list[Judged], by: User | None, now: datetime
) -> None:
    """Open or update the station's case: add the finding to the timeline and the report as evidence."""
    first = next(each.finding for each in judged if each.severity in {"high", "critical"})
    address = reverse("print_pc", args=[pc.pk])
    case = open_case(
        pc.tenant,
        f"print_pc:{pc.pk}",
        Case.Kind.STATION,
        f"打印电脑「{pc.station}」有严重发现",
        f"Serious finding on print PC “{pc.station}”",
        by=by,
        at=now,
    )
    add_event(case, "scan", first.detail_zh, first.detail_en, who=by, address=address, at=now)
    add_evidence(
        case, "scan", f"扫描结果 {pc.station}", report.sha256, size=len(report.body), address=address, by=by
    )


def _site_of(tenant: Tenant, station: str) -> Site | None:
    device = (
        Device.objects.filter(tenant=tenant, station=station)
        .exclude(site=None)
        .select_related("site")
        .first()
    )
    return device.site if device else None


def restrict(user: User, pc: PrintPc, now: datetime) -> PrintPc:
    """Deny plaintext, exports and administration to the station. Labels can still be printed.

    Raises:
        SensorServiceError: the PC is already restricted.
    """
    with transaction.atomic(), scope(tenant=pc.tenant):
        pc = PrintPc.objects.select_for_update().select_related("tenant").get(tenant=pc.tenant_id, pk=pc.pk)
        if pc.stage not in {Stage.IN_USE, Stage.WATCHING}:
            raise step_out_of_order()
        return _restrict(pc, user, now)


def _restrict(pc: PrintPc, user: User | None, now: datetime) -> PrintPc:
    _move(pc, Stage.RESTRICTED, user, now)
    hold_browsers(pc)
    note(pc.tenant, "pc_restricted", actor=user, now=now, pc=pc.pk)
    return pc


def hold_browsers(pc: PrintPc) -> int:
    """Restrict the station's browsers, including newly enrolled ones; return how many were not restricted yet."""
    mine = Device.objects.filter(tenant=pc.tenant_id, station=pc.station, kind__in=BROWSERS)
    return mine.filter(remote_control=False).update(remote_control=True)


def release(user: User, pc: PrintPc, now: datetime) -> PrintPc:
    """Lift the restriction of a station. The ledger entry is written first.

    Raises:
        SensorServiceError: the PC is not restricted.
        KeydError: the ledger cannot be written.
    """
    with transaction.atomic(), scope(tenant=pc.tenant):
        pc = PrintPc.objects.select_for_update().select_related("tenant").get(tenant=pc.tenant_id, pk=pc.pk)
        if pc.stage in {Stage.IN_USE, Stage.WATCHING}:
            raise step_out_of_order()
        note(pc.tenant, "pc_released", actor=user, now=now, pc=pc.pk, stage=pc.stage)
        _free(pc)
        return _move(pc, Stage.IN_USE, user, now)


def _free(pc: PrintPc) -> None:
    Device.objects.filter(tenant=pc.tenant_id, station=pc.station, remote_control=True).update(
        remote_control=False
    )


def advance(user: User, pc: PrintPc, to: str, now: datetime) -> PrintPc:
    """Move a PC to the next stage: cleaning after evidence is secured, rebuilt, proved clean and watched for 30 days.

    Raises:
        SensorServiceError: the stage is not the next one, or the PC is not proved clean.
        KeydError: the ledger cannot be written.
    """
    wanted = next((stage for stage in _NEXT if stage.value == to), None)
    with transaction.atomic(), scope(tenant=pc.tenant):
        pc = PrintPc.objects.select_for_update().select_related("tenant").get(tenant=pc.tenant_id, pk=pc.pk)
        if wanted is None or pc.stage != _NEXT[wanted]:
            raise step_out_of_order()
        if wanted is Stage.WATCHING and not _is_proven(pc):
            raise not_proven_clean()
        note(pc.tenant, "pc_step", actor=user, now=now, pc=pc.pk, stage=wanted.value)
        case = Case.objects.filter(
            tenant=pc.tenant_id, source=f"print_pc:{pc.pk}", state=Case.State.OPEN
        ).first()
        if case is not None:
            add_event(
                case,
                "step",
                f"打印电脑「{pc.station}」：{_STEP_ZH[wanted]}",
                f"Print PC “{pc.station}”: {wanted.value}",
                who=user,
                at=now,
            )
        if wanted is Stage.WATCHING:
            pc.watched_until = local_day(now, pc.tenant) + WATCH
            _free(pc)
        return _move(pc, wanted, user, now)


def _is_proven(pc: PrintPc) -> bool:
    """Return whether the newest scan was made after the rebuild and has no finding that counts."""
    newest = ScanReport.objects.filter(tenant=pc.tenant_id, pc=pc).order_by("-pk").first()
    return newest is not None and newest.received_at > pc.stage_at and not newest.high and not newest.medium


def _move(pc: PrintPc, stage: PrintPc.Stage, user: User | None, now: datetime) -> PrintPc:
    pc.stage, pc.stage_at, pc.stage_by = stage, now, user
    if stage is not Stage.WATCHING:
        pc.watched_until = None
    pc.save(update_fields=["stage", "stage_at", "stage_by", "watched_until"])
    return pc


def end_watches(tenant: Tenant, now: datetime) -> int:
    """Return PCs to normal use after 30 days of watching without a severe finding; return how many."""
    return PrintPc.objects.filter(
        tenant=tenant, stage=Stage.WATCHING, watched_until__lt=local_day(now, tenant)
    ).update(stage=Stage.IN_USE, stage_at=now, stage_by=None, watched_until=None)


def approve(
    user: User, tool: str, used_by: str, until: date, now: datetime, site: Site | None = None
) -> ToolApproval:
    """Approve a tool for the PCs of a site until a day. The ledger entry is written first.

    Raises:
        SensorServiceError: the day is past or more than a year away.
        KeydError: the ledger cannot be written.
    """
    tenant = tenant_of(user)
    today = local_day(now, tenant)
    if not today <= until <= today + LONGEST_APPROVAL:
        raise approval_too_long()
    with transaction.atomic(), scope(tenant=tenant):
        note(tenant, "tool_approved", actor=user, now=now, tool=tool, until=until.isoformat())
        row = ToolApproval.objects.create(
            tenant=tenant, site=site, tool=tool, used_by=used_by, until=until, made_by=user, made_at=now
        )
        _recount(tenant, today)
    return row


def withdraw(user: User, approval: ToolApproval, now: datetime) -> None:
    """End an approval immediately."""
    with transaction.atomic(), scope(tenant=approval.tenant):
        ended = ToolApproval.objects.filter(tenant=approval.tenant_id, pk=approval.pk, withdrawn_at=None)
        if ended.update(withdrawn_at=now):
            note(approval.tenant, "tool_approval_withdrawn", actor=user, now=now, tool=approval.tool)
        _recount(approval.tenant, local_day(now, approval.tenant))


def _recount(tenant: Tenant, day: date) -> None:
    """Recount the findings in the newest report of each PC, because approvals change which findings count."""
    for pc in PrintPc.objects.filter(tenant=tenant):
        newest = ScanReport.objects.filter(tenant=tenant, pc=pc).order_by("-pk").first()
        if newest is not None:
            judged = judge_body(read_body(bytes(newest.body)), pc, day)
            ScanReport.objects.filter(tenant=tenant, pk=newest.pk).update(**counted(judged))
