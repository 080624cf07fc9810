"""Shredding of one order, one day or one tenant: afterwards it can be neither found nor opened.

Sequence: the ledger; keyd's own list (`keyd/shredlog`), after which nothing of it opens; a tombstone in the database,
together with deleting salts or day keys; then masked views, tokens and postings in the background. Every step can be
repeated. `replay_shredded` does so at every start, so a restored database shreds again what was shredded after its
backup was made.

Not covered: a copy of the *whole* data folder of an earlier time together with the passphrase of that time (prevent it
with ``keys rotate`` and by destroying old key files); free disk blocks and write-ahead archives of PostgreSQL outside
its tables (they have sealed bytes, which cannot be opened without keyd's root key).
"""

import logging
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.db.models import Max, QuerySet, Sum
from django.utils import timezone
from django_scopes import scope, scopes_disabled
from pyroaring import BitMap

from waybillguard.service.identity.context import context_of, tenant_of
from waybillguard.service.identity.models import Permission, User
from waybillguard.service.keyd import destroying, messages, plans
from waybillguard.service.keyd.client import KeydError
from waybillguard.service.keyd.destroying import UNDO
from waybillguard.service.keyd.mandates import Granted
from waybillguard.service.keyd.shredlog import ShredLines, ShredLog
from waybillguard.service.platform.database.bulk import empty_the_log
from waybillguard.service.platform.errors import VaultError, not_allowed
from waybillguard.service.platform.queue import enqueue
from waybillguard.service.tenancy.key_process import keyd
from waybillguard.service.tenancy.models import Tenant
from waybillguard.service.vault.epochs import month_of_day
from waybillguard.service.vault.errors import SearchError
from waybillguard.service.vault.fragments import remove_orders
from waybillguard.service.vault.models import Batch, Epoch, Order, Posting, RetentionRule, Salt, Shredded
from waybillguard.service.vault.signals import orders_shredded

logger = logging.getLogger(__name__)

ORDERS_AT_ONCE = 2_000
MAX_ORDERS = 10_000
"""Maximum single orders per act; more must be shredded as a day or a tenant."""

# Kept for six months after shredding an order: keyed order, waybill and row indexes, shop, day, state.
BLANK = {
    "blob": b"", "phone_index": b"", "last4_index": b"", "person_token": b"", "person_token_previous": b"",
    "decoy_tag": b"", "order_no": "", "waybill_no": "", "masked_name": "", "masked_phone": "",
    "masked_address": "", "masked_remark": "", "province": "", "city": "", "district": "",
}  # fmt: skip


def shred_orders(user: User, orders: Iterable[Order]) -> Shredded:
    """Shred single orders of the person's tenant.

    Raises:
        NotAllowedError: only an owner shreds.
        NotNowError: a legal hold forbids it.
    """
    tenant = _allowed(user)
    uids = [bytes(order.uid) for order in orders if order.tenant_id == tenant.pk]
    if not 0 < len(uids) <= MAX_ORDERS:
        raise SearchError(zh=f"请选择 1 至 {MAX_ORDERS} 个订单", en=f"choose 1 to {MAX_ORDERS} orders")
    return shred(tenant, context_of(user, purpose="shred"), messages.ShredScope("orders", uids), len(uids))


def shred_import(batch: Batch) -> bool:
    """Shred the orders of an undone import, before its rows are removed. Safe to repeat.

    A legal hold stops it between two steps; returns whether all orders are shredded.

    Raises:
        RefusedError: its mandate has not begun (it was undone without a session), or has ended.
    """
    tenant = batch.tenant
    context = messages.Context(tenant=tenant.slug, actor="import", purpose="undo", grant=bytes(batch.mandate))
    job = messages.Job(UNDO, "", str(batch.pk))
    living = Order.objects.filter(tenant=tenant, batch=batch, shredded_at=None)
    while uids := [bytes(uid) for uid in living.values_list("uid", flat=True)[:MAX_ORDERS]]:
        if held(tenant):
            return False
        what = messages.ShredScope("orders", uids)
        words = certificate_of(what, len(uids), "依据：导入已撤销或丢弃。", "The import was taken out.")
        shred(tenant, context, what, len(uids), words, job)
    if held(tenant):
        return False
    close_plan(context, bytes(batch.mandate))
    return True


def close_plan(context: messages.Context, mandate: bytes) -> None:
    """Tell keyd that a mandate's work is done. If keyd misses it, the mandate still destroys nothing more."""
    try:
        keyd().call(plans.StopDestruction(context, plans.mark_of(mandate), done=True), messages.Done)
    except KeydError as error:
        logger.warning("a plan that is done stays open in keyd: %s", error.code)


def shred_day(user: User, day: int) -> Shredded:
    """Shred all orders of a day (day number in the tenant's zone) at once, starting with its key."""
    tenant = _allowed(user)
    count = Order.objects.filter(tenant=tenant, day=day, shredded_at=None).count()
    return shred(tenant, context_of(user, purpose="shred"), scope_of_day(tenant, day), count)


