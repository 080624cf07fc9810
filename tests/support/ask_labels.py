"""Ask a running service for labels, or how its tickets stand.

Reads one JSON list of words a line and answers each with a line of JSON, in a child forked for it alone: Django is
loaded once, and no answer knows of an earlier one.

``["ask", PRINTER, N]``: queue N labels that were never asked for at a printer, as the owner.
``["states"]``: how many tickets are in which state.
``["gap"]``: ERPs in compatibility mode, consignees sealed, documents refused.
``["notes"]``: what stations noted, oldest first.
``["numbers", N]``: order numbers of N orders of one goods line that were never asked for.
"""

import json
import os
import sys
import traceback
from typing import Any

from waybillguard.service.operations.start import load_rooms, start_django


def main() -> None:
    start_django()
    load_rooms()
    for line in sys.stdin:
        if (child := os.fork()) == 0:
            try:
                said = {"answer": answer(*json.loads(line))}
            except BaseException:  # noqa: BLE001 - whoever asked reads it
                said = {"fault": traceback.format_exc()}
            sys.stdout.write(json.dumps(said) + "\n")
            sys.stdout.flush()
            os._exit(0)
        os.waitpid(child, 0)


def answer(what: str, *arguments: str) -> Any:
    from collections import Counter

    from django.utils import timezone
    from django_scopes import scope

    from waybillguard.service.identity.models import Device, User
    from waybillguard.service.print_room.components.compatibility import plaintext_gap
    from waybillguard.service.print_room.models import StationNote, Ticket
    from waybillguard.service.print_room.stations import tickets
    from waybillguard.service.print_room.stations.printers import printers_of
    from waybillguard.service.print_room.stations.waves import make_wave_of
    from waybillguard.service.tenancy.days import day_number
    from waybillguard.service.tenancy.models import Tenant
    from waybillguard.service.vault.models import Order

    Tenant.objects.update(carrier="simulator")
    tenant = Tenant.objects.get()
    with scope(tenant=tenant):
        if what == "states":
            return Counter(Ticket.objects.values_list("state", flat=True))
        if what == "notes":
            noted = StationNote.objects.order_by("pk")
            return list(noted.values("kind", "code", "erp", "document", "printer"))
        if what == "gap":
            gap = plaintext_gap(tenant, day_number(timezone.now(), tenant))
            return [gap.modes, gap.sealed, gap.refused]
        asked = set(Ticket.objects.values_list("order_id", flat=True))
        rows = Order.objects.filter(lane="B").exclude(pk__in=asked).order_by("pk")
        if what == "numbers":
            lines = Counter(Order.objects.values_list("order_no", flat=True))
            alone = [number for number in rows.values_list("order_no", flat=True) if lines[number] == 1]
            return alone[: int(arguments[0])]
        owner = User.objects.get(username="owner")
        device = Device.objects.order_by("-pk").first()
        assert device is not None
        (printer,) = printers_of(device, [arguments[0]])
        chosen = list(rows.values_list("pk", flat=True)[: int(arguments[1])])
        wave = make_wave_of(owner, chosen, timezone.now())
        places = list(wave.places.order_by("position"))
        issued = tickets.issue(owner, printer, places, wave, timezone.now())
        return {"run": issued.run.pk, "orders": chosen}


main()
