"""Make an export in the worker: decide again, count once, and write the file part by part.

A sealed file grows in the database: keyd seals each part to the recipient before returning it, so it may be stored.
If a worker dies, only whole parts are left; the next worker continues after the last one and counts nothing again.
Before every part the export is checked: not withdrawn, both people still employed in a permitted role, the
requester not frozen, the recipient not revoked.
"""

import logging
import secrets
from collections.abc import Iterator
from datetime import timedelta
from itertools import batched
from typing import Final

import msgspec
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from waybillguard.access.quotas import Refused
from waybillguard.access.request import CONSOLE, QuotaFacts
from waybillguard.orders.csv_out import SafeCsv
from waybillguard.orders.xlsx_out import SafeXlsx
from waybillguard.seal.exportfile import ExportEnd, ExportHead, head_bytes, seal_end
from waybillguard.seal.exportkey import fingerprint
from waybillguard.service.audit.recording import record
from waybillguard.service.authorization.principal import Principal, load_principal
from waybillguard.service.exports.asking import KEPT, locked, orders_of
from waybillguard.service.exports.deciding import (
    AS_ASKED,
    as_second,
    denied,
    free_quota,
    load_requester,
    may_export,
    tokens_of,
)
from waybillguard.service.exports.errors import ExportDeniedError, ExportError
from waybillguard.service.exports.models import Export, ExportPart
from waybillguard.service.identity.context import context_of
from waybillguard.service.identity.models import MAY, Permission, Role, User
from waybillguard.service.keyd import export_messages, messages
from waybillguard.service.keyd.exporting import RECORDS_A_PART
from waybillguard.service.lookups.counting import BulkCounter
from waybillguard.service.lookups.models import LookAlarm
from waybillguard.service.lookups.services import alarms_of, tell_alarms
from waybillguard.service.tenancy.key_process import keyd
from waybillguard.service.tenancy.spool import SpoolWriter
from waybillguard.service.vault.facts import closed_rows
from waybillguard.service.vault.models import Order
from waybillguard.service.vault.sealed import sealed_refs

logger = logging.getLogger(__name__)

CLAIM: Final = timedelta(seconds=180)
"""A worker without progress for this long is considered dead; longer than keyd needs for one part."""

_GOING_ON: Final = (Export.State.AGREED, Export.State.MAKING)
_OVER: Final = (Export.State.REFUSED, Export.State.WITHDRAWN, Export.State.FAILED, Export.State.EXPIRED)

_RECORDED_AT_ONCE: Final = 500
MASKED_COLUMNS: Final = (
    "order_no", "waybill_no", "carrier", "shop", "platform", "lane", "state", "goods_class", "quantity",
    "masked_name", "masked_phone", "masked_address", "masked_remark",
)  # fmt: skip


class EndedError(ExportError):
    """The export has ended, or another worker has claimed it; this worker stops without a message."""


def ended_error() -> EndedError:
    """Return the error for a worker that has nothing left to do."""
    return EndedError(zh="导出已结束。", en="the export has ended.")


def claim(export_id: int) -> Export | None:
    """Claim an export for this worker; None if it is finished or claimed by another worker."""
    with transaction.atomic():
        rows = Export.objects.select_for_update(of=("self",)).select_related(
            "tenant", "asked_by__tenant", "second__tenant", "recipient"
        )
        row = rows.filter(pk=export_id, state__in=_GOING_ON).first()
        now = timezone.now()
        if row is None or (row.claimed_until is not None and row.claimed_until > now):
            return None
        row.claimed_until, row.claim = now + CLAIM, secrets.token_hex(16)
        row.save(update_fields=["claimed_until", "claim"])
        return row


def own(export: Export, *states: str) -> QuerySet[Export]:
    """Return the row if it is in one of these states and this worker's claim holds; else an empty query set.

    A worker that was considered dead gets an empty set, so it changes nothing of its successor's work.
    """
    return Export.objects.filter(pk=export.pk, claim=export.claim, state__in=states)


def ended_without_file(export: Export) -> bool:
    """Return whether the export ended without a file."""
    return Export.objects.filter(pk=export.pk, state__in=_OVER).exists()


