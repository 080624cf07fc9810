"""Trace a list of victims over this installation's own events and orders."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec
from django.utils import timezone

from waybillguard.events.engines import DuckEngine, Value
from waybillguard.service.audit.recording import micros
from waybillguard.service.audit.store import event_store
from waybillguard.service.authorization.shifts.roster import worked_hours
from waybillguard.service.leaks.models import Leak
from waybillguard.service.tenancy.models import Tenant
from waybillguard.service.vault.models import Order
from waybillguard.trace import Answer, NodesAnswer, Shifts, VictimTable, trace, victims_of
from waybillguard.trace.nodes import common_nodes

HISTORY: Final = timedelta(days=184)
_CHUNK: Final = 5_000
_LISTED: Final = 30


@contextmanager
def engine_of(tenant: Tenant) -> Iterator[DuckEngine]:
    """Open the tenant's events."""
    store = event_store(tenant)
    with DuckEngine(memory="512MB", threads=1, spill=store.root / ".spill") as engine:
        engine.load(store.files(tenant.slug), ZoneInfo(tenant.time_zone))
        yield engine


def victims_table(leak: Leak) -> VictimTable:
    """Return the list as the input table of the trace."""
    return victims_of([{name: str(value) for name, value in row.items()} for row in leak.victims])


def run(leak: Leak, progress: Callable[[str], None]) -> tuple[Answer, NodesAnswer]:
    """Trace a list, and compare the common nodes of its orders with those of all shipments."""
    table = victims_table(leak)
    with engine_of(leak.tenant) as engine:
        rows = _orders(leak.tenant)
        engine.orders(None, rows)
        answer = trace(engine, table, Shifts.of(list(worked_hours(leak.tenant))), progress=progress)
        progress(Leak.Step.NODES)
        engine.table("shipments", [_shipment(row) for row in rows])
        return _with_notes(answer, leak), common_nodes(engine, table)


def _with_notes(answer: Answer, leak: Leak) -> Answer:
    """Return the answer with a note on the rows that were left out before the trace."""
    zh, en = [], []
    if leak.refused:
        rows = ", ".join(map(str, leak.refused[:_LISTED])) + (" …" if len(leak.refused) > _LISTED else "")
        zh.append(f"名单第 {rows} 行未采用：号码无法读取，或对应本仓多个订单（请写明订单号）")
        en.append(
            f"rows {rows} of the list were left out: not readable, or several orders here (give the order's number)"
        )
    if leak.not_found:
        zh.append(f"{leak.not_found} 个手机号在本仓没有订单")
        en.append(f"{leak.not_found} phones have no order here")
    checks = msgspec.structs.replace(
        answer.checks, notes_zh=(*zh, *answer.checks.notes_zh), notes_en=(*en, *answer.checks.notes_en)
    )
    return msgspec.structs.replace(answer, checks=checks)


def _orders(tenant: Tenant) -> Sequence[tuple[Value, ...]]:
    rows = (
        Order.objects.filter(tenant=tenant, created_at__gte=timezone.now() - HISTORY)
        .values_list("uid", "waybill_no", "created_at", "goods_class", "shop", "carrier", "lane")
        .iterator(chunk_size=_CHUNK)
    )
    return [
        (
            bytes(uid).hex(),
            waybill or None,
            tenant.slug,
            micros(created) if created else None,
            goods or None,
            shop or None,
            carrier or None,
            None,
            lane,
        )
        for uid, waybill, created, goods, shop, carrier, lane in rows
    ]


def _shipment(row: tuple[Value, ...]) -> tuple[Value, ...]:
    order, waybill, tenant, created, goods, shop, carrier, erp, _lane = row
    return (waybill, order, shop, erp, tenant, None, carrier, goods, created)


def as_json(record: msgspec.Struct) -> dict[str, Any]:
    """Return a record as plain values, for a JSON column."""
    plain: dict[str, Any] = msgspec.to_builtins(record)
    return plain
