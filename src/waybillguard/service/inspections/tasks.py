"""Background tasks of inspections: run an inspection; judge the photos of a label sample."""

import logging
from functools import partial
from typing import Final

from django.tasks import task
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from waybillguard.errors import WaybillGuardError
from waybillguard.service.inspections import services
from waybillguard.service.inspections.models import Inspection, LabelSample
from waybillguard.service.platform import disk
from waybillguard.service.platform.queue import no_room, put_off

logger = logging.getLogger(__name__)

_WAITS: Final = {
    "state": Inspection.State.WAITING, "done": 0, "error_zh": disk.WAITS[0], "error_en": disk.WAITS[1],
}  # fmt: skip
_FAULT: Final = (
    "检查时发生内部错误，没有结论。请重试；如再次发生，请联系维护人员。",
    "an internal fault during the inspection; there is no verdict. Try again, then tell whoever runs this.",
)


@task()
def run_inspection(pk: int, tried: int = 0) -> None:
    """Run one inspection. Safe to run twice: only one task leaves ``waiting``. If the disk is full, it is retried."""
    with scopes_disabled():
        row = Inspection.objects.select_related("tenant", "started_by").get(pk=pk)
    with scope(tenant=row.tenant):
        waiting = Inspection.objects.filter(pk=pk, tenant=row.tenant, state=Inspection.State.WAITING)
        if not waiting.update(state=Inspection.State.RUNNING, error_zh="", error_en=""):
            return
        try:
            services.carry_out(row, timezone.now())
        except Exception as error:  # noqa: BLE001 - the run must not stay unfinished; only the type is logged
            if no_room(error):
                back = partial(Inspection.objects.filter(pk=pk, tenant=row.tenant).update, **_WAITS)
                put_off("inspections.tasks.run_inspection", pk, tried=tried, put_back=back)
            elif isinstance(error, WaybillGuardError):
                _fail(row, error.zh, error.en)
            else:
                logger.error("inspection %d failed: %s", pk, type(error).__name__)  # noqa: TRY400 - no traceback: it may hold rows
                _fail(row, *_FAULT)


@task()
def check_sample(pk: int) -> None:
    """Judge the photos of one label sample; photos already judged are skipped."""
    from waybillguard.service.inspections.judging import check_photos

    with scopes_disabled():
        row = LabelSample.objects.select_related("tenant").get(pk=pk)
    with scope(tenant=row.tenant):
        problem = ("", "")
        try:
            check_photos(row)
        except WaybillGuardError as error:
            problem = (error.zh[:300], error.en[:300])
        LabelSample.objects.filter(pk=pk, tenant=row.tenant).update(
            state=LabelSample.State.DONE, problem_zh=problem[0], problem_en=problem[1]
        )


def _fail(row: Inspection, zh: str, en: str) -> None:
    Inspection.objects.filter(pk=row.pk, tenant=row.tenant).update(
        state=Inspection.State.FAILED, error_zh=zh[:400], error_en=en[:400], finished_at=timezone.now()
    )
