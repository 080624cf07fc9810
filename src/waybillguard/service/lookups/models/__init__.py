"""Looks at plaintext with their quotas, and calls through virtual numbers."""

from waybillguard.service.lookups.models.calls import Call, CallSetting
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
    "Look",
    "LookAlarm",
    "QuotaCounter",
    "QuotaPerson",
    "QuotaRaise",
    "QuotaState",
]
