"""A real key process inside the test, and invented orders that it really sealed."""

import secrets
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.utils import timezone
from django_scopes import scope
from support.grants import FACTORS, answered, granting

from waybillguard.keys.hierarchy import FileHolder, Purpose, RootKey
from waybillguard.ledger import Ledger, LedgerKeys, LocalStorage
from waybillguard.seal import Contact, SealInput
from waybillguard.service.identity.models import User
from waybillguard.service.keyd import messages
from waybillguard.service.keyd.destroying import ImportMark, MarkImport, uid_of
from waybillguard.service.keyd.operations import Operations
from waybillguard.service.tenancy.days import day_number
from waybillguard.service.tenancy.key_process import keyd
from waybillguard.service.vault.epochs import EpochBook
from waybillguard.service.vault.models import Batch, Order, Salt


def operations(folder: Path) -> Operations:
    holder = FileHolder(RootKey(secrets.token_bytes(32)))
    ledger = Ledger.open(LocalStorage(folder), LedgerKeys(secret=bytes(holder.derive(Purpose.LEDGER))))
    return Operations(holder, ledger)


def caller(made: Operations, written: list[messages.Request]) -> Callable[..., Any]:
    """Return what stands in for ``KeydClient.call``: the same work without the socket, for people who are signed in.

    What is asked about factors and grants is answered and not listed.
    """
    handle = granting(made)

    def call(_self: object, request: messages.Request, _answer: type) -> Any:
        if isinstance(request, FACTORS):
            return answered(handle, request)
        written.append(request)
        return handle(request)

    return call


def phone(number: int) -> str:
    return f"199{number:08}"


def seal_orders(user: User, count: int, *, state: str = "exception") -> list[Order]:
    """Put sealed orders of as many invented persons into the vault."""
    tenant = user.tenant
    assert tenant is not None
    today = day_number(timezone.now(), tenant)
    with scope(tenant=tenant):
        epoch = EpochBook(tenant, keyd()).of_day(today)
        batch = Batch.objects.create(
            tenant=tenant, created_by=user, state=Batch.State.COMMITTED, kind="csv", label="sealed"
        )
        mark = keyd().call(MarkImport(tenant.slug, str(batch.pk)), ImportMark).mark
        rows = [
            SealInput(
                order_uid=uid_of(mark, time.time_ns()),
                contact=Contact(name=f"测试人{n}", phone=phone(n), detail=f"不存在路{n}号"),
                shop="山里干货", day=today, order_no=f"R{n:08}",
            )
            for n in range(count)
        ]  # fmt: skip
        sealed = keyd().call(
            messages.SealBatch(tenant=tenant.slug, epochs=[epoch], rows=rows), messages.SealedBatch
        )
        orders = Order.objects.bulk_create(
            Order(
                uid=row.order_uid, tenant=tenant, batch=batch, day=today, lane="B", lane_in="B", state=state,
                order_no=row.order_no, shop=row.shop, masked_name="测**", masked_phone="*******0000",
                province="浙江省", city="金华市", district="义乌市", epoch_id=epoch.epoch_id, blob=one.blob,
                phone_index=one.phone_index, order_index=one.order_index, person_token=one.person_token,
                person_token_previous=one.person_token_previous,
            )
            for row, one in zip(rows, sealed.rows, strict=True)
        )  # fmt: skip
        Salt.objects.bulk_create(
            Salt(order_uid=row.order_uid, tenant=tenant, batch=batch, salt=one.salt)
            for row, one in zip(rows, sealed.rows, strict=True)
        )
    return orders
