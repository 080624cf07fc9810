"""End a contract on a running service: ``prepare``, ``race``, ``deaths``, ``check``. Prints the results.

Points of ``deaths``, where SIGKILL interrupts a batch: ``ledger`` (keyd has it on its list, the database nothing),
``grave`` (the tombstone is written, not committed), ``between`` (one complete batch, no next one).
"""

import json
import os
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

from support.running import Person
from waybillguard.service.operations.start import start_django

WAVE = 20
WAIT_S = 90.0


def die(*_: Any, **__: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def people() -> tuple[Any, list[Any]]:
    from waybillguard.service.identity.models import Role, User
    from waybillguard.service.tenancy.models import Tenant

    tenant = Tenant.objects.get()
    names = ("second0", "second1")
    for name in names:
        if not User.objects.filter(username=name).exists():
            User.objects.create_user(username=name, tenant=tenant, role=Role.OWNER)
    return tenant, [User.objects.select_related("tenant").get(username=name) for name in ("owner", *names)]


def at(user: Any) -> Any:
    from django.utils import timezone

    from waybillguard.access.request import SignIn
    from waybillguard.service.authorization.principal import load_principal
    from waybillguard.service.identity.models import User

    fresh = User.objects.select_related("tenant").get(pk=user.pk)
    return load_principal(fresh, SignIn(method="second_factor", stepped_up=True), timezone.now())


def with_the_codes_of(person: Person) -> Callable[[Any], None]:
    """Return a function by which the owner confirms an end with a new code before anybody agrees.

    The other people have no factor.
    """
    import msgspec

    from waybillguard.service.contracts import ending
    from waybillguard.service.identity.context import context_of
    from waybillguard.service.keyd import signing_in
    from waybillguard.service.keyd.actions import action_of
    from waybillguard.service.keyd.contract_ends import AllowEnd, round_up
    from waybillguard.service.tenancy.key_process import keyd

    _, (owner, *_) = people()
    grants: dict[int, bytes] = {}

    def confirm(row: Any) -> None:
        context = context_of(owner)
        act = action_of(AllowEnd(context, str(row.pk), round_up(ending.count_orders_to_destroy(row)), []))
        opened = signing_in.OpenSession(context, person.code(), act)
        grants[row.pk] = keyd().call(opened, signing_in.Session).grant

    allow = ending.allow

    def by_the_owner(who: Any, row: Any) -> None:
        with patch.object(
            ending,
            "context_of",
            lambda *_, **__: msgspec.structs.replace(context_of(owner), grant=grants[row.pk]),
        ):
            allow(who, row)

    ending.allow = by_the_owner  # type: ignore[assignment]
    return confirm


def contract_of(owner: Any, name: str, shops: list[str]) -> Any:
    from django.utils import timezone

    from waybillguard.service.contracts.terms import Terms, begin
    from waybillguard.service.identity.models import Merchant, MerchantShop

    merchant = Merchant.objects.create(tenant=owner.tenant, name=name)
    MerchantShop.objects.bulk_create(
        MerchantShop(tenant=owner.tenant, merchant=merchant, shop=one) for one in shops
    )
    today = timezone.localdate()
    return begin(
        owner, merchant, Terms("p", "k", "m", today, today + timedelta(days=9), "m", False, "", "c")  # noqa: FBT003
    )  # fmt: skip


def prepare(confirm: Callable[[Any], None]) -> dict[str, Any]:
    """End the contract of the merchant with all demo shops, without the service's worker."""
    from django_scopes import scope

    from waybillguard.service.contracts import ending, tasks
    from waybillguard.service.vault.models import Order

    tasks.destroy_entrusted = SimpleNamespace(enqueue=lambda _: None)  # type: ignore[assignment]
    tenant, (owner, second, _) = people()
    with scope(tenant=tenant):
        shops = sorted(set(Order.objects.values_list("shop", flat=True)))
        contract = contract_of(owner, "all", shops)
        proposed = ending.propose(at(owner), contract, "delete")
        confirm(proposed)
        ending.ORDERS_AT_ONCE = WAVE  # type: ignore[attr-defined]
        end = ending.agree(at(second), proposed)
        return {"orders": end.orders, "living": Order.objects.filter(shredded_at=None).count()}


def meet_death(point: str) -> None:
    from django_scopes import scope

    from waybillguard.service.contracts import destroying
    from waybillguard.service.contracts.models import EntrustmentEnd
    from waybillguard.service.vault import shred

    tenant, _ = people()
    with scope(tenant=tenant):
        end = EntrustmentEnd.objects.get(state="destroying")
        if point == "ledger":
            shred._bury = die  # type: ignore[assignment]
        elif point == "grave":
            EntrustmentEnd.save = die  # type: ignore[method-assign]
        assert destroying.destroy_batch(end)
        die()


def check() -> dict[str, Any]:
    """Wait until the service's own worker is done, and return what is left."""
    from django_scopes import scope

    from waybillguard.service.contracts.models import EntrustmentEnd
    from waybillguard.service.identity.models import AccountChange
    from waybillguard.service.vault.models import Order, Salt, Shredded

    tenant, _ = people()
    until = time.monotonic() + WAIT_S
    with scope(tenant=tenant):
        end = EntrustmentEnd.objects.select_related("entrustment").get()
        while time.monotonic() < until and (
            end.state != "done" or Shredded.objects.filter(done_at=None).exists()
        ):
            time.sleep(0.2)
            end.refresh_from_db()
        certificates = AccountChange.objects.filter(what="entrustment_closed")
        return {
            "state": end.state,
            "orders": end.orders,
            "destroyed": end.destroyed,
            "living": Order.objects.filter(shredded_at=None).count(),
            "readable": Order.objects.exclude(masked_name="", blob=b"", order_no="").count(),
            "salts": Salt.objects.count(),
            "unfinished": Shredded.objects.filter(done_at=None).count(),
            "certificates": [change.ledger_index is not None for change in certificates],
            "closed": end.entrustment.closed_at is not None if end.state == "done" else False,
        }


def race(confirm: Callable[[Any], None]) -> dict[str, Any]:
    """Run races: two agreements, agreement and withdrawal, two proposals, agreement and arriving orders."""
    from django.db import connection
    from django_scopes import scope

    from waybillguard.errors import WaybillGuardError
    from waybillguard.service.contracts import destroying, ending, tasks
    from waybillguard.service.contracts.models import Entrustment, EntrustmentEnd
    from waybillguard.service.vault import api_sealing as machine
    from waybillguard.service.vault.models import Order

    tasks.destroy_entrusted = SimpleNamespace(enqueue=lambda _: None)  # type: ignore[assignment]
    tenant, (owner, one, two) = people()

    def said(act: Callable[[], object]) -> str:
        with scope(tenant=tenant):
            try:
                act()
            except WaybillGuardError as error:
                return error.code
            finally:
                connection.close()
            return "done"

    def both(first: Callable[[], object], second: Callable[[], object]) -> Counter[str]:
        with ThreadPoolExecutor(2) as pool:
            return Counter(pool.map(said, (first, second)))

    with scope(tenant=tenant):
        contracts = [contract_of(owner, f"merchant {n}", []) for n in range(3)]
        proposed = [ending.propose(at(owner), contract, "delete") for contract in contracts[:2]]
        arriving = contract_of(owner, "arriving", ["到达店"])
        last = ending.propose(at(owner), arriving, "delete")
        for waiting in (*proposed, last):
            confirm(waiting)
    result: dict[str, Any] = {
        "twice": both(lambda: ending.agree(at(one), proposed[0]), lambda: ending.agree(at(two), proposed[0])),
        "met": both(
            lambda: ending.agree(at(one), proposed[1]), lambda: ending.withdraw(at(owner), proposed[1])
        ),
        "proposed": both(
            lambda: ending.propose(at(owner), contracts[2], "delete"),
            lambda: ending.propose(at(one), contracts[2], "delete"),
        ),
    }
    with scope(tenant=tenant):
        met = EntrustmentEnd.objects.get(pk=proposed[1].pk)
        ended = Entrustment.objects.get(pk=contracts[1].pk).ended_at is not None
        result["agrees"] = (met.state == "destroying") == ended and met.state in {"destroying", "withdrawn"}

    def order(number: int) -> dict[str, str]:
        return {
            "order_no": f"A{number}", "shop": "到达店", "name": "测试人", "phone": f"1993000{number:04}", "province": "浙江省",
            "city": "金华市", "district": "义乌市", "detail": f"不存在路{number}号", "goods": "袜子", "quantity": "1",
        }  # fmt: skip

    def arrive(number: int) -> str:
        with scope(tenant=tenant):
            try:
                if number == 6:
                    ending.agree(at(one), last)
                    return "ended"
                sealed = machine.seal_orders(owner, [order(number)])
                return "refused" if sealed.batch.rows_refused else "sealed"
            finally:
                connection.close()

    with ThreadPoolExecutor(4) as pool:
        came = Counter(pool.map(arrive, range(24)))
    with scope(tenant=tenant):
        destroying.destroy_for_a_while(last)
        end = EntrustmentEnd.objects.get(pk=last.pk)
        result |= {
            "came": came,
            "arrived": end.orders,
            "destroyed": end.destroyed,
            "left": Order.objects.filter(shop="到达店", shredded_at=None).count(),
        }
    return result


def deaths() -> list[int]:
    """Kill the process at each point, each in its own child; return how each child ended."""
    from django.db import connections

    from support.children import run

    connections.close_all()  # children must not share connections
    return [run(meet_death, point) for point in ("between", "ledger", "grave", "between")]


def main() -> None:
    start_django()
    if sys.argv[1] in {"prepare", "race"}:
        asked = json.load(sys.stdin)
        person = Person("owner", asked["secret"], set(asked["used"]))
        result: Any = (prepare if sys.argv[1] == "prepare" else race)(with_the_codes_of(person))
        result["used"] = sorted(person.used)
    else:
        result = deaths() if sys.argv[1] == "deaths" else check()
    sys.stdout.write(json.dumps(result))


main()
