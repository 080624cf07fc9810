"""From what a message says to a verdict, in the order of certainty.

1. An ask for off-platform contact, a card, a code, a shared screen or a payment, put to the reader together with a claim, is
   a scam, whatever the order's state: the words may be true and the channel wrong. Where the model, which weighs the signs
   together with the wording, finds a scam improbable, the rules are not believed.
2. Claims that the order contradicts make one likely.
3. Only an order that bears the claims out, with nothing asked and nothing against it, is consistent.
4. What the model finds very probable is likely a scam.
5. Everything else is unknown. What nobody told us never makes a message safe.
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
"""Above the first probability a message is likely a scam; above the second one that warns of fraud, refuses an ask,
advertises or tells the writer's own story. Above the third, of the whole or of its worst passage alone, what the rules found
is believed. With them at most two honest messages in a hundred raise an alarm, of authors that the model has not learned
from, most of whose messages are hard (``scripts/train-scam-model`` prints it).
"""
WARNING_BAR = 0.5
"""Above it nothing is called a warning. Of 4,750 messages written by hand no honest one that reads as a warning is above 0.35,
and every fraud that borrows a warning's words ("I am of the anti-fraud centre") is above this.
"""
#: What is not said of a message that is likely a scam.
_SPEAK_FOR_IT = frozenset({Code.NO_ASK, Code.WARNING_NOT_SCAM, Code.PAYS_BACK_ORIGINAL_ROUTE})
#: Letters among the first characters of a message that the model reads although the rules found nothing.
_MIN_LETTERS, _LOOKED_AT = 8, 100


class Judgement(msgspec.Struct, frozen=True):
    """A verdict, its class, its reasons with ranges of the normalised text, and the probability of a scam.

    ``sounds_like`` is the clause that speaks most for a fraud, where the model alone found it.
    """

    verdict: Verdict
    kind: MessageClass
    reasons: tuple[Reason, ...]
    score: float
    sounds_like: tuple[int, int] | None = None


def judge(facts: Facts, order: OrderFacts | None, comparison: Comparison | None) -> Judgement:
    """Return what may be said of a message."""
    signs = Signs(facts)
    text = facts.normalised.text
    # A few words give the model nothing to weigh.
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
    # What is let go is not told as an ask.
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
    """Whether the order contradicts nothing but the money: the mishap itself is true."""
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
