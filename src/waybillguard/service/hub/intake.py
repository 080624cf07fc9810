"""Process warehouses' reports: reject old ones, compare the ledger checkpoint, update the summary."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any, Final

import msgspec
from django.db import transaction

from waybillguard.agent.protocol_town import Posture
from waybillguard.inspect.cases import ItemTested, Judged, summary, with_tests
from waybillguard.service.alerts.messages import notify
from waybillguard.service.hub.errors import HubError, stale
from waybillguard.service.hub.ledgers import compare
from waybillguard.service.hub.models import Check, MonthEnd, Town, TownAlarm, Warehouse
from waybillguard.service.identity.devices.services import revoke
from waybillguard.service.identity.models import Device
from waybillguard.service.tenancy.days import local_day
from waybillguard.service.tenancy.models import Tenant

WINDOW: Final = timedelta(hours=1)
"""Maximum difference between a report's time and the hub's; the signature itself is valid for a minute."""
_AT_ONCE: Final = 200
_TEXT: Final = {
    TownAlarm.Kind.SILENT: ("{}：不再上报", "{}: reports no more"),
    TownAlarm.Kind.SEQUENCE: ("{}：上报重放，或密钥被复制", "{}: report replayed, or key copied"),
    TownAlarm.Kind.LEDGER: ("{}：台账被回退或改写", "{}: the ledger went back or was rewritten"),
    TownAlarm.Kind.HIDDEN: (
        "{}：未出示台账，或未证明只增不改",
        "{}: the ledger is not shown, or its growth not proved",
    ),
    TownAlarm.Kind.THEFT: ("{}：可能正在发生窃取", "{}: a theft may be in progress"),
}


def take_posture(device: Device, posture: Posture, sha256: str, now: datetime) -> Warehouse:
    """Accept a report whose signature was verified.

    Raises:
        DeviceError (posture_stale): the report is not newer than the last one, its time is off, or its device was replaced. The
            warehouse's data stays unchanged, and an alarm is raised.
        HubError: the warehouse is not listed at this hub.
    """
    tenant = device.tenant
    with transaction.atomic():
        # Lock the row: two concurrent reports are processed in order, and the second needs a higher number.
        listed = Warehouse.objects.select_for_update().filter(tenant=tenant, name=device.station)
        warehouse = listed.select_related("tenant").first()
        if warehouse is None:
            raise HubError(zh="辖区名单中没有这个仓库。", en="the town's list has no such warehouse.")
        fresh = _is_newer(warehouse, device, posture, now)
        if fresh:
            _keep(warehouse, device, posture, sha256, now)
        else:
            raise_alarm(warehouse, TownAlarm.Kind.SEQUENCE, f"sequence:{now:%Y%m%d}", now)
    if not fresh:
        raise stale()
    return warehouse


def warehouse_of(device: Device) -> Warehouse:
    """Return the warehouse whose reports a device signs.

    Raises:
        HubError: the device signs for no warehouse: it has not reported yet, or was replaced.
    """
    found = Warehouse.objects.filter(tenant=device.tenant, device=device).select_related("tenant").first()
    if found is None:
        raise HubError(zh="该设备尚未上报。", en="this device has reported nothing yet.")
    return found


def _is_newer(warehouse: Warehouse, device: Device, posture: Posture, now: datetime) -> bool:
    if abs(posture.made_at - now) > WINDOW:
        return False
    if warehouse.device_id is None or warehouse.device_id == device.pk:
        return posture.sequence > warehouse.sequence
    before = Device.objects.get(tenant=warehouse.tenant, pk=warehouse.device_id)
    if device.enrolled_at <= before.enrolled_at:
        return False
    if before.state != Device.State.REVOKED:
        revoke(None, before, now)
    return True


def _keep(warehouse: Warehouse, device: Device, posture: Posture, sha256: str, now: datetime) -> None:
    if complaint := compare(warehouse, posture.checkpoint, now):
        raise_alarm(warehouse, *complaint, now)
    warehouse.device, warehouse.sequence = device, posture.sequence
    warehouse.reported_at, warehouse.posture_sha256 = now, sha256
    warehouse.posture = [[one.control, one.status] for one in posture.controls]
    evaluate(warehouse, _tests(warehouse), local_day(now, warehouse.tenant))
    warehouse.save()
    save_month_summary(warehouse, now)
    TownAlarm.objects.filter(
        tenant=warehouse.tenant, warehouse=warehouse, kind=TownAlarm.Kind.SILENT, ended_at=None
    ).update(ended_at=now)
    for alarm in posture.alarms:
        mark = f"theft:{alarm.rule}:{alarm.raised_at:%Y%m%d%H%M%S}:{alarm.account}"
        raise_alarm(
            warehouse, TownAlarm.Kind.THEFT, mark, alarm.raised_at,
            rule=alarm.rule, severity=alarm.severity, records=alarm.records, account=alarm.account,
        )  # fmt: skip


def raise_alarm(warehouse: Warehouse, kind: TownAlarm.Kind, mark: str, at: datetime, **about: Any) -> bool:  # noqa: ANN401
    """Raise an alarm once and send notifications; return whether it is new."""
    _, fresh = TownAlarm.objects.get_or_create(
        tenant=warehouse.tenant, warehouse=warehouse, mark=mark[:100],
        defaults={"kind": kind, "raised_at": at, **about},
    )  # fmt: skip
    if fresh:
        zh, en = (text.format(warehouse.name) for text in _TEXT[kind])
        notify(
            warehouse.tenant, f"town:{warehouse.pk}:{mark}", about.get("severity", "high"), zh, en, "/town/"
        )
    return fresh


def evaluate(warehouse: Warehouse, tests: Iterable[ItemTested], today: date) -> None:
    """Compute a warehouse's summary without saving it; inspectors' findings override its own reports."""
    said = [Judged(control, status, "self_reported") for control, status in warehouse.posture]
    warehouse.summary = msgspec.to_builtins(summary(warehouse.name, with_tests(said, tests, today)))


def save_month_summary(warehouse: Warehouse, now: datetime) -> None:
    """Save the summary as the one of this month."""
    month = local_day(now, warehouse.tenant).replace(day=1)
    MonthEnd.objects.update_or_create(
        tenant=warehouse.tenant, warehouse=warehouse, month=month, defaults={"summary": warehouse.summary}
    )


def evaluate_all(tenant: Tenant, now: datetime) -> int:
    """Recompute every warehouse's summary, for example after a change of the catalogue; return how many."""
    today = local_day(now, tenant)
    tests: dict[int, list[ItemTested]] = {}
    for check in _found(tenant):
        tests.setdefault(check.warehouse_id, []).append(_test(check))
    rows = list(Warehouse.objects.filter(tenant=tenant))
    for row in rows:
        evaluate(row, tests.get(row.pk, ()), today)
    Warehouse.objects.bulk_update(rows, ["summary"], batch_size=_AT_ONCE)
    return len(rows)


