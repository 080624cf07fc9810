"""Fill the demo warehouse through the same doors as everybody: spool, worker's tasks, confirmation."""

import sys

from django.utils import timezone
from django_scopes import scope

from waybillguard.service.activity.demo import fill_activity
from waybillguard.service.calls.models import CallSetting
from waybillguard.service.common import tenant_of
from waybillguard.service.people.models import Role, User
from waybillguard.service.printing.services import start_run
from waybillguard.service.printing.tasks import draw_run
from waybillguard.service.spool import SpoolWriter
from waybillguard.service.vault.models import Batch, Lane, Order
from waybillguard.service.vault.services import commit_import, start_import
from waybillguard.service.vault.tasks import read_import
from waybillguard.service.vault.uploads import SealedUpload
from waybillguard.simulate import Export, demo_exports

SEED = 20261124
LABELS = 24


def fill_demo(owner: User) -> None:
    """Import the demo's exports, leave the last one to be confirmed by hand, print some labels."""
    tenant = tenant_of(owner)
    for username, role, shown in (
        ("supervisor", Role.SUPERVISOR, "主管小郑"),
        ("clerk", Role.CLERK, "打单员小周"),
        ("service", Role.SERVICE, "客服小吴"),
    ):
        user = User.objects.create_user(username=username, tenant=tenant, role=role, display_name=shown)
        user.set_unusable_password()
        user.save()
    with scope(tenant=tenant):
        CallSetting.objects.create(tenant=tenant, provider="simulator")
        exports = demo_exports(SEED, timezone.localtime())
        batches = [_import(owner, export) for export in exports]
        for batch in batches[:-1]:
            batch.refresh_from_db()
            commit_import(owner, batch)
        first = Order.objects.filter(tenant=tenant, batch=batches[0], lane=Lane.B).order_by("pk")
        run = start_run(
            owner, order_ids=list(first.values_list("pk", flat=True)[:LABELS]), station="演示打印台"
        )
        draw_run.call(run.pk)
    fill_activity(tenant)


def _import(owner: User, export: Export) -> Batch:
    writer = SpoolWriter(tenant_of(owner))
    writer.write(export.content)
    writer.finish()
    upload = SealedUpload(
        kind=export.name.rpartition(".")[2], writer=writer, size=len(export.content), too_large=False
    )
    batch = start_import(owner, upload)
    read_import.call(batch.pk)
    batch.refresh_from_db()
    if batch.state != Batch.State.PREVIEW:
        sys.stderr.write(f"demo: {export.name}: {batch.error_zh} / {batch.error_en}\n")
    return batch
