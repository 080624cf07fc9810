"""Pages without a sign-in: a pasted message, what to do after paying, and the buyer's own order page."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope

from waybillguard.service.audit.models import OutboxEvent
from waybillguard.service.scams.checking import BY_ORDER_A_DAY, PUBLIC_A_MINUTE
from waybillguard.service.scams.models import PrivacyRequest
from waybillguard.service.scams.parcels import link_token, order_of, working_days_after
from waybillguard.service.vault.models import Order

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_keyd")]

SCAM = "您好，我是圆通客服，您的快递丢失，请加微信 kf8812 理赔"
STATES = ("in_transit", "at_pickup_point", "lost", "delivered", "returned")


@pytest.fixture
def client() -> Client:
    return Client(headers={"accept-language": "zh-hans"})


@pytest.fixture
def order(warehouse: SimpleNamespace) -> Order:
    with scope(tenant=warehouse.tenant):
        found = Order.objects.select_related("tenant").filter(batch=warehouse.batch, lane="B").first()
    assert found is not None
    return found


def page(client: Client, order: Order, name: str = "my_parcel", **data: str) -> Any:
    address = reverse(name, args=[link_token(order)])
    return client.post(address, data) if data else client.get(address)


def test_the_first_thing_on_the_page_is_the_way_out_after_paying(client: Client) -> None:
    text = client.get(reverse("scam_check")).content.decode()
    assert 0 < text.index("已付款或已给验证码") < text.index("<form method")


def test_after_paying_the_page_says_110_first_and_asks_for_nothing(client: Client) -> None:
    text = client.get(reverse("scam_paid")).content.decode()
    assert text.index("tel:110") < text.index("银行")
    assert "<input" not in text.split("<main", 1)[1]


def test_a_pasted_scam_is_named_with_its_own_words(client: Client) -> None:
    response = client.post(reverse("scam_check"), {"text": SCAM})
    text = response.content.decode()
    assert "这是诈骗" in text
    assert "<mark>加微信 kf8812</mark>" in text or "<mark>" in text
    assert response["Cache-Control"] == "no-store"


def test_a_false_policeman_is_never_shown_as_a_warning(client: Client) -> None:
    fraud = "我是国家反诈中心的，您刚才接到诈骗电话了，账户有风险，请立即把钱转到我们的保护账户"
    text = client.post(reverse("scam_check"), {"text": fraud}).content.decode()
    assert "不是诈骗" not in text
    assert "not a scam" not in text


def test_the_page_asks_for_the_message_alone(client: Client) -> None:
    text = client.get(reverse("scam_check")).content.decode().split("<main", 1)[1]
    assert text.count("<textarea") == 1
    assert 'type="text"' not in text


def test_markup_in_a_message_is_shown_as_text(client: Client) -> None:
    text = client.post(reverse("scam_check"), {"text": SCAM + "<script>x</script>"}).content.decode()
    assert "<script>x" not in text


@pytest.mark.parametrize("text", ["", " \n", "\x00"])
def test_an_empty_message_gets_a_clear_answer(client: Client, text: str) -> None:
    response = client.post(reverse("scam_check"), {"text": text})
    assert response.status_code == 422


def test_a_message_that_is_too_long_is_refused_in_words(client: Client) -> None:
    assert client.post(reverse("scam_check"), {"text": "长" * 5_001}).status_code == 422


def test_one_address_may_check_so_often_and_no_more(client: Client) -> None:
    for _ in range(PUBLIC_A_MINUTE):
        assert client.post(reverse("scam_check"), {"text": "你好"}).status_code == 200
    assert client.post(reverse("scam_check"), {"text": "你好"}).status_code == 429


def test_a_buyer_sees_kinds_and_times_but_nothing_of_herself(client: Client, order: Order) -> None:
    text = page(client, order).content.decode()
    assert "谁查看过" in text
    for secret in (order.masked_name, order.masked_phone, order.order_no, order.waybill_no):
        assert not secret or secret not in text


def test_a_forged_or_old_link_opens_nothing(client: Client, order: Order) -> None:
    token = link_token(order)
    assert client.get(reverse("my_parcel", args=[token[:-2] + "xx"])).status_code == 404
    with time_machine.travel(timezone.now() + timedelta(days=1, minutes=1)):
        assert order_of(token) is None


def test_a_check_beside_an_order_is_a_recorded_look(client: Client, order: Order) -> None:
    page(client, order, "my_parcel_check", text=SCAM)
    with scope(tenant=order.tenant):
        found = OutboxEvent.objects.get(purpose="scam_check")
    assert (found.order_id, found.account) == (bytes(order.uid).hex(), "buyer")


def test_the_same_question_gets_no_more_words_in_one_state_than_in_another(
    client: Client, order: Order
) -> None:
    answers = set()
    for state in STATES:
        with scope(tenant=order.tenant):
            Order.objects.filter(pk=order.pk).update(state=state)
        text = page(client, order, "my_parcel_check", text=SCAM).content.decode()
        answers.add(text.split('id="answer"', 1)[1].split("</section>")[0])
    assert len(answers) == 1


def test_one_order_may_be_asked_about_so_often_and_no_more(client: Client, order: Order) -> None:
    for _ in range(BY_ORDER_A_DAY):
        assert page(client, order, "my_parcel_check", text="你好").status_code == 200
    assert page(client, order, "my_parcel_check", text="你好").status_code == 429


@pytest.mark.parametrize("kind", PrivacyRequest.Kind.values)
def test_a_request_is_kept_once_with_its_day(client: Client, order: Order, kind: str) -> None:
    for _ in range(2):
        page(client, order, "my_parcel_ask", kind=kind)
    with scope(tenant=order.tenant):
        found = PrivacyRequest.objects.get()
    assert (found.kind, found.state) == (kind, "open")
    assert found.due_on > timezone.localdate() + timedelta(days=14)


def test_an_unknown_request_is_not_kept(client: Client, order: Order) -> None:
    page(client, order, "my_parcel_ask", kind="everything")
    with scope(tenant=order.tenant):
        assert not PrivacyRequest.objects.exists()


def test_working_days_leave_out_weekends_and_holidays() -> None:
    from datetime import date

    assert working_days_after(date(2026, 11, 27), 1) == date(2026, 11, 30)
    assert working_days_after(date(2026, 9, 30), 1) > date(2026, 10, 7)


def test_the_sheet_for_110_is_the_same_for_everybody_and_needs_no_sign_in(client: Client) -> None:
    first, again = (client.get(reverse("scam_paid_sheet")) for _ in range(2))
    assert first.content.startswith(b"%PDF")
    assert first.content == again.content
    assert reverse("scam_paid_sheet") in client.get(reverse("scam_paid")).content.decode()
