"""Postings: sets of ids survive encoding, merging twice changes nothing, removed orders are gone."""

from collections.abc import Iterable
from types import SimpleNamespace

import pytest
from django_scopes import scope
from hypothesis import given
from hypothesis import strategies as st
from pyroaring import BitMap

from waybillguard.seal import Contact
from waybillguard.seal.grams import FragmentField, GramKeys
from waybillguard.service.keyd.messages import MonthTokens
from waybillguard.service.vault import fragments
from waybillguard.service.vault.epochs import month_of_day
from waybillguard.service.vault.fragments import (
    candidates,
    chunk_bytes,
    decode_ids,
    encode_ids,
    merge_waiting,
    remove_orders,
)
from waybillguard.service.vault.models import Batch, GramChunk, GramPlan, Order, Posting, Salt

KEYS = GramKeys(bytes(32), "here")
CONTACTS = (
    Contact(name="测试甲", detail="机场路12号向阳花园3幢1203室"),
    Contact(name="测试乙", detail="机场路14号朝阳大厦"),
    Contact(name="样例丙", detail="稠州北路88号向阳花园"),
)


@given(st.sets(st.integers(0, 2**32 - 1), max_size=60))
def test_a_set_of_ids_survives_its_bytes(ids: set[int]) -> None:
    assert set(decode_ids(encode_ids(BitMap(ids)))) == ids


@pytest.mark.parametrize("data", [b"", b"\x02", b"\x00\x80"])
def test_damaged_sets_are_refused(data: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - pyroaring's own and ours alike
        decode_ids(data)


@pytest.fixture
def indexed(warehouse: SimpleNamespace) -> SimpleNamespace:
    with scope(tenant=warehouse.tenant):
        orders = list(Order.objects.filter(batch=warehouse.batch).order_by("pk")[:3])
        Order.objects.filter(pk__in=[order.pk for order in orders]).update(day=orders[0].day)
        month = month_of_day(orders[0].day)
        rows = [
            (bytes(order.uid), month, *KEYS.of_contact(contact, month))
            for order, contact in zip(orders, CONTACTS, strict=True)
        ]
        for uid, *_ in rows:
            Salt.objects.update_or_create(
                order_uid=uid,
                defaults={"tenant": warehouse.tenant, "batch": warehouse.batch, "salt": bytes(16)},
            )
        GramChunk.objects.create(tenant=warehouse.tenant, batch=warehouse.batch, rows=chunk_bytes(rows))
    return SimpleNamespace(
        tenant=warehouse.tenant, batch=warehouse.batch, month=month, ids=[order.pk for order in orders],
        uids=[row[0] for row in rows], rows=rows,
    )  # fmt: skip


def found(made: SimpleNamespace, field: str, fragment: str) -> list[int]:
    asked = KEYS.search_tokens(
        FragmentField.NAME if field == "name" else FragmentField.ADDRESS, fragment, [made.month]
    )
    months = [MonthTokens(month, tokens) for month, tokens in asked]
    return [made.ids.index(pk) for pk in candidates(made.tenant, field, months)]


def test_merged_orders_are_found_by_pieces_and_merging_again_changes_nothing(
    indexed: SimpleNamespace,
) -> None:
    with scope(tenant=indexed.tenant):
        assert merge_waiting(indexed.tenant) == 1
        assert found(indexed, "address", "机场路") == [0, 1]
        assert found(indexed, "address", "向阳花园") == [0, 2]
        assert found(indexed, "address", "机场路12号") == [0]
        assert found(indexed, "name", "测试") == [0, 1]
        before = set(Posting.objects.values_list("month", "field", "token", "ids"))
        GramChunk.objects.create(tenant=indexed.tenant, batch=indexed.batch, rows=chunk_bytes(indexed.rows))
        assert merge_waiting(indexed.tenant) == 1
        assert merge_waiting(indexed.tenant) == 0
        assert set(Posting.objects.values_list("month", "field", "token", "ids")) == before


def test_an_import_that_is_not_in_is_not_merged(indexed: SimpleNamespace) -> None:
    with scope(tenant=indexed.tenant):
        Batch.objects.filter(pk=indexed.batch.pk).update(state=Batch.State.PREVIEW)
        assert merge_waiting(indexed.tenant) == 0
        assert found(indexed, "address", "机场路") == []


def test_what_is_taken_out_leaves_no_posting_and_no_waiting_token(indexed: SimpleNamespace) -> None:
    with scope(tenant=indexed.tenant):
        merge_waiting(indexed.tenant)
        GramChunk.objects.create(tenant=indexed.tenant, batch=indexed.batch, rows=chunk_bytes(indexed.rows))
        remove_orders(indexed.tenant, BitMap(indexed.ids[:1]), [indexed.month], frozenset(indexed.uids[:1]))
        assert found(indexed, "address", "机场路") == [1]
        assert all(indexed.ids[0] not in decode_ids(bytes(p.ids)) for p in Posting.objects.all())
        merge_waiting(indexed.tenant)
        assert found(indexed, "name", "测试") == [1]


def test_a_shredding_while_somebody_searches_leaves_nothing_to_find(
    indexed: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def shredded_meanwhile(rarest: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
        known = sorted(rarest)
        monkeypatch.undo()
        remove_orders(indexed.tenant, BitMap(indexed.ids), [indexed.month], frozenset(indexed.uids))
        return known

    with scope(tenant=indexed.tenant):
        merge_waiting(indexed.tenant)
        monkeypatch.setattr(fragments, "sorted", shredded_meanwhile, raising=False)
        assert found(indexed, "name", "样例丙") == []


def test_an_order_whose_salt_is_gone_is_not_merged(indexed: SimpleNamespace) -> None:
    with scope(tenant=indexed.tenant):
        Salt.objects.filter(order_uid=indexed.uids[0]).delete()
        merge_waiting(indexed.tenant)
        assert found(indexed, "address", "机场路") == [1]


def test_a_month_keeps_the_bits_it_began_with(indexed: SimpleNamespace) -> None:
    with scope(tenant=indexed.tenant):
        merge_waiting(indexed.tenant)
        GramPlan.objects.update(bits=9)
        merge_waiting(indexed.tenant)
        assert set(GramPlan.objects.values_list("bits", flat=True)) == {9}


def test_another_tenant_finds_nothing(indexed: SimpleNamespace, elsewhere: SimpleNamespace) -> None:
    with scope(tenant=indexed.tenant):
        merge_waiting(indexed.tenant)
    with scope(tenant=elsewhere.tenant):
        asked = KEYS.search_tokens(FragmentField.ADDRESS, "机场路", [indexed.month])
        months = [MonthTokens(month, tokens) for month, tokens in asked]
        assert not candidates(elsewhere.tenant, "address", months)