def begin(export: Export) -> None:
    """Make the final decision and count once; the committed result survives a crash of this process.

    Raises:
        ExportDeniedError: a policy or the quota refuses now; the export has failed.
        EndedError: withdrawn meanwhile, or claimed by another worker.
    """
    alarms: tuple[LookAlarm, ...] = ()
    asker = load_requester(export, timezone.now())
    refusal: ExportDeniedError | None = None
    with transaction.atomic():
        row = locked(export)
        if row.claim != export.claim or row.state not in _GOING_ON or row.second is None:
            raise ended_error()
        if row.state == Export.State.MAKING:
            return  # it continues where it stopped
        sealed = row.form == Export.Form.SEALED
        counter = BulkCounter(asker, tokens_of(row.selection)) if sealed else None
        quota = free_quota(asker.user, row.records)
        if counter is not None:
            quota = QuotaFacts(left=counter.room, frozen=counter.usage.frozen)
        second = as_second(load_principal(row.second, AS_ASKED, asker.now))
        decision = may_export(asker, row.form, row.recipient, row.purpose, row.records, quota, second)
        if not decision.allowed:
            refusal = denied(decision)
        elif counter is not None:
            outcome = counter.charge()
            if isinstance(outcome, Refused):
                refusal = ExportDeniedError(zh=outcome.zh, en=outcome.en, policies=("quota-used-up",))
            else:
                alarms = alarms_of(asker, outcome)
        if refusal is None:
            row.state, row.counted_at = Export.State.MAKING, asker.now
            row.policies, row.policy_version = " ".join(decision.policies)[:300], decision.version
            if sealed and row.recipient is not None:
                row.head = head_bytes(
                    ExportHead(
                        warehouse=asker.tenant.slug, export=row.pk,
                        to=fingerprint(bytes(row.recipient.public_key)),
                        made_at=asker.now.isoformat(timespec="seconds"),
                    )
                )  # fmt: skip
            row.save(update_fields=["state", "counted_at", "policies", "policy_version", "head"])
            _record(asker, row, exposed=sealed)
        else:
            record(
                asker.tenant,
                "export",
                user=asker.user,
                purpose=row.purpose,
                allowed=False,
                at=asker.now,
            )
    tell_alarms(asker, alarms)
    if refusal is not None:
        raise refusal


def make_sealed(export: Export) -> None:
    """Have keyd seal part after part, continuing after the last whole part.

    Raises:
        EndedError: the export has ended.
        KeydError: keyd is unavailable or refuses; the parts made so far stay.
    """
    recipient, second = export.recipient, export.second
    if recipient is None or second is None:
        raise ended_error()
    public, head = bytes(recipient.public_key), bytes(export.head)
    chunks = [list(some) for some in batched(export.selection, RECORDS_A_PART)]
    context = msgspec.structs.replace(
        context_of(export.asked_by, purpose=export.purpose, workstation=export.station or CONSOLE),
        grant=bytes(export.mandate),
    )
    for number in range(ExportPart.objects.filter(export=export).count(), len(chunks)):
        _still_stands(export)
        sealed = sealed_refs(export.tenant, chunks[number])
        here = orders_of(export).filter(pk__in=list(sealed.refs))
        orders = list(here.exclude(closed_rows(timezone.now())).order_by("pk"))
        part = keyd().call(
            export_messages.SealExport(
                context=context, export=export.pk, recipient=public, head=head, number=number,
                epochs=sealed.epochs,
                orders=[_order(sealed.refs[order.pk], order) for order in orders],
                policies=export.policies.split(), policy_version=export.policy_version,
            ),
            export_messages.SealedPart,
        )  # fmt: skip
        left_out = len(chunks[number]) - part.records
        with transaction.atomic():
            moved = own(export, Export.State.MAKING).update(
                done=F("done") + part.records, left_out=F("left_out") + left_out,
                origin=part.origin or F("origin"), claimed_until=timezone.now() + CLAIM, tries=0,
            )  # fmt: skip
            if not moved:
                raise ended_error()
            ExportPart.objects.create(
                tenant=export.tenant, export=export, number=number, records=part.records, sealed=part.sealed
            )
    export.refresh_from_db(fields=["done", "origin"])
    end = ExportEnd(records=export.done, parts=len(chunks), origin=export.origin)
    last = seal_end(public, head, end)
    with transaction.atomic():
        _finish(export)
        ExportPart.objects.create(
            tenant=export.tenant, export=export, number=len(chunks), records=0, sealed=last
        )


