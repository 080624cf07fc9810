"""Converts access events into a platform's records."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec

from waybillguard.events.platformlogs.shapes import LogCall, call_of, codes
from waybillguard.events.schema import NO_LOOKS, AccessEvent, Action, micros

CHINA: Final = ZoneInfo("Asia/Shanghai")
UNKNOWN: Final = "unknown"
_SIGN_INS: Final = frozenset({Action.LOGIN, Action.LOGIN_FAILED})


class LogShop(msgspec.Struct, frozen=True, kw_only=True):
    """One shop on a platform, as configured by its owner.

    Attributes:
        app_key: key of the application on the platform; app_name: its name there.
        seller: the platform's name for the merchant (JD: account or shop; Kuaishou: openId).
        url: value for the address of the console.
        sent_to: receiver of orders that are passed on (a carrier's interface).
        codes: the platform's operation codes by our action, if the platform does not publish them.
    """

    platform: str
    shop: str
    app_key: str = ""
    app_name: str = ""
    seller: str = ""
    url: str = ""
    sent_to: str = ""
    codes: Mapping[str, str] = {}


class LogRecord(msgspec.Struct, frozen=True):
    """One record for a platform, and its source events."""

    kind: str
    method: str
    events: tuple[str, ...]
    orders: int
    body: dict[str, Any]

    def __repr__(self) -> str:
        """Show only the kind: who looked at what is personal data of the clerk."""
        return f"LogRecord({self.kind})"


class SkippedEvent(msgspec.Struct, frozen=True):
    """A skipped event: ``reason`` is no_code, no_destination or not_a_number."""

    event_id: str
    reason: str


def records_of(
    events: Sequence[AccessEvent], shop: LogShop, order_nos: Mapping[str, str]
) -> tuple[list[LogRecord], list[SkippedEvent]]:
    """Make the records of a shop.

    A decision on several orders is one record, split at the platform's maximum. Sign-ins are reported for every shop,
    because the person may then open its orders. Refused requests showed nothing and are not reported.

    Args:
        events: sorted by time.
        shop: the shop.
        order_nos: the platform's numbers by our order id, of this shop only; other orders are not reported.
    """
    records: list[LogRecord] = []
    left: list[SkippedEvent] = []
    for call, some in _groups(events, shop, order_nos):
        numbers = [order_nos[one.order_id] for one in some if one.order_id]
        reason = _wanting(call, some[0], shop, numbers)
        if reason:
            left += [SkippedEvent(one.event_id or "", reason) for one in some]
            continue
        values = _values(some[0], shop, numbers)
        records.append(
            LogRecord(
                call.kind, call.method, tuple(one.event_id or "" for one in some), len(numbers),
                {field: values[value] for field, value in call.fields.items()},
            )
        )  # fmt: skip
    return records, left


def _groups(
    events: Sequence[AccessEvent], shop: LogShop, order_nos: Mapping[str, str]
) -> Iterator[tuple[LogCall, list[AccessEvent]]]:
    told = [
        (call, one) for one in events if (call := _call(one, shop)) is not None and _is_told(one, order_nos)
    ]
    for (call, *_), group in groupby(told, key=lambda pair: (pair[0], *_decision(pair[1]))):
        same = [one for _, one in group]
        most = max(call.orders, 1)
        for start in range(0, len(same), most):
            yield call, same[start : start + most]


def _call(event: AccessEvent, shop: LogShop) -> LogCall | None:
    if event.action in _SIGN_INS:
        return call_of(shop.platform, "login")
    if event.action in NO_LOOKS or not event.allowed or event.order_id is None:
        return None
    if event.action == Action.EXPORT and event.exposed:
        return call_of(shop.platform, "send") or call_of(shop.platform, "order")
    if event.action == Action.REVEAL:
        return call_of(shop.platform, "decrypt") or call_of(shop.platform, "order")
    return call_of(shop.platform, "order")


def _is_told(event: AccessEvent, order_nos: Mapping[str, str]) -> bool:
    return event.action in _SIGN_INS or event.order_id in order_nos


def _decision(event: AccessEvent) -> tuple[object, ...]:
    alone = event.event_id if event.action in _SIGN_INS else ""
    return (
        event.ts, event.account, event.action, event.ip, event.session, event.workstation, event.purpose, alone,
    )  # fmt: skip


def _code(event: AccessEvent, shop: LogShop, count: int) -> str:
    if own := shop.codes.get(event.action):
        return own
    one, many = codes().get((shop.platform, event.action), ("", ""))
    return one if count == 1 else many


def _wanting(call: LogCall, event: AccessEvent, shop: LogShop, numbers: Sequence[str]) -> str:
    needed = frozenset(call.fields.values())
    if needed & {"code_number", "code_words"} and not _code(event, shop, len(numbers)):
        return "no_code"
    if "sent_to" in needed and not shop.sent_to:
        return "no_destination"
    if "orders_numbers" in needed and not all(one.isascii() and one.isdigit() for one in numbers):
        return "not_a_number"
    return ""


def _values(event: AccessEvent, shop: LogShop, numbers: Sequence[str]) -> dict[str, Any]:
    failed = event.action == Action.LOGIN_FAILED or not event.allowed
    code = _code(event, shop, len(numbers))
    numeric = all(one.isascii() and one.isdigit() for one in numbers)
    return {
        "operator": event.account or UNKNOWN,
        "device": event.workstation or event.device or "",
        "ip": event.ip or "",
        "url": shop.url,
        "app_name": shop.app_name,
        "app_key": shop.app_key,
        "seller": shop.seller,
        "sent_to": shop.sent_to,
        "message": "sign-in refused" if failed else "",
        "purpose": event.purpose or "",
        "nothing": "",
        "result_01": int(failed),
        "result_words": "失败" if failed else "成功",
        "time_ms": micros(event.ts) // 1000,
        "time_text": event.ts.astimezone(CHINA).strftime("%Y-%m-%d %H:%M:%S"),
        "orders_comma": ",".join(numbers),
        "orders_semicolon": ";".join(numbers),
        "orders_numbers": [int(one) for one in numbers] if numeric else [],
        "orders_total": len(numbers),
        "code_number": int(code) if code.isascii() and code.isdigit() else 0,
        "code_words": code,
    }
