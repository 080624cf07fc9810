"""Labels: number checked, results of the photo sample, balance of the counts (LBL-01 to LBL-07)."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Q

from waybillguard.inspect.label_sample import sample_facts
from waybillguard.inspect.model import Fact
from waybillguard.service.inspections.models import LabelSample
from waybillguard.service.inspections.samples import sample_of
from waybillguard.service.print_room.models import LabelRun, Ticket
from waybillguard.service.tenancy.models import Tenant
from waybillguard.service.vault.listing import overview

_OUT: Final = (Ticket.State.PRINTED, Ticket.State.SENT, Ticket.State.CONFIRMED, Ticket.State.UNCERTAIN)
_WINDOW: Final = timedelta(days=7)
_SAMPLE_AGE: Final = timedelta(days=30)
_SETTLED: Final = timedelta(days=1)
#: Our own target, from no law: share of parcels whose contact this warehouse never holds in plaintext.
TARGET: Final = 0.5


def observe(tenant: Tenant, now: datetime) -> Mapping[str, Fact]:
    """Return the facts on labels of the last week. Each of our labels is checked before release.

    A photo sample of the last 30 days is added, because it also covers labels printed by other systems.
    """
    printed = Ticket.objects.filter(tenant=tenant, state__in=_OUT, issued_at__gt=now - _WINDOW)
    issued = Ticket.objects.filter(tenant=tenant, issued_at__gt=now - _WINDOW).count()
    facts: dict[str, Fact] = {
        "labels_checked": printed.count(),
        # A counted attempt means the label was drawn and checked; a label sent to a printer also has a job hash.
        "labels_unchecked": printed.filter(Q(attempt=0) | Q(printer__isnull=False, job_sha256=b"")).count(),
        "labels_issued": issued,
        "labels_unbalanced": Ticket.objects.filter(
            tenant=tenant,
            state__in=(Ticket.State.SENT, Ticket.State.UNCERTAIN),
            changed_at__lt=now - _SETTLED,
        ).count(),
        "reprints_unexplained": LabelRun.objects.filter(
            Q(again__gt=0), tenant=tenant, reason="", created_at__gt=now - _WINDOW
        ).count(),
        **{f"label_{name}_failures": 0 for name in ("name", "phone", "address", "code", "goods")},
    }
    sample = (
        LabelSample.objects.filter(
            tenant=tenant, state=LabelSample.State.DONE, created_at__gt=now - _SAMPLE_AGE
        )
        .order_by("-pk")
        .first()
    )
    if sample is not None:
        for name, value in sample_facts(sample_of(sample)).items():
            facts[name] = _sum(facts[name], value)
    lanes = overview(tenant).lanes
    total = sum(lanes.values())
    if total:
        facts |= {"protected_share": round(lanes.get("A", 0) / total, 4), "protected_share_target": TARGET}
    return facts


def _sum(one: Fact, other: Fact) -> int:
    return int(str(one)) + int(str(other))
