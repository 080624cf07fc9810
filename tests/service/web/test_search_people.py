"""The search in the top bar also finds people, for administrators of people."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse

from waybillguard.service.identity.models import User

pytestmark = pytest.mark.usefixtures("no_keyd")


def asked(client: Client, text: str) -> str:
    answer = client.post(reverse("order_search"), {"kind": "any", "value": text})
    return str(answer.headers.get("Location", ""))


def test_a_name_typed_in_any_case_leads_to_the_person(
    warehouse: SimpleNamespace, signed_in: Callable[[User], Client]
) -> None:
    User.objects.filter(pk=warehouse.clerk.pk).update(display_name="打单员小周")
    owner = signed_in(warehouse.owner)
    page = reverse("person", args=[warehouse.clerk.pk])
    assert asked(owner, warehouse.clerk.username.upper()) == page
    assert asked(owner, " 打单员小周 ") == page


def test_a_name_leads_whoever_administers_nobody_nowhere(
    warehouse: SimpleNamespace, signed_in: Callable[[User], Client]
) -> None:
    assert asked(signed_in(warehouse.clerk), warehouse.owner.username) == ""


def test_people_of_another_warehouse_are_not_found(
    warehouse: SimpleNamespace, elsewhere: SimpleNamespace, signed_in: Callable[[User], Client]
) -> None:
    User.objects.filter(pk=elsewhere.clerk.pk).update(display_name="别仓小李")
    assert asked(signed_in(warehouse.owner), "别仓小李") == ""
