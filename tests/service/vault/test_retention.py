"""Retention rules: due orders are destroyed, younger ones stay, a hold stops everything; each is certified first."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.utils import timezone
from django_scopes import scope
from support.codes import has_code

from waybillguard.service.keyd import ledger_messages, messages
from waybillguard.service.keyd.client import KeydClient, KeydUnavailableError
from waybillguard.service.platform.errors import NotAllowedError, VaultError
from waybillguard.service.print_room.models import Ticket
from waybillguard.service.tenancy.days import day_number
from waybillguard.service.vault import retention
from waybillguard.service.vault.errors import SearchError
from waybillguard.service.vault.models import (
    Batch,
    Epoch,
    Order,
    PlannedDestruction,
    RetentionRule,
    Salt,
    Shredded,
)
from waybillguard.service.vault.shred import finish, shred_day


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[messages.Request]:
    """Records requests to keyd and answers with receipts."""
    requests: list[messages.Request] = []

    def answer(_self: KeydClient, request: messages.Request, _answer: type) -> Any:
        requests.append(request)
        if isinstance(request, ledger_messages.ForgetLooks):
            asked_before = sum(isinstance(one, ledger_messages.ForgetLooks) for one in requests)
            return ledger_messages.ForgottenLooks(max(0, 3 - asked_before))
        return messages.Recorded(len(requests), f"{len(requests):064x}", "test")

    monkeypatch.setattr(KeydClient, "call", answer)
    return requests


@pytest.fixture
def orders(warehouse: SimpleNamespace) -> SimpleNamespace:
    """Eight orders: three of an old day, all delivered long ago; two more due ones on a mixed day."""
    tenant = warehouse.tenant
    now = timezone.now()
    today = day_number(now, tenant)
    with scope(tenant=tenant):
        made = list(Order.objects.filter(batch=warehouse.batch).order_by("pk"))
        long_ago, lately = now - timedelta(days=91), now - timedelta(days=89)
        for place, order in enumerate(made):
            order.day = today - (100 if place < 3 else 99)
            order.delivered_at = long_ago if place < 5 else lately
            order.blob, order.phone_index, order.order_index = b"sealed", bytes(16), bytes(16)
            order.save()
            Salt.objects.create(order_uid=order.uid, tenant=tenant, batch=warehouse.batch, salt=bytes(16))
        for number, day in enumerate((today - 100, today - 99), 1):
            Epoch.objects.create(tenant=tenant, epoch_id=number, day=day, wrapped=bytes(40))
    return SimpleNamespace(tenant=tenant, owner=warehouse.owner, clerk=warehouse.clerk, now=now, today=today)


def finish_all(tenant: Any) -> None:
    for row in Shredded.objects.filter(tenant=tenant, done_at=None):
        finish(row)


def test_what_is_due_goes_by_day_where_a_whole_day_is_due(
    orders: SimpleNamespace, asked: list[messages.Request]
) -> None:
    with scope(tenant=orders.tenant):
        assert retention.apply_rule(orders.tenant, orders.now) == 5
        finish_all(orders.tenant)
        assert {row.scope for row in Shredded.objects.all()} == {"day", "orders"}
        assert list(Epoch.objects.values_list("epoch_id", flat=True)) == [2]
        assert Salt.objects.count() == 3
        gone = Order.objects.exclude(shredded_at=None)
        assert gone.count() == 5
        for order in gone:
            assert (bytes(order.blob), bytes(order.phone_index), order.masked_name) == (b"", b"", "")
            assert order.order_index, "keyed order indexes stay six months"
        assert retention.apply_rule(orders.tenant, orders.now) == 0
    shreds = [request for request in asked if isinstance(request, messages.Shred)]
    assert len(shreds) == 2
    assert all("销毁证明" in request.certificate and "90" in request.certificate for request in shreds)


def test_a_legal_hold_stops_rule_and_person(orders: SimpleNamespace, asked: list[messages.Request]) -> None:
    with scope(tenant=orders.tenant):
        retention.set_rule(
            orders.owner, contact_days=90, undelivered_days=180, index_days=184, legal_hold="义公 2026-1"
        )
        assert retention.apply_rule(orders.tenant, orders.now) == 0
        with pytest.raises(VaultError, check=has_code("not_now")):
            shred_day(orders.owner, orders.today - 100)
        assert Salt.objects.count() == 8
    assert isinstance(asked[0], messages.Record)
    assert asked[0].kind == "hold"


def test_a_hold_that_comes_during_the_run_stops_what_is_left(
    orders: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[messages.Request] = []

    def answer(_self: KeydClient, request: messages.Request, _answer: type) -> messages.Recorded:
        done.append(request)
        RetentionRule.objects.filter(tenant=orders.tenant).update(legal_hold="义公 2026-1")
        return messages.Recorded(1, "1" * 64, "test")

    monkeypatch.setattr(KeydClient, "call", answer)
    with scope(tenant=orders.tenant):
        assert retention.apply_rule(orders.tenant, orders.now) == 3
        assert Salt.objects.count() >= 5
    assert len(done) == 1


def test_orders_let_in_while_a_day_is_counted_are_not_shredded_with_it(
    orders: SimpleNamespace, asked: list[messages.Request], monkeypatch: pytest.MonkeyPatch
) -> None:
    bounds = retention.scope_of_day

    def then_an_import(tenant: Any, day: int) -> messages.ShredScope:
        what = bounds(tenant, day)
        if day == orders.today - 100:
            late = Order.objects.filter(day=orders.today - 99).last()
            assert late is not None
            late.pk, late.uid, late.day, late.delivered_at = None, bytes(16), day, orders.now
            late.save(force_insert=True)
        return what

    monkeypatch.setattr(retention, "scope_of_day", then_an_import)
    with scope(tenant=orders.tenant):
        assert retention.apply_rule(orders.tenant, orders.now) == 5
        finish_all(orders.tenant)
        assert Order.objects.get(uid=bytes(16)).shredded_at is None
        assert Epoch.objects.filter(day=orders.today - 100).exists(), (
            "the day's key still opens the late order"
        )
    assert all(request.what.scope == "orders" for request in asked if isinstance(request, messages.Shred))


def test_the_key_of_a_day_stays_while_an_import_is_read(
    orders: SimpleNamespace, asked: list[messages.Request]
) -> None:
    with scope(tenant=orders.tenant):
        Batch.objects.create(
            tenant=orders.tenant, created_by=orders.owner, kind="csv", label="new", state="reading"
        )
        assert retention.apply_rule(orders.tenant, orders.now) == 5
        assert Epoch.objects.count() == 2
    assert all(request.what.scope == "orders" for request in asked if isinstance(request, messages.Shred))


def test_orders_that_nobody_reported_delivered_go_later(orders: SimpleNamespace, asked: list[Any]) -> None:
    with scope(tenant=orders.tenant):
        Order.objects.update(delivered_at=None)
        assert retention.apply_rule(orders.tenant, orders.now) == 0
        assert retention.apply_rule(orders.tenant, orders.now + timedelta(days=81)) == 8
    assert asked


def test_keyed_indexes_go_six_months_after_their_orders_were_shredded(
    orders: SimpleNamespace, asked: list[Any]
) -> None:
    """A look at an order on its last day can be found by the order's number as long as the look is kept."""
    with scope(tenant=orders.tenant):
        retention.apply_rule(orders.tenant, orders.now)
        finish_all(orders.tenant)
        left = Order.objects.exclude(shredded_at=None).exclude(order_index=b"").filter(day=orders.today - 100)
        retention.apply_rule(orders.tenant, orders.now + timedelta(days=183))
        assert left.count() == 3
        retention.apply_rule(orders.tenant, orders.now + timedelta(days=185))
        assert not left.exists()
        assert asked