def raise_silence_alarms(town: Town, now: datetime) -> int:
    """Raise an alarm for each warehouse that has stopped reporting; return how many are new."""
    since = now - timedelta(hours=town.silent_hours)
    quiet = Warehouse.objects.filter(tenant=town.tenant, reported_at__lt=since).select_related("tenant")
    return sum(raise_alarm(one, TownAlarm.Kind.SILENT, silence_mark(one), now) for one in quiet)


def silence_mark(warehouse: Warehouse) -> str:
    """Return the alarm mark of a silence: one per last report."""
    return f"silent:{warehouse.reported_at:%Y%m%d%H%M%S}"


def _found(tenant: Tenant) -> Iterable[Check]:
    found = Check.objects.filter(tenant=tenant).exclude(result="").exclude(found_at=None)
    return found.select_related("tenant").order_by("found_at")


def _tests(warehouse: Warehouse) -> list[ItemTested]:
    return [_test(check) for check in _found(warehouse.tenant).filter(warehouse=warehouse)]  # type: ignore[attr-defined]


def _test(check: Check) -> ItemTested:
    if check.found_at is None:
        raise ValueError("a check without a finding is no test")
    return ItemTested(check.item, check.result, check.claim, local_day(check.found_at, check.tenant))


def reevaluate(warehouse: Warehouse, now: datetime) -> None:
    """Recompute and save one warehouse's summary after a finding."""
    evaluate(warehouse, _tests(warehouse), local_day(now, warehouse.tenant))
    Warehouse.objects.filter(pk=warehouse.pk, tenant=warehouse.tenant).update(summary=warehouse.summary)
    save_month_summary(warehouse, now)
