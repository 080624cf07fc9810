"""A small invented warehouse in the database, for page tests; nothing here is anybody's."""

import secrets
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.utils import timezone
from django_scopes import scope

from waybillguard.service.identity.models import Merchant, MerchantPerson, MerchantShop, Role, User
from waybillguard.service.print_room.models import LabelRun, Ticket
from waybillguard.service.tenancy.models import Tenant
from waybillguard.service.vault.models import Batch, Order, RefusedRow

PASSWORD = "a sentence nobody guesses"
JOINED = datetime(2026, 1, 1, tzinfo=UTC)
"""Before any day that a test travels to."""
TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
SHOPS = ("云上小铺（抖音）", "山里干货", "测试旗舰店")
ROWS = (
    ("张**", "*******0001", "浙江省金华市义乌市北苑街道****", "服装", "A"),
    ("测**", "*******0002", "广东省广州市天河区棠下街道****", "日用品", "B"),
    ("李**", "*******0003", "四川省成都市武侯区簇桥街道****", "食品", "B"),
    ("阿**", "*******0004", "新疆维吾尔自治区乌鲁木齐市天山区****", "图书文具", "C"),
)


def make_tenant(slug: str, name: str = "义乌测试云仓") -> Tenant:
    return Tenant.objects.create(slug=slug, name=name, carrier="simulator")


def make_user(tenant: Tenant | None, username: str, role: Role, *, second_factor: bool = True) -> User:
    user = User.objects.create_user(
        username=username, password=PASSWORD, tenant=tenant, role=role, date_joined=JOINED
    )
    if second_factor:
        TOTP.activate(user, TOTP_SECRET)
    return user


def tie_merchant(user: User, shops: tuple[str, ...] = SHOPS) -> Merchant:
    """Make a merchant with these shops, on whose behalf the person looks."""
    with scope(tenant=user.tenant):
        made = Merchant.objects.create(tenant=user.tenant, name=secrets.token_hex(4))
        MerchantShop.objects.bulk_create(
            MerchantShop(tenant=user.tenant, merchant=made, shop=shop) for shop in shops
        )
        MerchantPerson.objects.create(tenant=user.tenant, merchant=made, user=user)
    return made


def make_batch(user: User, state: str = Batch.State.COMMITTED, *, orders: int = 8, refused: int = 3) -> Batch:
    tenant = user.tenant
    assert tenant is not None
    now = timezone.now()
    with scope(tenant=tenant):
        number = Batch.objects.filter(tenant=tenant).count() + 1
        day = (timezone.localdate() - timezone.datetime(1970, 1, 1).date()).days
        lanes: dict[str, int] = {}
        shops: dict[str, int] = {}
        batch = Batch.objects.create(
            tenant=tenant,
            created_by=user,
            created_at=now,
            state=state,
            kind="xlsx",
            label=f"{timezone.localdate():%Y%m%d}-{number}",
            bytes_total=48_213,
            file_sha256=secrets.token_bytes(32),
        )
        rows = []
        imported_ms = int((now - timedelta(days=30)).timestamp() * 1_000)
        for n in range(orders):
            name, phone, address, goods, lane = ROWS[n % len(ROWS)]
            shop = SHOPS[n % len(SHOPS)]
            lanes[lane] = lanes.get(lane, 0) + 1
            shops[shop] = shops.get(shop, 0) + 1
            rows.append(
                Order(
                    uid=imported_ms.to_bytes(6) + secrets.token_bytes(10),
                    tenant=tenant,
                    batch=batch,
                    day=day - n % 3,
                    lane=lane,
                    lane_in=lane,
                    order_no=f"T{batch.pk:03}{n:08}",
                    waybill_no=f"SIM{batch.pk:03}{n:09}",
                    carrier="simulator",
                    sort_code="310-A7-12",
                    shop=shop,
                    platform="douyin" if lane == "A" else "",
                    goods_class=goods,
                    quantity=str(n % 4 + 1),
                    masked_name=name,
                    masked_phone=phone,
                    masked_address=address,
                    state=("awaiting_shipment", "in_transit", "delivered", "exception")[n % 4],
                    printed_at=now if n % 5 == 1 else None,
                    attempts=1 if n % 5 == 1 else 0,
                )
            )
        Order.objects.bulk_create(rows)
        codes = ("no_phone", "phone_precision_lost", "duplicate")
        RefusedRow.objects.bulk_create(
            RefusedRow(batch=batch, tenant=tenant, sheet="Sheet1", row=n * 7 + 2, reason=codes[n % 3])
            for n in range(refused)
        )
        batch.lanes, batch.shops, batch.days = lanes, shops, {str(day): orders}
        batch.rows_read, batch.rows_ok, batch.rows_refused = (
            orders + refused,
            orders - lanes.get("A", 0),
            refused,
        )
        batch.rows_reference = lanes.get("A", 0)
        batch.save()
    return batch


def make_run(user: User, batch: Batch, state: str = LabelRun.State.READY) -> LabelRun:
    with scope(tenant=user.tenant):
        orders = list(Order.objects.filter(batch=batch, lane__in=["B", "C"]))[:4]
        run = LabelRun.objects.create(
            tenant=user.tenant,
            created_by=user,
            station="console",
            size="76x130",
            dpi=203,
            file_kind="pdf",
            state=state,
            wanted=len(orders),
            done=max(0, len(orders) - 1),
            refused=1,
            spool_name="made-up",
        )
        Ticket.objects.bulk_create(
            Ticket(
                uid=secrets.token_bytes(16),
                tenant=user.tenant,
                run=run,
                order=order,
                attempt=run.pk * 100 + n,
                state=Ticket.State.REFUSED if n == 0 else Ticket.State.PRINTED,
                reason_code="glyph" if n == 0 else "",
                reason_zh="缺少字形“𬭚”" if n == 0 else "",
                reason_en="the character “𬭚” has no glyph" if n == 0 else "",
                issued_at=timezone.now() - timedelta(minutes=n),
            )
            for n, order in enumerate(orders)
        )
    return run


def make_warehouse(slug: str) -> SimpleNamespace:
    """Make a tenant with people, a committed import and a label run; names of people outside ``here`` begin with it."""
    before = "" if slug == "here" else f"{slug}-"
    tenant = make_tenant(slug, "义乌测试云仓" if slug == "here" else "别处云仓")
    owner = make_user(tenant, f"{before}owner", Role.OWNER)
    clerk = make_user(tenant, f"{before}clerk", Role.CLERK)
    service = make_user(tenant, f"{before}service", Role.SERVICE, second_factor=False)
    batch = make_batch(owner)
    run = make_run(owner, batch)
    return SimpleNamespace(tenant=tenant, owner=owner, clerk=clerk, service=service, batch=batch, run=run)


def strong(user: User) -> bool:
    return Authenticator.objects.filter(user=user, type="totp").exists()
