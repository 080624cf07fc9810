"""The demo of the guard: a temp is delayed, refused at a decoy and restricted; the restriction can be lifted."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope
from service.made_up import make_batch

from waybillguard.service.alerts.demo import LOOKS, guard_at_work
from waybillguard.service.alerts.models import Alert
from waybillguard.service.alerts.response import in_force, undo
from waybillguard.service.identity.models import User
from waybillguard.service.lookups.models import GuardAnswer

pytestmark = pytest.mark.django_db


@pytest.fixture
def temp(warehouse: SimpleNamespace) -> User:
    with scope(tenant=warehouse.tenant):
        make_batch(warehouse.owner, orders=2 * LOOKS)
        return guard_at_work(warehouse.owner, timezone.now())


def test_the_guard_slows_down_and_refuses_at_the_decoy(warehouse: SimpleNamespace, temp: User) -> None:
    with scope(tenant=warehouse.tenant):
        answers = GuardAnswer.objects.filter(tenant=warehouse.tenant, person=temp).order_by("at", "pk")
        assert [(one.rule, one.kind) for one in answers] == [
            ("guard_burst", "slow"),
            ("guard_decoy", "refuse"),
        ]
        assert Alert.objects.get(person=temp).rule == "decoy"


def test_the_alert_has_stopped_the_account_by_itself_and_says_why_and_how_to_undo(
    warehouse: SimpleNamespace, temp: User, signed_in: Callable[..., Client]
) -> None:
    with scope(tenant=warehouse.tenant):
        alert = Alert.objects.get(person=temp)
        assert in_force(alert).count() == 1
    page = signed_in(warehouse.owner).get(reverse("alert", args=[alert.pk])).content.decode()
    assert "Asked for a decoy order" in page
    assert "Nothing was taken: refused at once" in page
    assert "by itself" in page
    assert "Give access back" in page
    assert "Evidence kept" in page
    assert "refused before anything was shown" in page, "an empty list says why it is empty"


def test_the_owner_gives_access_back(warehouse: SimpleNamespace, temp: User) -> None:
    with scope(tenant=warehouse.tenant):
        alert = Alert.objects.get(person=temp)
        assert undo(alert, warehouse.owner, "误触，已核实", timezone.now()) == 1
        assert not in_force(alert).exists()
