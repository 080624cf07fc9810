"""Hourly work of stations: expired leases, labels of ended shifts, old faults."""

from datetime import datetime, timedelta
from typing import Any

from django.dispatch import receiver

from waybillguard.service.print_room.models import PrinterFault, Ticket
from waybillguard.service.print_room.stations import moves
from waybillguard.service.print_room.stations.reprints import shift_ends
from waybillguard.service.tenancy.models import Tenant
from waybillguard.service.tenancy.signals import round_made

_FAULTS_KEPT = timedelta(days=30)
_AT_ONCE = 2_000


@receiver(round_made)
def every_hour(tenant: Tenant, now: datetime, believed: datetime, **_: Any) -> None:  # noqa: ANN401
    """Expire leases, close ended shifts, delete old faults."""
    moves.expire(tenant, now)
    close_shift(tenant, now)
    PrinterFault.objects.filter(tenant=tenant, at__lt=believed - _FAULTS_KEPT).delete()


def close_shift(tenant: Tenant, now: datetime) -> int:
    """Close labels that were sent in a shift that has ended and were never scanned; return how many."""
    ends = shift_ends(tenant, now)
    closed = 0
    while True:
        sent = Ticket.objects.filter(tenant=tenant, state=Ticket.State.SENT, changed_at__lt=ends[-1])
        tickets = list(sent.select_related("order")[:_AT_ONCE])
        if not tickets:
            return closed
        context = moves.service_context(tenant)
        moved = moves.move(tenant, tickets, Ticket.State.CONFIRMED, Ticket.How.SHIFT, now, context=context)
        closed += moved
        if not moved:
            return closed
