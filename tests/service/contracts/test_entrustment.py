"""Contracts: versions, status, end by two people, return, destruction, and three years of retention."""

import io
from collections.abc import Callable
from datetime import datetime, timedelta
from types import ModuleType, SimpleNamespace
from typing import Any
from urllib.parse import unquote
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope
from support.codes import has_code

from waybillguard.orders.model import OrderRow
from waybillguard.seal.exportfile import ExportReader
from waybillguard.service.contracts import destroying, ending, keeping, returning, terms
from waybillguard.service.contracts import standing as standing_module
from waybillguard.service.contracts.errors import EntrustmentError
from waybillguard.service.contracts.gate import shops_past_end
from waybillguard.service.contracts.models import Entrustment, EntrustmentEnd, EntrustmentVersion
from waybillguard.service.contracts.receivers import every_hour
from waybillguard.service.contracts.standing import Standing, overview, undestroyed_orders
from waybillguard.service.exports import asking
from waybillguard.service.exports import tasks as export_tasks
from waybillguard.service.exports.errors import ExportDeniedError
from waybillguard.service.exports.files import fetch
from waybillguard.service.exports.models import Export
from waybillguard.service.identity.merchants.services import set_merchant
from waybillguard.service.identity.models import AccountChange, Merchant, MerchantShop, User
from waybillguard.service.keyd import messages
from waybillguard.service.keyd.client import KeydClient, KeydUnavailableError, RefusedError
from waybillguard.service.keyd.contract_ends import AllowEnd
from waybillguard.service.operations.backup_tables import all_models, columns_of, read_rows
from waybillguard.service.platform import words
from waybillguard.service.platform.errors import VaultError
from waybillguard.service.vault import api_sealing as machine
from waybillguard.service.vault import retention, shred
from waybillguard.service.vault.facts import CLOSED_AFTER
from waybillguard.service.vault.importing import ImportReading
from waybillguard.service.vault.intake import refusal
from waybillguard.service.vault.models import (
    Batch,
    Order,
    OrderState,
    RefusedRow,
    RetentionRule,
    Salt,
    Shredded,
)
from waybillguard.service.vault.services import commit_import

OWN = "山里干货"
State = EntrustmentEnd.State


def standing(desk: SimpleNamespace, now: datetime | None = None) -> Standing:
    (line,) = overview(desk.tenant, now or timezone.now()).lines
    return line.standing


def living() -> int:
    return Order.objects.filter(shop=OWN, shredded_at=None).count()


def noted(what: str) -> list[AccountChange]:
    return list(AccountChange.objects.filter(what=what).order_by("pk"))


# --- terms ------------------------------------------------------------------------------------------


def test_a_change_is_a_new_version_and_the_ledger_has_its_digest(
    desk: SimpleNamespace, some_terms: Callable[..., Any]
) -> None:
    later = some_terms(purpose="代发货与退货", last_day=timezone.localdate() + timedelta(days=400))
    terms.change(desk.owner, desk.contract, later, over=1)
    first, second = EntrustmentVersion.objects.order_by("number")
    assert (first.purpose, second.purpose) == ("代发货", "代发货与退货")
    assert first.digest != second.digest == later.digest()
    assert desk.reread().last_day == later.last_day
    details = [change.detail for change in noted("entrustment")]
    assert [one["version"] for one in details] == [1, 2]
    assert details[1]["sha256"] == second.digest
    assert all("代发货" not in str(one) and "负责人" not in str(one) for one in details)


def test_whoever_changes_an_older_version_saves_nothing(
    desk: SimpleNamespace, some_terms: Callable[..., Any]
) -> None:
    terms.change(desk.owner, desk.contract, some_terms(purpose="甲"), over=1)
    with pytest.raises(EntrustmentError, check=has_code("entrustment_not_now")):
        terms.change(desk.second, desk.contract, some_terms(purpose="乙"), over=1)
    assert EntrustmentVersion.objects.count() == 2


def test_terms_that_contradict_themselves_and_second_contracts_are_refused(
    desk: SimpleNamespace, some_terms: Callable[..., Any]
) -> None:
    today = timezone.localdate()
    for wrong in (some_terms(last_day=today - timedelta(days=301)), some_terms(sub_entrusting=True)):
        with pytest.raises(EntrustmentError):
            terms.change(desk.owner, desk.contract, wrong, over=1)
    with pytest.raises(EntrustmentError, match=str(desk.merchant.pk)):
        terms.begin(desk.owner, desk.merchant, some_terms())
    for somebody in (desk.supervisor, desk.clerk):
        with pytest.raises(EntrustmentError, check=has_code("entrustment_denied")):
            terms.change(somebody, desk.contract, some_terms(), over=1)
    assert EntrustmentVersion.objects.count() == 1


