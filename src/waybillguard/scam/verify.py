"""Compare the claims of a message with the known facts about the order.

A claim matches only if the order's state confirms it; unknown facts never confirm a claim. Carriers compensate the
sender of a parcel, so only an open claim or refund confirms money for the buyer.
"""

import re

import msgspec

from waybillguard.events.shared import OrderState
from waybillguard.scam.extract import Facts
from waybillguard.scam.known import carrier_name, known
from waybillguard.scam.model import Code, OrderFacts

type Range = tuple[int, int]

_S = OrderState
#: States that confirm a claim.
_TRUE_IN: dict[str, frozenset[OrderState]] = {
    "lost": frozenset({_S.LOST}),
    "damaged": frozenset({_S.EXCEPTION, _S.RETURNED}),
    "pickup": frozenset({_S.AT_PICKUP_POINT}),
    "delivered": frozenset({_S.DELIVERED}),
    "moving": frozenset({_S.IN_TRANSIT}),
    "waiting": frozenset({_S.AWAITING_SHIPMENT}),
    "going_back": frozenset({_S.RETURNED}),
    "delivery_failed": frozenset({_S.DELIVERY_FAILED}),
    "address_problem": frozenset({_S.DELIVERY_FAILED, _S.EXCEPTION}),
    "delayed": frozenset({_S.EXCEPTION}),
    "customs": frozenset({_S.EXCEPTION}),
}
#: States that neither confirm nor contradict a claim, because reports lag and one event leads to another.
_OPEN_IN: dict[str, frozenset[OrderState]] = {
    "lost": frozenset(),
    "damaged": frozenset(),
    "pickup": frozenset(),
    "delivered": frozenset(),
    "moving": frozenset({_S.AWAITING_SHIPMENT, _S.DELIVERY_FAILED, _S.EXCEPTION, _S.AT_PICKUP_POINT}),
    "waiting": frozenset({_S.EXCEPTION}),
    "going_back": frozenset({_S.DELIVERY_FAILED, _S.EXCEPTION}),
    "delivery_failed": frozenset({_S.IN_TRANSIT, _S.EXCEPTION, _S.AT_PICKUP_POINT}),
    "address_problem": frozenset(),
    "delayed": frozenset({_S.IN_TRANSIT, _S.AWAITING_SHIPMENT, _S.DELIVERY_FAILED}),
    "customs": frozenset(),
}
#: Claims that the text of an exception can confirm.
_EXCEPTION_WORDS = {
    "lost": re.compile(r"lost|missing|丢|遗失|找不到|下落"),
    "damaged": re.compile(r"damag|broken|破|损|碎|水|坏"),
    "address_problem": re.compile(r"address|地址|电话|phone|contact"),
    "customs": re.compile(r"custom|海关|清关|扣"),
    "delayed": re.compile(r"delay|weather|延|天气|滞留|积压|堵|backlog|stuck|hold"),
    "delivery_failed": re.compile(r"fail|无人|失败|拒|refus|no_answer|absent"),
    "going_back": re.compile(r"return|退"),
}
_BEFORE_HANDOVER = frozenset({_S.AWAITING_SHIPMENT})
_PARCEL_EVENTS = (
    "lost",
    "damaged",
    "customs",
    "address_problem",
    "pickup",
    "delivered",
    "delivery_failed",
    "going_back",
)


class Comparison(msgspec.Struct, frozen=True):
    """Result of comparing a message with an order.

    Attributes:
        against: contradictions, with their ranges in the message (None: no particular range).
        matches: ranges of claims that the order confirms.
        unsettled: claims that the order neither confirms nor contradicts.
    """

    against: tuple[tuple[Code, Range | None], ...]
    matches: tuple[Range, ...]
    unsettled: bool


def compare(facts: Facts, order: OrderFacts) -> Comparison:
    """Compare the claims of a message with an order."""
    if not order.known:
        return Comparison(((Code.NO_ORDER_ON_RECORD, None),), (), unsettled=True)
    against: list[tuple[Code, Range | None]] = []
    matches: list[Range] = []
    unsettled = False
    for kind in _TRUE_IN:
        where = facts.found.get(kind)
        if not where or facts.has(*_EXPLAINED_BY.get(kind, ())):
            continue
        answer = _state_bears_out(kind, order)
        if answer is True:
            matches.append(where[0])
        elif answer is None:
            unsettled = True
        elif order.status in _BEFORE_HANDOVER and kind in _PARCEL_EVENTS:
            against.append((Code.NEVER_HANDED_TO_CARRIER, where[0]))
        else:
            against.append((Code.CLAIM_CONTRADICTS_STATE, where[0]))
    unsettled = _compare_money(facts, order, against, matches) or unsettled
    against.extend(_mismatches(facts, order))
    seen: dict[Code, Range | None] = {}
    for code, where_said in against:
        seen.setdefault(code, where_said)
    return Comparison(tuple(seen.items()), tuple(matches), unsettled)


