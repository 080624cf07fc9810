"""Polled fragments: unchanged ones are cheap, and an ETag is valid only in the session that received it."""

from collections.abc import Callable
from types import ModuleType, SimpleNamespace

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django_scopes import scope

from waybillguard.service.vault.models import Batch

pytestmark = pytest.mark.usefixtures("no_keyd")
MOST_QUERIES = 3  # session, person, the fragment's own query

type SignedIn = Callable[..., Client]


@pytest.fixture
def reading(warehouse: SimpleNamespace, made_up: ModuleType) -> Batch:
    batch: Batch = made_up.make_batch(warehouse.owner, Batch.State.READING, orders=0, refused=0)
    return batch


@pytest.fixture(autouse=True)
def still() -> object:
    with time_machine.travel("2026-11-27T10:00:01+08:00", tick=False) as clock:
        yield clock


def part(batch: Batch) -> str:
    return reverse("import_body", args=[batch.pk])


def test_an_unchanged_part_is_answered_by_three_questions(
    warehouse: SimpleNamespace, reading: Batch, signed_in: SignedIn
) -> None:
    owner = signed_in(warehouse.owner)
    tag = owner.get(part(reading))["ETag"]
    with CaptureQueriesContext(connection) as queries:
        again = owner.get(part(reading), headers={"if-none-match": tag})
    assert (again.status_code, again.content) == (304, b"")
    assert len([one for one in queries.captured_queries if "SELECT" in one["sql"]]) <= MOST_QUERIES


def test_a_changed_part_comes_anew(warehouse: SimpleNamespace, reading: Batch, signed_in: SignedIn) -> None:
    owner = signed_in(warehouse.owner)
    tag = owner.get(part(reading))["ETag"]
    with scope(tenant=warehouse.tenant):
        Batch.objects.filter(pk=reading.pk).update(rows_read=17)
    again = owner.get(part(reading), headers={"if-none-match": tag})
    assert again.status_code == 200
    assert "17" in again.content.decode()


def test_a_minute_later_it_comes_anew_in_any_case(
    warehouse: SimpleNamespace, reading: Batch, signed_in: SignedIn, still: time_machine.Traveller
) -> None:
    owner = signed_in(warehouse.owner)
    tag = owner.get(part(reading))["ETag"]
    still.shift(60)
    assert owner.get(part(reading), headers={"if-none-match": tag}).status_code == 200


def test_another_session_learns_nothing_by_an_etag(
    warehouse: SimpleNamespace, reading: Batch, signed_in: SignedIn
) -> None:
    tag = signed_in(warehouse.owner).get(part(reading))["ETag"]
    service = signed_in(warehouse.service)
    assert service.get(part(reading), headers={"if-none-match": tag}).status_code == 403
    assert Client().get(part(reading), headers={"if-none-match": tag}, secure=True).status_code == 302


def test_a_sign_in_that_ended_is_not_told_that_nothing_changed(
    warehouse: SimpleNamespace, reading: Batch, signed_in: SignedIn
) -> None:
    owner = signed_in(warehouse.owner)
    tag = owner.get(part(reading))["ETag"]
    warehouse.owner.is_active = False
    warehouse.owner.save()
    headers = {"if-none-match": tag, "hx-request": "true"}
    assert owner.get(part(reading), headers=headers).status_code == 401
