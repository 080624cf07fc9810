"""Looks at plaintext, their quotas and guard, and calls through virtual numbers."""

from waybillguard.service.lookups.models.calls import Call, CallSetting
from waybillguard.service.lookups.models.guard import DecoyOrder, GuardAnswer, GuardMemory, Threshold
from waybillguard.service.lookups.models.looks import (
    Look,
    LookAlarm,
    QuotaCounter,
    QuotaPerson,
    QuotaRaise,
    QuotaState,
)

__all__ = [
    "Call",
    "CallSetting",
    "DecoyOrder",
    "GuardAnswer",
    "GuardMemory",
    "Look",
    "LookAlarm",
    "QuotaCounter",
    "QuotaPerson",
    "QuotaRaise",
    "QuotaState",
    "Threshold",
]
