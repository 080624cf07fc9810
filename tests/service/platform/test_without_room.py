"""A task that failed on a full disk is retried automatically; any other error ends it."""

from collections.abc import Iterator
from errno import EACCES, ENOSPC
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.db import OperationalError
from django.tasks.signals import task_finished
from django.utils import timezone
from django_scopes import scope
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from waybillguard.service.activity import tasks as logs
from waybillguard.service.activity.models import ForeignLog
from waybillguard.service.inspections import services as inspecting
from waybillguard.service.inspections.models import Inspection
from waybillguard.service.inspections.tasks import run_inspection
from waybillguard.service.keyd.client import KeydUnavailableError, RefusedError
from waybillguard.service.leaks import tasks as traces
from waybillguard.service.leaks.models import Leak
from waybillguard.service.platform import disk
from waybillguard.service.platform.disk import is_full
from waybillguard.service.platform.queue import FIRST_PAUSE, requeue_running, retry_if_disk_full
from waybillguard.service.print_room.models import LabelRun
from waybillguard.service.print_room.runs import tasks as drawing
from waybillguard.service.vault import tasks as vault

FULL = OSError(ENOSPC, "No space left on device")


def worker() -> Worker:
    return Worker(
        queue_names=["*"], excluded_queue_names=[], interval=0, batch=True, backend_name="default",
        startup_delay=False, max_tasks=None, worker_id="it",
    )  # fmt: skip


@pytest.fixture
def begins_anew() -> Any:
    task_finished.connect(retry_if_disk_full)
    yield
    task_finished.disconnect(retry_if_disk_full)


@pytest.mark.usefixtures("begins_anew")
@pytest.mark.parametrize(("error", "status"), [(FULL, "READY"), (OSError(EACCES, "denied"), "FAILED")])
def test_a_task_that_lets_a_full_disk_out_waits_and_any_other_error_ends_it(
    warehouse: SimpleNamespace,
    monkeypatch: pytest.MonkeyPatch,
    error: OSError,
    status: str,
) -> None:
    def merge(_tenant: object) -> bool:
        raise error

    monkeypatch.setattr(vault, "merge_waiting", merge)
    vault.merge_fragments.enqueue(warehouse.tenant.pk)
    rows = DBTaskResult.objects.filter(task_path=vault.merge_fragments.module_path)
    rows.exclude(pk=rows.latest("enqueued_at").pk).delete()
    worker().run()
    row = rows.get()
    assert row.status == status
    if status == "READY":
        assert timezone.now() < row.run_after < timezone.now() + 2 * FIRST_PAUSE
        monkeypatch.setattr(vault, "merge_waiting", lambda _tenant: False)
        rows.update(run_after=timezone.now())
        worker().run()
        assert rows.get().status == "SUCCESSFUL"


def test_what_a_worker_had_taken_when_its_database_broke_off_is_given_back(
    warehouse: SimpleNamespace,
) -> None:
    for name in ("it", "another"):
        vault.merge_fragments.enqueue(warehouse.tenant.pk)
        DBTaskResult.objects.filter(status="READY").latest("enqueued_at").claim(name)
    assert requeue_running("it") == 1
    assert DBTaskResult.objects.get(status="RUNNING").worker_ids == ["another"]


def full(*_: Any, **__: Any) -> Any:
    raise FULL


@pytest.fixture
def begun(
    warehouse: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> Iterator[dict[str, tuple[Any, Any]]]:
    """A run, a log, a trace and an inspection that wait; each of their tasks meets a full disk."""
    by = {"tenant": warehouse.tenant}
    for place, name in ((drawing, "_Drawing"), (logs, "_read"), (traces, "run"), (inspecting, "carry_out")):
        monkeypatch.setattr(place, name, full)
    with scope(**by):
        LabelRun.objects.filter(pk=warehouse.run.pk).update(state=LabelRun.State.WAITING)
        log = ForeignLog.objects.create(**by, created_by=warehouse.owner, state=ForeignLog.State.WAITING)
        yield {
            "run": (warehouse.run, drawing.draw_run),
            "log": (log, logs.read_foreign_log),
            "trace": (Leak.objects.create(**by, created_by=warehouse.owner), traces.trace_leak),
            "inspection": (Inspection.objects.create(**by, started_by=warehouse.owner), run_inspection),
        }


@pytest.mark.parametrize("what", ["run", "log", "trace", "inspection"])
def test_what_the_worker_had_begun_without_room_waits_says_so_and_is_begun_anew(
    begun: dict[str, tuple[Any, Any]], what: str
) -> None:
    row, task = begun[what]
    task.call(row.pk)
    row.refresh_from_db()
    assert row.state == "waiting"
    assert "Free some space" in row.error_en
    assert "释放空间" in row.error_zh
    waiting = DBTaskResult.objects.get(task_path=task.module_path, status="READY")
    assert waiting.args_kwargs["args"] == [row.pk, 1]
    assert waiting.run_after > timezone.now()


@pytest.mark.parametrize(
    "error",
    [
        FULL,
        RefusedError(zh="满", en="full", reason="ledger_full"),
        RefusedError(zh="满", en="full", reason="disk_full"),
    ],
)
def test_a_full_disk_is_known_wherever_it_shows(error: Exception) -> None:
    assert is_full(error, settings.CONFIG.data_dir)


def test_a_server_says_it_by_its_number_in_whatever_language() -> None:
    said = OperationalError("无法扩展文件: 设备上没有空间")
    said.__cause__ = type("DiskFull", (Exception,), {"sqlstate": "53100"})()
    assert is_full(said, Path("/"))
    assert not is_full(OperationalError("无法连接"), Path("/"))


@pytest.mark.parametrize(("free", "full"), [(0, True), (1 << 30, False)])
def test_a_keyd_that_is_away_is_away_for_want_of_room_only_where_there_is_none(
    free: int, full: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disk, "room", lambda _folder: free)
    assert is_full(KeydUnavailableError(zh="", en=""), Path("/")) is full
