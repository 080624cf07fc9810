"""For scripts beside a running service: ask in the name of whoever's shell token the test handed over."""

import os
import time

from support.grants import Desk
from support.running import EARLY
from waybillguard.service.identity.grant import show_grant, split_grant
from waybillguard.service.identity.models import User
from waybillguard.service.keyd import enrolling, factors, messages
from waybillguard.service.lookups.models import QuotaCounter, QuotaPerson
from waybillguard.service.tenancy.key_process import keyd


def sign_in() -> bytes:
    """Show the token's grant in this thread; return it."""
    grant = split_grant(os.environ["WAYBILLGUARD_TEST_TOKEN"])[1]
    show_grant(grant)
    return grant


def forget_looks(account: User) -> None:
    """Give back what earlier races used up of somebody's quotas; a scope is open."""
    QuotaCounter.objects.filter(holder=f"u{account.pk}").delete()
    QuotaPerson.objects.filter(account=account).delete()


def sign_in_beside(tenant: str, owner: str, other: str) -> bytes:
    """Have the owner expect another owner, who enrols a factor; return the other's grant, which is young."""
    factors.TOLERANCE = EARLY  # type: ignore[misc] # as its keyd does
    desk = Desk.at(keyd(), lambda: time.time_ns() // 1000)
    secret, used = os.environ["WAYBILLGUARD_TEST_TELEPHONE"].split()
    desk.hold(tenant, owner, secret, int(used))
    asked = enrolling.ExpectPerson(messages.Context(tenant, owner), other, "owner", new=True)
    keyd().call(desk.confirmed(asked), messages.Done)
    return desk.take(tenant, other, keyd().call(enrolling.BeginTotp(tenant, other), enrolling.PendingTotp))
