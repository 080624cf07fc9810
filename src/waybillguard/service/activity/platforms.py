"""Platform logs, made exactly once: each part of the event table once per shop, under fixed names.

The parts are those of the export (export.py). Their boundaries are fixed, so any worker makes the same records for a
shop. Making the records and marking the part as done is one transaction. After a crash, a hand-over may be repeated
completely, under the same name.
"""

import hashlib
import logging
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone
from django_scopes import scope

from waybillguard.errors import WaybillGuardError
from waybillguard.events import AccessEvent, Action
from waybillguard.events.platformlogs import LogRecord, LogShop, call_of, log_platforms, records_of
from waybillguard.events.schema import micros, moment
from waybillguard.orders.headers import platform_key
from waybillguard.service.activity.gateways import (
    ENDINGS,
    Answer,
    GatewayError,
    file_of,
    folder_of,
    gateway_of,
)
from waybillguard.service.activity.models import PlatformHandover, PlatformShop, PlatformTake
from waybillguard.service.audit.export import export, rows_of, waiting_events
from waybillguard.service.audit.models import ExportBatch
from waybillguard.service.audit.readers import STILL_WANTED
from waybillguard.service.audit.store import ROW
from waybillguard.service.tenancy.models import Tenant
from waybillguard.service.vault.models import Order

logger = logging.getLogger(__name__)

TOGETHER: Final = 100
"""Maximum records per hand-over, the limit of the batch calls of JD and Kuaishou."""
CLAIMED: Final = timedelta(minutes=2)
"""How long a worker's claim on a hand-over lasts."""
PAUSES: Final = (15, 60, 300, 900, 3600)
"""Retry delays in seconds, by number of tries."""
FILES_KEPT: Final = timedelta(days=30)
AT_ONCE: Final = 50
_IN_ONE_QUERY: Final = 500
_REALTIME: Final = tuple(
    name for name in log_platforms() if (call := call_of(name, "login")) is not None and call.realtime
)


def hand_over_due(now: datetime) -> int:
    """Make and hand over due records of all tenants; return how many records platforms accepted."""
    handed = 0
    for tenant in Tenant.objects.order_by("pk"):
        try:
            with scope(tenant=tenant):
                if not PlatformShop.objects.filter(tenant=tenant).exists():
                    continue
                _export_sign_ins(tenant)
                take_parts(tenant)
                handed += hand_over(tenant, now)
        except WaybillGuardError as error:  # retried in the next round; other tenants must not wait
            logger.warning("platform logs of a tenant wait: %s", error.code)
    return handed


def take_parts(tenant: Tenant) -> int:
    """Process the parts not yet processed for each shop; return the number of hand-overs made."""
    made = 0
    for shop in PlatformShop.objects.filter(tenant=tenant, stopped_at=None).order_by("pk"):
        done = PlatformTake.objects.filter(tenant=tenant, shop=shop).values("part")
        written = ExportBatch.objects.filter(tenant=tenant, state=ExportBatch.State.WRITTEN).exclude(
            part__in=done
        )
        for batch in written.order_by("pk")[:AT_ONCE]:
            made += _take(tenant, shop, batch)
    return made


def _take(tenant: Tenant, shop: PlatformShop, batch: ExportBatch) -> int:
    rows = rows_of(batch)
    if (
        len(rows) != batch.rows
    ):  # being pruned: all older shops were processed, and this shop was added after these events
        rows = []
    events = [one for one in map(_event, rows) if micros(one.ts) >= shop.since]
    records, left = records_of(events, _described(shop), _order_nos(tenant, shop, events))
    times = {one.event_id: micros(one.ts) for one in events}
    try:
        with transaction.atomic():
            PlatformTake.objects.create(
                tenant=tenant, shop=shop, part=batch.part, left=dict(Counter(one.reason for one in left))
            )
            rows_made = [
                _handover(tenant, shop, f"{shop.platform}-{shop.pk}-{batch.part}-{kind}-{n:03d}", kind, some, times)
                for kind in ("login", "order", "send", "decrypt")
                for n, some in enumerate(_lots([one for one in records if one.kind == kind]))
            ]  # fmt: skip
            PlatformHandover.objects.bulk_create(rows_made)
    except IntegrityError:  # another worker was faster
        return 0
    return len(rows_made)


def _handover(
    tenant: Tenant,
    shop: PlatformShop,
    name: str,
    kind: str,
    records: Sequence[LogRecord],
    times: dict[str | None, int],
) -> PlatformHandover:
    bodies = [one.body for one in records]
    when = [times[event] for one in records for event in one.events]
    return PlatformHandover(
        tenant=tenant, shop=shop, name=name, kind=kind, records=len(records),
        orders=sum(one.orders for one in records), first=min(when), last=max(when), bodies=bodies, not_before=moment(min(when)),
        sha256=hashlib.sha256(msgspec.json.encode(bodies, order="sorted")).hexdigest(),
    )  # fmt: skip


def hand_over(tenant: Tenant, now: datetime) -> int:
    """Hand over waiting records that are due; return how many were accepted."""
    taken = 0
    due = PlatformHandover.objects.filter(
        tenant=tenant, state=PlatformHandover.State.WAITING, not_before__lte=now
    )
    for row in due.select_related("shop").order_by("pk")[: 4 * AT_ONCE]:
        claimed = due.filter(pk=row.pk).update(not_before=now + CLAIMED, tries=F("tries") + 1)
        if claimed:
            taken += _hand(tenant, row, now)
    return taken