# --- status -----------------------------------------------------------------------------------------


def test_the_list_says_what_runs_what_ends_soon_and_what_is_over(desk: SimpleNamespace) -> None:
    now = timezone.now()
    for days, wanted in ((0, "running"), (34, "running"), (36, "ending"), (65, "ending"), (67, "over")):
        assert standing(desk, now + timedelta(days=days)) == wanted, days
    assert standing(desk, now - timedelta(days=400)) == "coming"
    found = overview(desk.tenant, now)
    assert found.lines[0].orders == living() == 15
    assert not found.alarms
    assert overview(desk.tenant, now + timedelta(days=70)).alarms


def test_a_merchant_with_orders_and_no_contract_is_a_finding(desk: SimpleNamespace) -> None:
    other = Merchant.objects.create(tenant=desk.tenant, name="测试商贸")
    empty = Merchant.objects.create(tenant=desk.tenant, name="尚无订单")
    MerchantShop.objects.create(tenant=desk.tenant, merchant=other, shop="测试旗舰店")
    MerchantShop.objects.create(tenant=desk.tenant, merchant=empty, shop="没有人买")
    (bare,) = overview(desk.tenant, timezone.now()).bare
    assert (bare.merchant, bare.closed) == (other, False)
    assert bare.orders == Order.objects.filter(shop="测试旗舰店").count() > 0


# --- two people -------------------------------------------------------------------------------------


def test_nobody_agrees_to_the_own_proposal_and_a_clerk_to_none(desk: SimpleNamespace) -> None:
    end = ending.propose(desk.at(desk.owner), desk.contract, "delete")
    for somebody in (desk.owner, desk.clerk):
        with pytest.raises(EntrustmentError, check=has_code("entrustment_denied")):
            ending.agree(desk.at(somebody), end)
    with pytest.raises(EntrustmentError, check=has_code("entrustment_denied")):
        ending.propose(desk.at(desk.supervisor), desk.contract, "delete")
    assert desk.reread().ended_at is None
    ending.agree(desk.at(desk.supervisor), end)
    assert desk.reread().ended_at is not None


def test_a_proposal_that_was_refused_or_withdrawn_ends_nothing(desk: SimpleNamespace) -> None:
    for answer, who in ((ending.refuse, desk.second), (ending.withdraw, desk.owner)):
        end = ending.propose(desk.at(desk.owner), desk.contract, "delete")
        with pytest.raises(EntrustmentError, check=has_code("entrustment_not_now")):
            ending.propose(desk.at(desk.second), desk.contract, "delete")
        answer(desk.at(who), end)
        with pytest.raises(EntrustmentError, check=has_code("entrustment_not_now")):
            ending.agree(desk.at(desk.second), end)
    assert standing(desk) == "running"
    assert living() == 15


def test_whoever_proposed_and_left_ends_nothing(desk: SimpleNamespace) -> None:
    end = ending.propose(desk.at(desk.owner), desk.contract, "delete")
    User.objects.filter(pk=desk.owner.pk).update(is_active=False)
    with pytest.raises(EntrustmentError):
        ending.agree(desk.at(desk.second), end)
    assert desk.reread().ended_at is None


