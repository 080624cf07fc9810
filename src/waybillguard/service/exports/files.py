"""Files of exports: fetched only by the requester, counted, and shredded when they expire."""

from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import batched
from typing import Final

from django.db.models import F, Q
from django.utils import timezone
from django_scopes import scope

from waybillguard.service.audit.recording import record
from waybillguard.service.authorization.principal import Principal
from waybillguard.service.exports.deciding import require_allowed
from waybillguard.service.exports.errors import ExportDeniedError, ExportError
from waybillguard.service.exports.models import Export, ExportPart
from waybillguard.service.identity.accounts.changes import note
from waybillguard.service.identity.context import context_of
from waybillguard.service.identity.merchants.scope import outside
from waybillguard.service.keyd import messages
from waybillguard.service.tenancy.key_process import keyd
from waybillguard.service.tenancy.models import Tenant
from waybillguard.service.tenancy.spool import remove_spool, spool_chunks
from waybillguard.service.vault.models import Order

_ASKED_AT_ONCE: Final = 500


def fetch(who: Principal, export: Export) -> Iterator[bytes]:
    """Return the file in pieces; the fetch is written to the ledger first.

    Raises:
        ExportDeniedError: somebody else's export, or the policies refuse now.
        ExportError: there is no file (not yet, or not any more).
        KeydError: the ledger cannot be written; nothing is returned.
    """
    if export.asked_by_id != who.user.pk:
        raise ExportDeniedError(
            zh="只有申请人本人可以下载。", en="only the person who asked fetches the file."
        )
    if export.state != Export.State.READY or export.expires_at is None or export.expires_at <= who.now:
        raise ExportError(
            zh="文件尚未就绪或已销毁。如仍需要，请重新申请。",
            en="the file is not there yet, or was shredded; ask again if you still need it.",
        )
    # If the recipient was revoked since, the file is sealed to a key that is no longer trusted.
    require_allowed(who, export)
    context = context_of(who.user, purpose=export.purpose, workstation=who.workstation)
    keyd().call(
        messages.Record(
            context=context, kind="export_step",
            detail={"what": "fetched", "export": export.pk, "time": export.downloads + 1},
        ),
        messages.Recorded,
    )  # fmt: skip
    Export.objects.filter(pk=export.pk).update(downloads=F("downloads") + 1, fetched_at=who.now)
    record(who.tenant, "export", user=who.user, purpose="export_file", at=who.now)
    if export.form == Export.Form.MASKED:
        return spool_chunks(context, "masked_export", export.spool_name, bytes(export.wrapped_key))
    return _sealed(export)


def _sealed(export: Export) -> Iterator[bytes]:
    """Yield the pieces. Each query opens a scope: the response is streamed after the page's scope closed."""
    yield bytes(export.head)
    with scope(tenant=export.tenant):
        parts = ExportPart.objects.filter(export=export).count()
    for number in range(parts):
        with scope(tenant=export.tenant):
            rows = ExportPart.objects.values_list("sealed", flat=True)
            piece = bytes(rows.get(export=export, number=number))
        yield piece


def shred(export: Export) -> None:
    """Delete a file, its key first."""
    if export.spool_name:
        Export.objects.filter(pk=export.pk).update(spool_name="", wrapped_key=b"")
        remove_spool(export.spool_name)
    ExportPart.objects.filter(export=export).delete()


def drop_holding(tenant: Tenant, gone: Callable[[Export], Q]) -> None:
    """Shred the files that may hold an order matching ``gone``, because a single order cannot be removed from a file.

    A file that is being made is stopped. Orders gone before an export was counted are in no part of it.
    """
    state = Export.State
    made = Export.objects.filter(tenant=tenant, state__in=[state.MAKING, state.READY]).exclude(
        counted_at=None
    )
    for export in made:
        if not _holds(export, gone(export)):
            continue
        ended = Export.objects.filter(pk=export.pk, state=export.state).update(
            state=state.EXPIRED,
            finished_at=timezone.now(),
            reason_zh="其中有订单已被销毁或撤销，导出文件已随之销毁。如仍需要其余订单，请重新申请。",
            reason_en="an order in it was destroyed or taken out, so the file was shredded with it. Ask again for the "
            "others if you still need them.",
        )
        if ended:
            shred(export)
            note(tenant, "export_expired", export=export.pk)


def _holds(export: Export, gone: Q) -> bool:
    with outside():
        return any(
            Order.objects.filter(gone, tenant=export.tenant_id, pk__in=some).exists()
            for some in batched(export.selection, _ASKED_AT_ONCE)
        )


def expire(tenant: Tenant, now: datetime) -> int:
    """Shred expired files and end unanswered requests; return how many."""
    state = Export.State
    old = Export.objects.filter(tenant=tenant, expires_at__lte=now, state__in=[state.READY, state.ASKED])
    ended = 0
    for export in old:
        ending = Export.objects.filter(pk=export.pk, state=export.state)
        if ending.update(state=state.EXPIRED, reason_zh="", reason_en=""):
            shred(export)
            note(tenant, "export_expired", now=now, export=export.pk)
            ended += 1
    return ended
