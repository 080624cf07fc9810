"""Race forty leases for one printer, and forty leases for the same tickets; print the results."""

import json
import sys
from collections import Counter
from datetime import timedelta
from threading import Lock
from typing import Any

from waybillguard.service.operations.start import load_rooms, start_django

RACING = 40
LABELS = 24
SAME = 5


def main() -> None:  # noqa: PLR0915 - one scene, told in order
    start_django()
    load_rooms()
    from django.db import transaction
    from django.utils import timezone
    from django_scopes import scope

    from support.devices import enrolled
    from support.racers import racers
    from waybillguard.agent.protocol import LeaseRequest
    from waybillguard.service.identity.models import User
    from waybillguard.service.print_room.models import PrintRule, Ticket
    from waybillguard.service.print_room.stations import drawing, leasing, tickets
    from waybillguard.service.print_room.stations.drawing import make_jobs
    from waybillguard.service.print_room.stations.printers import printers_of
    from waybillguard.service.print_room.stations.waves import make_wave_of
    from waybillguard.service.tenancy.models import Tenant
    from waybillguard.service.vault.models import Order

    leasing.bell.enter = lambda: False  # type: ignore[method-assign]  # no waiting, because only the race is tested
    draw, one_draws = drawing.draw_labels, Lock()
    drawn: dict[int, tuple[Any, int]] = {}

    def draw_once(run: Any, waiting: list[Any], now: Any, **how: Any) -> list[tuple[Any, Any]]:
        """Draw each label once, not for each loser, so that all reach the tickets at the same time."""
        with one_draws:
            if new := [ticket for ticket in waiting if ticket.pk not in drawn]:
                drawn.update({one.pk: (label, one.ledger_index) for one, label in draw(run, new, now, **how)})
        for ticket in waiting:
            ticket.ledger_index = drawn[ticket.pk][1]
        return [(ticket, drawn[ticket.pk][0]) for ticket in waiting]

    drawing.draw_labels = draw_once  # type: ignore[assignment]
    Tenant.objects.update(carrier="simulator")
    tenant = Tenant.objects.get()
    owner = User.objects.get(username="owner")
    now = timezone.now()
    with scope(tenant=tenant):
        device, _ = enrolled(owner)
        (printer,) = printers_of(device, ["label-1"])
        ids = list(
            Order.objects.filter(lane="B").order_by("pk").values_list("pk", flat=True)[: LABELS + SAME]
        )
        PrintRule.objects.create(
            tenant=tenant, lease_seconds=3600
        )  # long enough that a lease does not expire on a slow machine
        wave = make_wave_of(owner, ids, now)
        places = list(wave.places.order_by("position"))
        tickets.issue(owner, printer, places[:LABELS], wave, now)

    def lease(_: int) -> list[str]:
        with scope(tenant=tenant):
            asked = LeaseRequest(printers=["label-1"], most=4, wait_s=0)
            return [job.ticket for job in leasing.lease_work(device, asked).jobs]

    leased: list[str] = []
    with racers(RACING) as pool:
        while got := [ticket for jobs in pool.map(lease, range(RACING)) for ticket in jobs]:
            leased += got

    with scope(tenant=tenant):
        tickets.issue(owner, printer, places[LABELS:], wave, now)
        waiting = list(
            tickets.queue(printer).select_related("order", "run__created_by__tenant", "run__tenant")
        )
        until = now + timedelta(minutes=1)
        made = make_jobs(printer, waiting, until, now)

    def spend(number: int) -> int:
        jobs = {bytes(job.ticket.uid): (bytes([number]) * 16, job.sha256) for job in made}
        with scope(tenant=tenant), transaction.atomic():
            return len(tickets.take([job.ticket for job in made], jobs, until, now))

    with racers(RACING) as pool:
        spent = sum(pool.map(spend, range(1, RACING + 1)))
    with scope(tenant=tenant):
        rows = Ticket.objects.filter(printer=printer)
        states = Counter(rows.values_list("state", flat=True))
        attempts = Counter(Order.objects.filter(pk__in=ids).values_list("attempts", flat=True))
    result = {"leased": len(leased), "distinct": len(set(leased)), "spent": spent, "states": states}
    sys.stdout.write(json.dumps(result | {"attempts": attempts}))


main()
