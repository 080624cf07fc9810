"""Import a file of many small chunks into a database, with and without a fault; print the stored rows."""

import io
import json
import os
import secrets
import sys
import threading
from pathlib import Path
from typing import Any


def main() -> None:  # noqa: PLR0915 - one scene, told in order
    from waybillguard.service.platform.config import use_process_secret

    use_process_secret(secrets.token_hex(32))
    os.environ["DJANGO_SETTINGS_MODULE"] = "waybillguard.service.platform.settings"
    import django

    django.setup()
    from django_scopes import scope

    from waybillguard.orders.reader import read_orders
    from waybillguard.service.identity.models import Role, User
    from waybillguard.service.keyd.client import KeydClient
    from waybillguard.service.operations.schema_state import migrate
    from waybillguard.service.tenancy.models import Tenant
    from waybillguard.service.vault import importing
    from waybillguard.service.vault.models import Batch, Order, Salt
    from waybillguard.service.vault.removal import remove_rows

    tests = Path(__file__).parents[1]
    sys.path[:0] = [str(tests), str(tests / "service")]
    from sealing import caller, operations

    KeydClient.call = caller(operations(Path(os.environ["WAYBILLGUARD_HOME"]) / "ledger"), [])  # type: ignore[method-assign]
    migrate()
    tenant = Tenant.objects.create(slug="here", name="here")
    user = User.objects.create_user(username="here", tenant=tenant, role=Role.OWNER)
    header = "订单编号,店铺,下单时间,收货人,手机号码,省,市,区,详细地址,商品名称\n"
    rows = "".join(
        f"N{n:05d},店{n % 3},2026-11-{n % 20 + 1:02d} 09:00:00,测试,139{n:08d},浙江省,金华市,义乌市,机场路{n}号,棉被\n"
        for n in range(1000)
    )
    read = list(read_orders(io.BytesIO((header + rows).encode()), "a.csv"))
    seen: dict[str, Any] = {}

    def reading(*, broken: bool) -> Batch:
        batch = Batch.objects.create(
            tenant=tenant, created_by=user, kind="csv", label="x", state=Batch.State.READING
        )
        work = importing.ImportReading(batch)
        real, writing = importing.insert_rows, set()

        def insert(model: Any, *given: Any) -> None:
            writing.add(threading.get_ident())
            if (
                broken
                and model is Salt
                and any("N00500" in row for row in last.get(threading.get_ident(), ()))
            ):
                raise ValueError("a fault")
            if model is Order:
                last[threading.get_ident()] = given[1]
            real(model, *given)

        last: dict[int, Any] = {}
        importing.insert_rows = insert
        try:
            for start in range(0, len(read), 50):
                for row in read[start : start + 50]:
                    work.take(row)
                work.flush()
            work.finish()
            work.publish(Batch.State.PREVIEW)
        except ValueError:
            work.close()
            remove_rows(batch)
            seen["left by the broken one"] = Order.objects.filter(batch=batch).count()
            seen["threads after it"] = [one.name for one in threading.enumerate() if "store" in one.name]
        finally:
            importing.insert_rows = real
        seen["writers"] = len(writing)
        batch.refresh_from_db()
        return batch

    with scope(tenant=tenant):
        reading(broken=True)
        batch = reading(broken=False)
        numbers = list(Order.objects.filter(batch=batch).order_by("pk").values_list("order_no", flat=True))
        seen["in the order of the file"] = numbers == [f"N{n:05d}" for n in range(1000)]
        seen["salts"] = Salt.objects.filter(batch=batch).count()
        seen["counted"] = [
            batch.rows_read,
            batch.rows_ok,
            sum(batch.lanes.values()),
            sum(batch.days.values()),
        ]
    sys.stdout.write(json.dumps(seen))


main()
