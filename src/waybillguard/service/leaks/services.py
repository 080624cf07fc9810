"""Start a trace: find the orders of a list of victims. Phone numbers are looked up and not stored."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import batched
from typing import Any, Final

import msgspec
from django.db import transaction
from django.utils.translation import ngettext

from waybillguard.seal.normal import normalise_phone
from waybillguard.service.cases.record import hide_numbers
from waybillguard.service.identity.context import tenant_of
from waybillguard.service.identity.models import User
from waybillguard.service.leaks.errors import LeakError
from waybillguard.service.leaks.models import Leak
from waybillguard.service.platform.queue import enqueue
from waybillguard.service.vault.models import Order
from waybillguard.service.vault.search import find_numbers
from waybillguard.trace import VictimTable, read_victims
from waybillguard.trace.victims import VictimRow, is_mobile

MOST_VICTIMS: Final = 10_000
_AT_ONCE: Final = 500


def start(user: User, content: bytes, title: str) -> Leak:
    """Read a list and trace it in the background.

    Raises:
        TraceError: the content is not a list of victims.
        LeakError: it is empty or too long.
        KeydError: numbers cannot be looked up now; nothing was stored.
    """
    table = read_victims(content)
    found = resolve(user, table)
    with transaction.atomic():
        leak = Leak.objects.create(
            tenant=tenant_of(user),
            title=hide_numbers(title.strip())[:120] or _title(len(found.victims)),
            created_by=user,
            victims=found.victims,
            refused=sorted({*table.refused, *found.several}),
            not_found=found.not_found,
        )
        enqueue("leaks.tasks.trace_leak", leak.pk)
    return leak


def _title(victims: int) -> str:
    """Return the title of a list that was given none, in the language of the request."""
    return ngettext("List of %(n)s victim", "List of %(n)s victims", victims) % {"n": victims}


@dataclass(slots=True)
class Resolved:
    """A list of victims matched with the orders of this warehouse.

    Attributes:
        victims: victims with one known order: our own order, otherwise the number given.
        orders: all orders that the list may refer to, including several for one phone or number.
        several: numbers of rows whose phone or number has several orders here.
        not_found: number of phones without an order.
    """

    victims: list[dict[str, Any]] = field(default_factory=list)
    orders: set[str] = field(default_factory=set)
    several: list[int] = field(default_factory=list)
    not_found: int = 0


def resolve(user: User, table: VictimTable) -> Resolved:
    """Match a list with our own orders, including recently shredded ones; otherwise keep the numbers given.

    A number unknown to the vault may occur in an imported log, so it is kept. Phone numbers are never kept.
    """
    if not table.rows or len(table.rows) > MOST_VICTIMS:
        raise LeakError(
            zh=f"名单为空或超过 {MOST_VICTIMS} 行。",
            en=f"the list is empty or longer than {MOST_VICTIMS} rows.",
        )
    numbers = _orders_of(user, {n for row in table.rows for n in _numbers(row)}, ("order", "waybill"))
    phones = _orders_of(user, {phone for row in table.rows if (phone := _phone(row))}, ("phone",))
    resolved = Resolved()
    for row in table.rows:
        found = next((uids for n in _numbers(row) if (uids := numbers.get(n))), None)
        kept = [n for n in _numbers(row) if not is_mobile(n)]  # a number that looks like a mobile is not kept
        found = found or (phones.get(_phone(row)) if not kept else None)
        if found is None and not kept:
            resolved.not_found += 1
            continue
        resolved.orders.update(found or kept[:1])
        if found is not None and len(found) > 1:
            resolved.several.append(row.row)
            continue
        report: dict[str, Any] = msgspec.to_builtins(row.report)
        report.pop("phone_token", None)
        if found is not None:
            report |= {"order_id": found[0], "waybill_no": None}
        else:
            report |= {name: None for name in ("order_id", "waybill_no") if is_mobile(report[name] or "")}
        resolved.victims.append({name: value for name, value in report.items() if value is not None})
    return resolved


def _numbers(row: VictimRow) -> list[str]:
    return [text[:80] for text in (row.report.order_id, row.report.waybill_no) if text]


def _phone(row: VictimRow) -> str:
    return normalise_phone(row.phone) if row.phone else ""


def _orders_of(user: User, texts: set[str], fields: Sequence[str]) -> dict[str, list[str]]:
    """Return the uids (hex) of the orders that have each text in one of the fields."""
    found: dict[str, list[int]] = {}
    for some in batched(sorted(texts), _AT_ONCE):
        found |= find_numbers(user, some, fields, shredded=True)
    ids = [pk for pks in found.values() for pk in pks]
    uids: dict[int, str] = {}
    for some_ids in batched(ids, _AT_ONCE):
        rows = Order.objects.filter(tenant=tenant_of(user), pk__in=some_ids).values_list("pk", "uid")
        uids |= {pk: bytes(uid).hex() for pk, uid in rows}
    return {text: [uids[pk] for pk in pks if pk in uids] for text, pks in found.items() if pks}
