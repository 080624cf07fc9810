"""Race a hundred looks for the last unit of a person's quota, with a running keyd; print the results."""

import json
import sys
from collections import Counter

from waybillguard.service.operations.start import load_rooms, start_django

RACING = 100
AT_ONCE = 40


def main() -> None:
    start_django()
    load_rooms()
    from django.utils import timezone
    from django_scopes import scope

    from support.racers import racers
    from support.signed_in import forget_looks, sign_in
    from waybillguard.access.request import SignIn
    from waybillguard.detect.guard import ALLOW
    from waybillguard.errors import WaybillGuardError
    from waybillguard.service.authorization.principal import load_principal
    from waybillguard.service.identity.models import User
    from waybillguard.service.lookups import guard
    from waybillguard.service.lookups.models import QuotaCounter, QuotaPerson
    from waybillguard.service.lookups.services import new_form, reveal
    from waybillguard.service.tenancy.models import Tenant
    from waybillguard.service.vault.models import Order

    guard.check = lambda *_, **__: ALLOW  # test only the quotas; the guard has its own tests
    tenant = Tenant.objects.get()
    owner = User.objects.get(username="owner")
    stepped_up = SignIn(method="second_factor", stepped_up=True)

    def look(order_pk: int) -> str:
        with scope(tenant=tenant):
            order = Order.objects.select_related("tenant").get(pk=order_pk)
            who = load_principal(owner, stepped_up, moment)
            try:
                reveal(who, order, group="phone", purpose="after_sales", form=new_form(owner, order))
            except WaybillGuardError as error:
                return error.code
            return "shown"

    sign_in()
    moment = timezone.now()
    with scope(tenant=tenant):
        forget_looks(owner)
        orders = list(
            Order.objects.filter(lane="B").order_by("pk").values_list("pk", flat=True)[: RACING + 1]
        )
        hour = load_principal(owner, stepped_up, moment).limits.hour
    before = [look(orders[0]) for _ in range(hour - 1)]
    with racers(AT_ONCE, initializer=sign_in) as pool:
        raced = list(pool.map(look, orders[1:]))
    with scope(tenant=tenant):
        used = QuotaCounter.objects.get(scope="hour", holder=f"u{owner.pk}").used
        counted = QuotaCounter.objects.get(scope="persons_30d", holder=f"u{owner.pk}").used
        persons = QuotaPerson.objects.filter(account=owner).count()
    result = {"before": Counter(before), "raced": Counter(raced), "used": used, "limit": hour}
    sys.stdout.write(json.dumps(result | {"counted": counted, "persons": persons}))


main()
