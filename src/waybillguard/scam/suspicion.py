"""Decide from the signs of a message whether it is a fraud: certain, or likely before the decisive request is made."""

from waybillguard.scam.frauds import OTHER_FRAUDS, PROBLEMS
from waybillguard.scam.model import Code
from waybillguard.scam.signs import Reason, Signs


def is_certain(signs: Signs) -> bool:
    """Return whether a claim comes with a request that no carrier, shop or authority makes."""
    return (
        _asked_about_a_claim(signs)
        or _strange_link(signs)
        or _other_fraud_with_ask(signs)
        or _secrets_asked(signs)
    )


def _asked_about_a_claim(signs: Signs) -> bool:
    return bool(signs.hard) and signs.claim and not signs.harmless_ask


def _secrets_asked(signs: Signs) -> bool:
    """Return whether an unsolicited caller who introduces themself requests a card, a code or the screen."""
    grave = not signs.hard.keys().isdisjoint({"asks_card_or_code", "asks_screen_share"})
    about_money = "asks_screen_share" in signs.hard and signs.formal and signs.speaks_of_money
    return (
        grave
        and (signs.voice or about_money)
        and not (signs.own_matter or signs.facts.has("inbound", "advertising", "safe_route"))
    )


def _strange_link(signs: Signs) -> bool:
    return (
        signs.link_matters
        and not signs.is_advertising
        and (bool(signs.others) or (signs.claim and signs.formal))
    )


def _other_fraud_with_ask(signs: Signs) -> bool:
    return any("ask" in OTHER_FRAUDS[kind] and _asks_fit(signs, kind) for kind in signs.others)


def _asks_fit(signs: Signs, kind: str) -> bool:
    if not signs.hard:
        return False
    if kind in {"friend_fraud", "impostor_fraud"}:
        return not signs.hard.keys().isdisjoint({"asks_payment", "asks_card_or_code"})
    return not (kind in {"invest_fraud", "prize_fraud"} and signs.own_matter)


def is_likely(signs: Signs) -> bool:
    """Return whether the claims are typical of frauds, even though the decisive request has not been made yet."""
    facts = signs.facts
    if _stranger_needs_cooperation(signs):
        return True
    if facts.has("safe_route") and not signs.hard and not signs.link_matters:
        return False
    return (
        _asked_by_a_stranger(signs)
        or _link_for_a_mishap(signs)
        or (signs.callback and signs.callback_matters)
        or _opening(signs)
        or (signs.unseen and ("asks_payment" in signs.hard or signs.link))
        or any(_other_is_likely(signs, kind) for kind in signs.others)
    )


def _stranger_needs_cooperation(signs: Signs) -> bool:
    """Return whether a caller asks for help with a seizure, or for the identity to fix an account or a parcel."""
    facts = signs.facts
    if not signs.introduced or signs.courier:
        return False
    asked_who = facts.has("asks_identity") and (
        facts.has("bank_fraud")
        or (signs.parcel and facts.has("trouble", *PROBLEMS) and not facts.has("safe_route"))
    )
    return asked_who or (facts.has("customs") and signs.engaged)


def _asked_by_a_stranger(signs: Signs) -> bool:
    """Return whether there is a formally worded request about a parcel, an order or another topic of frauds."""
    topic = signs.others or signs.claim or signs.parcel
    return bool(signs.hard and signs.formal and topic) and not (signs.harmless_ask or signs.courier)


def _link_for_a_mishap(signs: Signs) -> bool:
    facts = signs.facts
    if signs.is_advertising or signs.own_matter:
        return False
    mishap = signs.problem or signs.offer
    return (
        signs.link_matters
        or (signs.link and facts.has("delivery_failed"))
        or (signs.claim and facts.bare_link is not None and mishap)
    )


def _opening(signs: Signs) -> bool:
    """Return whether it is the opening of a fraud call: introduction, problem and offer, before the request."""
    facts = signs.facts
    if facts.has("paid_back") or signs.courier or not signs.formal:
        return False
    if facts.has("enrolment"):
        return True
    return signs.voice and (
        (signs.problem and signs.offer and signs.engaged)
        or (facts.has("recall") and signs.offer)
        or (facts.has("customs") and signs.engaged)
    )


def _other_is_likely(signs: Signs, kind: str) -> bool:
    facts = signs.facts
    present = {
        "": not signs.is_advertising,
        "introduced": signs.introduced and (signs.engaged or kind == "transfer_fraud"),
        "asked who": signs.introduced and facts.has("asks_identity"),
        "engaged voice": signs.voice and signs.engaged and facts.has("urge"),
        "offer": signs.offer and not facts.has("safe_route"),
        "urge": facts.has("urge") and signs.formal,
        "bare link": facts.bare_link is not None and not signs.is_advertising,
    }
    return any(present.get(need, False) for need in OTHER_FRAUDS[kind])


def contradiction_matters(signs: Signs, against: tuple[Reason, ...]) -> bool:
    """Return whether a contradiction indicates a fraud.

    A pick-up notice for another parcel does not; a problem or money that the order does not confirm may.
    """
    codes = {code for code, _ in against}
    if codes == {Code.NO_ORDER_ON_RECORD}:
        return (
            (signs.problem or signs.offer)
            and (signs.engaged or signs.voice)
            and not signs.facts.has("paid_back", "safe_route")
        )
    if signs.problem or signs.offer:
        return True
    if Code.NO_REFUND_ON_RECORD in codes:
        return signs.engaged or bool(signs.hard) or signs.link
    return bool(signs.hard) or signs.link
