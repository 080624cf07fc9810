"""What the worker has been given to do and has not begun."""

from typing import Any

from django.tasks import Task
from django_tasks_db.models import DBTaskResult


def queued(task: "Task[..., Any]") -> set[int]:
    """Return the numbers of the rows for which calls of a task wait; the number is each call's one argument."""
    waiting = DBTaskResult.objects.filter(task_path=task.module_path, status="READY")
    return {arguments["args"][0] for arguments in waiting.values_list("args_kwargs", flat=True)}
