"""Console pages: customer service's message check, warning lists, requests, reported contacts."""

import json
import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zipfile import ZipFile

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope

from waybillguard.scam import Message, check
from waybillguard.service.audit.models import OutboxEvent
from waybillguard.service.cases.models import Case
from waybillguard.service.identity.models import Merchant, MerchantShop, User
from waybillguard.service.platform.risks import risks_of
from waybillguard.service.scams import checking, demo
from waybillguard.service.scams.models import PrivacyRequest, ReportedContact, WarningList, WarningShare
from waybillguard.service.vault.models import Order
from waybillguard.service.vault.search import SearchResult

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_keyd")]

SCAM = "您好，我是圆通客服，您的快递丢失，请加微信 kf8812 理赔"
NOTICE = {
    "title": "远程控制",
    "kinds": "收件姓名、电话",
    "cause": "打单电脑被装入远程控制程序",
    "certainty": "可能",
    "measures": "已停用该电脑",
    "reported": "",
    "numbers": "",
}


@pytest.fixture
def order(warehouse: SimpleNamespace) -> Order:
    with scope(tenant=warehouse.tenant):
        found = Order.objects.filter(batch=warehouse.batch, lane="B").exclude(order_no="").first()
    assert found is not None
    return found


@pytest.fixture
def found_by_number(monkeypatch: pytest.MonkeyPatch, order: Order) -> None:
    """Let searches find the order by its number without keyd."""

    def search(_user: User, _kind: str, value: str) -> SearchResult:
        return SearchResult([order] if value == order.order_no else [], truncated=False)

    monkeypatch.setattr(checking, "search_orders", search)


@pytest.fixture
def client(warehouse: SimpleNamespace, signed_in: Callable[[User], Client]) -> Client:
    return signed_in(warehouse.owner)


def make_list(client: Client, **changes: str) -> Any:
    today = timezone.localdate()
    first = today - timezone.timedelta(days=300)
    data = {**NOTICE, "first": first.isoformat(), "last": today.isoformat(), **changes}
    return client.post(reverse("warning_new"), data)


def the_list(warehouse: SimpleNamespace) -> WarningList:
    with scope(tenant=warehouse.tenant):
        return WarningList.objects.select_related("case").get()


@pytest.mark.usefixtures("found_by_number")
def test_a_caller_gets_a_verdict_and_nothing_of_the_order(client: Client, order: Order) -> None:
    response = client.post(reverse("scams_check"), {"text": SCAM, "number": order.order_no})
    text = response.content.decode().split('id="answer"', 1)[1].split("</section>")[0]
    assert "This is a scam" in text
    for fact in ("签收", "运输中", "待发货", order.carrier or "承运", "没有查到"):
        assert fact not in text


@pytest.mark.usefixtures("found_by_number")
def test_a_number_that_is_nobodys_answers_like_one_that_is(client: Client, order: Order) -> None:
    answers = set()
    for number in (order.order_no, "no-such-order"):
        response = client.post(reverse("scams_check"), {"text": SCAM, "number": number})
        answers.add(response.content.decode().split('id="answer"', 1)[1].split("</section>")[0])
    assert len(answers) == 1


def test_without_the_key_process_nothing_is_answered(client: Client) -> None:
    response = client.post(reverse("scams_check"), {"text": SCAM, "number": "W1"})
    assert response.status_code in {422, 503}
    assert "This is a scam" not in response.content.decode()


@pytest.mark.usefixtures("found_by_number")
def test_a_contact_is_kept_only_with_consent(
    client: Client, order: Order, warehouse: SimpleNamespace
) -> None:
    data = {"order": order.pk, "verdict": "SCAM"}
    client.post(reverse("scams_contact"), data)
    with scope(tenant=warehouse.tenant):
        assert not ReportedContact.objects.exists()
    for _ in range(2):
        client.post(reverse("scams_contact"), {**data, "consent": "yes"})
    lines = client.get(reverse("scams_victims")).content.decode().splitlines()
    assert lines[0] == "order_id,contacted_at,reported_at"
    assert len(lines) == 2
    assert bytes(order.uid).hex() in lines[1]
    with scope(tenant=warehouse.tenant):
        taken = OutboxEvent.objects.filter(tenant=warehouse.tenant, purpose="trace_bundle")
        assert [one.account for one in taken] == [f"u{warehouse.owner.pk}"]