def shred_tenant(user: User, confirm: str) -> Shredded:
    """Shred everything of the person's tenant (end of contract); ``confirm`` is the tenant's slug."""
    tenant = _allowed(user)
    if confirm != tenant.slug:
        raise SearchError(
            zh="请输入仓库代号以确认销毁全部数据",
            en="type the warehouse's code to confirm shredding everything",
        )
    what = messages.ShredScope("tenant", [], -1, _last_epoch(tenant), last_order(tenant))
    count = Order.objects.filter(tenant=tenant, shredded_at=None).count()
    return shred(tenant, context_of(user, purpose="shred"), what, count)


def allowed_undoing(context: messages.Context, number: int, orders: int) -> bytes:
    """Return keyd's mandate to destroy this number of orders of an import (`keyd.destroying`).

    Raises:
        RefusedError: it needs a freshly confirmed code.
    """
    request = destroying.AllowUndoing(context, str(number), orders)
    return keyd().call(request, Granted).grant


def singles_today(tenant: Tenant) -> int:
    """Return how many orders were shredded individually since the tenant's midnight, by all people."""
    midnight = timezone.now().astimezone(ZoneInfo(tenant.time_zone)).replace(
        hour=0, minute=0, second=0, microsecond=0
    )  # fmt: skip
    acts = Shredded.objects.filter(tenant=tenant, scope=Shredded.Scope.ORDERS, at__gte=midnight)
    return acts.aggregate(n=Sum("orders"))["n"] or 0


def refuse_if_held(tenant: Tenant) -> None:
    """Refuse to destroy anything during a legal hold. In a transaction, no hold can begin until its end.

    Raises:
        NotNowError: a legal hold forbids it.
    """
    if hold_of(tenant):
        raise VaultError(
            code="not_now",
            zh="案件保全期间不能销毁任何数据，也不能撤销或丢弃导入；解除保全后再试",
            en="a legal hold forbids shredding anything and taking imports out; lift the hold first",
        )


def hold_of(tenant: Tenant) -> str:
    """Return the legal hold's reference, or an empty string. In a transaction it cannot change until its end."""
    rules = RetentionRule.objects.filter(tenant=tenant)
    if connection.in_atomic_block:
        rules = rules.select_for_update()
    return next(iter(rules.values_list("legal_hold", flat=True)), "")


def held(tenant: Tenant) -> bool:
    """Return whether a legal hold forbids destroying anything of the tenant now."""
    return RetentionRule.objects.filter(tenant=tenant).exclude(legal_hold="").exists()


def scope_of_day(tenant: Tenant, day: int) -> messages.ShredScope:
    """Return the scope of a day, bounded so that a later import of the same day is not included."""
    return messages.ShredScope("day", [], day, _last_epoch(tenant), last_order(tenant))


def shred(
    tenant: Tenant,
    context: messages.Context,
    what: messages.ShredScope,
    orders: int,
    certificate: str = "",
    job: messages.Job | None = None,
    gone: Sequence[bytes] = (),
) -> Shredded:
    """Shred for a person or under a mandate (``job``). The ledger's certificate states what was destroyed and how.

    ``gone``: orders of the job that no longer exist.
    """
    text = certificate or certificate_of(what, orders)
    receipt = keyd().call(
        messages.Shred(context=context, what=what, orders=orders, certificate=text, job=job, gone=[*gone]),
        messages.Recorded,
    )
    return _bury(tenant, receipt.leaf_hash, what, timezone.now(), orders=orders, certificate=text)


def certificate_of(what: messages.ShredScope, orders: int, why_zh: str = "", why_en: str = "") -> str:
    """Return the text of the certificate of destruction (销毁证明) in the ledger entry."""
    which = {
        "orders": ("指定订单", "named orders"),
        "day": (f"第 {what.day} 日", f"day {what.day} (from 1970-01-01)"),
        "tenant": ("全部数据", "everything"),
    }[what.scope]
    how = {
        "orders": ("逐单销毁盐值", "each order's salt was deleted"),
        "day": ("销毁当日密钥及盐值", "the day's key and salts were deleted"),
        "tenant": ("销毁全部日密钥及盐值", "all day keys and salts were deleted"),
    }[what.scope]
    return (
        f"销毁证明：{which[0]}，{orders} 单，{how[0]}，脱敏视图与检索索引同时清除。{why_zh}\n"
        f"Certificate of destruction: {which[1]}, {orders} orders; {how[1]}, masked views and search indexes "
        f"were cleared. {why_en}"
    ).strip()