def test_nothing_is_destroyed_without_a_receipt(
    orders: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any) -> None:
        raise KeydUnavailableError(zh="没有应答", en="no answer")

    monkeypatch.setattr(KeydClient, "call", refuse)
    with scope(tenant=orders.tenant):
        with pytest.raises(KeydUnavailableError):
            retention.apply_rule(orders.tenant, orders.now)
        assert Salt.objects.count() == 8
        assert Order.objects.filter(shredded_at=None).count() == 8


def test_words_of_looks_go_after_their_days_a_part_at_a_time(
    orders: SimpleNamespace, asked: list[messages.Request]
) -> None:
    rule = {"contact_days": 90, "undelivered_days": 180, "index_days": 184, "legal_hold": ""}
    with scope(tenant=orders.tenant):
        retention.set_rule(orders.owner, **rule, look_days=200)
        retention.set_rule(orders.owner, **rule)
        retention.apply_rule(orders.tenant, orders.now)
    forgotten = [request for request in asked if isinstance(request, ledger_messages.ForgetLooks)]
    assert len(forgotten) == 3, "until nothing is left"
    assert {one.before_s for one in forgotten} == {int((orders.now - timedelta(days=200)).timestamp())}


def test_a_legal_hold_keeps_the_words_of_looks(
    orders: SimpleNamespace, asked: list[messages.Request]
) -> None:
    with scope(tenant=orders.tenant):
        RetentionRule.objects.create(tenant=orders.tenant, legal_hold="义公 2026-1")
        retention.apply_rule(orders.tenant, orders.now)
    assert not asked


