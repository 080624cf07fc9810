"""Set up a tenant as the hub of a town: its warehouses, and which authority each person represents."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from waybillguard.inspect.cases import actors
from waybillguard.service.hub.errors import HubError, no_seat, not_a_hub
from waybillguard.service.hub.models import Seat, Town, Warehouse
from waybillguard.service.identity.accounts.changes import note
from waybillguard.service.identity.context import tenant_of
from waybillguard.service.identity.devices.services import authority_certificate, issue_code
from waybillguard.service.identity.models import DeviceKind, User
from waybillguard.service.tenancy.models import Tenant

SEATS = tuple(
    name for name in actors() if name not in {"hotline", "trace", "warehouse", "platform", "association"}
)
"""Authorities that a person may represent."""

_SEPARATOR: Final = re.compile(r"\s*[,，\t]\s*")
_MOST_LISTED: Final = 10_000
_LONG_NAME, _LONG_DISTRICT = 60, 30


def open_town(tenant: Tenant, name: str) -> Town:
    """Make a tenant the hub of a town, or rename it.

    Raises:
        HubError: the name is empty.
    """
    name = name.strip()[:60]
    if not name:
        raise HubError(zh="请填写辖区名称。", en="type the name of the town.")
    town, _ = Town.objects.update_or_create(tenant=tenant, defaults={"name": name})
    return town


def town_of(tenant: Tenant) -> Town:
    """Return the town of a hub.

    Raises:
        HubError: the tenant is not a hub.
    """
    town = Town.objects.filter(tenant=tenant).first()
    if town is None:
        raise not_a_hub()
    return town


def seat_of(user: User) -> str:
    """Return the authority that a user represents.

    Raises:
        HubError: the user represents no authority.
    """
    seat = Seat.objects.filter(tenant=tenant_of(user), user=user).first()
    if seat is None:
        raise no_seat()
    return seat.authority


def set_seat(owner: User, user: User, authority: str) -> User:
    """Set the authority that a user represents (empty: none); return the user. The ledger entry is written first.

    Raises:
        HubError: there is no such authority.
        KeydError: the ledger entry cannot be written; nothing changed.
    """
    tenant = tenant_of(owner)
    if authority and authority not in SEATS:
        raise HubError(zh="没有这个单位。未保存。", en="there is no such authority. Nothing was saved.")
    with transaction.atomic():
        if authority:
            note(tenant, "seat", person=user, actor=owner, authority=authority)
            Seat.objects.update_or_create(user=user, defaults={"tenant": tenant, "authority": authority})
        else:
            note(tenant, "seat_left", person=user, actor=owner)
            Seat.objects.filter(tenant=tenant, user=user).delete()
    return user


def add_warehouse(owner: User, name: str, district: str) -> Warehouse:
    """Add a warehouse to the town's list; it can report after it has enrolled with a code.

    Raises:
        HubError: a name or district is missing, or the name is taken.
    """
    tenant = tenant_of(owner)
    town_of(tenant)
    name, district = name.strip()[:60], district.strip()[:30]
    if not name or not district:
        raise HubError(
            zh="请填写仓库名称和片区。未保存。",
            en="type the warehouse's name and district. Nothing was saved.",
        )
    try:
        with transaction.atomic():
            return Warehouse.objects.create(tenant=tenant, name=name, district=district, added_by=owner)
    except IntegrityError:
        raise HubError(
            zh="已有同名仓库。未保存。", en="a warehouse of that name is listed already. Nothing was saved."
        ) from None


@dataclass(frozen=True, slots=True)
class Listed:
    """How many warehouses of a list were added, and the numbers (from 1) of the rejected lines."""

    added: int
    wrong: tuple[int, ...]


def add_warehouses(owner: User, text: str) -> Listed:
    """Add warehouses from lines ``name, district`` (ASCII or Chinese comma, or a tab from a spreadsheet).

    Raises:
        HubError: the tenant is not a hub, or the list is empty or too long.
    """
    tenant = tenant_of(owner)
    town_of(tenant)
    lines = [(at, line) for at, line in enumerate(text.splitlines(), 1) if line.strip()]
    if not 0 < len(lines) <= _MOST_LISTED:
        raise HubError(
            zh=f"请粘贴 1 至 {_MOST_LISTED} 行。未保存。",
            en=f"paste 1 to {_MOST_LISTED} lines. Nothing was saved.",
        )
    names = set(Warehouse.objects.filter(tenant=tenant).values_list("name", flat=True))
    made, wrong = [], []
    for at, line in lines:
        name, _mark, district = (part.strip() for part in _SEPARATOR.sub("\t", line, count=1).partition("\t"))
        if (
            not name
            or not district
            or name in names
            or len(name) > _LONG_NAME
            or len(district) > _LONG_DISTRICT
        ):
            wrong.append(at)
            continue
        names.add(name)
        made.append(Warehouse(tenant=tenant, name=name, district=district, added_by=owner))
    Warehouse.objects.bulk_create(made, batch_size=500)
    return Listed(len(made), tuple(wrong))


def warehouse_code(owner: User, warehouse: Warehouse, now: datetime | None = None) -> str:
    """Make the one-time code with which a warehouse enrols. The new device's first report ends an earlier device.

    Raises:
        KeydError: the ledger entry cannot be written; no code is made.
        DeviceError (no_authority): this installation has no certificate yet.
    """
    certificate = authority_certificate(settings.CONFIG.tls_dir / "ca.pem")
    return issue_code(
        owner, station=warehouse.name, kind=DeviceKind.WAREHOUSE, holder=None, certificate=certificate,
        now=now or timezone.now(),
    ).text()  # fmt: skip