def replay_shredded() -> int:
    """Shred again what keyd's list names and this database does not know or has not finished.

    Runs at every start, before requests are served; returns the number of acts repeated.
    """
    repeated = 0
    lines = keyd().call(ShredLog(), ShredLines).lines
    with scopes_disabled():
        known = set(Shredded.objects.values_list("mark", flat=True))
        tenants = {tenant.slug: tenant for tenant in Tenant.objects.all()}
        unfinished = list(Shredded.objects.filter(done_at=None).select_related("tenant"))
    for line in lines:
        if line.mark not in known and line.tenant in tenants:
            tenant = tenants[line.tenant]
            with scope(tenant=tenant):
                at = datetime.fromtimestamp(line.at_us / 1e6, UTC)
                finish(_bury(tenant, line.mark, line.what, at, later=False))
            repeated += 1
    for row in unfinished:
        with scope(tenant=row.tenant):
            finish(row)
        repeated += 1
    return repeated


def finish(row: Shredded) -> None:
    """Clear the masked views, tokens and postings of a tombstone. Safe to repeat."""
    tenant = row.tenant
    gone = BitMap()
    months: set[int] = set()
    uids: set[bytes] = set()
    while part := list(
        _covered(row).filter(shredded_at=None).values_list("pk", "uid", "day")[:ORDERS_AT_ONCE]
    ):
        ids = [pk for pk, _, _ in part]
        with transaction.atomic():
            Salt.objects.filter(tenant=tenant, order_uid__in=[uid for _, uid, _ in part]).delete()
            Order.objects.filter(tenant=tenant, pk__in=ids).update(shredded_at=row.at, **BLANK)
    orders_shredded.send(Shredded, tenant=tenant)
    for pk, uid, day in _covered(row).values_list("pk", "uid", "day").iterator(chunk_size=ORDERS_AT_ONCE):
        gone.add(pk)
        uids.add(bytes(uid))
        months.add(month_of_day(day))
    if gone:
        remove_orders(tenant, gone, months, frozenset(uids))
    if (
        row.scope == Shredded.Scope.TENANT
        and not Order.objects.filter(tenant=tenant, shredded_at=None).exists()
    ):
        Posting.objects.filter(tenant=tenant).delete()
    empty_the_log()
    Shredded.objects.filter(pk=row.pk, tenant=tenant).update(done_at=timezone.now())


def _bury(
    tenant: Tenant,
    mark: str,
    what: messages.ShredScope,
    at: datetime,
    *,
    later: bool = True,
    orders: int | None = None,
    certificate: str = "",
) -> Shredded:
    """Write the tombstone and delete salts or day keys in one transaction; the rest follows in the background."""
    with transaction.atomic():
        row = Shredded.objects.create(
            tenant=tenant, mark=mark, scope=what.scope, day=what.day if what.scope == "day" else None,
            uids=b"".join(what.uids), epoch_up_to=what.epoch_up_to, order_up_to=what.order_up_to, at=at,
            orders=orders, certificate=certificate,
        )  # fmt: skip
        epochs = Epoch.objects.filter(tenant=tenant, epoch_id__lte=what.epoch_up_to)
        if what.scope == Shredded.Scope.DAY:
            epochs.filter(day=what.day).delete()
        elif what.scope == Shredded.Scope.TENANT:
            epochs.delete()
        else:
            for start in range(0, len(what.uids), ORDERS_AT_ONCE):
                part = what.uids[start : start + ORDERS_AT_ONCE]
                Salt.objects.filter(tenant=tenant, order_uid__in=part).delete()
                Order.objects.filter(tenant=tenant, uid__in=part).update(shredded_at=at, **BLANK)
        if later:
            enqueue("vault.tasks.finish_shredding", row.pk)
    return row


def _covered(row: Shredded) -> QuerySet[Order]:
    orders = Order.objects.filter(tenant=row.tenant)
    if row.scope == Shredded.Scope.ORDERS:
        uids = bytes(row.uids)
        return orders.filter(uid__in=[uids[place : place + 16] for place in range(0, len(uids), 16)])
    orders = orders.filter(pk__lte=row.order_up_to)
    return orders.filter(day=row.day or 0) if row.scope == Shredded.Scope.DAY else orders


def _allowed(user: User) -> Tenant:
    if not user.may(Permission.ADMINISTER):
        raise not_allowed()
    tenant = tenant_of(user)
    refuse_if_held(tenant)
    return tenant


def last_order(tenant: Tenant) -> int:
    """Return the highest id of the existing orders, or 0."""
    return Order.objects.filter(tenant=tenant).aggregate(last=Max("pk"))["last"] or 0


def _last_epoch(tenant: Tenant) -> int:
    """Return the highest number that a day key of the tenant ever had."""
    living = Epoch.objects.filter(tenant=tenant).aggregate(last=Max("epoch_id"))["last"] or 0
    buried = Shredded.objects.filter(tenant=tenant).aggregate(last=Max("epoch_up_to"))["last"] or 0
    return max(living, buried)
