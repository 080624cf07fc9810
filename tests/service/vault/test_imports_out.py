"""Undone imports: a legal hold forbids undoing, and no older backup brings them back."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from support.codes import has_code

from waybillguard.service.keyd import messages
from waybillguard.service.keyd.client import KeydClient
from waybillguard.service.platform.config import Config
from waybillguard.service.platform.errors import VaultError
from waybillguard.service.tenancy.spool import SpoolWriter, spool_path
from waybillguard.service.vault import interrupted, services
from waybillguard.service.vault import tasks as vault_tasks
from waybillguard.service.vault.models import Batch, Order, RetentionRule, Salt, Shredded
from waybillguard.service.vault.shred import finish, replay_shredded
from waybillguard.service.vault.tasks import purge_import

ACTS = {"undo": services.undo_import, "discard": services.discard_import}


def hold(scene: SimpleNamespace, case: str = "义公 2026-1") -> None:
    RetentionRule.objects.update_or_create(tenant=scene.tenant, defaults={"legal_hold": case})


def sealed_import(scene: SimpleNamespace, state: str = Batch.State.PREVIEW) -> Batch:
    batch: Batch = scene.orders[0].batch
    Batch.objects.filter(pk=batch.pk).update(state=state)
    batch.refresh_from_db()
    return batch


@pytest.mark.parametrize("act", ACTS)
def test_a_legal_hold_keeps_imports(scene: SimpleNamespace, act: str) -> None:
    batch = sealed_import(scene)
    hold(scene)
    with pytest.raises(VaultError, check=has_code("not_now"), match="legal hold"):
        ACTS[act](scene.clerk, batch)
    batch.refresh_from_db()
    assert batch.state == Batch.State.PREVIEW
    assert not scene.written, "what was refused is not announced"


def test_a_hold_that_comes_before_the_worker_keeps_an_undone_import_until_it_is_lifted(
    scene: SimpleNamespace,
) -> None:
    batch = services.undo_import(scene.clerk, sealed_import(scene, Batch.State.COMMITTED))
    hold(scene)
    purge_import.func(batch.pk)
    DBTaskResult.objects.update(status="SUCCESSFUL")
    assert Salt.objects.filter(batch=batch).count() == len(scene.orders)
    hold(scene, "")
    assert interrupted.resume_purges() == 1
    purge_import.func(batch.pk)
    assert not Order.objects.filter(batch=batch).exists()


def test_an_import_that_waits_to_be_emptied_is_not_queued_again(scene: SimpleNamespace) -> None:
    services.undo_import(scene.clerk, sealed_import(scene, Batch.State.COMMITTED))
    assert interrupted.resume_purges() == 0, "taken out and given to the worker in one"
    assert DBTaskResult.objects.filter(task_path=purge_import.module_path).count() == 1
    DBTaskResult.objects.update(status="FAILED")
    assert interrupted.resume_purges() == 1, "whoever failed is sent again"


def test_a_hold_that_comes_between_two_acts_stops_the_shredding_there(
    scene: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch, before = (
        services.undo_import(scene.clerk, sealed_import(scene, Batch.State.COMMITTED)),
        KeydClient.call,
    )
    monkeypatch.setattr("waybillguard.service.vault.shred.MAX_ORDERS", 1)

    def call(client: KeydClient, request: messages.Request, answer: type) -> object:
        hold(scene)
        return before(client, request, answer)

    monkeypatch.setattr(KeydClient, "call", call)
    purge_import.func(batch.pk)
    assert Order.objects.filter(batch=batch, shredded_at=None).count() == len(scene.orders) - 1
    assert Order.objects.filter(batch=batch).count() == len(scene.orders), "no row is removed either"


def test_a_hold_that_comes_while_the_ledger_is_written_still_stops_the_undoing(
    scene: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch, before = sealed_import(scene, Batch.State.COMMITTED), KeydClient.call

    def call(client: KeydClient, request: messages.Request, answer: type) -> object:
        hold(scene)
        return before(client, request, answer)

    monkeypatch.setattr(KeydClient, "call", call)
    with pytest.raises(VaultError, check=has_code("not_now"), match="legal hold"):
        services.undo_import(scene.clerk, batch)
    batch.refresh_from_db()
    assert batch.state == Batch.State.COMMITTED


@pytest.fixture
def waiting(scene: SimpleNamespace, settings: Any, tmp_path: Path) -> Batch:
    """An import whose file waits in the spool for disk space."""
    settings.CONFIG = Config(tmp_path / "data")
    writer = SpoolWriter(scene.tenant, "import")
    writer.write(b"never read")
    writer.finish()
    batch = Batch.begin(
        scene.clerk, timezone.now(), kind="csv", spool_name=writer.name, wrapped_key=writer.wrapped_key
    )
    interrupted.take_back(batch)
    scene.written.clear()
    return batch


def begun(monkeypatch: pytest.MonkeyPatch) -> list[Batch]:
    """Return the imports that a worker starts to read from now on."""
    read: list[Batch] = []
    monkeypatch.setattr(vault_tasks, "_read_or_fail", lambda batch, _reading: read.append(batch))
    return read


def test_an_import_that_waits_for_room_is_given_up_from_its_page_and_leaves_no_file(
    waiting: Batch, scene: SimpleNamespace, signed_in: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    file, read = spool_path(waiting.spool_name), begun(monkeypatch)
    client = signed_in(scene.clerk)
    page = client.get(reverse("import_detail", args=[waiting.pk])).content.decode()
    assert "Its uploaded file is shredded" in page
    assert file.exists()
    client.post(reverse("import_act", args=[waiting.pk, "discard"]))
    waiting.refresh_from_db()
    assert (waiting.state, waiting.spool_name, waiting.error_code) == (Batch.State.UNDONE, "", "")
    assert not bytes(waiting.wrapped_key)
    assert not file.exists()
    assert [(one.kind, one.detail["batch"]) for one in scene.written if isinstance(one, messages.Record)] == [
        ("discard", waiting.pk)
    ]
    vault_tasks.read_import.call(waiting.pk, 1, 3)
    interrupted.put_back(waiting)
    vault_tasks.read_import.call(waiting.pk)
    assert not read
    waiting.refresh_from_db()
    assert waiting.state == Batch.State.UNDONE


def test_an_import_given_up_as_a_worker_takes_its_task_is_not_begun(
    waiting: Batch, scene: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    read, real = begun(monkeypatch), interrupted.begin_reading

    def a_moment_later(batch: Batch) -> bool:
        services.discard_import(scene.clerk, batch)
        return real(batch)

    monkeypatch.setattr(vault_tasks, "begin_reading", a_moment_later)
    vault_tasks.read_import.call(waiting.pk)
    waiting.refresh_from_db()
    assert (read, waiting.state) == ([], Batch.State.UNDONE)


def test_an_import_that_a_worker_begins_while_the_ledger_is_written_goes_on_with_its_file(
    waiting: Batch, scene: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = KeydClient.call

    def call(client: KeydClient, request: messages.Request, answer: type) -> Any:
        if isinstance(request, messages.Record):
            assert interrupted.begin_reading(waiting)
        return real(client, request, answer)

    monkeypatch.setattr(KeydClient, "call", call)
    with pytest.raises(VaultError, check=has_code("not_now"), match="reading"):
        services.discard_import(scene.clerk, waiting)
    waiting.refresh_from_db()
    assert waiting.state == Batch.State.READING
    assert spool_path(waiting.spool_name).exists()


def test_a_legal_hold_keeps_the_file_of_an_import_that_waits(waiting: Batch, scene: SimpleNamespace) -> None:
    hold(scene)
    with pytest.raises(VaultError, check=has_code("not_now"), match="legal hold"):
        services.discard_import(scene.clerk, waiting)
    assert spool_path(waiting.spool_name).exists()
    assert not scene.written


def test_an_older_database_forgets_an_undone_import_again(scene: SimpleNamespace) -> None:
    batch = sealed_import(scene, Batch.State.COMMITTED)
    orders, salts = list(Order.objects.filter(batch=batch)), list(Salt.objects.filter(batch=batch))
    services.undo_import(scene.clerk, batch)
    purge_import.func(batch.pk)
    assert not Order.objects.filter(batch=batch).exists()
    for row in Shredded.objects.filter(done_at=None):
        finish(row)

    # The restored database: the import is committed, and nothing was shredded.
    Shredded.objects.all().delete()
    Batch.objects.filter(pk=batch.pk).update(state=Batch.State.COMMITTED)
    Order.objects.bulk_create(orders)
    Salt.objects.bulk_create(salts)
    assert replay_shredded() == 1
    assert not Salt.objects.filter(batch=batch).exists()
    assert not Order.objects.filter(batch=batch, shredded_at=None).exists()


@pytest.mark.parametrize("act", ["commit", "undo", "discard"])
def test_the_ledger_is_written_outside_any_transaction(
    scene: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, act: str
) -> None:
    batch, before = sealed_import(scene), KeydClient.call
    around = len(connection.savepoint_ids)
    depths = []

    def call(client: KeydClient, request: messages.Request, answer: type) -> object:
        depths.append(len(connection.savepoint_ids))
        return before(client, request, answer)

    monkeypatch.setattr(KeydClient, "call", call)
    {**ACTS, "commit": services.commit_import}[act](scene.clerk, batch)
    assert set(depths) == {around}
