"""Rejects orders of merchants whose contract has ended."""

from collections.abc import Mapping

from waybillguard.service.platform.hooks import Question
from waybillguard.service.platform.words import CONTRACT_ENDED
from waybillguard.service.tenancy.models import Tenant

shops_past_end: Question[[Tenant], Mapping[str, int]] = Question("shops of merchants whose contract is over")


def refusal(merchant: int) -> str:
    """Return the reason for refusing this merchant's orders, or an empty string."""
    return f"{CONTRACT_ENDED}:{merchant}"
