"""The demo as a hub too: a town of invented warehouses, some silent, one with a ledger that went back."""

import secrets
from datetime import timedelta
from typing import Final

from django.utils import timezone
from django_scopes import scope

from waybillguard.inspect import catalogue
from waybillguard.inspect.sheet import items
from waybillguard.service.hub.intake import evaluate, raise_alarm
from waybillguard.service.hub.models import MonthEnd, TownAlarm, Warehouse
from waybillguard.service.hub.table import today
from waybillguard.service.hub.towns import open_town, set_seat
from waybillguard.service.identity.context import tenant_of
from waybillguard.service.identity.models import User

_DISTRICTS: Final = ("北苑", "福田", "江东", "稠城", "后宅", "佛堂", "廿三里", "苏溪", "上溪")
_COUNT: Final = 36
_STEP: Final = 7
_SPARED: Final = 5


def fill(owner: User) -> None:
    """Fill the pages of the town."""
    tenant, now = tenant_of(owner), timezone.now()
    with scope(tenant=tenant):
        open_town(tenant, "演示镇")
        set_seat(owner, owner, "procuratorate")
        last = (today().replace(day=1) - timedelta(days=1)).replace(day=1)
        for number in range(_COUNT):
            one = Warehouse(
                tenant=tenant, name=f"演示{number + 1}号仓", district=_DISTRICTS[number % len(_DISTRICTS)],
                added_by=owner, reported_at=now - timedelta(minutes=number), posture_sha256=secrets.token_hex(32),
                sequence=number + 1, ledger_size=100 * number,
            )  # fmt: skip
            _report(one, number)
            one.save()
            before = Warehouse(tenant=tenant, name=one.name)
            _report(before, number + 1 if number % 2 else number)
            MonthEnd.objects.create(tenant=tenant, warehouse=one, month=last, summary=before.summary)
        silent, back = Warehouse.objects.filter(tenant=tenant).order_by("pk")[3:5]
        raise_alarm(silent, TownAlarm.Kind.SILENT, "silent:demo", now - timedelta(hours=9))
        raise_alarm(back, TownAlarm.Kind.LEDGER, "ledger:demo", now - timedelta(hours=2))


def _report(one: Warehouse, number: int) -> None:
    """Have a warehouse report gaps that differ from one to the next."""
    bad = {
        name for item in items() if (number * _STEP + item.number) % _SPARED == 0 for name in item.controls
    }
    one.posture = [
        [control.id, "not_satisfied" if control.id in bad else "satisfied"]
        for control in catalogue().controls
    ]
    evaluate(one, (), today())