def test_a_leak_becomes_one_share_for_each_merchant_and_a_case(
    client: Client, warehouse: SimpleNamespace, order: Order
) -> None:
    with scope(tenant=warehouse.tenant):
        merchant = Merchant.objects.create(tenant=warehouse.tenant, name="甲商贸")
        MerchantShop.objects.create(tenant=warehouse.tenant, merchant=merchant, shop=order.shop)
    assert make_list(client).status_code == 302
    made = the_list(warehouse)
    assert made.case is not None
    assert made.case.kind == Case.Kind.LEAK
    with scope(tenant=warehouse.tenant):
        assert made.shares.get(merchant=merchant).name == "甲商贸"
        numbers = Order.objects.exclude(order_no="").values("order_no").distinct().count()
        assert sum(share.orders for share in made.shares.all()) == numbers
    assert "甲商贸" in client.get(reverse("warning", args=[made.pk])).content.decode()


def test_a_share_is_done_when_the_file_is_handed_over_and_the_buyers_are_told(
    client: Client, warehouse: SimpleNamespace, order: Order
) -> None:
    make_list(client, numbers=order.order_no)
    with scope(tenant=warehouse.tenant):
        share = WarningShare.objects.get()
    client.post(reverse("warning_notified", args=[share.pk]), {"count": "1"})
    share.refresh_from_db()
    assert share.state == "waiting"
    response = client.post(reverse("warning_file", args=[share.pk]))
    text = b"".join(response.streaming_content).decode()
    assert text.splitlines()[1:] == [f'"{order.shop}","{order.order_no}"']
    client.post(reverse("warning_notified", args=[share.pk]), {"count": "1"})
    share.refresh_from_db()
    assert (share.state, share.notified) == ("notified", 1)


def test_a_file_holds_numbers_and_no_contact(
    client: Client, warehouse: SimpleNamespace, order: Order
) -> None:
    make_list(client, numbers=order.order_no)
    with scope(tenant=warehouse.tenant):
        share = WarningShare.objects.get()
    text = b"".join(client.post(reverse("warning_file", args=[share.pk])).streaming_content).decode()
    assert order.masked_name not in text
    assert order.masked_phone not in text


def test_a_list_without_orders_is_refused_in_words(client: Client, warehouse: SimpleNamespace) -> None:
    response = make_list(client, numbers="no-such-order")
    assert response.status_code == 422
    with scope(tenant=warehouse.tenant):
        assert not WarningList.objects.exists()


def test_a_draft_that_reads_like_a_scam_is_refused(client: Client, warehouse: SimpleNamespace) -> None:
    assert make_list(client, measures="请加微信 kf8812 办理赔付").status_code == 422
    with scope(tenant=warehouse.tenant):
        assert not WarningList.objects.exists()


def test_a_request_goes_from_open_to_the_merchant_to_done(
    client: Client, warehouse: SimpleNamespace, order: Order
) -> None:
    with scope(tenant=warehouse.tenant):
        row = PrivacyRequest.objects.create(
            tenant=warehouse.tenant, order=order, order_no="W1", kind="delete", due_on=timezone.localdate()
        )
    for state, expected in (
        ("done", "open"),
        ("forwarded", "forwarded"),
        ("done", "done"),
        ("nonsense", "done"),
    ):
        client.post(reverse("privacy_request", args=[row.pk]), {"state": state})
        row.refresh_from_db()
        assert row.state == expected


def test_what_wants_doing_stands_in_the_risk_queue(warehouse: SimpleNamespace) -> None:
    with scope(tenant=warehouse.tenant):
        demo.fill(warehouse.owner)
        titles = [str(risk.title) for risk in risks_of(warehouse.owner)]
    assert any("buyer" in title or "买家" in title for title in titles)


def test_the_case_shows_its_warning_list(client: Client, warehouse: SimpleNamespace) -> None:
    make_list(client)
    made = the_list(warehouse)
    text = client.get(reverse("case_tab", args=[made.case_id, "notice"])).content.decode()
    assert made.title in text


