"""Cases: opened by events, entries never changed, readable only with permission."""

import io
import re
from collections.abc import Callable
from types import SimpleNamespace

import docx
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope

from waybillguard.service.cases.models import Case
from waybillguard.service.cases.record import record_of
from waybillguard.service.cases.services import add_event, add_evidence, add_orders, close_case, open_case
from waybillguard.service.external_accounts.models import Finding, OutsideAccount, System
from waybillguard.service.lookups.signals import quota_frozen
from waybillguard.service.print_room.signals import label_not_genuine
from waybillguard.service.tenancy.signals import round_made
from waybillguard.service.vault.models import Order

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(warehouse: SimpleNamespace) -> Case:
    with scope(tenant=warehouse.tenant):
        return open_case(warehouse.tenant, "test:1", Case.Kind.LEAK, "测试泄露", "A leak", by=warehouse.owner)


def test_what_opened_a_case_opens_it_once(warehouse: SimpleNamespace, case: Case) -> None:
    with scope(tenant=warehouse.tenant):
        again = open_case(warehouse.tenant, "test:1", Case.Kind.LEAK, "测试泄露", "A leak")
        other = open_case(warehouse.tenant, "test:2", Case.Kind.LEAK, "另一起", "Another")
    assert again == case
    assert case.number != other.number


def test_a_closed_case_opens_again_when_something_new_comes(warehouse: SimpleNamespace, case: Case) -> None:
    with scope(tenant=warehouse.tenant):
        close_case(case, warehouse.owner, "查明为误报")
        case.refresh_from_db()
        assert case.state == Case.State.CLOSED
        again = open_case(warehouse.tenant, "test:1", Case.Kind.LEAK, "测试泄露", "A leak")
        assert again.state == Case.State.OPEN
        assert [event.kind for event in again.events.order_by("pk")] == ["opened", "closed", "reopened"]


def test_orders_and_evidence_are_attached_once(warehouse: SimpleNamespace, case: Case) -> None:
    with scope(tenant=warehouse.tenant):
        ids = list(Order.objects.values_list("pk", flat=True)[:5])
        assert add_orders(case, ids, "looked_at") == 5
        assert add_orders(case, ids[:2], "victim") == 5
        add_evidence(case, "report", "report.pdf", "0" * 64)
        add_evidence(case, "report", "report.pdf", "0" * 64)
        assert case.evidence.count() == 1


def test_a_leavers_account_that_still_works_opens_a_case(warehouse: SimpleNamespace) -> None:
    with scope(tenant=warehouse.tenant):
        system = System.objects.create(tenant=warehouse.tenant, name="ERP", name_key="erp")
        account = OutsideAccount.objects.create(tenant=warehouse.tenant, system=system, account="a1")
        Finding.objects.create(tenant=warehouse.tenant, account=account, kind="leaver", severity="critical")
        for _ in range(2):
            round_made.send(None, tenant=warehouse.tenant, now=timezone.now(), believed=timezone.now())
        (case,) = Case.objects.filter(kind=Case.Kind.ACCOUNT)
        assert "a1" not in case.title_zh
        assert case.events.count() >= 2


def test_a_frozen_account_and_a_foreign_label_open_cases(warehouse: SimpleNamespace) -> None:
    with scope(tenant=warehouse.tenant):
        quota_frozen.send(None, user=warehouse.clerk)
        for _ in range(2):
            label_not_genuine.send(
                None, user=warehouse.clerk, tenant=warehouse.tenant, order_ids=[], why="foreign"
            )
        assert sorted(Case.objects.values_list("kind", flat=True)) == ["account", "label"]


@pytest.mark.parametrize("tab", ["orders", "tracing", "evidence", "notice", "handover"])
def test_every_tab_is_shown(
    tab: str, warehouse: SimpleNamespace, case: Case, signed_in: Callable[..., Client]
) -> None:
    with scope(tenant=warehouse.tenant):
        add_event(case, "note", "补充说明", "A line")
    page = signed_in(warehouse.owner).get(reverse("case_tab", args=[case.pk, tab]))
    assert page.status_code == 200


def test_the_record_is_a_document_without_a_consignee(
    warehouse: SimpleNamespace, case: Case, signed_in: Callable[..., Client]
) -> None:
    with scope(tenant=warehouse.tenant):
        add_orders(case, Order.objects.values_list("pk", flat=True)[:3], "victim")
    client = signed_in(warehouse.owner)
    assert client.get(reverse("case_record", args=[case.pk, "pdf"])).content.startswith(b"%PDF")
    word = docx.Document(io.BytesIO(client.get(reverse("case_record", args=[case.pk, "docx"])).content))
    assert len(word.paragraphs) > 1
    assert client.get(reverse("case_record", args=[case.pk, "exe"])).status_code == 404


def test_a_case_is_closed_with_words_only(
    warehouse: SimpleNamespace, case: Case, signed_in: Callable[..., Client]
) -> None:
    client = signed_in(warehouse.owner)
    client.post(reverse("case_close", args=[case.pk]), {"outcome": " "})
    with scope(tenant=warehouse.tenant):
        case.refresh_from_db()
        assert case.state == Case.State.OPEN
    client.post(reverse("case_close", args=[case.pk]), {"outcome": "已停用账号"})
    with scope(tenant=warehouse.tenant):
        case.refresh_from_db()
        assert case.state == Case.State.CLOSED


def test_the_record_that_is_handed_over_hides_phones_and_identity_numbers_that_people_typed(
    warehouse: SimpleNamespace, case: Case
) -> None:
    with scope(tenant=warehouse.tenant):
        add_event(
            case,
            "note",
            "受害人 138 0013 8000、11010519491231002X 来电",
            "called by 13800138000",
            who=warehouse.owner,
        )
        close_case(case, warehouse.owner, "已回访 +86-13800138000，订单 2610270000488123456")
        case.refresh_from_db()
        said = str([record_of(case, "本仓", "zh"), record_of(case, "ours", "en")])
    assert not re.search(r"138 ?0013|11010519", said)
    assert "****8000" in said
    assert "2610270000488123456" in said


def test_numbers_typed_in_full_width_and_in_the_name_of_a_file_are_hidden_too(case: Case) -> None:
    with scope(tenant=case.tenant):
        add_event(case, "note", "受害人１３８００１３８０００来电，另有１３８—００１３—８０００", "-")
        add_evidence(case, "photos", "张三13800138000聊天截图.jpg", "ab" * 32)
        said = str([record_of(case, "本仓", "zh"), record_of(case, "ours", "en")])
    assert "张三****8000聊天截图.jpg" in said
    assert "受害人****8000来电" in said
    for leaked in ("13800138000", "１３８００", "００１３"):
        assert leaked not in said
