"""Report to the police about a warning list, from the case and from pasted messages. Messages are not stored."""

from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone

from waybillguard.documents import Document
from waybillguard.scam import Message
from waybillguard.scam.clues import Reporter, clue_report
from waybillguard.service.scams.models import ReportedContact, WarningList
from waybillguard.service.scams.warnings import days_of


def police_report(warning: WarningList, texts: Sequence[str], now: datetime) -> Document:
    """Return the report of clues about a warning list, with the messages that buyers received."""
    first, last = days_of(warning)
    contacted = ReportedContact.objects.filter(
        tenant=warning.tenant, contacted_on__gte=first, contacted_on__lte=timezone.localdate(now)
    )
    reporter = Reporter(
        unit=str(warning.tenant),
        case=warning.case.number if warning.case is not None else "",
        period=f"{first:%Y-%m-%d} 至 {last:%Y-%m-%d}",
        orders=sum(share.orders for share in warning.shares.all()),
        contacted=contacted.count(),
        cause=warning.cause,
        measures=warning.measures,
    )
    messages = [Message(text=text, channel="chat") for text in texts]
    return clue_report(messages, reporter, timezone.localtime(now))
