# ruff: noqa: ARG001 - fixtures are asked for by name
"""The guard for looks, searches and exports: confirmation, delay, refusal, and whom to ask."""

import re
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from waybillguard.access.request import SignIn
from waybillguard.service.alerts.models import Alert
from waybillguard.service.authorization.models import Restriction
from waybillguard.service.authorization.principal import load_principal
from waybillguard.service.identity.models import Role, User
from waybillguard.service.lookups.errors import GuardError
from waybillguard.service.lookups.guard import place_decoy, set_threshold
from waybillguard.service.lookups.models import GuardAnswer, Look
from waybillguard.service.lookups.services import new_form, reveal
from waybillguard.service.platform.errors import NotAllowedError
from waybillguard.service.vault.errors import TooManySearchesError
from waybillguard.service.vault.search import search_orders

pytestmark = pytest.mark.django_db


def look(scene: SimpleNamespace, sign_in: SignIn, number: int, user: User | None = None) -> Any:
    user = user or scene.owner
    order = scene.orders[number % len(scene.orders)]
    order.tenant = scene.tenant
    asker = load_principal(user, sign_in, timezone.now())
    return reveal(asker, order, group="phone", purpose="delivery_problem", form=new_form(user, order))


@pytest.fixture
def strict(scene: SimpleNamespace, warehouse: SimpleNamespace) -> Iterator[SimpleNamespace]:
    """A guard that requires a confirmation from the fourth look of a burst, and refuses from the sixth."""
    set_threshold(scene.owner, scene.tenant, "guard_burst.reveal.step_up", 4)
    set_threshold(scene.owner, scene.tenant, "guard_burst.reveal.refuse", 6)
    return scene


def test_a_burst_of_looks_asks_for_a_confirmation_and_shows_nothing_until_then(
    strict: SimpleNamespace, stepped_up: SignIn
) -> None:
    for number in range(3):
        look(strict, stepped_up, number)
    with pytest.raises(GuardError) as held:
        look(strict, stepped_up, 3)
    assert held.value.kind == "step_up"
    assert Look.objects.count() == 3
    answer = GuardAnswer.objects.get()
    assert (answer.kind, answer.rule, answer.act) == ("step_up", "guard_burst", "reveal")


def test_the_page_sends_to_the_confirmation_and_the_form_is_not_used_up(
    strict: SimpleNamespace, confirmed: Callable[..., Client]
) -> None:
    browser = confirmed(strict.owner)
    for number in range(4):
        pk = strict.orders[number].pk
        page = browser.get(reverse("reveal", args=[pk]), secure=True).content.decode()
        form = re.search(r'name="form" value="([^"]+)"', page)
        assert form is not None
        asked = {"form": form[1], "group": "phone", "purpose": "delivery_problem"}
        answer = browser.post(reverse("reveal_show", args=[pk]), asked, secure=True)
    assert answer.status_code == 302
    assert "confirm" in answer["Location"]
    waiting = browser.get(reverse("reveal", args=[pk]), secure=True)
    assert waiting.status_code == 302
    again = confirmed(strict.owner, seconds_ago=0)
    shown = again.post(reverse("reveal_show", args=[pk]), asked, secure=True)
    assert b'id="secret"' in shown.content


def test_who_is_refused_is_told_why_and_whom_to_ask(
    strict: SimpleNamespace, confirmed: Callable[..., Client]
) -> None:
    order = strict.orders[0]
    place_decoy(strict.owner, strict.tenant, order.order_no)
    helper = User.objects.create_user(
        username="helper", tenant=strict.tenant, role=Role.OWNER, display_name="负责人小吴"
    )
    browser = confirmed(strict.owner)
    page = browser.get(reverse("reveal", args=[order.pk]), secure=True).content.decode()
    form = re.search(r'name="form" value="([^"]+)"', page)
    assert form is not None
    asked = {"form": form[1], "group": "phone", "purpose": "delivery_problem"}
    answer = browser.post(reverse("reveal_show", args=[order.pk]), asked, secure=True)
    assert answer.status_code == 403
    told = answer.content.decode()
    assert helper.display_name in told
    assert "decoy" not in told
    assert Look.objects.get().policies == "guard"


def test_a_decoy_that_is_asked_for_is_refused_alerted_and_answered_at_once(
    scene: SimpleNamespace, stepped_up: SignIn
) -> None:
    place_decoy(scene.owner, scene.tenant, scene.orders[1].order_no)
    other = User.objects.create_user(username="second", tenant=scene.tenant, role=Role.OWNER)
    with pytest.raises(GuardError) as held:
        look(scene, stepped_up, 1)
    assert held.value.kind == "refuse"
    alert = Alert.objects.get()
    assert (alert.rule, alert.severity, alert.person_id) == ("decoy", "critical", scene.owner.pk)
    assert Restriction.objects.get(lifted_at=None).person_id == scene.owner.pk
    assert not Look.objects.get().allowed
    look(scene, stepped_up, 0, other)


def test_fast_searches_are_slowed_down_and_none_is_made(scene: SimpleNamespace) -> None:
    set_threshold(scene.owner, scene.tenant, "guard_burst.search.slow", 20)
    for _ in range(19):
        search_orders(scene.service, "phone", "13700000000")
    with pytest.raises(TooManySearchesError, match="seconds"):
        search_orders(scene.service, "phone", "13700000000")


def test_what_the_guard_answered_is_listed_for_who_leads(
    strict: SimpleNamespace, stepped_up: SignIn, signed_in: Callable[..., Client]
) -> None:
    for number in range(3):
        look(strict, stepped_up, number)
    with pytest.raises(GuardError):
        look(strict, stepped_up, 3)
    page = signed_in(strict.owner).get(reverse("guard")).content.decode()
    assert "too fast" in page
    assert "Asked to confirm again" in page


def test_an_order_number_that_does_not_exist_is_said_and_not_taken_for_a_missing_right(
    scene: SimpleNamespace,
) -> None:
    with pytest.raises(NotAllowedError) as refused:
        place_decoy(scene.owner, scene.tenant, "NOPE")
    assert "订单号" in refused.value.zh
    assert "no order with this number" in refused.value.en