def make_masked(export: Export) -> None:
    """Write the masked view as a table safe from spreadsheet formulas; nothing is decrypted.

    Raises:
        EndedError: the export has ended.
        KeydError: the ledger cannot be written, so nothing was made.
    """
    _still_stands(export)
    second = export.second
    keyd().call(
        messages.Record(
            context=context_of(export.asked_by, purpose=export.purpose, workstation=export.station or CONSOLE),
            kind="masked_export",
            detail={
                "export": export.pk, "records": export.records, "agreed_by": f"u{second.pk}" if second else "",
                "table": export.table, "purpose": export.purpose, "policies": export.policies, "policy_version": export.policy_version,
            },
        ),
        messages.Recorded,
    )  # fmt: skip
    writer = SpoolWriter(export.tenant)
    try:
        written = 0
        written_as = SafeXlsx if export.table == Export.Table.XLSX else SafeCsv
        table = written_as(writer.write, MASKED_COLUMNS)
        for some in _masked_rows(export):
            for row in some:
                table.row(row)
            written += len(some)
            _progress(export, written)
        table.end()
        writer.finish()
        _finish(
            export, spool_name=writer.name, wrapped_key=writer.wrapped_key, done=written,
            left_out=export.records - written,
        )  # fmt: skip
    except BaseException:
        writer.abandon()
        raise


def _masked_rows(export: Export) -> Iterator[list[tuple[str, ...]]]:
    for some in batched(export.selection, _RECORDED_AT_ONCE):
        rows = orders_of(export).filter(pk__in=some).order_by("pk").values_list(*MASKED_COLUMNS)
        yield [tuple(row) for row in rows]


def _progress(export: Export, done: int) -> None:
    moved = own(export, Export.State.MAKING).update(done=done, claimed_until=timezone.now() + CLAIM)
    if not moved:
        raise ended_error()


def _finish(export: Export, **made: str | bytes | int) -> None:
    now = timezone.now()
    moved = own(export, Export.State.MAKING).update(
        state=Export.State.READY, finished_at=now, expires_at=now + KEPT, claimed_until=None, **made
    )
    if not moved:
        raise ended_error()


def _still_stands(export: Export) -> None:
    """Check the export again before anything is decrypted.

    Raises:
        EndedError: it was withdrawn.
        ExportDeniedError: one of the two people has left or lost the permission, or the recipient was revoked.
    """
    row = Export.objects.select_related("recipient").get(pk=export.pk)
    if row.state != Export.State.MAKING or row.claim != export.claim:
        raise ended_error()
    if row.recipient is not None and not row.recipient.usable:
        raise ExportDeniedError(
            zh="收件方已被撤销，导出已停止。", en="the recipient was revoked; the export has stopped.",
            policies=("export-form",),
        )  # fmt: skip
    pairs = ((row.asked_by_id, Permission.EXPORT), (row.second_id, Permission.SECOND))
    needed = {pk: what for pk, what in pairs if pk is not None}
    people = User.objects.filter(pk__in=needed, is_active=True, tenant=export.tenant)
    roles = dict(people.values_list("pk", "role"))
    if len(roles) != len(needed):
        raise ExportDeniedError(
            zh="申请人或同意人已离职，导出已停止。",
            en="one of the two people is not employed any more; the export has stopped.",
            policies=("leaver",),
        )
    if any(needed[pk] not in MAY[Role(role)] for pk, role in roles.items()):
        raise ExportDeniedError(
            zh="申请人或同意人的角色已不允许，导出已停止。",
            en="the role of one of the two people does not allow it any more; the export has stopped.",
            policies=("no-permit",),
        )
    if free_quota(export.asked_by, 0).frozen:
        raise ExportDeniedError(
            zh="申请人的额度已被冻结，导出已停止。", en="the asker's quota was frozen; the export has stopped.",
            policies=("quota-frozen",),
        )  # fmt: skip


def _order(ref: messages.SealedRef, order: Order) -> export_messages.ExportOrder:
    day = order.created_at.date().isoformat() if order.created_at else ""
    return export_messages.ExportOrder(ref, order.order_no, order.waybill_no, day)


def _record(asker: Principal, row: Export, *, exposed: bool) -> None:
    """Record one event per order now: what happens after this line cannot be known."""
    orders = orders_of(row).order_by("pk")
    for some in batched(orders.iterator(_RECORDED_AT_ONCE), _RECORDED_AT_ONCE):
        record(
            asker.tenant, "export", user=asker.user, orders=list(some), purpose=row.purpose, exposed=exposed,
            at=asker.now,
        )  # fmt: skip