def _hand(tenant: Tenant, row: PlatformHandover, now: datetime) -> int:
    mine = PlatformHandover.objects.filter(pk=row.pk, tenant=tenant, state=PlatformHandover.State.WAITING)
    call = call_of(row.shop.platform, row.kind)
    assert call is not None
    try:
        answer = gateway_of(row.shop).hand_over(row.name, call.method, row.bodies)
    except Exception as error:  # noqa: BLE001 - third-party program; only the type is stored
        reason = error.code if isinstance(error, GatewayError) else type(error).__name__
        logger.warning("a platform log waits: %s", reason)
        pause = PAUSES[min(row.tries, len(PAUSES) - 1)]
        mine.update(reason=reason[:60], not_before=now + timedelta(seconds=pause))
        return 0
    if not isinstance(answer, Answer) or not answer.taken:
        reason = answer.reason if isinstance(answer, Answer) else "answer"
        mine.update(state=PlatformHandover.State.REFUSED, reason=reason[:60] or "refused")
        return 0
    mine.update(state=PlatformHandover.State.HANDED, handed_at=timezone.now(), bodies=[], reason="")
    return row.records


def try_again(row: PlatformHandover) -> None:
    """Retry a hand-over: a refused one waits again, a waiting one becomes due immediately."""
    PlatformHandover.objects.filter(pk=row.pk, tenant=row.tenant).exclude(
        state=PlatformHandover.State.HANDED
    ).update(state=PlatformHandover.State.WAITING, not_before=timezone.now())


@STILL_WANTED.add
def still_wanted(tenant: Tenant, batch: ExportBatch) -> bool:
    """Return whether a part is unprocessed for any active shop; its rows must be kept until then."""
    shops = PlatformShop.objects.filter(tenant=tenant, stopped_at=None)
    taken = PlatformTake.objects.filter(tenant=tenant, part=batch.part, shop__stopped_at=None)
    return shops.count() > taken.count()


def tidy(tenant: Tenant, now: datetime) -> None:
    """Delete takes of pruned parts, and files older than 30 days."""
    parts = ExportBatch.objects.filter(tenant=tenant).values("part")
    gone = PlatformTake.objects.filter(tenant=tenant).exclude(part__in=parts)
    gone.filter(Q(left={}) | Q(taken_at__lt=now - FILES_KEPT)).delete()
    old = PlatformHandover.objects.filter(
        tenant=tenant, state=PlatformHandover.State.HANDED,
        handed_at__range=(now - FILES_KEPT - timedelta(days=2), now - FILES_KEPT),
    )  # fmt: skip
    for row in old.select_related("shop"):
        if folder_of(row.shop).is_dir():
            for ending in ENDINGS:
                file_of(row, ending).unlink(missing_ok=True)


def _export_sign_ins(tenant: Tenant) -> None:
    """Export sign-ins immediately if a platform requires them in real time, instead of with the next part."""
    if not PlatformShop.objects.filter(tenant=tenant, stopped_at=None, platform__in=_REALTIME).exists():
        return
    if waiting_events(tenant).filter(action__in=[Action.LOGIN, Action.LOGIN_FAILED]).exists():
        export(tenant)


def _described(shop: PlatformShop) -> LogShop:
    return LogShop(
        platform=shop.platform, shop=shop.shop, app_key=shop.app_key, app_name=shop.app_name, seller=shop.seller,
        url=shop.url, sent_to=shop.sent_to, codes=shop.codes,
    )  # fmt: skip


def _order_nos(tenant: Tenant, shop: PlatformShop, events: Sequence[AccessEvent]) -> dict[str, str]:
    uids = list({one.order_id for one in events if one.order_id})
    found: dict[str, str] = {}
    for start in range(0, len(uids), _IN_ONE_QUERY):
        some = [bytes.fromhex(uid) for uid in uids[start : start + _IN_ONE_QUERY]]
        orders = Order.objects.filter(tenant=tenant, uid__in=some, shop=shop.shop).exclude(order_no="")
        found |= {
            bytes(uid).hex(): number
            for uid, number, platform in orders.values_list("uid", "order_no", "platform")
            if platform_key(platform) == shop.platform  # orders store the platform as written in their export
        }
    return found


def _event(row: Sequence[Any]) -> AccessEvent:
    """Convert an outbox row (values in the order of ``ROW``) to an event, without token and decoy mark."""
    one = dict(zip(ROW, row, strict=True))
    return AccessEvent(
        tenant="", ts=moment(one["ts"]), action=one["action"], account=one["account"] or None,
        workstation=one["workstation"] or None, ip=one["ip"] or None, session=one["session"] or None,
        order_id=one["order_id"] or None, purpose=one["purpose"] or None, exposed=bool(one["exposed"]),
        allowed=bool(one["allowed"]), device=one["device"] or None, event_id=f"o{one['id']}",
    )  # fmt: skip


def _lots(records: Sequence[LogRecord]) -> list[Sequence[LogRecord]]:
    return [records[start : start + TOGETHER] for start in range(0, len(records), TOGETHER)]
