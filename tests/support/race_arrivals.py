"""Submit a print task with the same orders twice at once, repeatedly; print the stored rows."""

import json
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from waybillguard.service.operations.start import load_rooms, start_django

TIMES = 12


def main() -> None:
    start_django()
    load_rooms()
    from django.db import connection
    from django.utils import timezone
    from django_scopes import scope

    from support.devices import enrolled
    from waybillguard.agent.protocol_intake import ArrivedOrder, Intake, SealedDocument, seal_arrived
    from waybillguard.errors import WaybillGuardError
    from waybillguard.seal import Contact
    from waybillguard.service.identity.models import User
    from waybillguard.service.print_room.components.arrivals import take_in
    from waybillguard.service.print_room.components.compatibility import key_for
    from waybillguard.service.print_room.models import Arrival, CompatibilityMode
    from waybillguard.service.tenancy.models import Tenant
    from waybillguard.service.vault.models import Order

    tenant = Tenant.objects.get()
    owner = User.objects.get(username="owner")
    with scope(tenant=tenant):
        device, _ = enrolled(owner)
        device.host_class = "box"
        device.save()
        CompatibilityMode.objects.create(tenant=tenant, device=device, erp="erp", on_by=owner)
        public = key_for(device, "erp")

    def asked(key: str, person: int) -> Intake:
        order = ArrivedOrder(
            Contact(name="测试甲", phone=f"199{person:08}", detail=f"不存在路{person}号"),
            f"{key}/{person}".encode(),
        )
        sealed = seal_arrived(
            order, device=device.uid, task=key, document="D1", shop="", key=public, random=os.urandom
        )
        return Intake(key=key, erp="erp", documents=[SealedDocument(document="D1", sealed=sealed)])

    def send(key: str, person: int, together: Barrier) -> str:
        try:
            with scope(tenant=tenant):
                message = asked(key, person)
                together.wait()
                take_in(device, message, timezone.now())
        except WaybillGuardError as error:
            return error.code
        finally:
            connection.close()
        return "taken"

    def race(number: int, persons: tuple[int, int]) -> tuple[list[str], int]:
        key, together = f"{number:064}", Barrier(2)
        with ThreadPoolExecutor(2) as pool:
            before = stored()
            said = list(pool.map(lambda person: send(key, person, together), persons))
        return sorted(said), stored() - before

    def stored() -> int:
        with scope(tenant=tenant):
            return Order.objects.filter(batch__kind="erp").count()

    with scope(tenant=tenant):
        take_in(device, asked("f" * 64, 0), timezone.now())  # creates the import of the day first
    same = [race(number, (number, number)) for number in range(1, TIMES)]
    other = [race(100 + number, (number, 50 + number))[0] for number in range(1, TIMES)]
    with scope(tenant=tenant):
        documents = Arrival.objects.count()
    sys.stdout.write(json.dumps({"same": same, "other": other, "documents": documents, "times": TIMES}))


main()
