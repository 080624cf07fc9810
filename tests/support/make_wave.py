"""Enrol a device at a running service and queue a wave of labels at its printer; print the device's keys."""

import json
import sys

from waybillguard.service.operations.start import start_django


def main() -> None:
    start_django()
    from django.utils import timezone
    from django_scopes import scope

    from support.devices import enrolled
    from waybillguard.service.identity.models import User
    from waybillguard.service.print_room.stations import tickets
    from waybillguard.service.print_room.stations.printers import printers_of
    from waybillguard.service.print_room.stations.waves import make_wave_of
    from waybillguard.service.tenancy.models import Tenant
    from waybillguard.service.vault.models import Order

    Tenant.objects.update(carrier="simulator")
    tenant = Tenant.objects.get()
    owner = User.objects.get(username="owner")
    with scope(tenant=tenant):
        device, keys = enrolled(owner)
        (printer,) = printers_of(device, ["label-1"])
        ids = list(Order.objects.filter(lane="B").order_by("pk").values_list("pk", flat=True)[:12])
        wave = make_wave_of(owner, ids, timezone.now())
        places = list(wave.places.order_by("position"))
        tickets.issue(owner, printer, places, wave, timezone.now())
    found = {
        "uid": keys.uid,
        "signing": keys.signing.private_bytes_raw().hex(),
        "sealing": keys.sealing.private_bytes_raw().hex(),
    }
    sys.stdout.write(json.dumps(found))


main()
