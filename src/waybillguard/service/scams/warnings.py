"""Warning lists: after a leak, a file and a draft notice for each merchant, tracked until the buyers are notified.

The merchant is the handler, decides whether to notify (PIPL 57 paragraph 2) and does so through the platform. A file
contains only order numbers, which are meaningless to anybody but the merchant.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, time

from django.db import transaction
from django.db.models import Count, Max, QuerySet
from django.urls import reverse
from django.utils import timezone

from waybillguard.scam.notices import write
from waybillguard.service.audit.recording import record
from waybillguard.service.cases.models import Case
from waybillguard.service.cases.services import add_event, add_orders, open_case
from waybillguard.service.identity.context import tenant_of
from waybillguard.service.identity.models import MerchantShop, User
from waybillguard.service.platform.views import csv_cell
from waybillguard.service.scams.errors import ScamServiceError
from waybillguard.service.scams.models import WarningList, WarningShare
from waybillguard.service.scams.sending import Notice, Sender
from waybillguard.service.tenancy.days import day_number
from waybillguard.service.vault.listing import visible
from waybillguard.service.vault.models import Order

MAX_NUMBERS = 5_000
MAX_SHARES = 500
MAX_CASE_ORDERS = 50_000
PUBLISHED = "平台订单页的官方客服"
"""Placeholder that each merchant replaces with the published contact of the shop."""


def start(
    user: User,
    first: date,
    last: date,
    numbers: list[str],
    title: str,
    notice: dict[str, str],
    case: Case | None = None,
) -> WarningList:
    """Create a warning list with a share for each merchant, and for each shop without a merchant.

    Args:
        user: the creator.
        first: the first day of the orders, as sealed.
        last: the last day, inclusive.
        numbers: order numbers; empty for all orders of those days.
        title: the title in the console.
        notice: ``kinds``, ``cause``, ``certainty``, ``measures``, ``reported``.
        case: the case it belongs to; if None, a new one is opened.

    Raises:
        ScamServiceError: no order is affected, or too many numbers were given.
        NoticeError: the draft lacks something, or reads like a scam itself.
    """
    if len(numbers) > MAX_NUMBERS:
        raise ScamServiceError(
            zh=f"订单号一次最多 {MAX_NUMBERS} 个，请分批建立。",
            en=f"At most {MAX_NUMBERS} order numbers at a time.",
        )
    tenant = tenant_of(user)
    made = WarningList(
        tenant=tenant, title=title, first_day=day_number(_noon(first), tenant), last_day=day_number(_noon(last), tenant),
        order_nos=numbers, made_by=user, **notice,
    )  # fmt: skip
    draft_of(made, "店铺")
    found = _orders(made, None)
    made.order_up_to = found.aggregate(last=Max("pk"))["last"] or 0
    by_shop = dict(found.order_by("shop").values_list("shop").annotate(n=Count("order_no", distinct=True)))
    if not by_shop:
        raise ScamServiceError(
            zh="这段时间没有受影响的订单。请检查日期或订单号。",
            en="No order is concerned. Check the days or the numbers.",
        )
    with transaction.atomic():
        made.save()
        if case is None:
            case = open_case(tenant, f"warning:{made.pk}", Case.Kind.LEAK, title, title, by=user)
        WarningList.objects.filter(pk=made.pk).update(case=case)
        add_orders(case, found.order_by("pk").values_list("pk", flat=True)[:MAX_CASE_ORDERS], "warned")
        total = sum(by_shop.values())
        add_event(
            case,
            "warning",
            f"建立告知名单：{total} 笔订单",
            f"Warning list made: {total} orders",
            who=user,
            address=reverse("warning", args=[made.pk]),
        )
        WarningShare.objects.bulk_create(_shares(made, by_shop))
    record(tenant, "view", user=user, purpose="warning_list")
    return made


def draft_of(warning: WarningList, name: str, contact: str = PUBLISHED) -> str:
    """Return the notice to the buyers of one merchant, with the ``contact`` that the merchant publishes.

    Raises:
        NoticeError: it lacks something or reads like a scam.
    """
    first, last = _date_of(warning.first_day), _date_of(warning.last_day)
    period = f"{first:%Y年%-m月%-d日}" if first == last else f"{first:%Y年%-m月%-d日}至{last:%-m月%-d日}"
    return write(
        "short",
        {
            "sender": name,
            "period": period,
            "kinds": warning.kinds,
            "cause": warning.cause,
            "certainty": warning.certainty,
            "measures": warning.measures,
            "reported": warning.reported,
            "contact": contact,
        },
    )


def days_of(warning: WarningList) -> tuple[date, date]:
    """Return the first and the last day of the affected orders."""
    return _date_of(warning.first_day), _date_of(warning.last_day)


def file_of(user: User, share: WarningShare, now: datetime) -> Iterator[str]:
    """Return the lines of a merchant's file, and record the access and that the file was handed over."""
    orders = _orders(share.warning, share.shops)
    record(share.tenant, "view", user=user, orders=list(orders[:1_000]), purpose="warning_list", at=now)
    WarningShare.objects.filter(pk=share.pk, state=WarningShare.State.WAITING).update(
        state=WarningShare.State.HANDED, handed_at=now, handed_by=user
    )
    yield "\ufeff店铺,订单号\r\n"
    rows = orders.order_by("shop", "order_no").values_list("shop", "order_no").distinct()
    for shop, number in rows.iterator(chunk_size=2_000):
        yield f"{csv_cell(shop)},{csv_cell(number)}\r\n"


