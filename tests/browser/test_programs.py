"""Pages about programs of others, full of rows: platform logs and machine keys, on a desk and on a phone."""

import os
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from browser.test_accessibility import DESK, PHONE
from django.utils import timezone
from django_scopes import scope
from playwright.sync_api import Page, expect

PICTURES = os.environ.get("WAYBILLGUARD_TEST_PICTURES", "")


def fill(warehouse: SimpleNamespace) -> None:
    from waybillguard.service.activity.models import PlatformHandover, PlatformShop, PlatformTake
    from waybillguard.service.identity.machine_keys.services import make
    from waybillguard.service.identity.models import MachineKey

    now = timezone.now()
    with scope(tenant=warehouse.tenant):
        for n, (platform, gateway) in enumerate(
            (("jd", "file"), ("kuaishou", "erp-gateway"), ("taobao", "file"))
        ):
            shop = PlatformShop.objects.create(
                tenant=warehouse.tenant, platform=platform, shop=f"义乌青禾旗舰店{n}", seller=f"merchant-{n}", since=0,
                made_by=warehouse.owner, gateway=gateway, stopped_at=now if n == 2 else None,
            )  # fmt: skip
            for m, state in enumerate(("handed", "waiting", "refused")):
                PlatformHandover.objects.create(
                    tenant=warehouse.tenant, shop=shop, name=f"{platform}-{shop.pk}-own-{m:012d}-order-000",
                    kind=("login", "order", "send")[m], records=m + 1, orders=40 * m, state=state,
                    first=1_764_000_000_000_000, last=0, sha256="",
                    reason=("", "platform_gateway", "isv.invalid-order")[m],
                )  # fmt: skip
            PlatformTake.objects.create(
                tenant=warehouse.tenant, shop=shop, part=f"p{n}", left={"no_code": 12} if n == 1 else {}
            )
        make(warehouse.owner, "聚水潭 ERP", ["seal", "masked", "states"], 90, now)
        make(warehouse.owner, "旺店通", ["search"], 30, now)
        rows = list(MachineKey.objects.order_by("pk"))
        MachineKey.objects.filter(pk=rows[0].pk).update(used_at=now - timedelta(hours=2))
        MachineKey.objects.filter(pk=rows[1].pk).update(revoked_at=now)


def test_pages_full_of_rows(warehouse: SimpleNamespace, accessible: Callable[..., None]) -> None:
    fill(warehouse)
    accessible(warehouse.owner, ["/activity/platforms/", "/people/keys/"])


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_an_owner_makes_a_key_and_enters_a_shop_by_keyboard(
    viewport: dict[str, int],
    warehouse: SimpleNamespace,
    sign_in: Callable[..., None],
    page: Page,
    complaints: list[str],
) -> None:
    fill(warehouse)
    page.set_viewport_size(viewport)  # type: ignore[arg-type]
    sign_in(warehouse.owner)
    page.goto(f"{warehouse.server}/people/keys/")
    _picture(page, f"keys-{viewport['width']}")
    page.locator("[data-open=make-key]").press("Enter")
    page.get_by_label("Which program is it for?").focus()
    page.keyboard.type("ERP")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.locator("#secret")).to_have_value(re.compile(r"wgk_[\w.-]{40,}"))
    _picture(page, f"key-made-{viewport['width']}")
    page.goto(f"{warehouse.server}/activity/platforms/")
    _picture(page, f"platforms-{viewport['width']}")
    page.locator("[data-open=add-shop]").press("Enter")
    page.get_by_label("Shop, as its orders name it").focus()
    page.keyboard.type("新店")
    page.keyboard.press("Tab")
    page.keyboard.type("jd-9")
    page.keyboard.press("Enter")
    expect(page.get_by_text("From now on the platform is told.")).to_be_visible()
    expect(page.get_by_text("新店")).to_be_visible()
    assert complaints == []


def _picture(page: Page, name: str) -> None:
    if PICTURES:
        page.screenshot(path=str(Path(PICTURES) / f"{name}.png"), full_page=True)
