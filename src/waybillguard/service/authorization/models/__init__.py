"""Versions of the policies, recorded decisions, overtime and sale days, restrictions."""

from waybillguard.service.authorization.models.policies import PolicyVersion, RecordedDecision
from waybillguard.service.authorization.models.restrictions import Restriction
from waybillguard.service.authorization.models.shifts import Overtime, Sale

__all__ = [
    "Overtime",
    "PolicyVersion",
    "RecordedDecision",
    "Restriction",
    "Sale",
]
