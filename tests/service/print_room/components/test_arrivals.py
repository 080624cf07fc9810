"""Orders that arrive sealed: a repeated task prints nothing again and returns the same labels."""

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone
from django_scopes import scope
from msgspec.structs import replace
from support.devices import enrolled

from waybillguard.agent.protocol import decode
from waybillguard.agent.protocol_intake import (
    INTAKE,
    ArrivedOrder,
    Intake,
    IntakeTaken,
    SealedDocument,
    seal_arrived,
)
from waybillguard.seal import Contact
from waybillguard.service.contracts.models import Entrustment
from waybillguard.service.identity.models import Device, Merchant, MerchantShop
from waybillguard.service.keyd.client import KeydClient
from waybillguard.service.keyd.intake import IntakeKey, IntakePublic
from waybillguard.service.print_room.components import arrivals
from waybillguard.service.print_room.components.arrivals import take_in
from waybillguard.service.print_room.models import CompatibilityMode
from waybillguard.service.tenancy.key_process import keyd
from waybillguard.service.vault.intake import refusal
from waybillguard.service.vault.models import Order

KEY = "1" * 64


@pytest.fixture
def box(
    warehouse: SimpleNamespace, sealing: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[SimpleNamespace]:
    """A device with compatibility mode on for one ERP."""
    made = sealing.operations(tmp_path / "ledger")
    monkeypatch.setattr(KeydClient, "call", sealing.caller(made, []))
    with scope(tenant=warehouse.tenant):
        device, keys = enrolled(warehouse.owner)
        Device.objects.filter(pk=device.pk).update(host_class="box")
        CompatibilityMode.objects.create(
            tenant=warehouse.tenant, device=device, erp="erp", on_by=warehouse.owner
        )
        device.refresh_from_db()
        yield SimpleNamespace(device=device, keys=keys, **vars(warehouse))
    made._ledger.close()


def document(box: SimpleNamespace, number: str, name: str, key: str = KEY, shop: str = "") -> SealedDocument:
    public = keyd().call(IntakeKey(tenant=box.tenant.slug), IntakePublic).key
    order = ArrivedOrder(Contact(name=name, phone="19900000001", detail="不存在路1号"), name.encode())
    sealed = seal_arrived(
        order, device=box.device.uid, task=key, document=number, shop=shop, key=public, random=os.urandom
    )
    return SealedDocument(document=number, sealed=sealed, order_no="A-1", shop=shop)


def send(box: SimpleNamespace, *documents: SealedDocument) -> Any:
    return box.keys.post(INTAKE, Intake(key=KEY, erp="erp", documents=list(documents)))


def taken(answer: Any) -> tuple[int, int, int]:
    assert answer.status_code == 200, answer.content
    found = decode(IntakeTaken, answer.content)
    return found.sealed, found.known, found.refused


def arrived() -> int:
    return Order.objects.filter(batch__kind="erp").count()


def test_a_task_sent_again_is_known_and_nothing_is_stored_again(box: SimpleNamespace) -> None:
    bad = SealedDocument(document="D2", reason="no_phone")
    assert taken(send(box, document(box, "D1", "测试甲"), bad)) == (1, 0, 1)
    assert taken(send(box, document(box, "D1", "测试甲"), bad)) == (0, 2, 0)
    assert arrived() == 1


def test_a_task_that_comes_again_in_another_month_is_still_the_same(box: SimpleNamespace) -> None:
    send(box, document(box, "D1", "测试甲"))
    asked = Intake(key=KEY, erp="erp", documents=[document(box, "D1", "测试甲")])
    assert take_in(box.device, asked, timezone.now() + timedelta(days=40)).known == 1


@pytest.mark.parametrize("extra", [False, True])
def test_a_document_that_comes_again_with_another_consignee_is_refused(
    box: SimpleNamespace, extra: bool
) -> None:
    send(box, document(box, "D1", "测试甲"))
    other = [document(box, "D1", "测试乙")] + ([document(box, "D2", "测试丙")] if extra else [])
    answer = send(box, *other)
    assert (answer.status_code, answer.json()["title"]) == (422, "task_reused")
    assert "taskID" in answer.json()["detail_zh"]
    assert arrived() == 1


def test_a_document_that_was_refused_is_not_called_printed_once_it_is_whole(box: SimpleNamespace) -> None:
    assert taken(send(box, SealedDocument(document="D1", reason="no_phone"))) == (0, 0, 1)
    assert send(box, document(box, "D1", "测试甲")).json()["title"] == "task_reused"


def test_a_document_whose_order_is_gone_is_not_called_printed(box: SimpleNamespace) -> None:
    send(box, document(box, "D1", "测试甲"))
    Order.objects.filter(batch__kind="erp").update(row_index=b"")
    assert send(box, document(box, "D1", "测试甲")).json()["title"] == "task_reused"


def test_a_root_without_a_token_for_a_row_finds_no_other_row() -> None:
    rows = [SimpleNamespace(row_index=b"new")]
    assert arrivals._row_tokens(SimpleNamespace(rows=rows, earlier_rows=[[b""], [b"old"]])) == [
        {b"new", b"old"}
    ]  # type: ignore[arg-type]


def test_a_merchant_whose_contract_ended_prints_nothing_here_and_the_rest_goes_on(
    box: SimpleNamespace,
) -> None:
    before = document(box, "D0", "测试甲", shop="山里干货")
    assert taken(send(box, before)) == (1, 0, 0)
    merchant = Merchant.objects.create(tenant=box.tenant, name="山里商贸")
    MerchantShop.objects.create(tenant=box.tenant, merchant=merchant, shop="山里干货")
    day = timezone.localdate() - timedelta(days=1)
    Entrustment.objects.create(tenant=box.tenant, merchant=merchant, first_day=day, last_day=day)
    late = document(box, "D1", "测试乙", shop="山里干货")
    other = document(box, "D2", "测试丙", shop="测试旗舰店")
    for wanted in ((1, 1, 1), (0, 3, 0)):
        assert taken(send(box, before, late, other)) == wanted, "sent again it is still the same task"
    assert arrivals.arrived_orders(box.device, KEY)["D1"] == (None, refusal(merchant.pk))
    assert arrived() == 2


def test_an_order_is_taken_in_under_no_other_shop_than_the_station_sealed_it_for(
    box: SimpleNamespace,
) -> None:
    moved = replace(document(box, "D1", "测试甲", shop="山里干货"), shop="测试旗舰店")
    assert "does not open" in send(box, moved).content.decode()
    assert arrived() == 0
