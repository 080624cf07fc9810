"""What the worker has been given to do and has not begun."""

from datetime import datetime, timedelta
from typing import Any, Final

from django.tasks import Task
from django_tasks_db.models import DBTaskResult, get_date_max

LONGEST_WAIT: Final = timedelta(days=1)
"""Longer than any task of ours is put off."""


def queued(task: "Task[..., Any]") -> set[int]:
    """Return the numbers of the rows for which calls of a task wait; the number is each call's one argument."""
    waiting = DBTaskResult.objects.filter(task_path=task.module_path, status="READY")
    return {arguments["args"][0] for arguments in waiting.values_list("args_kwargs", flat=True)}


def bring_forward(now: datetime) -> int:
    """Have tasks that wait longer than any should begin now; return how many.

    A clock that was ahead put them off: the hourly round would not come for as long as it was wrong by.
    """
    ahead = DBTaskResult.objects.filter(status="READY", run_after__gt=now + LONGEST_WAIT)
    return ahead.exclude(run_after=get_date_max()).update(run_after=now)