#: Weak claims, with the stronger claims that override them: a parcel lost "in transit" is not claimed to be moving.
_EXPLAINED_BY: dict[str, tuple[str, ...]] = {
    "moving": (
        "lost",
        "damaged",
        "pickup",
        "delivered",
        "going_back",
        "delivery_failed",
        "address_problem",
        "customs",
        "recall",
    ),
    "delayed": (
        "lost",
        "damaged",
        "pickup",
        "delivered",
        "going_back",
        "delivery_failed",
        "address_problem",
        "customs",
        "recall",
    ),
    "pickup": ("lost", "damaged", "going_back"),
    "delivered": ("lost", "damaged", "pickup", "going_back"),
    "going_back": ("lost",),
    "delivery_failed": ("lost", "pickup"),
    "address_problem": ("lost", "pickup", "delivery_failed"),
}


def _state_bears_out(kind: str, order: OrderFacts) -> bool | None:
    """Return whether the order's state confirms a claim (True) or contradicts it (False); None if neither."""
    status = order.status
    if status is None:
        return None
    if status is _S.EXCEPTION or order.exception:
        by_exception = _exception_bears_out(kind, order.exception or "", status)
        if by_exception is not None:
            return by_exception
    if status in _TRUE_IN[kind] and status is not _S.EXCEPTION:
        return True
    if kind in {"lost", "damaged"} and order.open_claim and status is not _S.AWAITING_SHIPMENT:
        return True
    return None if status is _S.EXCEPTION or status in _OPEN_IN[kind] else False


def _exception_bears_out(kind: str, exception: str | bool, status: OrderState) -> bool | None:
    """Return whether the exception confirms a claim (True) or names another problem (False); None if neither."""
    if isinstance(exception, str) and exception:
        text = exception.lower()
        if kind in _EXCEPTION_WORDS and _EXCEPTION_WORDS[kind].search(text):
            return True
        named = any(words.search(text) for words in _EXCEPTION_WORDS.values())
        return False if named and kind in {"lost", "damaged"} else None
    # An exception without details confirms any problem except a loss.
    return True if exception and status is _S.EXCEPTION and status in _TRUE_IN[kind] else None


def _compare_money(
    facts: Facts, order: OrderFacts, against: list[tuple[Code, Range | None]], matches: list[Range]
) -> bool:
    """Compare claims about money with open claims and refunds; return whether the order neither confirms nor denies."""
    if "recall" in facts.found:
        exception = order.exception if isinstance(order.exception, str) else ""
        if re.search("recall|召回|质量", exception.lower()):
            matches.append(facts.found["recall"][0])
        else:
            against.append((Code.NO_RECALL_ON_RECORD, facts.found["recall"][0]))
    said = next(
        (facts.found[kind] for kind in ("paid_back", "refund_topic", "compensate") if kind in facts.found),
        None,
    )
    if said is None:
        return False
    if order.open_refund or order.open_claim:
        matches.append(said[0])
        return False
    if order.open_refund is None or order.open_claim is None:
        return True
    # A shop that is out of stock offers a refund before one is recorded.
    out_of_stock = order.status is _S.AWAITING_SHIPMENT and "waiting" in facts.found
    if order.status not in {_S.LOST, _S.RETURNED} and not out_of_stock:
        against.append((Code.NO_REFUND_ON_RECORD, said[0]))
    return False


def _mismatches(facts: Facts, order: OrderFacts) -> list[tuple[Code, Range]]:
    found: list[tuple[Code, Range]] = []
    carrier = carrier_name(order.carrier or "") or (order.carrier or "")
    named = [one for one in facts.carriers if not facts.normalised.text[one[1] :].startswith("驿站")]
    if carrier and named and all(one[2] != carrier for one in named):
        found.append((Code.CARRIER_MISMATCH, named[0][:2]))
    tail = re.sub(r"[^0-9a-z]", "", (order.waybill_tail or "").lower())
    if tail and facts.waybills and not any(_same_tail(one[2], tail) for one in facts.waybills):
        found.append((Code.WAYBILL_MISMATCH, facts.waybills[0][:2]))
    elif carrier and not named and facts.waybills:
        by_prefix = _carrier_of(facts.waybills[0][2])
        if by_prefix and by_prefix != carrier:
            found.append((Code.CARRIER_MISMATCH, facts.waybills[0][:2]))
    items = (order.items,) if isinstance(order.items, str) else tuple(order.items or ())
    if items and facts.goods and not any(_same_goods(one[2], item) for one in facts.goods for item in items):
        found.append((Code.GOODS_MISMATCH, facts.goods[0][:2]))
    return found


def _same_tail(said: str, tail: str) -> bool:
    shorter = min(len(said), len(tail))
    return said[-shorter:] == tail[-shorter:]


def _carrier_of(waybill: str) -> str:
    return next(
        (
            one.name
            for one in known().carriers
            for prefix in one.prefixes
            if re.match(rf"{prefix}[0-9a-z]?[0-9]", waybill)
        ),
        "",
    )


def _same_goods(said: str, item: str) -> bool:
    item = item.lower()
    if said in item or item in said:
        return True
    pairs = {item[at : at + 2] for at in range(len(item) - 1)}
    if any(said[at : at + 2] in pairs for at in range(len(said) - 1)):
        return True
    # 裙子 and 连衣裙 only share their head noun.
    return bool(set(re.sub(r"[子的儿品件个套装]", "", said[-2:])) & set(item))
