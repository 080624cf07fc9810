"""Tasks are enqueued by name; every name used in the service is a task."""

import re
from pathlib import Path

from django.tasks import Task
from django.utils.module_loading import import_string

import waybillguard.service

NAMED = re.compile(r'\b(?:enqueue|queued)\(\s*"([\w.]+)"')


def test_every_name_given_to_the_queue_is_a_task() -> None:
    root = Path(str(waybillguard.service.__file__)).parent
    names = {name for file in root.rglob("*.py") for name in NAMED.findall(file.read_text())}
    assert len(names) > 10
    for name in names:
        assert isinstance(import_string(f"waybillguard.service.{name}"), Task), name
