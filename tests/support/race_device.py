"""Race two accounts for the last looks of a device's day, with a running keyd; print the results."""

import json
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from waybillguard.service.operations.start import load_rooms, start_django

EACH = 10
LIMIT = 4
"""Fewer looks than keyd allows with a factor as new as that of the second account."""


def main() -> None:
    start_django()
    load_rooms()
    from dataclasses import replace

    from django.db import connection
    from django.utils import timezone
    from django_scopes import scope

    from support.signed_in import forget_looks, sign_in, sign_in_beside
    from waybillguard.access.request import Device, Place, SignIn
    from waybillguard.detect.guard import ALLOW
    from waybillguard.errors import WaybillGuardError
    from waybillguard.service.authorization.principal import load_principal
    from waybillguard.service.identity.grant import show_grant
    from waybillguard.service.identity.models import Role, User
    from waybillguard.service.lookups import guard
    from waybillguard.service.lookups.models import QuotaCounter
    from waybillguard.service.lookups.services import new_form, reveal
    from waybillguard.service.tenancy.models import Tenant
    from waybillguard.service.vault.models import Order

    guard.check = lambda *_, **__: ALLOW  # test only the quotas; the guard has its own tests
    tenant = Tenant.objects.get()
    first = User.objects.get(username="owner")
    second = User.objects.create(username="second", tenant=tenant, role=first.role)
    grants = {
        first.pk: sign_in(),
        second.pk: sign_in_beside(tenant.slug, f"u{first.pk}", f"u{second.pk}"),
    }
    stepped_up = SignIn(method="second_factor", stepped_up=True)
    at = Device(id="d1", tenant=tenant.slug, kind="desk", enrolled=True), Place()
    moment = timezone.now()

    def look(one: tuple[User, int]) -> str:
        user, order_pk = one
        show_grant(grants[user.pk])
        try:
            with scope(tenant=tenant):
                order = Order.objects.select_related("tenant").get(pk=order_pk)
                who = load_principal(user, stepped_up, moment, at)
                who = replace(who, limits=replace(who.limits, device_day=LIMIT))
                reveal(who, order, group="phone", purpose="after_sales", form=new_form(user, order))
        except WaybillGuardError as error:
            return error.code
        finally:
            connection.close()
        return "shown"

    with scope(tenant=tenant):
        forget_looks(first)
        orders = list(Order.objects.filter(lane="B").order_by("pk").values_list("pk", flat=True)[: 2 * EACH])
    asked = [((first, second)[number % 2], pk) for number, pk in enumerate(orders)]
    with ThreadPoolExecutor(2 * EACH) as pool:
        raced = list(pool.map(look, asked))
    with scope(tenant=tenant):
        used = QuotaCounter.objects.get(scope="device_day", holder="d1").used
    User.objects.filter(pk=second.pk).update(role=Role.CLERK)  # for the next race
    sys.stdout.write(json.dumps({"raced": Counter(raced), "used": used, "asked": len(asked), "limit": LIMIT}))


main()
