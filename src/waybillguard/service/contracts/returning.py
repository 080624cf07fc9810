"""Return a merchant's orders as exports sealed to the recipient's key.

Each file is an ordinary export by the person who requests it: two people, policies, quota, one ledger entry per
record.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import batched, islice
from typing import Final

from django.db import transaction
from django.utils import timezone

from waybillguard.service.authorization.principal import Principal
from waybillguard.service.contracts.ending import allow, locked_contract, locked_end
from waybillguard.service.contracts.errors import EntrustmentError, not_your_role, state_changed
from waybillguard.service.contracts.models import EntrustmentEnd, ReturnFile
from waybillguard.service.contracts.standing import undestroyed_orders
from waybillguard.service.exports import asking
from waybillguard.service.exports.errors import ExportError
from waybillguard.service.exports.models import Export
from waybillguard.service.identity.accounts.changes import note
from waybillguard.service.identity.models import Permission
from waybillguard.service.keyd.client import KeydError
from waybillguard.service.platform.queue import enqueue
from waybillguard.service.vault.facts import closed_rows
from waybillguard.service.vault.models import Batch, Lane

PURPOSE: Final = "contract_end"
FILES_AT_ONCE: Final = 2
"""keyd seals at most 5,000 records per hour and warehouse; more files would only wait."""
MOST_AT_ONCE: Final = FILES_AT_ONCE * asking.MOST_RECORDS
_LIVE: Final = (Export.State.ASKED, Export.State.AGREED, Export.State.MAKING, Export.State.READY)


@dataclass(frozen=True, slots=True)
class Progress:
    """Progress of a return."""

    files: Sequence[Export]
    left: int
    """Orders with a contact that are in no file yet; counted up to `MOST_AT_ONCE` + 1."""

    @property
    def waiting(self) -> int:
        """Number of files not fetched yet."""
        return sum(1 for export in self.files if export.state in _LIVE and not export.downloads)

    @property
    def whole(self) -> bool:
        """Whether all orders that can be returned were fetched."""
        return not self.left and not self.waiting


def progress_of(end: EntrustmentEnd) -> Progress:
    """Return the files of a return and the number of orders still in no file."""
    files = _files(end)
    return Progress(files, len(_left(end, files, MOST_AT_ONCE + 1)))


def make_files(who: Principal, end: EntrustmentEnd) -> list[Export]:
    """Request the next files of a return. A second person approves each, as for any export.

    Raises:
        EntrustmentError (entrustment_denied): the person's role may not return orders.
        EntrustmentError (entrustment_not_now): the contract is not being returned, or no orders are left.
        ExportError: the policies or the quota forbid it, or too many exports are waiting.
        KeydError: the ledger cannot be written for the first file; nothing was requested.
    """
    if not who.user.may(Permission.ADMINISTER):
        raise not_your_role()
    made: list[Export] = []
    refused: ExportError | KeydError | None = None
    with transaction.atomic():
        row = locked_end(end)
        if row.state != EntrustmentEnd.State.RETURNING:
            raise state_changed()
        left = _left(row, _files(row), MOST_AT_ONCE)
        if not left:
            raise state_changed()
        for some in batched(left, asking.MOST_RECORDS):
            try:
                export = asking.ask(
                    who, some, form=Export.Form.SEALED, purpose=PURPOSE, recipient=row.recipient
                )
            except (
                ExportError,
                KeydError,
            ) as error:  # Raised below, so that requests already recorded are kept.
                refused = error
                break
            ReturnFile.objects.create(tenant=row.tenant, end=row, export=export)
            made.append(export)
    if refused is not None and not made:
        raise refused
    return made


def first_files(second: Principal, end: EntrustmentEnd) -> None:
    """Request the first files when the second person agrees to the end. The proposer then approves them.

    Each file is an ordinary export, so keyd checks both people's factors: one requests, the other approves.

    Raises:
        ExportError: the policies or the quota forbid it. The contract has ended nevertheless; files can be
            requested again.
        KeydError: the ledger cannot be written.
    """
    if progress_of(end).left:
        make_files(second, end)


def confirm_returned(who: Principal, end: EntrustmentEnd) -> None:
    """Confirm that the merchant has the files. The orders are then destroyed; other proposed ends are dropped.

    Raises:
        EntrustmentError (entrustment_denied): the person's role may not confirm returns.
        EntrustmentError: some orders are in no file yet, or a file was not fetched.
        EntrustmentError (entrustment_not_now): the contract is not being returned.
        KeydError: the ledger cannot be written; nothing is destroyed.
    """
    if not who.user.may(Permission.ADMINISTER):
        raise not_your_role()
    with transaction.atomic():
        contract = locked_contract(end.entrustment)
        row = locked_end(end)
        if row.state != EntrustmentEnd.State.RETURNING:
            raise state_changed()
        progress = progress_of(row)
        if not progress.whole:
            left = f"{min(progress.left, MOST_AT_ONCE)}{'+' if progress.left > MOST_AT_ONCE else ''}"
            raise EntrustmentError(
                zh=f"尚未返还完：{left} 单未进入文件，{progress.waiting} 个文件无人下载。未销毁任何数据。",
                en=f"not everything was returned: {left} orders are in no file, {progress.waiting} files were not "
                "fetched. Nothing was destroyed.",
            )
        EntrustmentEnd.objects.filter(entrustment=contract, state=EntrustmentEnd.State.PROPOSED).update(
            state=EntrustmentEnd.State.REPLACED, finished_at=who.now
        )
        row.state = EntrustmentEnd.State.DESTROYING
        row.returned_by, row.returned_at = who.user, who.now
        allow(who, row)
        row.save(update_fields=["state", "returned_by", "returned_at"])
        note(
            who.tenant, "entrustment_returned", actor=who.user, now=who.now, entrustment=row.entrustment_id,
            end=row.pk, files=len(progress.files), records=sum(one.done for one in progress.files if one.downloads),
        )  # fmt: skip
        enqueue("contracts.tasks.destroy_entrusted", row.pk)


def _files(end: EntrustmentEnd) -> list[Export]:
    return [row.export for row in ReturnFile.objects.filter(end=end).select_related("export").order_by("pk")]


def _left(end: EntrustmentEnd, files: Sequence[Export], most: int) -> list[int]:
    """Return ids of orders with a contact that are in no file that was or can be fetched; at most ``most`` ids."""
    held: set[int] = set()
    for export in files:
        if export.downloads or export.state in _LIVE:
            held.update(export.selection)
    orders = undestroyed_orders(end).filter(lane__in=[Lane.B, Lane.C], batch__state=Batch.State.COMMITTED)
    open_to = orders.exclude(closed_rows(timezone.now())).order_by("pk").values_list("pk", flat=True)
    return list(islice((pk for pk in open_to.iterator() if pk not in held), most))
