"""The class of a judged message, and the probability that it is a scam before calibration."""

from waybillguard.scam.classifier import Likeness
from waybillguard.scam.model import MessageClass, Verdict

#: Minimum share of parcel scams in the probability of a scam for the class "parcel scam".
_PARCEL_SHARE = 0.4


def kind_of(likeness: Likeness, verdict: Verdict) -> MessageClass:
    """Return the class of a judged message."""
    if verdict in {Verdict.UNKNOWN, Verdict.CONSISTENT}:
        return MessageClass.LEGIT
    parcel = likeness.parcel_scam > _PARCEL_SHARE * likeness.scam
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
