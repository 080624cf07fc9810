"""The history of account changes, in the database and in the ledger.

A change that grants rights is written to the ledger first, and refused if that fails. A change that revokes access
never waits: it is stored here, and its ledger entry is retried until it is written (change_kinds.py).
"""

import logging
from datetime import datetime

from allauth.core import context as allauth_context
from django.http import HttpRequest
from django.utils import timezone
from django_scopes import scope

from waybillguard.service.identity.accounts import journal
from waybillguard.service.identity.accounts.change_kinds import Effect, effect_of, ledger_kind
from waybillguard.service.identity.models import AccountChange, User
from waybillguard.service.keyd.client import KeydError
from waybillguard.service.platform.queue import enqueue
from waybillguard.service.tenancy.models import Tenant

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
    """Record an account change; if it grants rights, write the ledger first. ``detail`` holds no personal data.

    Call it within the transaction that makes the change.

    Raises:
        KeydError: the change grants rights and cannot be written to the ledger, so it must not happen.
    """
    change = AccountChange(
        tenant=tenant, person=person, actor=actor, what=what, detail=detail, at=now or timezone.now()
    )
    gives = effect_of(what) is Effect.GIVES
    if gives:
        change.ledger_index = _put(change, allauth_context.request)
    with scope(tenant=tenant):
        change.save()
    if not gives:
        enqueue("identity.accounts.tasks.write_changes", tenant.pk)
    return change


def _put(change: AccountChange, request: HttpRequest | None) -> int:
    detail: dict[str, str | int] = {
        **change.detail,
        "change": change.what,
        "at": change.at.isoformat(timespec="seconds"),
    }
    if change.person_id:
        detail["person"] = f"u{change.person_id}"
    actor = f"u{change.actor_id}" if change.actor_id else "service"
    return journal.put(change.tenant, ledger_kind(change.what), actor, request, detail).index


def write_to_ledger(tenant: Tenant) -> int:
    """Write the waiting changes to the ledger, oldest first; return how many were written.

    A crash between ledger and database may write an entry twice, but never omits one.
    """
    written = 0
    with scope(tenant=tenant):
        waiting = AccountChange.objects.filter(tenant=tenant, ledger_index=None).select_related("tenant")
        for change in waiting.order_by("pk")[:AT_ONCE]:
            try:
                index = _put(change, None)
            except KeydError as error:
                logger.warning("account changes wait for the ledger: %s", error.code)
                return written
            AccountChange.objects.filter(pk=change.pk).update(ledger_index=index)
            written += 1
    return written


def any_waiting(tenant: Tenant) -> bool:
    """Tell whether any change is not in the ledger yet."""
    with scope(tenant=tenant):
        return AccountChange.objects.filter(tenant=tenant, ledger_index=None).exists()
