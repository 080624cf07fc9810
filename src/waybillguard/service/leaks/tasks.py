"""Background tasks: trace a list, and write the result into its case."""

import logging
from functools import partial
from typing import Final

from django.db import transaction
from django.tasks import task
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from waybillguard.errors import WaybillGuardError
from waybillguard.service.cases.models import Case
from waybillguard.service.cases.services import add_event, add_evidence, add_orders, open_case
from waybillguard.service.leaks.bundle import bundle_json, sha256_of
from waybillguard.service.leaks.models import Leak
from waybillguard.service.leaks.tracing import as_json, run
from waybillguard.service.platform.disk import WAITS
from waybillguard.service.platform.queue import no_room, put_off
from waybillguard.service.vault.models import Order

logger = logging.getLogger(__name__)
_WAITS: Final = {"state": Leak.State.WAITING, "step": "", "error_zh": WAITS[0], "error_en": WAITS[1]}


@task()
def trace_leak(leak_id: int, tried: int = 0) -> None:
    """Trace one list. Safe to run twice: a list that is being traced or is finished is skipped.

    If the disk is full, the trace is tried again later.
    """
    with scopes_disabled():
        leak = Leak.objects.select_related("tenant").get(pk=leak_id)
    with scope(tenant=leak.tenant):
        mine = Leak.objects.filter(pk=leak_id, tenant=leak.tenant, state=Leak.State.WAITING)
        if not mine.update(state=Leak.State.RUNNING, error_zh="", error_en=""):
            return
        try:
            answer, nodes = run(leak, lambda step: _step(leak, step))
            leak.answer, leak.nodes = as_json(answer), as_json(nodes)
            leak.state, leak.finished_at = Leak.State.DONE, timezone.now()
            with transaction.atomic():
                leak.save(update_fields=["answer", "nodes", "state", "finished_at"])
                write_case(leak)
        except Exception as error:  # noqa: BLE001 - the page must not wait for ever; the type alone is logged
            if no_room(error):
                back = partial(Leak.objects.filter(pk=leak_id, tenant=leak.tenant).update, **_WAITS)
                put_off("leaks.tasks.trace_leak", leak_id, tried=tried, put_back=back)
            elif isinstance(error, WaybillGuardError):
                _fail(leak, error.zh, error.en)
            else:
                logger.error("trace %d failed: %s", leak_id, type(error).__name__)  # noqa: TRY400 - a traceback may hold orders
                _fail(leak, "溯源时发生内部错误，请重试。", "an internal fault while tracing; try again.")


def write_case(leak: Leak) -> Case:
    """Open or update the case of a trace: add orders, a timeline entry, and the hash of the bundle."""
    zh, en = f"泄露溯源：{leak.title}", f"Leak: {leak.title}"
    case = open_case(leak.tenant, f"leak:{leak.pk}", Case.Kind.LEAK, zh, en, by=leak.created_by)
    leads = sum(source["priority_lead"] for source in leak.answer["sources"])
    add_event(
        case,
        "traced",
        f"溯源完成：重点线索 {leads} 个（不是证据）",
        f"Traced: {leads} priority lead{'' if leads == 1 else 's'} (no proof)",
        address=reverse("leak", args=[leak.pk]),
        at=leak.finished_at,
    )
    uids = [bytes.fromhex(row["order_id"]) for row in leak.victims if _is_uid(row.get("order_id", ""))]
    ids = Order.objects.filter(tenant=leak.tenant, uid__in=uids).values_list("pk", flat=True)
    add_orders(case, list(ids), "victim")
    content = bundle_json(leak)
    add_evidence(
        case,
        "trace",
        f"trace-{leak.pk}.json",
        sha256_of(content),
        size=len(content),
        address=reverse("leak_bundle", args=[leak.pk]),
        by=leak.created_by,
    )
    return case


def _is_uid(text: str) -> bool:
    return len(text) == 32 and all(c in "0123456789abcdef" for c in text)  # noqa: PLR2004 - 16 bytes


def _step(leak: Leak, step: str) -> None:
    Leak.objects.filter(pk=leak.pk, tenant=leak.tenant).update(step=step)


def _fail(leak: Leak, zh: str, en: str) -> None:
    Leak.objects.filter(pk=leak.pk, tenant=leak.tenant).update(
        state=Leak.State.FAILED, error_zh=zh[:400], error_en=en[:400], finished_at=timezone.now()
    )
