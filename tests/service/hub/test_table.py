"""The town's table: gaps, map, ranking, changes, and permissions."""

from collections.abc import Callable
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope

from waybillguard.inspect import catalogue
from waybillguard.service.audit.models import OutboxEvent
from waybillguard.service.hub.intake import evaluate, evaluate_all
from waybillguard.service.hub.models import MonthEnd, Warehouse
from waybillguard.service.hub.table import overview
from waybillguard.service.identity.models import User

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)


@pytest.fixture
def filled(town: SimpleNamespace, more_warehouses: Callable[[int], list[Warehouse]]) -> SimpleNamespace:
    """Nine warehouses that reported: every third has labels that show too much."""
    controls = [control.id for control in catalogue().controls]
    with scope(tenant=town.tenant):
        for at, one in enumerate(more_warehouses(9)):
            bad = {"LBL-01"} if at % 3 == 0 else set()
            one.posture = [[name, "not_satisfied" if name in bad else "satisfied"] for name in controls]
            one.reported_at = timezone.now()
            evaluate(one, (), TODAY)
            one.save()
    return town


def test_gaps_are_counted_and_compared_with_the_end_of_last_month(filled: SimpleNamespace) -> None:
    with scope(tenant=filled.tenant):
        worse = Warehouse.objects.get(name="0000号仓")
        MonthEnd.objects.bulk_create(
            MonthEnd(tenant=filled.tenant, warehouse=one, month=date(2026, 10, 1), summary=worse.summary)
            for one in Warehouse.objects.exclude(summary={})
        )
        shown = overview(filled.tenant, TODAY)
    labels = next(row for row in shown.gaps if row.gap == "label_not_deidentified")
    assert (labels.failing, labels.inspected, labels.before) == (3, 9, 9)
    assert shown.silent == 1
    assert [line.row.failing for line in shown.lines] == [1, 1, 1, 0, 0, 0, 0, 0, 0]
    assert shown.lines[-1].row.changed < 0


def test_every_district_is_a_tile_by_its_share(filled: SimpleNamespace) -> None:
    with scope(tenant=filled.tenant):
        tiles = {tile.name: tile.tone for tile in overview(filled.tenant, TODAY).tiles}
    assert tiles["北苑"] == "none"
    assert tiles["片区0"] == "bad"
    assert tiles["片区1"] == "good"


def test_everything_is_summed_up_anew(filled: SimpleNamespace) -> None:
    with scope(tenant=filled.tenant):
        Warehouse.objects.update(summary={})
        assert evaluate_all(filled.tenant, timezone.now()) == 10
        assert overview(filled.tenant, TODAY).gaps[0].failing == 3


def test_the_table_reads_the_town_in_a_handful_of_queries(
    filled: SimpleNamespace, django_assert_max_num_queries: Any
) -> None:
    with scope(tenant=filled.tenant), django_assert_max_num_queries(2):
        overview(filled.tenant, TODAY)


def test_the_page_tells_claims_apart_and_the_paper_opens(
    filled: SimpleNamespace, signed_in: Callable[[User], Client]
) -> None:
    client = signed_in(filled.owner)
    assert b"Self-reported" in client.get(reverse("town")).content
    assert client.get(reverse("town_paper", args=["pdf"])).content.startswith(b"%PDF")
    assert client.get(reverse("town_paper", args=["docx"])).content.startswith(b"PK")
    assert client.get(reverse("town_paper", args=["exe"])).status_code == 404


def test_that_somebody_looked_at_a_warehouse_is_recorded(
    filled: SimpleNamespace, signed_in: Callable[[User], Client]
) -> None:
    signed_in(filled.owner).get(reverse("town_warehouse", args=[filled.listed.pk]))
    with scope(tenant=filled.tenant):
        assert (
            OutboxEvent.objects.filter(purpose="town_warehouse", account=f"u{filled.owner.pk}").count() == 1
        )


def test_a_clerk_does_not_see_the_town(filled: SimpleNamespace, signed_in: Callable[[User], Client]) -> None:
    assert signed_in(filled.clerk).get(reverse("town")).status_code == 403


def test_a_warehouse_is_found_by_name_or_district(
    filled: SimpleNamespace, signed_in: Callable[[User], Client]
) -> None:
    client = signed_in(filled.owner)

    def listed(wanted: str) -> list[str]:
        page = client.get(reverse("town"), {"q": wanted}).context["page"]
        return [line.row.warehouse for line in page]

    assert listed("0003") == ["0003号仓"]
    assert listed("片区4") == ["0004号仓"]
    assert listed("没有") == []
    assert len(listed("")) == 9
