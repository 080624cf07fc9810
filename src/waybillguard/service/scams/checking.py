"""Check messages: for anybody by the text alone, or against an order for people with access to it.

Promise: an answer about an order contains a verdict and the message's own words. It never discloses the state, the
carrier, the goods or whether a number exists. Every check against an order is a view of it: the ledger entry is
written before the answer is made, and checks are limited per person and per order.
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
"""Maximum length of a message on a page, in characters."""
PUBLIC_A_MINUTE = 20
BY_PERSON_AN_HOUR = 60
BY_ORDER_A_DAY = 10
_HOUR, _DAY = 3600, 86400

#: Explanations when the order decides, not the text. They are the same whichever fact of the order decided.
_BY_THE_ORDER = {
    Verdict.LIKELY_SCAM: "很可能是诈骗：消息与订单记录对不上。",
    Verdict.CONSISTENT: "与订单记录相符，没有发现可疑要求。",
    Verdict.UNKNOWN: "还不能判断真假。",
}


def check_text(text: str, sender: str = "") -> Assessment:
    """Check a message by its text alone; nothing is stored."""
    return check(Message(text=text[:MAX_TEXT], channel="chat", sender=sender))


def check_against_order(user: User, text: str, number: str) -> tuple[Assessment, Order | None]:
    """Check a message that a caller reads out, against the order whose number they give, if any.

    Returns the answer, which discloses no facts of the order, and the order for further steps.

    Raises:
        ScamServiceError: too many checks by this person, or about this order.
        KeydError: the view cannot be recorded, so no answer is given.
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
    """Check a message for the buyer on the order page.

    Raises:
        ScamServiceError: too many checks about this order.
    """
    if over_limit("scam-order", f"{order.tenant_id} {order.pk}", limit=BY_ORDER_A_DAY, seconds=_DAY):
        raise _too_many()
    record(order.tenant, "view", account="buyer", orders=[order], purpose="scam_check")
    return _answer(text, order)


def facts_of(order: Order) -> OrderFacts:
    """Return what the warehouse knows of an order. Claims and refunds are unknown (None): only the shop has them."""
    return OrderFacts(
        known=True,
        status=OrderState(order.state),
        carrier=order.carrier,
        waybill_tail=order.waybill_no[-4:],
        exception=order.state == OrderState.EXCEPTION,
    )


def _answer(text: str, order: Order | None) -> Assessment:
    """Check against an order, but explain by the text alone: the answer discloses nothing but the verdict.

    Without an order only the text is checked: an order not found here may belong to another warehouse.
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
