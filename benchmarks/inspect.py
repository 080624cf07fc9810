"""``make bench ROOM=inspect``: every control of a warehouse with a million orders judged from live evidence, on SQLite.

The key process is left out (its share is one answer on a socket), so the controls on the ledger have no evidence.
"""

import sys
import time
from datetime import UTC, datetime
from typing import Any

from benchmarks.folder import measure, measured

ORDERS = 1_000_000
_TIMES = 3


def run(orders: int = ORDERS) -> list[dict[str, Any]]:
    """Measure at so many orders."""
    return measured("benchmarks.inspect", str(orders))


def _measure(user: Any, orders: int) -> list[dict[str, Any]]:  # noqa: ANN401 - Django models, imported late
    from waybillguard.service.inspections.services import judge_now
    from waybillguard.service.keyd.client import KeydClient, KeydUnavailableError

    def away(*_: object) -> None:
        raise KeydUnavailableError(zh="不在测量之内", en="not part of the measurement")

    KeydClient.call = away  # type: ignore[method-assign, assignment]
    tenant, now = user.tenant, datetime.now(UTC)
    _fill(user, orders)
    wall, cpu, judged = [], [], 0
    for _ in range(_TIMES):
        started, used = time.perf_counter(), time.process_time()
        result = judge_now(tenant, now)
        wall.append(time.perf_counter() - started)
        cpu.append(time.process_time() - used)
        judged = len(result.verdicts)
    note = f"{judged} controls, {orders:,} orders, SQLite, key process left out"
    return [
        {"name": "a full inspection, the first (nothing cached)", "value": round(wall[0], 2), "unit": "s (wall)", "note": note},
        {"name": "the same, again", "value": round(min(wall[1:]), 2), "unit": "s (wall)", "note": note},
        {"name": "the same, again", "value": round(min(cpu[1:]), 2), "unit": "s (CPU)", "note": note},
    ]  # fmt: skip


def _fill(user: Any, orders: int) -> None:  # noqa: ANN401
    """Copy one sealed order until there are so many, each with its own number, person and day."""
    from django.db import connection

    from waybillguard.service.vault.models import Batch, Order

    tenant = user.tenant
    batch = Batch.objects.create(
        tenant=tenant, created_by=user, kind="csv", label="bench", state=Batch.State.COMMITTED
    )
    first = Order.objects.create(
        uid=(0).to_bytes(16), tenant=tenant, batch=batch, day=20_700, lane="B", lane_in="B", shop="山里干货",
        blob=b"x" * 180, person_token=(0).to_bytes(16), masked_name="王*", masked_phone="138******78",
        masked_address="浙江省金华市义乌市北苑街道****", created_at=datetime.now(UTC),
    )  # fmt: skip
    names = [field.column or "" for field in Order._meta.local_concrete_fields if field.column != "id"]  # noqa: SLF001
    own = {
        "uid": "CAST(printf('%016d', n) AS BLOB)",
        "person_token": "CAST(printf('%016d', n / 3) AS BLOB)",
        "day": "20700 - n % 30",
    }
    picked = ", ".join(own.get(name, f'"{name}"') for name in names)
    columns = ", ".join(f'"{name}"' for name in names)
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH RECURSIVE counted(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < {orders - 1}) "
            f"INSERT INTO vault_order ({columns}) SELECT {picked} FROM counted, vault_order WHERE id = {first.pk}"
        )


if __name__ == "__main__":
    measure(lambda user: _measure(user, int(sys.argv[1])))
