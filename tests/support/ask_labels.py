"""Ask a running service for labels, or how its tickets stand; prints JSON.

``ask_labels.py ask PRINTER N``: queue N labels that were never asked for at a printer, as the owner.
``ask_labels.py states``: how many tickets are in which state.
``ask_labels.py gap``: ERPs in compatibility mode, consignees sealed, documents refused.
``ask_labels.py notes``: what stations noted, oldest first.
``ask_labels.py numbers N``: order numbers of N orders of one goods line that were never asked for.
"""

import json
import sys

from waybillguard.service.operations.start import start_django


def main() -> None:
    start_django()
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
        if sys.argv[1] == "states":
            sys.stdout.write(json.dumps(Counter(Ticket.objects.values_list("state", flat=True))))
            return
        if sys.argv[1] == "notes":
            noted = StationNote.objects.order_by("pk").values("kind", "code", "erp", "document", "printer")
            sys.stdout.write(json.dumps(list(noted)))
            return
        if sys.argv[1] == "gap":
            gap = plaintext_gap(tenant, day_number(timezone.now(), tenant))
            sys.stdout.write(json.dumps([gap.modes, gap.sealed, gap.refused]))
            return
        if sys.argv[1] == "numbers":
            asked = set(Ticket.objects.values_list("order_id", flat=True))
            rows = Order.objects.filter(lane="B").exclude(pk__in=asked).order_by("pk")
            lines = Counter(Order.objects.values_list("order_no", flat=True))
            alone = [number for number in rows.values_list("order_no", flat=True) if lines[number] == 1]
            sys.stdout.write(json.dumps(alone[: int(sys.argv[2])]))
            return
        owner = User.objects.get(username="owner")
        device = Device.objects.order_by("-pk").first()
        assert device is not None
        (printer,) = printers_of(device, [sys.argv[2]])
        asked = set(Ticket.objects.values_list("order_id", flat=True))
        free = Order.objects.filter(lane="B").exclude(pk__in=asked).order_by("pk")
        chosen = list(free.values_list("pk", flat=True)[: int(sys.argv[3])])
        wave = make_wave_of(owner, chosen, timezone.now())
        places = list(wave.places.order_by("position"))
        issued = tickets.issue(owner, printer, places, wave, timezone.now())

        sys.stdout.write(json.dumps({"run": issued.run.pk, "orders": chosen}))


main()
