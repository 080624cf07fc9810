"""``make bench ROOM=search``: lookups by keyed index and by piece of an address, at a million orders.

Rows are synthetic: they go in by the bulk path with real index and gram tokens, but without sealing
(blobs are random bytes of the usual length), because sealing does not change a lookup. Times are those of
the database part: the ledger's durable write, keyd's round trips and its test of what was found come on top.
"""

import os
import statistics
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.folder import measure, measured

ROWS = 1_000_000
_PART = 50_000
_ASKED = 200


def run(rows: int | None = None) -> list[dict[str, Any]]:
    """Measure at ``rows`` orders (``WAYBILLGUARD_BENCH_ROWS``, else a million)."""
    rows = rows or int(os.environ.get("WAYBILLGUARD_BENCH_ROWS", ROWS))
    return measured("benchmarks.search", str(rows))


def made_up_address(n: int) -> str:
    """Give an invented address below the district: 700 roads and 900 estates of two-character words."""
    words = "青云朝阳金桥银杏东湖西溪南山北苑锦绣花城翠竹红枫白鹭紫荆长安永宁福田德胜江滨稠州宗泽丹溪"
    pairs = [words[i : i + 2] for i in range(0, len(words), 2)]
    many = len(pairs)
    road = pairs[n % many] + pairs[(n // many) % many] + ("路", "街", "大道", "巷")[n % 4]
    estate = (
        pairs[(n * 7) % many] + pairs[(n * 11 // 5) % many] + ("花园", "小区", "大厦", "公寓")[(n // 3) % 4]
    )
    return f"{road}{n % 900 + 1}号{estate}{n % 40 + 1}幢{n % 4 + 1}单元{(n // 7) % 30 + 1}0{n % 4 + 1}室"


def _measure(user: Any, rows: int) -> list[dict[str, Any]]:  # noqa: ANN401 - Django models, imported late
    from django.db import connection

    from waybillguard.seal import Contact
    from waybillguard.seal.grams import FragmentField, GramKeys
    from waybillguard.seal.indexes import IndexKeys, last4_message, token_of
    from waybillguard.service.keyd.messages import MonthTokens
    from waybillguard.service.vault.epochs import month_of_day
    from waybillguard.service.vault.exact import orders_with_token
    from waybillguard.service.vault.fragments import candidates
    from waybillguard.service.vault.models import Batch

    tenant = user.tenant
    root = bytes(range(32))
    grams, indexes, today = GramKeys(root, "bench"), IndexKeys(root, "bench"), 20_780
    month = month_of_day(today)
    batch = Batch.objects.create(
        tenant=tenant, created_by=user, kind="bench", label="bench", state=Batch.State.COMMITTED,
        days={str(today): rows},
    )  # fmt: skip
    start = time.perf_counter()
    spent = _fill(tenant, batch, rows, (grams, indexes, today))
    filled = time.perf_counter() - start
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    states = indexes.month(month)

    def phone(n: int) -> int:
        token = token_of(states.phone, f"19{n:09d}".encode())
        return len(orders_with_token(tenant, [("phone", [token])], 201))

    def last4(n: int) -> int:
        token = token_of(
            states.last4, last4_message(f"{n % 10_000:04d}", f"店{n // 13 % 50}", today - n // 650 % 20)
        )
        return len(orders_with_token(tenant, [("last4", [token])], 201))

    def fragment(text: str) -> int:
        asked = grams.search_tokens(FragmentField.ADDRESS, text, [month])
        return len(candidates(tenant, "address", [MonthTokens(m, tokens) for m, tokens in asked]))

    places = [n * (rows // _ASKED) for n in range(_ASKED)]
    long = [made_up_address(n).split("单元")[0] for n in places]
    short = [made_up_address(n).split("号")[0] for n in places]
    note = f"{rows:,} orders in SQLite, database part alone, median of {_ASKED}"
    size = sum(path.stat().st_size for path in Path(os.environ["WAYBILLGUARD_HOME"]).glob("*.sqlite3*"))
    contact = Contact(name="测试人", detail=made_up_address(1))
    return [
        _timed("full phone", [partial(phone, n) for n in places], note),
        _timed("last four, shop and day", [partial(last4, n) for n in places], note),
        _timed("address to the building", [partial(fragment, t) for t in long], note),
        _timed("road alone (common grams)", [partial(fragment, t) for t in short], note),
        {"name": "database an order", "value": size / rows, "unit": "bytes", "note": "rows, salts left out, all indexes, postings"},
        {"name": "of it, postings", "value": _posting_bytes() / rows, "unit": "bytes", "note": "name and address"},
        {"name": "merge postings", "value": rows / spent, "unit": "orders/s (wall)", "note": "tokens made beforehand"},
        {"name": "make gram tokens", "value": _rate(lambda: grams.of_contact(contact, month)), "unit": "orders/s", "note": "in keyd while sealing"},
        {"name": "fill", "value": rows / filled, "unit": "orders/s (wall)", "note": "synthetic rows, for this bench only"},
    ]  # fmt: skip


def _fill(tenant: Any, batch: Any, rows: int, keys: tuple[Any, Any, int]) -> float:  # noqa: ANN401
    from django.db import transaction

    from waybillguard.seal import Contact
    from waybillguard.seal.indexes import last4_message, token_of
    from waybillguard.service.platform.database.bulk import insert_rows
    from waybillguard.service.vault.epochs import month_of_day
    from waybillguard.service.vault.fragments import merge
    from waybillguard.service.vault.importing import ORDER_FIELDS
    from waybillguard.service.vault.models import Order

    grams, indexes, today = keys
    month = month_of_day(today)
    states = indexes.month(month)
    spent = 0.0
    for first in range(0, rows, _PART):
        numbers = range(first, min(rows, first + _PART))
        values, names, addresses = [], [], []
        for n in numbers:
            phone, shop, day = f"19{n:09d}", f"店{n // 13 % 50}", today - n // 650 % 20
            name, address = grams.of_contact(
                Contact(name=f"测试{chr(0x4E00 + n % 5000)}", detail=made_up_address(n)), month
            )
            names.append(name)
            addresses.append(address)
            values.append((
                os.urandom(16), tenant.pk, batch.pk, day, "B", "B", "awaiting_shipment", f"B{n:09d}", "", "", "", "",
                False, shop, "", None, "服装", "1", "浙江省", "金华市", "义乌市", "测**", "*******" + phone[-4:],
                "浙江省金华市义乌市****", "", 1, os.urandom(251), token_of(states.phone, phone.encode()),
                token_of(states.last4, last4_message(phone[-4:], shop, day)),
                token_of(states.order, f"B{n:09d}".encode()), b"", os.urandom(16), os.urandom(16), b"",
                os.urandom(16), None, 0, 1,
            ))  # fmt: skip
        with transaction.atomic():
            insert_rows(Order, ORDER_FIELDS, values)
        ids = list(range(first + 1, first + 1 + len(values)))  # a fresh table counts from 1
        start = time.perf_counter()
        merge(tenant, month, "name", ids, names)
        merge(tenant, month, "address", ids, addresses)
        spent += time.perf_counter() - start
    return spent


def _posting_bytes() -> int:
    from django.db.models import Count, Sum
    from django.db.models.functions import Length

    from waybillguard.service.vault.models import Posting

    sums = Posting.objects.aggregate(blobs=Sum(Length("ids")), rows=Count("pk"))
    return int(sums["blobs"] or 0) + 60 * int(sums["rows"])


def _timed(name: str, calls: list[Callable[[], int]], note: str) -> dict[str, Any]:
    times, found = [], []
    for call in calls:
        start = time.perf_counter()
        found.append(call())
        times.append(1000 * (time.perf_counter() - start))
    if not all(found):
        raise RuntimeError(f"{name}: a search found nothing")
    worst = sorted(times)[int(len(times) * 0.99)]
    note += f"; 99 of 100 within {worst:.2f} ms; {statistics.median(found):,.0f} found"
    return {"name": name, "value": statistics.median(times), "unit": "ms", "note": note}


def _rate(call: Callable[[], object], times: int = 20_000) -> float:
    start = time.process_time()
    for _ in range(times):
        call()
    return times / (time.process_time() - start)


if __name__ == "__main__":
    measure(lambda user: _measure(user, int(sys.argv[1])))
