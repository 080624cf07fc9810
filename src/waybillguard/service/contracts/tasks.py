"""Background tasks: destroy the orders of ended contracts, and resume interrupted destructions."""

import logging
from datetime import timedelta
from typing import Final

from django.db import InterfaceError, OperationalError
from django.tasks import task
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from waybillguard.service.contracts import destroying
from waybillguard.service.contracts.models import EntrustmentEnd
from waybillguard.service.keyd.client import KeydError

logger = logging.getLogger(__name__)
AGAIN_AFTER: Final = timedelta(seconds=30)


@task()
def destroy_entrusted(end_id: int) -> None:
    """Destroy orders for a limited time, then enqueue itself again so that other tasks can run. Safe to run twice."""
    with scopes_disabled():
        end = EntrustmentEnd.objects.select_related("tenant").get(pk=end_id)
    with scope(tenant=end.tenant):
        try:
            if destroying.destroy_for_a_while(end):
                destroy_entrusted.enqueue(end_id)
        except (KeydError, OperationalError, InterfaceError) as error:
            logger.warning("end %d of a contract waits: %s", end_id, type(error).__name__)
            destroy_entrusted.using(run_after=timezone.now() + AGAIN_AFTER).enqueue(end_id)


def sweep_interrupted_ends() -> int:
    """Resume ends that a crash or a legal hold interrupted. Runs outside any tenant before the worker takes tasks."""
    with scopes_disabled():
        left = list(
            EntrustmentEnd.objects.filter(state=EntrustmentEnd.State.DESTROYING).values_list("pk", flat=True)
        )
    for pk in left:
        destroy_entrusted.enqueue(pk)
    return len(left)
