"""Signal receivers of label runs."""

from typing import Any

from django.dispatch import receiver

from waybillguard.service.platform.errors import VaultError
from waybillguard.service.print_room.models import LabelRun, Ticket, WaveOrder
from waybillguard.service.tenancy.models import Tenant
from waybillguard.service.tenancy.spool import remove_spool
from waybillguard.service.vault.models import Batch
from waybillguard.service.vault.signals import orders_shredded, rows_leaving, undo_asked


@receiver(orders_shredded)
def drop_files_of_shredded(tenant: Tenant, **_: Any) -> None:  # noqa: ANN401 - a signal
    """Delete label files that show a shredded order; other labels of the file may or may not have been printed."""
    shown = LabelRun.objects.filter(tenant=tenant, tickets__order__shredded_at__isnull=False)
    for run in shown.exclude(spool_name="").distinct():
        LabelRun.objects.filter(pk=run.pk).update(
            spool_name="",
            wrapped_key=b"",
            error_zh="其中有订单已被销毁，面单文件已删除。其余订单按已打印计：请在打印页的波次中重打，计入重打次数。",
            error_en="an order in it was shredded and the label file was removed. The others count as printed: print them "
            "again from their wave on the print page, as reprints.",
        )
        remove_spool(run.spool_name)


@receiver(undo_asked)
def refuse_undoing_of_printed(batch: Batch, **_: Any) -> None:  # noqa: ANN401 - a signal
    """Refuse to undo an import whose labels were issued.

    Raises:
        NotNowError: such labels exist.
    """
    if (
        Ticket.objects.filter(order__batch=batch, tenant=batch.tenant)
        .exclude(state=Ticket.State.REFUSED)
        .exists()
    ):
        raise VaultError(
            code="not_now",
            zh="该批订单已有面单打印，不能整批撤销。未打印的订单仍可在订单页处理。",
            en="labels of this import were already issued, so it cannot be undone as a whole.",
        )


@receiver(rows_leaving)
def let_orders_go(batch: Batch, **_: Any) -> None:  # noqa: ANN401 - a signal
    """Delete places in waves and refused tickets together with their orders."""
    WaveOrder.objects.filter(order__batch=batch).delete()
    Ticket.objects.filter(order__batch=batch, state=Ticket.State.REFUSED).delete()
