"""Orders that come in no more: whoever keeps the contracts of merchants says whose."""

from collections.abc import Mapping

from waybillguard.service.platform.hooks import Question
from waybillguard.service.platform.words import CONTRACT_ENDED
from waybillguard.service.tenancy.models import Tenant

shops_past_end: Question[[Tenant], Mapping[str, int]] = Question("shops of merchants whose contract is over")


def refusal(merchant: int) -> str:
    """Return the reason under which an order of this merchant is refused."""
    return f"{CONTRACT_ENDED}:{merchant}"
