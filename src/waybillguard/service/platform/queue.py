"""What the worker is given to do, and what of it has not begun."""

from datetime import datetime, timedelta
from typing import Any, Final

from django.utils.module_loading import import_string
from django_tasks_db.models import DBTaskResult, get_date_max

_SERVICE: Final = "waybillguard.service."
LONGEST_WAIT: Final = timedelta(days=1)
"""Longer than any task of ours is put off."""


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
