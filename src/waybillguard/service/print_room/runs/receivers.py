"""What printing does when something happens elsewhere."""

from typing import Any

from django.dispatch import receiver

from waybillguard.service.tenancy.models import Tenant
from waybillguard.service.print_room.models import LabelRun
from waybillguard.service.tenancy.spool import remove_spool
from waybillguard.service.vault.signals import orders_shredded


@receiver(orders_shredded)
def drop_files_of_shredded(tenant: Tenant, **_: Any) -> None:  # noqa: ANN401 - a signal
    """Take away label files that show a shredded order; nobody knows whether the others were printed from it."""
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
