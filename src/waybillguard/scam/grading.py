"""The class of a judged message, and the probability that it is a scam before calibration."""

from waybillguard.scam.classifier import Likeness
from waybillguard.scam.frauds import NOT_ABOUT_PARCELS
from waybillguard.scam.model import MessageClass, Verdict
from waybillguard.scam.signs import Signs

#: Share of a parcel scam in the probability of a scam that makes it one, and that bears out the rules.
_MODEL_SAYS, _MODEL_ALLOWS = 0.5, 0.4


def kind_of(signs: Signs, likeness: Likeness, verdict: Verdict) -> MessageClass:
    """Return the class: a fraud that stays what it is although a parcel is named is no parcel scam."""
    if verdict in {Verdict.UNKNOWN, Verdict.CONSISTENT}:
        return MessageClass.LEGIT
    goods = signs.goods_claim or signs.facts.has("enrolment", "recall") or (signs.shop and signs.offer)
    gift = signs.parcel and signs.others == ["prize_fraud"]
    other = not NOT_ABOUT_PARCELS.isdisjoint(signs.others) and not signs.facts.has(
        "lost", "damaged", "recall", "enrolment"
    )
    plain = (signs.parcel or signs.shop) and (not signs.others or likeness.parcel_scam > likeness.other_scam)
    by_rules = (goods or gift or plain) and not other
    share = likeness.parcel_scam / likeness.scam
    parcel = share >= _MODEL_SAYS or (by_rules and share > _MODEL_ALLOWS)
    return MessageClass.PARCEL_SCAM if parcel else MessageClass.OTHER_SCAM


def score_of(verdict: Verdict, likeness: Likeness) -> float:
    """Return the probability of a scam: the model's, within the band of the verdict."""
    low, high = {
        Verdict.SCAM: (0.93, 0.99),
        Verdict.LIKELY_SCAM: (0.7, 0.98),
        Verdict.UNKNOWN: (0.01, 0.5),
        Verdict.CONSISTENT: (0.01, 0.05),
    }[verdict]
    return low + (high - low) * likeness.scam
