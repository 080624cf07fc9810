"""What the worker is given to do, what of it has not begun, and what waits for room on the disk."""

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
"""Longer than any task of ours is put off."""

FIRST_PAUSE: Final = timedelta(seconds=5)
LONGEST_PAUSE: Final = timedelta(minutes=1)
"""Between two tries of a task that found no room; each pause is twice the one before."""
_LOOK_AGAIN_S: Final = 0.5


def enqueue(task: str, *arguments: Any) -> None:  # noqa: ANN401 - each task's own
    """Give the worker a task by its name: ``vault.tasks.read_import`` below ``waybillguard.service``.

    By name, because a module of tasks imports the work that they do, and that work gives the worker further tasks.

    Raises:
        ImportError: there is no such task (``tests/service/platform/test_queue.py`` looks for every name).
    """
    import_string(_SERVICE + task).enqueue(*arguments)


def queued(task: str) -> set[int]:
    """Return the numbers of the rows for which calls of a task wait; the number is each call's first argument."""
    waiting = DBTaskResult.objects.filter(task_path=_SERVICE + task, status="READY")
    return {arguments["args"][0] for arguments in waiting.values_list("args_kwargs", flat=True)}


def bring_forward(now: datetime) -> int:
    """Have tasks that wait longer than any should begin now; return how many.

    A clock that was ahead put them off: the hourly round would not come for as long as it was wrong by.
    """
    ahead = DBTaskResult.objects.filter(status="READY", run_after__gt=now + LONGEST_WAIT)
    return ahead.exclude(run_after=get_date_max()).update(run_after=now)


def no_room(error: BaseException | None) -> bool:
    """Say whether a task broke off because a disk is full."""
    return is_full(error, settings.CONFIG.data_dir)


def put_off(task: str, *arguments: Any, tried: int, put_back: Callable[[], object]) -> None:  # noqa: ANN401 - each task's own
    """Have a task that found no room begin anew after a pause, as often as it takes; it is given ``tried + 1`` last.

    ``put_back`` takes back what the task had begun; safe to repeat. Where the disk takes not even that, this waits until
    it does: nothing else could be done meanwhile.
    """
    again = import_string(_SERVICE + task)

    def note() -> None:
        put_back()
        again.using(run_after=timezone.now() + _pause(tried)).enqueue(*arguments, tried + 1)

    _when_there_is_room(note)


def begin_anew(*, task_result: Any, **_: Any) -> None:  # noqa: ANN401 - Django's signal
    """Have a task that let out that the disk is full begin anew after a pause; receives ``task_finished``.

    For tasks that keep no state of their own: they are safe to run twice.
    """
    if task_result.status == TaskResultStatus.FAILED and no_room(sys.exc_info()[1]):
        after = timezone.now() + _pause(len(task_result.worker_ids) - 1)
        row = DBTaskResult.objects.filter(pk=task_result.id)
        _when_there_is_room(lambda: row.update(status=TaskResultStatus.READY, run_after=after))


def take_up(worker: str) -> int:
    """Give back to the queue what a worker had taken when its database broke off; return how many.

    Its name is ``worker``, and it does nothing now.
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
