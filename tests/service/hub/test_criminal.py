"""Criminal cases at the hub: visibility, groups of similar cases, refused input."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse
from django_scopes import scope

from waybillguard.service.hub.models import Criminal, Seat
from waybillguard.service.identity.models import User

pytestmark = pytest.mark.django_db
CASE = {"authority": "甲地公安", "number": "甲公立〔2026〕1号", "date": "2026-07-01", "way_in": "temp"}


@pytest.fixture
def police(town: SimpleNamespace) -> SimpleNamespace:
    """The owner represents the police."""
    with scope(tenant=town.tenant):
        Seat.objects.create(tenant=town.tenant, user=town.owner, authority="police")
        yield town


def test_cases_of_the_same_kind_are_seen_together(
    police: SimpleNamespace, signed_in: Callable[[User], Client]
) -> None:
    client = signed_in(police.owner)
    for number in ("1", "2"):
        client.post(reverse("criminal_add"), CASE | {"number": number, "warehouse": police.listed.pk})
    groups = client.get(reverse("criminal_cases")).context["groups"]
    assert [(one.by, len(one.cases), str(name)) for one, name in groups] == [
        ("warehouse", 2, "甲仓"),
        ("way_in", 2, "Temp with a USB stick"),
    ]


@pytest.mark.parametrize(
    "change", [{"number": ""}, {"date": "2999-01-01"}, {"date": "x"}, {"way_in": "magic"}, {"authority": " "}]
)
def test_an_incomplete_case_is_refused(
    change: dict[str, str], police: SimpleNamespace, signed_in: Callable[[User], Client]
) -> None:
    signed_in(police.owner).post(reverse("criminal_add"), CASE | change)
    assert not Criminal.objects.exists()


def test_a_number_is_imported_once(police: SimpleNamespace, signed_in: Callable[[User], Client]) -> None:
    client = signed_in(police.owner)
    client.post(reverse("criminal_add"), CASE)
    assert b"is there already" in client.post(reverse("criminal_add"), CASE, follow=True).content
    assert Criminal.objects.count() == 1


def test_another_authority_neither_sees_nor_adds_them(
    police: SimpleNamespace, signed_in: Callable[[User], Client]
) -> None:
    client = signed_in(police.owner)
    client.post(reverse("criminal_add"), CASE)
    Seat.objects.update(authority="market")
    assert CASE["number"] not in client.get(reverse("criminal_cases")).content.decode()
    assert client.post(reverse("criminal_add"), CASE | {"number": "2"}).status_code == 404
