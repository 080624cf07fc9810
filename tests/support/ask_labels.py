"""Queue labels at a running service, or query the state of its tickets.

Reads one command per line (a JSON list of words) and answers with one line of JSON. Each command runs in a forked
child, so that Django is loaded only once and commands do not share state.

``["ask", PRINTER, N]``: queue N labels not yet requested at a printer, as the owner.
``["states"]``: number of tickets in each state.
``["gap"]``: ERPs in compatibility mode, sealed consignees, refused documents.
``["notes"]``: notes of the stations, oldest first.
``["numbers", N]``: order numbers of N orders with one goods line and no label requested yet.
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
            except BaseException:  # noqa: BLE001 - the caller receives the traceback
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