def test_only_an_owner_changes_the_rule_and_within_bounds(orders: SimpleNamespace, asked: list[Any]) -> None:
    rule = {"contact_days": 90, "undelivered_days": 180, "index_days": 184, "legal_hold": ""}
    with scope(tenant=orders.tenant):
        with pytest.raises(NotAllowedError):
            retention.set_rule(orders.clerk, **rule)
        for wrong in ({"contact_days": 1}, {"index_days": 90}, {"look_days": 183}):
            with pytest.raises(SearchError):
                retention.set_rule(orders.owner, **{**rule, **wrong})
    assert not asked


def test_trouble_with_the_monthly_tables_does_not_put_off_destruction(
    orders: SimpleNamespace, asked: list[messages.Request], monkeypatch: pytest.MonkeyPatch
) -> None:
    from waybillguard.service.vault import partitions
    from waybillguard.service.vault.tasks import apply_retention

    def broken(*_: object) -> None:
        raise OperationalError

    monkeypatch.setattr(partitions, "prepare_months", broken)
    with scope(tenant=orders.tenant):
        PlannedDestruction.objects.create(
            tenant=orders.tenant, state="waiting", announced_at=orders.now, looked_at=orders.now,
            cutoff=orders.now, orders=5, living=8, waited_s=72 * 3600, mandate=b"of the key process",
        )  # fmt: skip
    with pytest.raises(OperationalError):
        apply_retention.func()
    assert any(isinstance(request, messages.Shred) for request in asked)
    with scope(tenant=orders.tenant):
        assert Shredded.objects.exists()


def test_an_import_with_looks_and_calls_is_taken_out_and_they_stay(orders: SimpleNamespace) -> None:
    from waybillguard.service.lookups.models import Call, Look
    from waybillguard.service.vault.removal import remove_rows

    with scope(tenant=orders.tenant):
        order = Order.objects.earliest("pk")
        shared = {"tenant": orders.tenant, "person": orders.clerk, "order": order, "allowed": True}
        Look.objects.create(**shared, nonce="made", group="made", purpose="made", policy_version="1")
        Call.objects.create(**shared, purpose="made", provider="made", policy_version="1")
        Ticket.objects.all().delete()
        remove_rows(order.batch)
        connection.check_constraints()
        assert not Order.objects.filter(batch=order.batch).exists()
        assert (Look.objects.get().order, Call.objects.get().order) == (None, None)


def test_tables_that_an_older_version_has_not_yet_are_left_alone(orders: SimpleNamespace) -> None:
    from waybillguard.service.operations.backup_tables import clear_tables, reset_sequences

    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE lookups_call")
    with scope(tenant=orders.tenant):
        clear_tables(connection)
        reset_sequences(connection)
        assert not Order.objects.exists()