def test_without_the_ledger_nothing_is_kept_and_nothing_ends(
    desk: SimpleNamespace, some_terms: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    from waybillguard.service.identity.accounts import journal

    def away(*_: Any) -> None:
        raise KeydUnavailableError(zh="没有应答", en="no answer")

    end = ending.propose(desk.at(desk.owner), desk.contract, "delete")
    monkeypatch.setattr(journal, "put", away)
    with pytest.raises(KeydUnavailableError):
        ending.agree(desk.at(desk.second), end)
    with pytest.raises(KeydUnavailableError):
        terms.change(desk.owner, desk.contract, some_terms(purpose="x"), over=1)
    assert desk.reread().ended_at is None
    assert desk.reread().version == 1


def test_a_proposal_that_another_end_overtook_is_over_and_cannot_be_agreed_to(desk: SimpleNamespace) -> None:
    Order.objects.filter(shop=OWN).update(lane="A")  # there is nothing to return
    ended = desk.ended("return", desk.new_recipient(desk.key))
    late = ending.propose(desk.at(desk.owner), desk.contract, "delete")
    returning.confirm_returned(desk.at(desk.owner), ended)
    late.refresh_from_db()
    assert late.state == "replaced"
    EntrustmentEnd.objects.filter(pk=late.pk).update(
        state=State.PROPOSED
    )  # as an older version of the program would leave it
    with pytest.raises(EntrustmentError, check=has_code("entrustment_not_now")):
        ending.agree(desk.at(desk.second), late)
    with pytest.raises(EntrustmentError, check=has_code("entrustment_not_now")) as said:
        terms.change(desk.owner, desk.contract, some_terms_of(desk), over=1)
    assert "newer version" not in said.value.en


def some_terms_of(desk: SimpleNamespace) -> terms.Terms:
    row = desk.contract.versions.get(number=1)
    return terms.Terms(**{name: getattr(row, name) for name in terms.Terms.__dataclass_fields__})


# --- destruction ------------------------------------------------------------------------------------


def test_what_a_shop_gets_under_another_owner_is_not_destroyed_with_the_old_ones_orders(
    desk: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ending, "ORDERS_AT_ONCE", 5)
    end = desk.ended()
    assert destroying.destroy_batch(end)
    set_merchant(desk.owner, desk.merchant, [], [])
    set_merchant(desk.owner, Merchant.objects.create(tenant=desk.tenant, name="新商家"), [OWN], [])
    assert machine.seal_orders(desk.owner, rows()[:1]).batch.rows_ok == 1, "the gate goes by the new owner"
    end = desk.destroyed(end)
    assert (end.state, end.destroyed) == ("done", 15)
    assert living() == 1


def test_the_certificate_counts_what_was_destroyed_by_it_also_through_a_crash(
    desk: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ending, "ORDERS_AT_ONCE", 5)
    end = desk.ended()
    shred.shred_orders(desk.owner, Order.objects.filter(shop=OWN).order_by("pk")[:2])
    assert destroying.destroy_batch(end)
    (counted,) = Shredded.objects.filter(orders=3)
    uids = [bytes(one) for one in undestroyed_orders(end).order_by("pk").values_list("uid", flat=True)]
    for name, lost in (("of a wave", uids[:5]), ("of one that was repeated", [counted.uids[:16]])):
        Shredded.objects.create(
            tenant=desk.tenant, mark=name, scope="orders", uids=b"".join(lost), epoch_up_to=0, order_up_to=0,
            at=timezone.now(),
        )  # fmt: skip
    Order.objects.filter(uid__in=uids[:5]).update(shredded_at=timezone.now())  # as `replay_shredded` does
    end = desk.destroyed(end)
    assert (end.orders, end.destroyed, end.waves) == (15, 13, 3)
    assert "13 单" in end.certificate
    assert "尚有 15 单" in end.certificate
    (closed,) = noted("entrustment_closed")
    assert (closed.detail["orders"], closed.detail["there"]) == (13, 15)


def test_what_was_destroyed_is_walked_past_by_no_wave_and_no_count(desk: SimpleNamespace) -> None:
    end = desk.ended()
    with CaptureQueriesContext(connection) as asked:
        list(undestroyed_orders(end).values_list("uid", flat=True)[:5])
        standing_module.orders_of(desk.merchant)
    questions = [one["sql"] for one in asked if "vault_order" in one["sql"]]
    assert len(questions) == 2
    for question in questions:
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {question}")
            plan = " ".join(str(row[-1]) for row in cursor.fetchall())
        assert "order_shop_living" in plan, plan


def test_destruction_goes_by_waves_is_certified_and_closes_the_contract(
    desk: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ending, "ORDERS_AT_ONCE", 5)
    others = Order.objects.exclude(shop=OWN).filter(shredded_at=None).count()
    salts = Salt.objects.count()
    end = desk.destroyed(desk.ended())
    assert (end.state, end.orders, end.destroyed, end.waves) == ("done", 15, 15, 3)
    assert living() == 0
    assert Order.objects.exclude(shop=OWN).filter(shredded_at=None).count() == others
    assert Salt.objects.count() == salts - 12, "of twelve that were sealed"
    shreds = [request for request in desk.written if isinstance(request, messages.Shred)]
    assert [one.orders for one in shreds] == [5, 5, 5]
    number = str(desk.contract.pk)
    assert all(f"合同 {number}" in one.certificate and "销毁证明" in one.certificate for one in shreds)
    assert all(one.context.actor == f"u{desk.second.pk}" for one in shreds)
    assert end.certificate.startswith("销毁证明")
    assert "15" in end.certificate
    (closed,) = noted("entrustment_closed")
    assert closed.ledger_index == end.receipt is not None
    assert closed.detail["certificate"] == end.certificate
    assert standing(desk) == "closed"
    assert desk.destroyed(end).waves == 3, "once is enough"


def test_a_legal_hold_stops_it_by_name_and_it_goes_on_when_lifted(
    desk: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ending, "ORDERS_AT_ONCE", 5)
    end = desk.ended()
    assert destroying.destroy_batch(end)
    rule = {"contact_days": 90, "undelivered_days": 180, "index_days": 184}
    retention.set_rule(desk.owner, **rule, legal_hold="义公 2026-1")
    end = desk.destroyed(end)
    assert (end.state, end.held, end.destroyed) == ("destroying", "义公 2026-1", 5)
    assert standing(desk) == "held"
    assert living() == 10
    retention.set_rule(desk.owner, **rule, legal_hold="")
    asked: list[int] = []
    from waybillguard.service.contracts import receivers

    monkeypatch.setattr(receivers, "destroy_entrusted", SimpleNamespace(enqueue=asked.append))
    every_hour(tenant=desk.tenant, now=timezone.now())
    EntrustmentEnd.objects.update(held="")
    every_hour(tenant=desk.tenant, now=timezone.now())
    assert asked == [end.pk, end.pk], "also one whose task was lost"
    end = desk.destroyed(end)
    assert (end.state, end.held, living()) == ("done", "", 0)


def test_nothing_is_destroyed_while_keyd_is_away(
    desk: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    end = desk.ended()
    salts = Salt.objects.count()

    def away(*_: Any) -> None:
        raise KeydUnavailableError(zh="没有应答", en="no answer")

    with monkeypatch.context() as patched:
        patched.setattr(KeydClient, "call", away)
        with pytest.raises(KeydUnavailableError):
            destroying.destroy_for_a_while(end)
    assert Salt.objects.count() == salts
    assert not Shredded.objects.exists()
    assert desk.destroyed(end).state == "done"


# --- return -----------------------------------------------------------------------------------------


def made(end: EntrustmentEnd) -> list[Export]:
    for export in returning.progress_of(end).files:
        export_tasks.make_export.call(export.pk)
    return list(returning.progress_of(end).files)


def test_a_return_is_sealed_to_the_merchant_fetched_and_only_then_destroyed(desk: SimpleNamespace) -> None:
    end = desk.ended("return", desk.new_recipient(desk.key))
    assert (end.state, standing(desk)) == ("returning", "returning")
    returning.first_files(desk.at(desk.second), end)
    asking.agree(desk.at(desk.owner), returning.progress_of(end).files[0])
    (export,) = made(end)
    assert (export.state, export.asked_by, export.second) == ("ready", desk.second, desk.owner)
    assert export.purpose == "contract_end"
    with pytest.raises(EntrustmentError, match="1 files"):
        returning.confirm_returned(desk.at(desk.owner), end)
    assert living() == 15
    content = b"".join(fetch(desk.at(export.asked_by), export))
    records = list(ExportReader(io.BytesIO(content), desk.key).records())
    assert {record.phone for record in records} >= {f"199{n:08}" for n in range(12)}
    assert returning.progress_of(end).whole
    returning.confirm_returned(desk.at(desk.owner), end)
    end = desk.destroyed(end)
    assert (end.state, living()) == ("done", 0)
    assert "已返还" in end.certificate
    (returned,) = noted("entrustment_returned")
    assert returned.detail["files"] == 1


def test_a_return_beyond_the_quota_ends_the_contract_and_waits_for_a_raise(
    desk: SimpleNamespace, sealing: ModuleType
) -> None:
    sealing.seal_orders(desk.owner, 40)  # more than an owner may view in an hour
    end = desk.ended("return", desk.new_recipient(desk.key))
    with pytest.raises(ExportDeniedError):
        returning.first_files(desk.at(desk.second), end)
    assert desk.reread().ended_at is not None
    progress = returning.progress_of(end)
    assert not progress.files
    assert progress.left > 40
    with pytest.raises(EntrustmentError):
        returning.confirm_returned(desk.at(desk.owner), end)


def test_closed_orders_are_only_destroyed_and_a_failed_file_is_asked_for_again(desk: SimpleNamespace) -> None:
    long_ago = timezone.now() - CLOSED_AFTER - timedelta(days=1)
    Order.objects.filter(shop=OWN).update(state=OrderState.DELIVERED, delivered_at=long_ago)
    one = desk.orders[0]
    Order.objects.filter(pk=one.pk).update(state=OrderState.IN_TRANSIT, delivered_at=None)
    end = desk.ended("return", desk.new_recipient(desk.key))
    returning.first_files(desk.at(desk.second), end)
    (export,) = returning.progress_of(end).files
    assert export.selection == [one.pk]
    Export.objects.filter(pk=export.pk).update(state=Export.State.FAILED)
    assert returning.progress_of(end).left == 1
    (again,) = returning.make_files(desk.at(desk.second), end)
    assert (again.asked_by, again.state) == (desk.second, "asked"), "a second person agrees as to any export"


def test_two_people_may_turn_a_return_into_a_deletion(desk: SimpleNamespace) -> None:
    first = desk.ended("return", desk.new_recipient(desk.key))
    end = desk.ended("delete")
    first.refresh_from_db()
    assert (first.state, end.state) == ("replaced", "destroying")
    with pytest.raises(EntrustmentError, check=has_code("entrustment_not_now")):
        returning.confirm_returned(desk.at(desk.owner), first)


def test_the_ledger_failing_at_a_later_file_keeps_the_files_before_it(
    desk: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    end = desk.ended("return", desk.new_recipient(desk.key))
    ask, asked = asking.ask, list[int]()

    def until_the_second(*given: Any, **more: Any) -> Export:
        asked.append(1)
        if len(asked) > 1:
            raise KeydUnavailableError(zh="没有应答", en="no answer")
        return ask(*given, **more)

    monkeypatch.setattr(asking, "MOST_RECORDS", 5)
    monkeypatch.setattr(asking, "ask", until_the_second)
    (export,) = returning.make_files(desk.at(desk.owner), end)
    assert returning.progress_of(end).files == [export]
    with pytest.raises(KeydUnavailableError):
        returning.make_files(desk.at(desk.owner), end)
    assert returning.progress_of(end).files == [export]


def test_a_return_from_a_browser_that_is_not_enrolled_makes_its_first_file(
    desk: SimpleNamespace, confirmed: Callable[..., Client]
) -> None:
    to = desk.new_recipient(desk.key)
    address = reverse("entrustment_propose", args=[desk.contract.pk])
    confirmed(desk.owner).post(address, {"way": "return", "recipient": to.pk})
    end = EntrustmentEnd.objects.get()
    assert end.device == ""
    confirmed(desk.second).post(reverse("entrustment_answer", args=[end.pk]), {"act": "agree"})
    (export,) = returning.progress_of(end).files
    assert (export.asked_by, export.second, export.state) == (desk.second, None, "asked")
    certificate = reverse("entrustment_certificate", args=[end.pk])
    assert confirmed(desk.owner).get(certificate).status_code == 404, "there is none yet"


def test_nothing_of_an_end_is_done_without_a_fresh_confirmation(
    desk: SimpleNamespace, signed_in: Callable[..., Client]
) -> None:
    def sent_to_confirm(user: User, name: str, pk: int, **asked: str) -> bool:
        address = reverse(name, args=[pk])
        answer = signed_in(user).post(address, asked)
        return answer.status_code == 302 and f"next={address}" in unquote(answer["Location"])

    assert sent_to_confirm(desk.owner, "entrustment_propose", desk.contract.pk, way="delete")
    assert not EntrustmentEnd.objects.exists()
    end = ending.propose(desk.at(desk.owner), desk.contract, "return", desk.new_recipient(desk.key))
    assert sent_to_confirm(desk.second, "entrustment_answer", end.pk, act="agree")
    end.refresh_from_db()
    assert end.state == "proposed"
    ending.agree(desk.at(desk.second), end)
    assert sent_to_confirm(desk.owner, "entrustment_files", end.pk)
    assert returning.progress_of(end).files == []
    Order.objects.filter(shop=OWN).update(lane="A")  # there is nothing to return
    assert sent_to_confirm(desk.owner, "entrustment_returned", end.pk)
    end.refresh_from_db()
    assert end.state == "returning"


def test_the_page_that_asks_for_the_code_says_how_many_orders_it_is_for(
    desk: SimpleNamespace, confirmed: Callable[[User], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    end = ending.propose(desk.at(desk.owner), desk.contract, "delete")
    real, client = KeydClient.call, confirmed(desk.second)

    def wants_a_code(self: KeydClient, request: messages.Request, answer: type) -> Any:
        if isinstance(request, AllowEnd):
            raise RefusedError(zh="", en="", reason="step_up", action=b"this end")
        return real(self, request, answer)

    monkeypatch.setattr(KeydClient, "call", wants_a_code)
    asked = client.post(reverse("entrustment_answer", args=[end.pk]), {"act": "agree"}, follow=True)
    assert "At most 100 orders are returned or destroyed" in asked.content.decode()
    other = client.get(reverse("reveal", args=[desk.orders[0].pk]))
    assert "orders are returned or destroyed" not in other.content.decode()


def test_a_return_needs_a_recipient_whom_two_people_confirmed(desk: SimpleNamespace) -> None:
    with pytest.raises(EntrustmentError):
        ending.propose(desk.at(desk.owner), desk.contract, "return")
    with pytest.raises(EntrustmentError):
        ending.propose(desk.at(desk.owner), desk.contract, "burn")


# --- the gate ---------------------------------------------------------------------------------------


def rows() -> list[dict[str, str]]:
    both = ((OWN, "19912340001"), ("测试旗舰店", "19912340002"))
    return [
        {"order_no": f"N{n}", "shop": shop, "name": "测试人", "phone": phone, "province": "浙江省", "city": "金华市",
         "district": "义乌市", "detail": "不存在路1号", "goods": "袜子", "quantity": "1"}
        for n, (shop, phone) in enumerate(both)
    ]  # fmt: skip


def test_orders_of_an_ended_contract_are_refused_by_number_and_the_rest_goes_on(
    desk: SimpleNamespace,
) -> None:
    assert machine.seal_orders(desk.owner, [{**rows()[0], "order_no": "before"}]).batch.rows_ok == 1
    desk.destroyed(desk.ended())
    done = machine.seal_orders(desk.owner, rows())
    reason = refusal(desk.merchant.pk)
    assert done.refused == [(0, reason)]
    assert (done.batch.rows_ok, done.batch.rows_refused) == (1, 1)
    assert list(Order.objects.filter(batch=done.batch).values_list("shop", flat=True)) == ["测试旗舰店"]
    assert RefusedRow.objects.get(batch=done.batch).reason == reason
    said = str(words.reason(reason))
    assert str(desk.merchant.pk) in said
    assert desk.merchant.name not in said


def test_a_contract_past_its_last_day_refuses_until_it_is_renewed(
    desk: SimpleNamespace, some_terms: Callable[..., Any]
) -> None:
    Entrustment.objects.update(last_day=timezone.localdate() - timedelta(days=1))
    assert shops_past_end(desk.tenant) == {OWN: desk.merchant.pk}
    terms.change(desk.owner, desk.contract, some_terms(last_day=timezone.localdate()), over=1)
    assert shops_past_end(desk.tenant) == {}


def test_a_merchant_who_never_had_a_contract_is_not_refused(desk: SimpleNamespace) -> None:
    Entrustment.objects.all().delete()
    assert shops_past_end(desk.tenant) == {}


def test_a_preview_from_before_the_end_lets_in_the_rest_alone(desk: SimpleNamespace) -> None:
    now = timezone.now()
    batch = Batch.objects.create(
        tenant=desk.tenant, created_by=desk.owner, created_at=now, kind="csv", label="p", state="reading"
    )
    reading = ImportReading(batch)
    for number, given in enumerate(rows(), 1):
        reading.take(OrderRow(row=number, status="ok", lane="B", **given))
    reading.finish()
    reading.publish(Batch.State.PREVIEW)
    end = desk.ended()
    batch.refresh_from_db()
    RetentionRule.objects.update_or_create(tenant=desk.tenant, defaults={"legal_hold": "义公 2026-1"})
    with pytest.raises(VaultError, check=has_code("not_now"), match="legal hold"):
        commit_import(desk.owner, batch)
    assert Order.objects.filter(batch=batch).count() == 2, "a hold keeps them in the preview"
    RetentionRule.objects.update(legal_hold="")
    Batch.objects.filter(pk=batch.pk).update(
        shops={rows()[1]["shop"]: 1}
    )  # the totals list only the largest shops
    batch = commit_import(desk.owner, batch)
    assert (batch.rows_ok, batch.rows_refused, batch.lanes["B"]) == (1, 1, 1)
    assert (sum(batch.days.values()), set(batch.shops.values())) == (1, {1})
    assert RefusedRow.objects.get(batch=batch).reason == refusal(desk.merchant.pk)
    assert desk.destroyed(end).state == "done"
    assert living() == 0


@pytest.mark.parametrize("before", ["finish", "publish"])
def test_rows_that_are_refused_late_are_told_by_position_too(
    desk: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, before: str
) -> None:
    step = getattr(ImportReading, before)

    def ends(reading: ImportReading, *given: Any) -> None:
        desk.ended()
        step(reading, *given)

    monkeypatch.setattr(ImportReading, before, ends)
    done = machine.seal_orders(desk.owner, rows())
    assert done.refused == [(0, refusal(desk.merchant.pk))]
    assert (done.batch.rows_ok, done.batch.rows_refused) == (1, 1)


def test_what_is_being_read_while_the_contract_ends_is_refused_when_it_is_stored(
    desk: SimpleNamespace,
) -> None:
    batch = Batch.objects.create(
        tenant=desk.tenant, created_by=desk.owner, kind="csv", label="r", state="reading"
    )
    reading = ImportReading(batch)
    taken = [
        reading.take(OrderRow(row=n, status="ok", lane="B", **given)) for n, given in enumerate(rows(), 1)
    ]
    assert taken == ["", ""]
    desk.ended()
    reading.finish()
    reading.publish(Batch.State.PREVIEW)
    batch.refresh_from_db()
    assert (batch.rows_ok, batch.rows_refused) == (1, 1)


# --- retention of three years -----------------------------------------------------------------------


def test_the_record_is_kept_three_years_and_then_destroyed_by_the_retention_job(
    desk: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.destroyed(desk.ended())
    closed = desk.reread().closed_at.astimezone(ZoneInfo(desk.tenant.time_zone))
    end = closed.replace(year=closed.year + 3)
    assert keeping.kept_until(desk.reread(), desk.tenant) == end
    from waybillguard.service.vault import tasks

    def job(at: datetime) -> int:
        with monkeypatch.context() as clock:
            clock.setattr(tasks, "timezone", SimpleNamespace(now=lambda: at))
            clock.setattr("waybillguard.service.vault.planned.tend_all", lambda _: 0)
            tasks.apply_retention.call()
        return Entrustment.objects.count()

    assert job(end - timedelta(seconds=1)) == 1
    hold(desk, "义公 2026-1")
    assert job(end) == 1, "a legal hold keeps the record as well"
    hold(desk, "")
    assert job(end) == 0
    assert EntrustmentVersion.objects.count() == EntrustmentEnd.objects.count() == 0
    (gone,) = noted("entrustment_record_destroyed")
    assert gone.detail["entrustment"] == desk.contract.pk
    assert gone.ledger_index is not None


def hold(desk: SimpleNamespace, reference: str) -> None:
    retention.set_rule(
        desk.owner, contact_days=90, undelivered_days=180, index_days=184, legal_hold=reference
    )


def test_a_contract_that_is_not_closed_is_kept_however_old(desk: SimpleNamespace) -> None:
    desk.ended()
    assert keeping.destroy_old_records(timezone.now() + timedelta(days=4000)) == 0


def test_a_leap_day_is_kept_to_the_first_of_march(desk: SimpleNamespace) -> None:
    zone = ZoneInfo(desk.tenant.time_zone)
    row = Entrustment(closed_at=datetime(2028, 2, 29, 12, tzinfo=zone))
    assert keeping.kept_until(row, desk.tenant) == datetime(2031, 3, 1, 12, tzinfo=zone)


# --- pages, backup ----------------------------------------------------------------------------------


def test_the_pages_show_findings_and_a_form_saves_a_version(
    desk: SimpleNamespace, confirmed: Callable[..., Client]
) -> None:
    other = Merchant.objects.create(tenant=desk.tenant, name="测试商贸")
    MerchantShop.objects.create(tenant=desk.tenant, merchant=other, shop="测试旗舰店")
    client = confirmed(desk.owner)
    page = client.get(reverse("entrustments")).content.decode()
    assert "no contract" in page
    today = timezone.localdate()
    data = {
        "purpose": "p", "kinds": "k", "method": "m", "measures": "x", "contact": "c", "first_day": str(today),
        "last_day": str(today + timedelta(days=9)), "merchant": other.pk,
    }  # fmt: skip
    answer = client.post(reverse("entrustment_new"), data)
    assert answer.status_code == 302
    pk = Entrustment.objects.get(merchant=other).pk
    assert answer["Location"] == reverse("entrustment", args=[pk])
    changed = client.post(reverse("entrustment_change", args=[pk]), {**data, "purpose": "q", "over": 1})
    assert changed.status_code == 302
    stale = client.post(reverse("entrustment_change", args=[pk]), {**data, "purpose": "r", "over": 1})
    assert (stale.status_code, EntrustmentVersion.objects.filter(entrustment=pk).count()) == (422, 2)
    assert client.post(reverse("entrustment_new"), data).status_code == 422, "one open contract a merchant"


def test_a_proposal_and_an_answer_from_the_pages(
    desk: SimpleNamespace, confirmed: Callable[..., Client]
) -> None:
    address = reverse("entrustment_propose", args=[desk.contract.pk])
    unconfirmed = confirmed(desk.owner, seconds_ago=4000)
    assert "confirm" in unconfirmed.post(address, {"way": "delete"})["Location"]
    assert not EntrustmentEnd.objects.exists()
    confirmed(desk.owner).post(address, {"way": "delete"})
    end = EntrustmentEnd.objects.get()
    answer = reverse("entrustment_answer", args=[end.pk])
    waits = reverse("entrustment", args=[desk.contract.pk])
    assert waits in confirmed(desk.supervisor).get(reverse("exports")).content.decode()
    assert waits not in confirmed(desk.owner).get(reverse("exports")).content.decode()
    confirmed(desk.owner).post(answer, {"act": "agree"})
    end.refresh_from_db()
    assert end.state == "proposed"
    confirmed(desk.supervisor).post(answer, {"act": "agree"})
    end = desk.destroyed(end)
    text = confirmed(desk.supervisor).get(reverse("entrustment_certificate", args=[end.pk])).content.decode()
    assert "销毁证明" in text
    page = confirmed(desk.owner).get(reverse("entrustment", args=[desk.contract.pk])).content.decode()
    assert "Destroyed, certified" in page


def test_the_pages_ask_the_database_little(
    desk: SimpleNamespace, confirmed: Callable[..., Client], django_assert_max_num_queries: Any
) -> None:
    client = confirmed(desk.owner)
    for address in (reverse("entrustments"), reverse("entrustment", args=[desk.contract.pk])):
        client.get(address)
        with django_assert_max_num_queries(20):
            client.get(address)


def test_backup_and_move_carry_contracts(desk: SimpleNamespace) -> None:
    desk.destroyed(desk.ended())
    tables = {model._meta.db_table: model for model in all_models()}
    for name, count in (
        ("contracts_entrustment", 1), ("contracts_entrustmentversion", 1), ("contracts_entrustmentend", 1),
        ("contracts_returnfile", 0),
    ):  # fmt: skip
        found = [row for piece in read_rows(tables[name]) for row in piece]
        assert len(found) == count, name
        assert all(len(row) == len(columns_of(tables[name])) for row in found)


def test_a_contract_of_another_warehouse_is_neither_counted_nor_shown(
    desk: SimpleNamespace, elsewhere: SimpleNamespace, some_terms: Callable[..., Any]
) -> None:
    with scope(tenant=elsewhere.tenant):
        merchant = Merchant.objects.create(tenant=elsewhere.tenant, name="别处商贸")
        MerchantShop.objects.create(tenant=elsewhere.tenant, merchant=merchant, shop=OWN)
        theirs = terms.begin(elsewhere.owner, merchant, some_terms())
    assert [line.entrustment for line in overview(desk.tenant, timezone.now()).lines] == [desk.contract]
    desk.destroyed(desk.ended())
    with scope(tenant=elsewhere.tenant):
        assert Order.objects.filter(shop=OWN, shredded_at=None).exists(), "the same shop name elsewhere"
        assert shops_past_end(elsewhere.tenant) == {}
        assert Entrustment.objects.get().pk == theirs.pk
