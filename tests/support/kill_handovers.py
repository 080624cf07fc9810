"""Create and hand over platform logs, kill the process with SIGKILL at each point, then count files and records."""

import json
import os
import secrets
import signal
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

EVENTS = 260
NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
POINTS = ("take", "before", "rename", "after")


def die(*_: Any, **__: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def prepare() -> None:
    from django_scopes import scope

    from waybillguard.service.activity.models import PlatformShop
    from waybillguard.service.audit.export import export
    from waybillguard.service.audit.recording import record
    from waybillguard.service.identity.models import User
    from waybillguard.service.tenancy.models import Tenant
    from waybillguard.service.vault.models import Batch, Order

    tenant = Tenant.objects.create(slug="handovers", name="测试云仓")
    user = User.objects.create(username="owner", tenant=tenant, role="owner")
    with scope(tenant=tenant):
        batch = Batch.objects.create(tenant=tenant, created_by=user, kind="csv", label="1", state="committed")
        orders = [
            Order(
                uid=secrets.token_bytes(16), tenant=tenant, batch=batch, day=20_781, lane="A", lane_in="A",
                order_no=f"JD{n:06}", shop="店", platform="京东",
            )
            for n in range(EVENTS)
        ]  # fmt: skip
        Order.objects.bulk_create(orders)
        for n, order in enumerate(orders):
            record(tenant, "view", account=f"u{n % 7}", orders=[order], at=NOON + timedelta(seconds=n))
        PlatformShop.objects.create(
            tenant=tenant, platform="jd", shop="店", seller="S", since=0, made_by=user
        )
        export(tenant)


def work(point: str) -> None:
    """Run a handover that is killed at a point.

    Points: take (records created, not committed), before (nothing written), rename (file complete, not renamed),
    after (files in place, not marked), none.
    """
    from pathlib import Path

    from django_scopes import scopes_disabled

    from waybillguard.service.activity import gateways, platforms
    from waybillguard.service.activity.models import PlatformHandover

    now = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
    if point == "take":
        platforms._handover = die  # type: ignore[assignment]
    elif point == "before":
        gateways.FileGateway.hand_over = die  # type: ignore[method-assign]
    elif point == "rename":
        Path.replace = die  # type: ignore[method-assign]
    elif point == "after":
        real = gateways.FileGateway.hand_over

        def write_and_die(self: Any, *about: Any) -> Any:
            real(self, *about)
            die()

        gateways.FileGateway.hand_over = write_and_die  # type: ignore[method-assign]
    with scopes_disabled():  # claims of the killed process expire after two minutes
        PlatformHandover.objects.filter(state="waiting").update(not_before=now)
    platforms.hand_over_due(now)


def check() -> dict[str, Any]:
    from django.conf import settings
    from django_scopes import scopes_disabled

    from waybillguard.service.activity.models import PlatformHandover, PlatformTake

    told: Counter[str] = Counter()
    files = list((settings.CONFIG.data_dir / "platform-logs").rglob("*.jsonl"))
    for file in files:
        for line in file.read_text("utf-8").splitlines():
            told.update(json.loads(line)["order_ids"].split(","))
    with scopes_disabled():
        return {
            "orders": len(told), "most": max(told.values(), default=0), "files": len(files),
            "handed": PlatformHandover.objects.filter(state="handed", bodies=[]).count(),
            "rows": PlatformHandover.objects.count(), "takes": PlatformTake.objects.count(),
        }  # fmt: skip
