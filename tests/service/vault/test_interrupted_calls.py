"""The worker starts during machine calls: running ones are left alone, abandoned ones leave nothing."""

from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone
from django_scopes import scope

from waybillguard.service.keyd.client import KeydUnavailableError
from waybillguard.service.platform.lifeline import own_mark
from waybillguard.service.vault import api_sealing, services
from waybillguard.service.vault.interrupted import CALL_AT_MOST, sweep_interrupted_imports
from waybillguard.service.vault.models import Batch, Order, Salt
from waybillguard.service.vault.tasks import purge_import

ROW = {
    "order_no": "W1", "shop": "某店", "created_at": "2026-11-01 09:00:00", "name": "测试甲", "phone": "19900000001",
    "province": "浙江省", "city": "金华市", "district": "义乌市", "detail": "断电路1号", "goods": "袜子",
}  # fmt: skip


@pytest.fixture
def desk(warehouse: SimpleNamespace, written: list[Any]) -> Iterator[SimpleNamespace]:
    """The warehouse with a key process that seals."""
    warehouse.asked = written
    with scope(tenant=warehouse.tenant):
        Batch.objects.exclude(pk=warehouse.batch.pk).delete()
        yield warehouse


def rows_of(batch: Batch) -> int:
    return Order.objects.filter(batch=batch).count() + Salt.objects.filter(batch=batch).count()


def test_a_worker_that_starts_in_the_middle_of_a_call_takes_nothing_of_it(
    desk: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Regression: a worker that started meanwhile emptied a batch that was acknowledged as sealed."""
    let_in = api_sealing.commit_import

    def commit(*arguments: Any) -> Batch:
        sweep_interrupted_imports()
        return let_in(*arguments)

    monkeypatch.setattr(api_sealing, "commit_import", commit)
    sealed = api_sealing.seal_orders(desk.owner, [ROW])
    sweep_interrupted_imports()
    assert sealed.batch.rows_ok == 1
    assert Batch.objects.get(pk=sealed.batch.pk).state == Batch.State.COMMITTED
    assert Order.objects.filter(batch=sealed.batch).count() == 1


@pytest.mark.parametrize("left", [Batch.State.READING, Batch.State.PREVIEW])
@pytest.mark.parametrize("why", ["killed", "too long"])
def test_what_a_dead_call_left_is_taken_out(desk: SimpleNamespace, left: str, why: str) -> None:
    batch = api_sealing.seal_orders(desk.owner, [ROW]).batch
    long_ago = timezone.now() - CALL_AT_MOST - timedelta(seconds=1)
    values = {"owner": "1-0"} if why == "killed" else {"owner": own_mark(), "created_at": long_ago}
    Batch.objects.filter(pk=batch.pk).update(state=left, **values)
    sweep_interrupted_imports()
    batch.refresh_from_db()
    assert batch.state == Batch.State.FAILED
    purge_import.call(batch.pk)
    assert rows_of(batch) == 0


def test_a_call_whose_last_step_fails_leaves_no_preview_behind(
    desk: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def silent(*_: Any) -> None:
        raise KeydUnavailableError(zh="密钥进程没有应答", en="the key process does not answer")

    monkeypatch.setattr(services, "_record", silent)
    with pytest.raises(KeydUnavailableError):
        api_sealing.seal_orders(desk.owner, [ROW])
    batch = Batch.objects.get(kind=Batch.MACHINE)
    assert (batch.state, rows_of(batch)) == (Batch.State.FAILED, 0)
