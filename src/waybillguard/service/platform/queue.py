"""Enqueue tasks of the worker, query waiting ones, and retry tasks that failed on a full disk."""

import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.db import DatabaseError
from django.tasks import TaskResultStatus
from django.utils import timezone
from django.utils.module_loading import import_string
from django_tasks_db.models import DBTaskResult, get_date_max

from waybillguard.service.platform.disk import is_full

_SERVICE: Final = "waybillguard.service."
LONGEST_WAIT: Final = timedelta(days=1)
"""Upper bound of the delay of any scheduled task."""

FIRST_PAUSE: Final = timedelta(seconds=5)
LONGEST_PAUSE: Final = timedelta(minutes=1)
"""Maximum pause between two attempts of a task on a full disk; each pause is twice the one before."""
_LOOK_AGAIN_S: Final = 0.5


def enqueue(task: str, *arguments: Any) -> None:  # noqa: ANN401 - each task's own
    """Enqueue a task by its name below ``waybillguard.service``, for example ``vault.tasks.read_import``.

    Names avoid circular imports: a module of tasks imports the code that it runs, and that code enqueues more tasks.

    Raises:
        ImportError: there is no such task (``tests/service/platform/test_queue.py`` checks every name).
    """
    import_string(_SERVICE + task).enqueue(*arguments)


def queued(task: str) -> set[int]:
    """Return the first arguments (row numbers) of all waiting calls of a task."""
    waiting = DBTaskResult.objects.filter(task_path=_SERVICE + task, status="READY")
    return {arguments["args"][0] for arguments in waiting.values_list("args_kwargs", flat=True)}


def bring_forward(now: datetime) -> int:
    """Reschedule tasks that are delayed by more than `LONGEST_WAIT` to run now; return how many.

    This happens when a clock that was ahead is corrected; otherwise the hourly round would pause for that time.
    """
    ahead = DBTaskResult.objects.filter(status="READY", run_after__gt=now + LONGEST_WAIT)
    return ahead.exclude(run_after=get_date_max()).update(run_after=now)


def no_room(error: BaseException | None) -> bool:
    """Tell whether a task failed because the disk is full."""
    return is_full(error, settings.CONFIG.data_dir)


def put_off(task: str, *arguments: Any, tried: int, put_back: Callable[[], object]) -> None:  # noqa: ANN401 - each task's own
    """Retry a task that failed on a full disk, after a pause; ``tried + 1`` is passed as its last argument.

    ``put_back`` undoes the started work and must be idempotent. If the disk is too full even for that, this function
    blocks until there is space.
    """
    again = import_string(_SERVICE + task)

    def note() -> None:
        put_back()
        again.using(run_after=timezone.now() + _pause(tried)).enqueue(*arguments, tried + 1)

    _when_there_is_room(note)


def retry_if_disk_full(*, task_result: Any, **_: Any) -> None:  # noqa: ANN401 - Django's signal
    """Retry a task that failed with a full-disk error, after a pause; receiver of ``task_finished``.

    For tasks without state of their own, which are idempotent.
    """
    if task_result.status == TaskResultStatus.FAILED and no_room(sys.exc_info()[1]):
        after = timezone.now() + _pause(len(task_result.worker_ids) - 1)
        row = DBTaskResult.objects.filter(pk=task_result.id)
        _when_there_is_room(lambda: row.update(status=TaskResultStatus.READY, run_after=after))


def requeue_running(worker: str) -> int:
    """Return the running tasks of a worker whose database connection failed to the queue; return how many.

    ``worker`` is its name; it must not be running a task.
    """
    running = DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING)
    left = [pk for pk, workers in running.values_list("pk", "worker_ids") if workers[-1:] == [worker]]
    return DBTaskResult.objects.filter(pk__in=left).update(status=TaskResultStatus.READY)


def _pause(tried: int) -> timedelta:
    return min(LONGEST_PAUSE, FIRST_PAUSE * (1 << min(tried, 10)))


def _when_there_is_room(step: Callable[[], object]) -> None:
    while True:
        try:
            step()
        except DatabaseError as error:
            if not no_room(error):
                raise
            time.sleep(_LOOK_AGAIN_S)
        else:
            return
