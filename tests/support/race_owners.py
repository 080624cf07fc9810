"""Race two owners who demote each other, and two who dismiss each other; print the responses and remaining owners."""

import json
import sys
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from waybillguard.service.operations.start import load_rooms, start_django

ROUNDS = 8


def main() -> None:
    start_django()
    load_rooms()
    from django.db import connection
    from django.utils import timezone
    from django_scopes import scope

    from waybillguard.errors import WaybillGuardError
    from waybillguard.service.identity.accounts.employment import let_go
    from waybillguard.service.identity.accounts.roles import change_role
    from waybillguard.service.identity.models import Role, User
    from waybillguard.service.tenancy.models import Tenant

    tenant = Tenant.objects.get()

    def lower(one: Any, other: Any) -> None:
        change_role(one, other, Role.CLERK, timezone.now())

    def send_away(one: Any, other: Any) -> None:
        let_go(one, other, timezone.now())

    def said(act: Callable[[Any, Any], None], one: Any, other: Any) -> str:
        with scope(tenant=tenant):
            try:
                act(one, other)
            except WaybillGuardError as error:
                return error.code
            finally:
                connection.close()
            return "done"

    told: Counter[str] = Counter()
    left = []
    for number in range(ROUNDS):
        User.objects.filter(role=Role.OWNER).update(role=Role.CLERK)
        pair = [
            User.objects.create_user(username=f"pair{number}-{place}", tenant=tenant, role=Role.OWNER)
            for place in range(2)
        ]
        act = lower if number % 2 else send_away
        with ThreadPoolExecutor(2) as pool:
            told.update(pool.map(said, (act, act), pair, reversed(pair)))
        left.append(User.objects.filter(role=Role.OWNER, is_active=True).count())
    User.objects.filter(role=Role.OWNER).update(role=Role.CLERK)  # for the next race, which has one owner
    User.objects.filter(username="owner").update(role=Role.OWNER)
    sys.stdout.write(json.dumps({"told": told, "left": left}))


main()
