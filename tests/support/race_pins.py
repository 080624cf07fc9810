"""Race sixty PIN guesses for one badge at one station; print the number of checked guesses and the responses."""

import json
import sys
from collections import Counter

from waybillguard.service.operations.start import load_rooms, start_django

RACING = 60
AT_ONCE = 20


def main() -> None:
    start_django()
    load_rooms()
    from django.contrib.auth.hashers import Argon2PasswordHasher
    from django.test import RequestFactory
    from django.utils import timezone
    from django_scopes import scope

    from support.badges import badge_of, station
    from support.keyd import CHEAP
    from support.racers import racers
    from waybillguard.errors import WaybillGuardError
    from waybillguard.service.identity.models import Tries, User
    from waybillguard.service.people.badges import signing_in
    from waybillguard.service.tenancy.models import Tenant

    # cheap hashes: the guesses race for the count, not for the processor
    Argon2PasswordHasher.time_cost, Argon2PasswordHasher.memory_cost = CHEAP.passes, CHEAP.memory_kib
    tenant = Tenant.objects.get()
    owner = User.objects.get(username="owner")
    with scope(tenant=tenant):
        device, _ = station(owner)
        issued = badge_of(owner, owner)
    looked: list[str] = []
    slow = signing_in.check_password

    def look(pin: str, encoded: str) -> bool:
        if encoded == issued.badge.pin:
            looked.append(pin)
        return bool(slow(pin, encoded))

    signing_in.check_password = look  # type: ignore[assignment]

    def guess(number: int) -> str:
        try:
            with scope(tenant=tenant):
                signing_in.check(
                    RequestFactory().post("/station/"), device, issued.code, f"{number:06}", moment
                )
        except WaybillGuardError as error:
            return error.code
        return "in"

    moment = timezone.now()
    with racers(AT_ONCE) as pool:
        said = Counter(pool.map(guess, range(RACING)))
    with scope(tenant=tenant):
        counted = Tries.objects.get(badge=issued.badge).failures
    sys.stdout.write(json.dumps({"looked": len(looked), "said": said, "counted": counted}))


main()
