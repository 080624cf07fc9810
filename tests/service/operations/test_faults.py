"""A database that fails in the middle of work: a clear message, no data lost, no partial work.

Covers the machine API, an import and a rotation; damaged sealed bytes are tested in ``tests/seal``.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from errno import ENOSPC
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import InterfaceError, OperationalError, connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope
from django_tasks_db.models import DBTaskResult
from support.loading import beside

from waybillguard.service.audit.recording import record_unhindered
from waybillguard.service.identity.models import ShellToken
from waybillguard.service.keyd.client import KeydClient, KeydUnavailableError, RefusedError
from waybillguard.service.platform import disk, queue
from waybillguard.service.platform.queue import FIRST_PAUSE, LONGEST_PAUSE
from waybillguard.service.print_room.models import Ticket
from waybillguard.service.vault import importing, interrupted, resealing, rotation
from waybillguard.service.vault import tasks as tasks_of_the_vault
from waybillguard.service.vault.interrupted import begin_reading, sweep_interrupted_imports
from waybillguard.service.vault.models import Batch, IdempotencyKey, Order, Rotation, Salt
from waybillguard.service.vault.search import search_orders
from waybillguard.service.vault.tasks import MOST_READINGS, read_import, rotate_keys
from waybillguard.service.vault.views import imports

ORDER = {
    "order_no": "F1", "shop": "某店", "created_at": "2026-11-01 09:00:00", "name": "测试甲", "phone": "19900000001",
    "province": "浙江省", "city": "金华市", "district": "义乌市", "detail": "断电路1号", "goods": "袜子",
}  # fmt: skip
FAULTS = [
    OperationalError("database or disk is full"),
    OperationalError("server closed the connection unexpectedly: 19900000001"),
    InterfaceError("connection already closed"),
]


@pytest.fixture
def made(warehouse: SimpleNamespace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    sealing = beside("sealing")
    operations = sealing.operations(tmp_path / "ledger")
    monkeypatch.setattr(KeydClient, "call", sealing.caller(operations, []))
    with scope(tenant=warehouse.tenant):
        Ticket.objects.all().delete()
        Order.objects.all().delete()
        Batch.objects.all().delete()
        yield warehouse
    operations._ledger.close()


def failing(
    monkeypatch: pytest.MonkeyPatch, place: ModuleType, name: str, error: Exception
) -> Callable[[], None]:
    """Make the second write fail, as on a full disk; return a function that frees space."""
    real, calls = getattr(place, name), []

    def write(*arguments: Any) -> None:
        calls.append(1)
        if len(calls) > 1:
            raise error
        real(*arguments)

    monkeypatch.setattr(place, name, write)
    return lambda: monkeypatch.setattr(place, name, real)


def seal(made: Any, key: str) -> Any:
    secret, _ = ShellToken.issue(made.owner, "faults", timezone.now())
    return Client(raise_request_exception=False).post(
        "/api/v1/orders/seal", {"orders": [ORDER]}, content_type="application/json",
        headers={"authorization": f"Bearer {secret}", "idempotency-key": key},
    )  # fmt: skip


@pytest.mark.parametrize("error", FAULTS)
def test_the_api_says_so_stores_nothing_and_the_same_call_goes_through_later(
    error: Exception, made: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = failing(monkeypatch, importing, "insert_rows", error)
    refused = seal(made, "k1")
    assert refused.status_code == 503
    assert refused["Content-Type"] == "application/problem+json"
    assert "disk" in refused.json()["detail_en"]
    assert "磁盘" in refused.json()["detail_zh"]
    assert "19900000001" not in refused.content.decode()
    assert (Order.objects.count(), Salt.objects.count(), IdempotencyKey.objects.count()) == (0, 0, 0)
    room()
    first, again = seal(made, "k1"), seal(made, "k1")
    assert first.json()["sealed"] == 1
    assert again.json() == first.json(), "replayed, it seals nothing twice"
    assert Order.objects.count() == 1


@pytest.mark.parametrize("error", FAULTS[1:])
def test_an_import_ends_with_words_that_say_what_to_do(
    error: Exception, made: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    batch = Batch.objects.create(tenant=made.tenant, created_by=made.owner, kind="csv", label="made")

    def run(_reading: object) -> None:
        raise error

    monkeypatch.setattr(importing.ImportReading, "run", run)
    read_import.call(batch.pk)
    batch.refresh_from_db()
    assert (batch.state, batch.error_code) == (Batch.State.FAILED, "database")
    assert "disk" in batch.error_en
    assert "19900000001" not in caplog.text + batch.error_en + batch.error_zh


NO_ROOM = [
    OperationalError("database or disk is full"),
    OSError(ENOSPC, "No space left on device"),
    RefusedError(zh="台账所在的磁盘已满", en="the disk of the ledger is full", reason="ledger_full"),
]


@pytest.mark.parametrize("error", NO_ROOM)
def test_an_import_without_room_waits_with_its_file_and_is_read_anew_as_often_as_it_takes(
    error: Exception, made: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = Batch.objects.create(
        tenant=made.tenant, created_by=made.owner, kind="csv", label="made", spool_name="f"
    )
    real, pauses = importing.ImportReading.run, []

    def run(_reading: object) -> None:
        raise error

    monkeypatch.setattr(importing.ImportReading, "run", run)
    read_import.enqueue(batch.pk)
    tasks = DBTaskResult.objects.filter(task_path=read_import.module_path, status="READY")
    for _ in range(MOST_READINGS + 3):
        (task,) = tasks.all()
        task.claim("test")
        read_import.call(*task.task_result.args)
        batch.refresh_from_db()
        assert (batch.state, batch.spool_name, batch.error_code) == (Batch.State.WAITING, "f", "disk_full")
        assert "Free some space" in batch.error_en
        assert "释放空间" in batch.error_zh
        pauses.append(round((tasks.get().run_after - timezone.now()).total_seconds()))
    assert pauses == sorted(pauses)
    assert pauses[0] <= FIRST_PAUSE.total_seconds()
    assert pauses[-1] == LONGEST_PAUSE.total_seconds()
    assert sweep_interrupted_imports() == 0, "it waits in the queue already"
    monkeypatch.setattr(importing.ImportReading, "run", real)
    assert begin_reading(batch)
    batch.refresh_from_db()
    assert (batch.state, batch.error_code, batch.error_en) == (Batch.State.READING, "", "")


def test_a_disk_that_takes_not_even_the_note_is_waited_for(
    made: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = Batch.objects.create(tenant=made.tenant, created_by=made.owner, kind="csv", label="made")
    left = [OperationalError("database or disk is full")] * 3

    def run(_reading: object) -> None:
        raise left[0]

    def take_back(one: Batch) -> None:
        if left:
            raise left.pop()
        interrupted.take_back(one)

    monkeypatch.setattr(importing.ImportReading, "run", run)
    monkeypatch.setattr(tasks_of_the_vault, "take_back", take_back)
    monkeypatch.setattr(queue, "_LOOK_AGAIN_S", 0.0)
    read_import.call(batch.pk)
    batch.refresh_from_db()
    assert (batch.state, batch.error_code, left) == (Batch.State.WAITING, "disk_full", [])


def test_an_import_says_that_it_waits_where_no_room_was_left_to_note_it(
    made: Any, monkeypatch: pytest.MonkeyPatch, signed_in: Callable[..., Client]
) -> None:
    batch = Batch.objects.create(tenant=made.tenant, created_by=made.owner, kind="csv", label="made")
    browser = signed_in(made.owner)
    address = reverse("import_body", args=[batch.pk])
    assert "Free some space" not in browser.get(address).content.decode()
    monkeypatch.setattr(disk, "room", lambda _folder: 0)
    page = browser.get(address).content.decode()
    assert "Waiting for room on the disk" in page
    assert "Free some space" in page
    assert "释放空间" in browser.get(address, headers={"accept-language": "zh-hans"}).content.decode()


def test_an_upload_by_script_without_room_is_told_in_words(
    made: Any, monkeypatch: pytest.MonkeyPatch, signed_in: Callable[..., Client]
) -> None:
    def full(*_: Any) -> None:
        raise OSError(ENOSPC, "No space left on device")

    monkeypatch.setattr(imports.services, "start_import", full)
    browser = signed_in(made.owner)
    browser.raise_request_exception = False
    for language, word in (("en", "is full"), ("zh-hans", "磁盘已满")):
        answer = browser.post(
            reverse("imports"), {"file": SimpleUploadedFile("a.csv", b"a")},
            headers={"x-requested-with": "XMLHttpRequest", "accept-language": language},
        )  # fmt: skip
        assert answer.status_code == 503
        assert word in answer.json()["problem"]


def test_an_import_whose_keyd_was_killed_is_read_again_but_not_for_ever(
    made: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = Batch.objects.create(
        tenant=made.tenant, created_by=made.owner, kind="csv", label="made", spool_name="f"
    )
    readings: list[int] = []

    def run(_reading: object) -> None:
        readings.append(1)
        raise KeydUnavailableError(zh="密钥进程没有应答", en="the key process does not answer")

    monkeypatch.setattr(importing.ImportReading, "run", run)
    read_import.enqueue(batch.pk)
    for _ in range(MOST_READINGS):
        batch.refresh_from_db()
        assert (batch.state, batch.spool_name) == (Batch.State.WAITING, "f")
        (task,) = DBTaskResult.objects.ready().filter(task_path=read_import.module_path)
        task.claim("test")
        read_import.call(*task.task_result.args)
    batch.refresh_from_db()
    assert (batch.state, batch.error_code, len(readings)) == (
        Batch.State.FAILED,
        "keyd_unavailable",
        MOST_READINGS,
    )


@pytest.mark.parametrize("error", FAULTS)
def test_what_must_go_on_goes_on_when_it_cannot_even_be_noted(
    error: Exception, made: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    began = rotation.start_rotation(made.owner)
    refused: list[str] = []

    def gone(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if not sql.startswith(("UPDATE", "INSERT")):
            return execute(sql, params, many, context)
        refused.append(sql)
        raise error

    def work(_: Rotation) -> bool:
        raise error

    monkeypatch.setattr(rotation, "work", work)
    with connection.execute_wrapper(gone):
        with suppress(OperationalError):  # the queue retries after a full disk
            rotate_keys.func(began.pk)
        record_unhindered(made.tenant, "logout", made.owner)
    assert len(refused) == 2, "both were tried"


@pytest.mark.parametrize("error", FAULTS)
def test_a_rotation_stands_still_with_a_reason_and_goes_on(
    error: Exception, made: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    assert seal(made, "k1").status_code == 200
    began = rotation.start_rotation(made.owner)
    room = failing(monkeypatch, resealing, "update_rows", error)
    with suppress(OperationalError):
        rotate_keys.call(began.pk)
    stopped = Rotation.objects.get(pk=began.pk)
    assert rotation.stopped(stopped)
    assert "disk" in stopped.error_en
    assert "19900000001" not in caplog.text + stopped.error_en
    assert set(Order.objects.values_list("key_generation", flat=True)) == {1}
    assert len(search_orders(made.owner, "phone", ORDER["phone"]).orders) == 1, "found meanwhile"
    room()
    assert rotation.start_rotation(made.owner).pk == began.pk
    while not rotation.work(stopped):
        stopped.refresh_from_db()
    stopped.refresh_from_db()
    assert (stopped.done, stopped.unopened, stopped.error_en) == (1, 0, "")
    assert len(search_orders(made.owner, "address", "断电路1号").orders) == 1
