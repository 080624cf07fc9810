"""Files of exports: fetched by the asker alone, counted, and shredded when their time is over."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import F
from django_scopes import scope

from waybillguard.service.audit.recording import record
from waybillguard.service.authorization.principal import Principal
from waybillguard.service.exports.deciding import must_be_allowed
from waybillguard.service.exports.errors import ExportDeniedError, ExportError
from waybillguard.service.exports.models import Export, ExportPart
from waybillguard.service.identity.accounts.changes import note
from waybillguard.service.identity.context import context_of
from waybillguard.service.keyd import messages
from waybillguard.service.tenancy.key_process import keyd
from waybillguard.service.tenancy.models import Tenant
from waybillguard.service.tenancy.spool import remove_spool, spool_chunks


def fetch(who: Principal, export: Export) -> Iterator[bytes]:
    """Return the file in pieces; the fetch stands in the ledger first.

    Raises:
        ExportDeniedError: somebody else's export, or the policies say no as things stand now.
        ExportError: there is no file (yet, or any more).
        KeydError: the ledger does not write; nothing is handed out.
    """
    if export.asked_by_id != who.user.pk:
        raise ExportDeniedError(
            zh="只有申请人本人可以下载。", en="only the person who asked fetches the file."
        )
    if export.state != Export.State.READY or export.expires_at is None or export.expires_at <= who.now:
        raise ExportError(
            zh="文件尚未就绪或已销毁。如仍需要, 请重新申请。",
            en="the file is not there yet, or was shredded; ask again if you still need it.",
        )
    # Revoked since: the file is sealed to a key that is trusted no more.
    must_be_allowed(who, export)
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
    """Yield the pieces; each query opens the scope anew, for a response streams after that of the page closed."""
    yield bytes(export.head)
    with scope(tenant=export.tenant):
        parts = ExportPart.objects.filter(export=export).count()
    for number in range(parts):
        with scope(tenant=export.tenant):
            rows = ExportPart.objects.values_list("sealed", flat=True)
            piece = bytes(rows.get(export=export, number=number))
        yield piece


def shred(export: Export) -> None:
    """Remove what there is of a file, its key first."""
    if export.spool_name:
        Export.objects.filter(pk=export.pk).update(spool_name="", wrapped_key=b"")
        remove_spool(export.spool_name)
    ExportPart.objects.filter(export=export).delete()


def expire(tenant: Tenant, now: datetime) -> int:
    """Shred files whose time is over, and end what nobody answered; return how many."""
    state = Export.State
    old = Export.objects.filter(tenant=tenant, expires_at__lte=now, state__in=[state.READY, state.ASKED])
    ended = 0
    for export in old:
        if Export.objects.filter(pk=export.pk, state=export.state).update(state=state.EXPIRED):
            shred(export)
            note(tenant, "export_expired", now=now, export=export.pk)
            ended += 1
    return ended
