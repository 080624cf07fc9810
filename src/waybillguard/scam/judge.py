"""Judge the facts of a message, in order of certainty.

1. A request for off-platform contact, a card, a code, a shared screen or a payment, together with a claim, is a scam,
   whatever the order's state: the claim may be true and the channel wrong. The rules are ignored if the model, which
   weighs signs and wording together, finds a scam improbable.
2. A message with claims that the order contradicts is likely a scam.
3. A message is consistent only if the order confirms its claims, nothing is requested, and nothing speaks against it.
4. A message that the model finds very probably a scam is likely a scam.
5. Everything else is unknown. Missing facts never make a message safe.
"""

import msgspec

from waybillguard.scam.classifier import Likeness, classifier
from waybillguard.scam.extract import Facts
from waybillguard.scam.features import features
from waybillguard.scam.grading import kind_of, score_of
from waybillguard.scam.model import Code, MessageClass, OrderFacts, Verdict
from waybillguard.scam.signs import Reason, Signs
from waybillguard.scam.suspicion import contradiction_matters, is_certain, is_likely
from waybillguard.scam.verify import Comparison

_NOTHING = Likeness(0.95, 0.025, 0.025)
MODEL_BAR, HARMLESS_BAR, RULES_BAR = 0.86, 0.92, 0.7
"""Thresholds of the model's probability of a scam.

Above ``MODEL_BAR`` a message is likely a scam. ``HARMLESS_BAR`` applies instead to messages that warn of fraud, refuse a
request, advertise or tell the writer's own story. The result of the rules counts only if the whole message or its worst
passage is above ``RULES_BAR``. With these thresholds at most 2 % of honest messages raise an alarm, measured on mostly
difficult messages of authors not in the training data (``scripts/train-scam-model`` prints it).
"""
WARNING_BAR = 0.5
"""Above this probability a message is never judged a warning. Of 4,750 handwritten messages, no honest warning is above
0.35, and every fraud that uses the words of a warning ("I am of the anti-fraud centre") is above this threshold.
"""
#: Reasons that are not shown for a message that is likely a scam.
_SPEAK_FOR_IT = frozenset({Code.NO_ASK, Code.WARNING_NOT_SCAM, Code.PAYS_BACK_ORIGINAL_ROUTE})
#: If the rules found nothing, the model reads a message with this many letters among its first characters.
_MIN_LETTERS, _LOOKED_AT = 8, 100


class Judgement(msgspec.Struct, frozen=True):
    """Verdict, class, reasons with ranges in the normalised text, and probability of a scam.

    ``sounds_like`` is the clause with the strongest wording of a fraud, if only the model recognised the fraud.
    """

    verdict: Verdict
    kind: MessageClass
    reasons: tuple[Reason, ...]
    score: float
    sounds_like: tuple[int, int] | None = None


def judge(facts: Facts, order: OrderFacts | None, comparison: Comparison | None) -> Judgement:
    """Judge a message from its facts and the comparison with its order."""
    signs = Signs(facts)
    text = facts.normalised.text
    # Very short texts do not contain enough for the model.
    weighed = signs.has_something or sum(map(str.isalpha, text[:_LOOKED_AT])) >= _MIN_LETTERS
    certain, likely = is_certain(signs), is_likely(signs)
    said = features(signs, certain=certain, likely=likely)
    likeness = classifier().likeness(text, said) if weighed else _NOTHING
    let_go = (
        (certain or likely)
        and likeness.scam <= RULES_BAR
        and classifier().likeness(text, said, worst_alone=True).scam <= RULES_BAR
    )
    certain, likely = certain and not let_go, likely and not let_go
    # If the rules are overruled, their requests are not reported.
    reasons: list[Reason] = [] if let_go else signs.asks()
    against = comparison.against if comparison is not None else ()
    if (
        certain
        and comparison is not None
        and comparison.matches
        and _only_money({code for code, _ in against})
    ):
        reasons.insert(0, (Code.STATE_TRUE_BUT_OFF_PLATFORM_CONTACT, comparison.matches[0]))
    if signs.link_matters and not let_go:
        reasons.extend((Code.LINK_NOT_OFFICIAL, (link.start, link.end)) for link in facts.bad_links[:2])
    warned = (facts.warns or bool(facts.refused)) and not signs.hard and not certain and not likely
    if not warned:
        reasons.extend(against)
    if (
        comparison is not None
        and comparison.matches
        and not certain
        and not likely
        and not against
        and not warned
    ):
        reasons.append((Code.STATE_MATCHES, comparison.matches[0]))
    reasons.extend(_small_reasons(facts, signs, warned=warned, sure=likeness.scam <= WARNING_BAR))
    sounds_like = None
    if certain:
        verdict = Verdict.SCAM
    elif likely or (against and not warned and contradiction_matters(signs, against)):
        verdict = Verdict.LIKELY_SCAM
    elif _consistent(facts, signs, order, comparison, warned=warned):
        verdict = Verdict.CONSISTENT
    elif likeness.scam > (HARMLESS_BAR if warned or signs.plainly_harmless else MODEL_BAR):
        verdict, sounds_like = Verdict.LIKELY_SCAM, classifier().telling(text)
        reasons = [reason for reason in reasons if reason[0] not in _SPEAK_FOR_IT]
    else:
        verdict = Verdict.UNKNOWN
    kind = kind_of(likeness, verdict)
    return Judgement(verdict, kind, tuple(reasons), score_of(verdict, likeness), sounds_like)


def _only_money(codes: set[Code]) -> bool:
    """Return whether the order contradicts only the claims about money, so the problem itself is true."""
    return codes <= {Code.NO_REFUND_ON_RECORD}


def _small_reasons(facts: Facts, signs: Signs, *, warned: bool, sure: bool) -> list[Reason]:
    reasons: list[Reason] = []
    if warned and sure:
        where = facts.found.get("warning")
        reasons.append((Code.WARNING_NOT_SCAM, where[0] if where else None))
    if facts.sender is not None:
        reasons.append((Code.SENDER_REGISTERED if facts.sender else Code.SENDER_NOT_REGISTERED, None))
    if "paid_back" in facts.found and not signs.hard:
        reasons.append((Code.PAYS_BACK_ORIGINAL_ROUTE, facts.found["paid_back"][0]))
    if not facts.asks and not facts.links and not signs.callback and not warned:
        reasons.append((Code.NO_ASK, None))
    return reasons


def _consistent(
    facts: Facts, signs: Signs, order: OrderFacts | None, comparison: Comparison | None, *, warned: bool
) -> bool:
    if order is None or comparison is None or not order.known or warned:
        return False
    nothing_asked = (
        not facts.asks
        and not facts.bad_links
        and facts.bare_link is None
        and not (signs.callback and signs.claim and not signs.courier)
    )
    return (
        bool(comparison.matches)
        and not comparison.against
        and not comparison.unsettled
        and nothing_asked
        and not signs.others
    )
