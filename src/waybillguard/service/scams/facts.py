"""Facts for inspections: whether the message check works (GOV-02), and buyers' requests (RGT-01)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from waybillguard.inspect.model import Fact
from waybillguard.scam import Verdict
from waybillguard.service.audit.facts import FACTS, FactSource
from waybillguard.service.scams.checking import check_text
from waybillguard.service.scams.models import PrivacyRequest
from waybillguard.service.tenancy.days import local_day
from waybillguard.service.tenancy.models import Tenant

_PLAIN: Final = "您的快递丢失，请加微信客服办理三倍理赔，并提供银行卡号和短信验证码"


def observe(tenant: Tenant, now: datetime) -> Mapping[str, Fact]:
    """Return the number of overdue requests, and the name of this part if it recognises an obvious scam."""
    unfinished = [PrivacyRequest.State.OPEN, PrivacyRequest.State.FORWARDED]
    late = PrivacyRequest.objects.filter(
        tenant=tenant, state__in=unfinished, due_on__lt=local_day(now, tenant)
    )
    works = check_text(_PLAIN).verdict in {Verdict.SCAM, Verdict.LIKELY_SCAM}
    return {"buyer_requests_overdue": late.count(), "parts_reporting": ("scam",) if works else ()}


FACTS.add(FactSource("scams", observe))
