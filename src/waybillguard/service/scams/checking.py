"""Checks of a message: for anybody by its words alone, and beside an order for those who may ask about it.

Promise: an answer about an order is a verdict and the message's own words; state, carrier, goods and whether a number exists
are never told. Every check beside an order is a look: it stands in the ledger before the answer is made, and is limited by
person and by order.
"""

import msgspec

from waybillguard.events.shared import OrderState
from waybillguard.scam import Assessment, Message, OrderFacts, Verdict, check
from waybillguard.service.audit.recording import record
from waybillguard.service.identity.context import tenant_of
from waybillguard.service.identity.models import User
from waybillguard.service.platform.limits import over_limit
from waybillguard.service.scams.errors import ScamServiceError
from waybillguard.service.vault.models import Order
from waybillguard.service.vault.search import search_orders

MAX_TEXT = 5_000
"""Characters of a message that a page takes."""
PUBLIC_A_MINUTE = 20
BY_PERSON_AN_HOUR = 60
BY_ORDER_A_DAY = 10
_HOUR, _DAY = 3600, 86400

#: What is said where an order, not the words, decides; the same for every fact that could have decided.
_BY_THE_ORDER = {
    Verdict.LIKELY_SCAM: "很可能是诈骗：消息与订单记录对不上。",
    Verdict.CONSISTENT: "与订单记录相符，没有发现可疑要求。",
    Verdict.UNKNOWN: "还不能判断真假。",
}


def check_text(text: str, sender: str = "") -> Assessment:
    """Check a message by its words alone; nothing is kept."""
    return check(Message(text=text[:MAX_TEXT], channel="chat", sender=sender))


def check_beside_order(user: User, text: str, number: str) -> tuple[Assessment, Order | None]:
    """Check a message that a caller reads out, beside the order of the number they name, if they name one.

    Returns the answer without facts of the order, and the order for whoever goes on with it.

    Raises:
        ScamServiceError: too many checks by this person, or about this order.
        KeydError: the look cannot be written down, so nothing is answered.
    """
    if over_limit("scam-person", str(user.pk), limit=BY_PERSON_AN_HOUR, seconds=_HOUR):
        raise _too_many()
    if not number.strip():
        return _answer(text, None), None
    if over_limit("scam-order", f"{tenant_of(user).pk} {number.strip()}", limit=BY_ORDER_A_DAY, seconds=_DAY):
        raise _too_many()
    found = search_orders(user, "any", number).orders
    order = found[0] if len({one.order_no for one in found}) == 1 else None
    record(tenant_of(user), "view", user=user, orders=[order] if order else [], purpose="scam_check")
    return _answer(text, order), order


def check_for_buyer(order: Order, text: str) -> Assessment:
    """Check a message for the buyer who came by her order's page.

    Raises:
        ScamServiceError: too many checks about this order.
    """
    if over_limit("scam-order", f"{order.tenant_id} {order.pk}", limit=BY_ORDER_A_DAY, seconds=_DAY):
        raise _too_many()
    record(order.tenant, "view", account="buyer", orders=[order], purpose="scam_check")
    return _answer(text, order)


def facts_of(order: Order) -> OrderFacts:
    """Return what the warehouse knows of an order; claims and refunds lie with the shop, so they stay unknown (None)."""
    return OrderFacts(
        known=True,
        status=OrderState(order.state),
        carrier=order.carrier,
        waybill_tail=order.waybill_no[-4:],
        exception=order.state == OrderState.EXCEPTION,
    )


def _answer(text: str, order: Order | None) -> Assessment:
    """Check beside an order, and explain by the words alone, so that an answer tells nothing of the order but the verdict.

    Without an order the words alone answer: that nothing was found here may mean that it is another warehouse's.
    """
    message = Message(text=text[:MAX_TEXT], channel="call")
    by_words = check(message)
    if order is None:
        return by_words
    found = check(msgspec.structs.replace(message, order=facts_of(order)))
    if found.verdict is by_words.verdict:
        return by_words
    return msgspec.structs.replace(
        by_words,
        verdict=found.verdict,
        explanation_zh=_BY_THE_ORDER.get(found.verdict, by_words.explanation_zh),
        advice_zh=found.advice_zh,
    )


def _too_many() -> ScamServiceError:
    return ScamServiceError(
        zh="核对次数过多，请稍后再试。拿不准时拨打 96110。",
        en="Too many checks. Try again later; in doubt call 96110.",
    )
