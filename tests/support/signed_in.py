"""For scripts beside a running service: make requests with the CLI token passed by the test."""

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
    """Use the token's grant in this thread and return it."""
    grant = split_grant(os.environ["WAYBILLGUARD_TEST_TOKEN"])[1]
    show_grant(grant)
    return grant


def forget_looks(account: User) -> None:
    """Reset a person's quotas after earlier races; needs an open scope."""
    QuotaCounter.objects.filter(holder=f"u{account.pk}").delete()
    QuotaPerson.objects.filter(account=account).delete()


def sign_in_beside(tenant: str, owner: str, other: str) -> bytes:
    """Have the owner register a second owner, who enrols a factor; return the second owner's new grant."""
    factors.TOLERANCE = EARLY  # type: ignore[misc] # as its keyd does
    desk = Desk.at(keyd(), lambda: time.time_ns() // 1000)
    secret, used = os.environ["WAYBILLGUARD_TEST_TELEPHONE"].split()
    desk.hold(tenant, owner, secret, int(used))
    asked = enrolling.ExpectPerson(messages.Context(tenant, owner), other, "owner", new=True)
    keyd().call(desk.confirmed(asked), messages.Done)
    return desk.take(tenant, other, keyd().call(enrolling.BeginTotp(tenant, other), enrolling.PendingTotp))
