"""The history of accounts: kept beside the account at once, and written to the ledger behind it.

Cutting somebody off never waits for the ledger; what is not yet there is tried again every hour.
"""

import logging
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django_scopes import scope

from waybillguard.service.common import keyd
from waybillguard.service.keyd import messages
from waybillguard.service.keyd.client import KeydError
from waybillguard.service.people.models import AccountChange, Tenant, User

logger = logging.getLogger(__name__)
AT_ONCE = 500


def note(
    tenant: Tenant,
    what: str,
    *,
    person: User | None = None,
    actor: User | None = None,
    now: datetime | None = None,
    **detail: str | int,
) -> AccountChange:
    """Keep a change of an account and have it written to the ledger. ``detail`` holds nothing personal."""
    from waybillguard.service.people.tasks import write_changes

    with scope(tenant=tenant):
        change = AccountChange.objects.create(
            tenant=tenant, person=person, actor=actor, what=what, detail=detail, at=now or timezone.now()
        )
    transaction.on_commit(lambda: write_changes.enqueue(tenant.pk))
    return change


def write_to_ledger(tenant: Tenant) -> int:
    """Write what is not yet in the ledger, oldest first; return how many entries were written.

    A crash between the two stores may write an entry twice, never leave it out.
    """
    written = 0
    with scope(tenant=tenant):
        waiting = AccountChange.objects.filter(tenant=tenant, ledger_index=None).order_by("pk")[:AT_ONCE]
        for change in waiting:
            detail: dict[str, str | int] = {
                **change.detail,
                "change": change.what,
                "at": change.at.isoformat(timespec="seconds"),
            }
            if change.person_id:
                detail["person"] = f"u{change.person_id}"
            context = messages.Context(
                tenant=tenant.slug, actor=f"u{change.actor_id}" if change.actor_id else "service"
            )
            request = messages.Record(context=context, kind="account", detail=detail)
            try:
                receipt = keyd().call(request, messages.Recorded)
            except KeydError as error:
                logger.warning("account changes wait for the ledger: %s", error.code)
                return written
            AccountChange.objects.filter(pk=change.pk).update(ledger_index=receipt.index)
            written += 1
    return written
