"""The class of a judged message, and the probability that it is a scam before calibration."""

from waybillguard.scam.classifier import Likeness
from waybillguard.scam.frauds import NOT_ABOUT_PARCELS
from waybillguard.scam.model import MessageClass, Verdict
from waybillguard.scam.signs import Signs

_SURE = 0.9


def kind_of(signs: Signs, likeness: Likeness, verdict: Verdict) -> MessageClass:
    """Return the class: a fraud that stays what it is although a parcel is named is no parcel scam."""
    if verdict in {Verdict.UNKNOWN, Verdict.CONSISTENT}:
        return MessageClass.LEGIT
    goods = signs.goods_claim or signs.facts.has("enrolment", "recall") or (signs.shop and signs.offer)
    gift = signs.parcel and signs.others == ["prize_fraud"]
    other = not NOT_ABOUT_PARCELS.isdisjoint(signs.others) and not signs.facts.has(
        "lost", "damaged", "recall", "enrolment"
    )
    if (
        likeness.other_scam > _SURE
        and not signs.parcel
        and not signs.facts.has("lost", "damaged", "recall", "enrolment")
    ):
        return MessageClass.OTHER_SCAM
    plain = (signs.parcel or signs.shop) and (not signs.others or likeness.parcel_scam > likeness.other_scam)
    return MessageClass.PARCEL_SCAM if (goods or gift or plain) and not other else MessageClass.OTHER_SCAM


def score_of(verdict: Verdict, signs: Signs, likeness: Likeness, against: int) -> float:
    """Return the probability of a scam: the verdict places it in a band, the model and the number of reasons within it."""
    low, high = {
        Verdict.SCAM: (0.93, 0.99),
        Verdict.LIKELY_SCAM: (0.72, 0.95),
        Verdict.UNKNOWN: (0.02, 0.4),
        Verdict.CONSISTENT: (0.01, 0.05),
    }[verdict]
    weight = likeness.scam
    if verdict is Verdict.SCAM:
        weight = min(1.0, 0.3 + 0.2 * len(signs.hard) + 0.1 * against + 0.3 * likeness.scam)
    elif verdict is Verdict.LIKELY_SCAM:
        weight = min(1.0, 0.3 + 0.15 * against + 0.4 * likeness.scam)
    elif signs.facts.warns or signs.facts.own_story:
        weight = 0.1
    return low + (high - low) * weight
