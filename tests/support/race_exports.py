"""Races of exports: for the last units of quota, for one agreement, and agreement against withdrawal."""

import json
import sys
from collections import Counter
from collections.abc import Callable
from types import SimpleNamespace

from waybillguard.service.operations.start import load_rooms, start_django

RACING = 100
AT_ONCE = 20
EACH = 3


def main() -> None:  # noqa: PLR0915 - one race after another, each over the same orders
    start_django()
    load_rooms()
    from django.utils import timezone
    from django_scopes import scope

    from support.racers import racers
    from support.signed_in import forget_looks
    from waybillguard.access.request import SignIn
    from waybillguard.errors import WaybillGuardError
    from waybillguard.seal.exportkey import fingerprint, new_export_key, public_line
    from waybillguard.service.authorization.principal import Principal, load_principal
    from waybillguard.service.exports import asking, tasks
    from waybillguard.service.exports.making import begin
    from waybillguard.service.exports.models import Export
    from waybillguard.service.exports.recipients import confirm, register
    from waybillguard.service.identity.models import Role, User
    from waybillguard.service.lookups.models import QuotaCounter, QuotaPerson
    from waybillguard.service.tenancy.models import Tenant
    from waybillguard.service.vault.models import Order

    tenant = Tenant.objects.get()
    owner = User.objects.get(username="owner")
    others = [
        User.objects.create_user(username=f"second{n}", tenant=tenant, role=Role.OWNER) for n in range(2)
    ]
    # Nobody here has a factor; the tests of exports check that keyd requires two.
    asking.propose = asking.mandate = lambda *_: b""  # type: ignore[assignment]
    tasks.make_export = SimpleNamespace(enqueue=lambda _: None)  # type: ignore[assignment]  # the service's worker stays out

    def at(user: User) -> Principal:
        return load_principal(
            User.objects.select_related("tenant").get(pk=user.pk),
            SignIn(method="second_factor", stepped_up=True),
            timezone.now(),
        )

    def said(act: Callable[[], object]) -> str:
        with scope(tenant=tenant):
            try:
                act()
            except WaybillGuardError as error:
                return error.code
            return "done"

    with scope(tenant=tenant):
        forget_looks(owner)
        living = Order.objects.filter(lane="B", shredded_at=None)
        orders = list(living.order_by("pk").values_list("pk", flat=True))
        public = new_export_key().public_key().public_bytes_raw()
        recipient = register(at(owner), "somebody", "somewhere", public_line(public))
        confirm(at(others[0]), recipient, fingerprint(public))
        recipient.refresh_from_db()
        limit = at(owner).limits.hour

        def row(number: int) -> Export:
            ids = [orders[(number + place) % len(orders)] for place in range(EACH)]
            return Export.objects.create(
                tenant=tenant, asked_by=owner, form="sealed", purpose="authority_request", recipient=recipient,
                selection=ids, records=EACH, state="agreed", second=others[0], second_at=timezone.now(),
            )  # fmt: skip

        made = [
            asking.ask(at(owner), orders[:1], form="sealed", purpose="authority_request", recipient=recipient)
            for _ in range(2)
        ]
        racing = [row(number) for number in range(RACING)]
        # Two owners agree to the same export at once; a withdrawal races an agreement.
        with racers(2) as pool:
            twice = list(pool.map(lambda who: said(lambda: asking.agree(at(who), made[0])), others))
            met = list(
                pool.map(
                    said,
                    (
                        lambda: asking.agree(at(others[0]), made[1]),
                        lambda: asking.withdraw(at(owner), made[1]),
                    ),
                )
            )
        ended = Export.objects.get(pk=made[1].pk).state
    with racers(AT_ONCE) as pool:
        raced = list(pool.map(lambda one: said(lambda: begin(one)), racing))
    with scope(tenant=tenant):
        used = QuotaCounter.objects.get(scope="hour", holder=f"u{owner.pk}").used
        counted = QuotaCounter.objects.get(scope="persons_30d", holder=f"u{owner.pk}").used
        persons = QuotaPerson.objects.filter(account=owner).count()
    result = {"limit": limit, "each": EACH, "twice": Counter(twice), "met": met, "ended": ended}
    result |= {"raced": Counter(raced), "used": used, "counted": counted, "persons": persons}
    sys.stdout.write(json.dumps(result))


main()