def test_customer_service_checks_but_leads_no_warning(
    warehouse: SimpleNamespace, signed_in: Callable[[User], Client]
) -> None:
    client = signed_in(warehouse.service)
    assert client.get(reverse("scams")).status_code == 200
    assert client.get(reverse("warning_new")).status_code == 403


@pytest.fixture
def sender(tmp_path: Path) -> Path:
    """Turn on direct sending, with a folder for the shop's program."""
    folder = tmp_path / "notices"
    settings.CONFIG.notices_file.write_text(
        json.dumps({"folder": str(folder), "contact": "订单页“我的客服”或 400-000-1234"}), "utf-8"
    )
    return folder


def a_share(warehouse: SimpleNamespace) -> WarningShare:
    with scope(tenant=warehouse.tenant):
        return WarningShare.objects.order_by("pk")[0]


def test_nothing_is_sent_directly_unless_it_was_switched_on(
    client: Client, warehouse: SimpleNamespace
) -> None:
    make_list(client)
    page = client.get(reverse("warning", args=[the_list(warehouse).pk])).content.decode()
    assert "Send notices" not in page
    client.post(reverse("warning_send", args=[a_share(warehouse).pk]), {"own": "yes"})
    assert a_share(warehouse).state == WarningShare.State.WAITING


def test_notices_to_buyers_of_our_own_shops_read_as_warnings_and_hold_no_other_number(
    client: Client, warehouse: SimpleNamespace, sender: Path
) -> None:
    make_list(client)
    share = a_share(warehouse)
    client.post(reverse("warning_send", args=[share.pk]), {})
    assert not sender.exists()
    client.post(reverse("warning_send", args=[share.pk]), {"own": "yes"})
    (file,) = sender.iterdir()
    notices = [json.loads(line) for line in file.read_bytes().splitlines()]
    assert len({one["order_no"] for one in notices}) == share.orders
    for one in notices:
        assert "warning_not_scam" in check(Message(text=one["text"])).why
        assert set(re.findall(r"[0-9-]{5,}", one["text"])) == {"400-000-1234"}
    assert a_share(warehouse).state == WarningShare.State.NOTIFIED


def test_a_merchants_buyers_are_told_by_the_merchant_alone(
    client: Client, warehouse: SimpleNamespace, sender: Path, order: Order
) -> None:
    with scope(tenant=warehouse.tenant):
        merchant = Merchant.objects.create(tenant=warehouse.tenant, name="甲商贸")
        MerchantShop.objects.create(tenant=warehouse.tenant, merchant=merchant, shop=order.shop)
    make_list(client)
    with scope(tenant=warehouse.tenant):
        share = WarningShare.objects.get(merchant=merchant)
    client.post(reverse("warning_send", args=[share.pk]), {"own": "yes"})
    assert not sender.exists()


def test_a_contact_that_may_not_stand_in_a_notice_sends_nothing(
    client: Client, warehouse: SimpleNamespace, sender: Path
) -> None:
    settings.CONFIG.notices_file.write_text(
        json.dumps({"folder": str(sender), "contact": "请加微信 kf8812 办理"}), "utf-8"
    )
    make_list(client)
    client.post(reverse("warning_send", args=[a_share(warehouse).pk]), {"own": "yes"})
    assert not sender.exists()
    assert a_share(warehouse).state == WarningShare.State.WAITING


def test_the_police_report_is_filled_from_the_list_and_keeps_nothing(
    client: Client, warehouse: SimpleNamespace
) -> None:
    make_list(client)
    made = the_list(warehouse)
    answer = client.post(
        reverse("warning_police", args=[made.pk]), {"messages": f"{SCAM}\n\n{SCAM}", "as": "docx"}
    )
    assert answer["Content-Type"].endswith("wordprocessingml.document")
    with ZipFile(BytesIO(answer.content)) as word:
        text = word.read("word/document.xml").decode()
    assert made.case is not None
    assert "kf8812" in text
    assert made.case.number in text
    assert NOTICE["cause"] in text


def test_a_police_report_without_a_message_is_refused(client: Client, warehouse: SimpleNamespace) -> None:
    make_list(client)
    made = the_list(warehouse)
    answer = client.post(reverse("warning_police", args=[made.pk]), {"messages": " "})
    assert answer.status_code == 302
