"""Printers as reported by agents, their faults, and when to clean or change a print head."""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q, QuerySet

from waybillguard.agent.protocol import PrinterStatus
from waybillguard.label.model import LabelSize
from waybillguard.service.identity.context import context_of, tenant_of
from waybillguard.service.identity.models import Device, Permission, User
from waybillguard.service.keyd import messages
from waybillguard.service.platform.database.raw_sql import Rows
from waybillguard.service.platform.errors import not_allowed
from waybillguard.service.print_room.models import HeadAlarm, Printer, PrinterFault, PrintRule, Ticket, Wave
from waybillguard.service.print_room.stations.errors import StationError
from waybillguard.service.tenancy.key_process import keyd
from waybillguard.service.tenancy.models import Tenant

CAN_PRINT: Final = frozenset({Printer.State.READY, Printer.State.BUSY, Printer.State.UNKNOWN})
SILENT_AFTER: Final = timedelta(minutes=3)
"""An agent reports once a minute; after three missed reports it is shown as silent."""
STUCK_AFTER: Final = timedelta(minutes=15)
"""A label that waits or is leased for longer is listed for the supervisor."""
STATION_CHARACTERS: Final = 40
_OF_DEVICE: Final = Rows(Printer, "WHERE tenant_id = %s AND device_id = %s")
_RULE: Final = Rows(PrintRule, "WHERE tenant_id = %s")


def rule_of(tenant: Tenant) -> PrintRule:
    """Return the rules of the print room, or the defaults if nobody changed them."""
    return _RULE.first(tenant.pk) or PrintRule(tenant=tenant)


def may_work(device: Device) -> bool:
    """Return whether a device gets work now."""
    return device.state == Device.State.ACTIVE and (device.holder is None or device.holder.is_active)


def printers_of(device: Device, names: list[str]) -> list[Printer]:
    """Return the device's printers of these names, in this order; printers from its enrolment are created.

    Names that the device did not enrol are ignored.
    """
    known = {printer.name: printer for printer in _OF_DEVICE.all(device.tenant_id, device.pk)}
    for printer in known.values():
        printer.device = device  # saves a query for each printer
    brought = {str(one.get("name")): one for one in device.printers}
    for name in names:
        if name in known or name not in brought:
            continue
        one = brought[name]
        languages = [str(language) for language in one.get("languages", [])] or ["zpl"]
        refused = str(one.get("refused", ""))[:80]
        known[name], _ = Printer.objects.get_or_create(
            device=device,
            name=name,
            defaults={
                "tenant": device.tenant,
                "station": device.station[:STATION_CHARACTERS],
                "languages": languages,
                "language": languages[0],
                "dpi": 300 if int(one.get("dpi", 203)) >= 300 else 203,  # noqa: PLR2004 - we draw for these two
                "model": str(one.get("model", ""))[:80],
                "refused": refused,
                "state": Printer.State.REFUSED if refused else Printer.State.UNKNOWN,
            },
        )
    return [known[name] for name in dict.fromkeys(names) if name in known]


def take_status(device: Device, reports: list[PrinterStatus], now: datetime) -> None:
    """Store the states of a device's printers; a printer refused by its agent stays refused."""
    by_name = {report.printer: report for report in reports}
    for printer in printers_of(device, list(by_name)):
        state = Printer.State.REFUSED if printer.refused else Printer.State(by_name[printer.name].state)
        Printer.objects.filter(pk=printer.pk).update(state=state, state_at=now)


def add_fault(printer: Printer, kind: str, now: datetime, ticket: bytes = b"") -> HeadAlarm | None:
    """Record a failure of a printer, and raise the head alarm after too many failures in the window.

    A printer has one open alarm at a time, which grows until it is marked as done. Return the alarm if it is new.
    """
    rule = rule_of(printer.tenant)
    with transaction.atomic():
        Printer.objects.select_for_update().get(pk=printer.pk)
        PrinterFault.objects.create(tenant=printer.tenant, printer=printer, kind=kind, at=now, ticket=ticket)
        last = HeadAlarm.objects.filter(printer=printer).order_by("-pk").first()
        since = now - timedelta(minutes=rule.miss_minutes)
        if last is not None and last.done_at is not None:
            since = max(since, last.done_at)
        failures = PrinterFault.objects.filter(printer=printer, at__gt=since).count()
        if last is not None and last.done_at is None:
            HeadAlarm.objects.filter(pk=last.pk).update(failures=max(last.failures, failures))
            return None
        if failures < rule.misses:
            return None
        return HeadAlarm.objects.create(
            tenant=printer.tenant, printer=printer, raised_at=now, failures=failures
        )


def head_done(user: User, alarm: HeadAlarm, now: datetime) -> None:
    """Record that the head was cleaned or changed; counting starts anew."""
    HeadAlarm.objects.filter(pk=alarm.pk, tenant=tenant_of(user), done_at=None).update(
        done_by=user, done_at=now
    )


def set_held(user: User, printer: Printer, *, held: bool) -> None:
    """Hold or release a printer's queue; written to the ledger first."""
    _record(user, printer, "held" if held else "released")
    Printer.objects.filter(pk=printer.pk, tenant=tenant_of(user)).update(held=held)


def set_paper(user: User, printer: Printer, size: str, language: str) -> None:
    """Set which paper is loaded in a printer and which of its languages is used.

    Raises:
        StationError: no such size, or a language that the printer does not support.
    """
    if size not in set(LabelSize) or language not in printer.languages:
        raise StationError(
            zh="没有这种面单尺寸，或打印机不支持该语言。未更改。",
            en="there is no such label size, or the printer does not speak this language. Nothing changed.",
        )
    _record(user, printer, "paper", size=size, language=language)
    Printer.objects.filter(pk=printer.pk, tenant=tenant_of(user)).update(size=size, language=language)


def set_rule(user: User, values: dict[str, int]) -> None:
    """Change the rules of the print room; written to the ledger first."""
    if not user.may(Permission.ADMINISTER):
        raise not_allowed()
    tenant = tenant_of(user)
    keyd().call(
        messages.Record(context=context_of(user), kind="policy", detail={"what": "print_rule", **values}),
        messages.Recorded,
    )
    PrintRule.objects.update_or_create(tenant=tenant, defaults=values)


def waiting_counts(tenant: Tenant) -> dict[int, int]:
    """Return how many labels wait for each printer."""
    from django.db.models import Count

    rows = (
        Ticket.objects.filter(tenant=tenant, state=Ticket.State.ISSUED, printer__isnull=False)
        .values("printer_id")
        .annotate(n=Count("uid"))
        .order_by()
    )
    return {row["printer_id"]: row["n"] for row in rows}


def stopped_printers(wave: Wave) -> QuerySet[Printer]:
    """Return the printers that accept no labels while labels of a wave wait for them; each needs somebody's action."""
    waiting = Ticket.objects.filter(tenant=wave.tenant_id, run__wave=wave, state=Ticket.State.ISSUED)
    printers = Printer.objects.filter(tenant=wave.tenant_id, pk__in=waiting.values("printer"))
    return printers.filter(Q(held=True) | ~Q(state__in=CAN_PRINT)).order_by("station", "name")


def _record(user: User, printer: Printer, what: str, **detail: str) -> None:
    context = context_of(user, workstation=printer.station)
    entry = messages.Record(
        context=context, kind="account", detail={"change": f"printer_{what}", "printer": printer.pk, **detail}
    )
    keyd().call(entry, messages.Recorded)