def record_notified(share: WarningShare, count: int, now: datetime) -> None:
    """Record that the merchant has notified the buyers, and how many.

    Raises:
        ScamServiceError: the merchant does not have the file yet.
    """
    changed = WarningShare.objects.filter(pk=share.pk).exclude(state=WarningShare.State.WAITING)
    if not changed.update(state=WarningShare.State.NOTIFIED, notified_at=now, notified=count):
        raise ScamServiceError(zh="请先把文件交给商家。", en="Hand the file over to the merchant first.")
    if share.warning.case is not None:
        name = share.name
        add_event(
            share.warning.case,
            "notified",
            f"{name} 已告知 {count} 名买家",
            f"{name} told {count} buyers",
            at=now,
        )


def send_directly(user: User, share: WarningShare, sender: Sender, now: datetime) -> int:
    """Send the notices of a share to buyers of our own shops, for which the warehouse is the handler; return how many.

    Each text passes our own check first (:func:`waybillguard.scam.notices.write`). A text that does not read as a
    warning is not sent.

    Raises:
        ScamServiceError: the shops belong to a merchant, or nothing could be sent.
        NoticeError: the contact is not allowed in a notice.
    """
    if share.merchant_id is not None:
        raise ScamServiceError(
            zh="这些订单属于商家，由商家告知。请把文件交给商家。",
            en="These orders are a merchant's, who tells the buyers. Hand the file over to him.",
        )
    rows = list(_orders(share.warning, share.shops).values_list("shop", "order_no").distinct())
    texts = {shop: draft_of(share.warning, shop or share.name, sender.contact) for shop, _ in rows}
    record(
        share.tenant,
        "view",
        user=user,
        orders=list(_orders(share.warning, share.shops)[:1_000]),
        purpose="warning_notice",
        at=now,
    )
    count = sender.send(
        f"warning-{share.warning_id}-{share.pk}", (Notice(shop, number, texts[shop]) for shop, number in rows)
    )
    WarningShare.objects.filter(pk=share.pk, state=WarningShare.State.WAITING).update(
        state=WarningShare.State.HANDED, handed_at=now, handed_by=user
    )
    record_notified(share, count, now)
    return count


def _shares(warning: WarningList, by_shop: dict[str, int]) -> list[WarningShare]:
    ties = MerchantShop.objects.filter(tenant=warning.tenant, shop__in=list(by_shop)).select_related(
        "merchant"
    )
    merchant_of = {tie.shop: tie.merchant for tie in ties}
    grouped: defaultdict[object, list[str]] = defaultdict(list)
    for shop in by_shop:
        grouped[merchant_of[shop].pk if shop in merchant_of else shop].append(shop)
    shares = []
    for shops in list(grouped.values())[:MAX_SHARES]:
        merchant = merchant_of.get(shops[0])
        shares.append(
            WarningShare(
                tenant=warning.tenant,
                warning=warning,
                merchant=merchant,
                name=merchant.name if merchant else shops[0] or "未标明店铺",
                shops=shops,
                orders=sum(by_shop[shop] for shop in shops),
            )
        )
    return shares


def _orders(warning: WarningList, shops: list[str] | None) -> QuerySet[Order]:
    found = (
        visible(warning.tenant)
        .filter(day__gte=warning.first_day, day__lte=warning.last_day)
        .exclude(order_no="")
    )
    if warning.order_up_to:
        found = found.filter(pk__lte=warning.order_up_to)
    if warning.order_nos:
        found = found.filter(order_no__in=warning.order_nos)
    return found if shops is None else found.filter(shop__in=shops)


def _noon(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(12)))


def _date_of(day: int) -> date:
    return date.fromordinal(date(1970, 1, 1).toordinal() + day)
