"""Every option of the policy form changes the answer of some page or operation."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from support.in_force import put_in_force

from waybillguard.access.settings import default_settings
from waybillguard.service.authorization import active_policies, principal
from waybillguard.service.authorization.forms import IN_SHIFT, TWO_PEOPLE, PolicyForm
from waybillguard.service.authorization.models import PolicyVersion
from waybillguard.service.authorization.policy_versions import save_draft, try_out
from waybillguard.service.exports.models import Export
from waybillguard.service.identity.models import Role
from waybillguard.service.lookups.models import Call, CallSetting, GuardAnswer, Look
from waybillguard.service.lookups.services import new_form
from waybillguard.service.print_room.models import LabelRun
from waybillguard.service.vault.models import Batch, Order

type Confirmed = Callable[..., Client]


@pytest.fixture
def house(
    scene: SimpleNamespace, made_up: ModuleType, monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Any
) -> Iterator[SimpleNamespace]:
    """The scene with a supervisor, a provider of numbers, and a function that puts a version in force."""
    monkeypatch.setattr(principal, "FRESH_S", 0.0)
    monkeypatch.setattr(type(settings.CONFIG), "spool_dir", property(lambda _: tmp_path / "spool"))
    scene.supervisor = made_up.make_user(scene.tenant, "supervisor", Role.SUPERVISOR)
    CallSetting.objects.create(tenant=scene.tenant, provider="simulator")

    scene.enforce = partial(put_in_force, scene.owner)
    yield scene
    active_policies._kept.cache_clear()


def does(house: SimpleNamespace, confirmed: Confirmed, action: str) -> bool:
    """Try an action, confirming again if the guard requires it; return whether it was done."""
    asked_before = GuardAnswer.objects.filter(kind="step_up").count()
    if tries(house, confirmed, action):
        return True
    asked_again = GuardAnswer.objects.filter(kind="step_up").count() > asked_before
    return asked_again and tries(house, partial(confirmed, seconds_ago=0), action)


def tries(house: SimpleNamespace, confirmed: Confirmed, action: str) -> bool:  # noqa: PLR0911
    """Try an action on its page, as a user whose role may do it; return whether it was done."""
    supervisor = confirmed(house.supervisor)
    order = Order.objects.select_related("tenant").get(pk=house.orders[0].pk)
    match action:
        case "import":
            file = SimpleUploadedFile("orders.csv", "订单号,收件人\n1,测试人\n".encode())
            before = Batch.objects.count()
            supervisor.post(reverse("imports"), {"file": file})
            return Batch.objects.count() > before
        case "print" | "reprint":
            before = LabelRun.objects.count()
            Order.objects.filter(pk=order.pk).update(
                printed_at=timezone.now() if action == "reprint" else None
            )
            values = {"ids": str(order.pk), "size": "76x130", "dpi": "203", "kind": "pdf"}
            LabelRun.objects.all().update(created_at=timezone.now() - timedelta(hours=1))
            supervisor.post(reverse("print_start"), values)
            return LabelRun.objects.count() > before
        case "search":
            return supervisor.post(reverse("order_search"), {"q": "T001"}).status_code == 200
        case "view":
            return supervisor.get(reverse("order_detail", args=[order.pk])).status_code == 200
        case "call":
            supervisor.post(reverse("call", args=[order.pk]), {"purpose": "delivery_problem"})
            made = Call.objects.order_by("-pk").first()
            Call.objects.update(released_at=timezone.now())
            return made is not None and made.allowed
        case "reveal":
            values = {"group": "phone", "purpose": "after_sales", "form": new_form(house.supervisor, order)}
            supervisor.post(reverse("reveal_show", args=[order.pk]), values)
            last = Look.objects.order_by("-pk").first()
            return last is not None and last.allowed
        case "export":
            before = Export.objects.count()
            values = {"form": "masked", "purpose": "after_sales", "ids": str(order.pk)}
            supervisor.post(reverse("export_ask"), values)
            return Export.objects.count() > before
        case "policy_change":
            row = save_draft(
                house.owner, default_settings().to_form(), active_policies.DEFAULT_ROSTER, timezone.now()
            )
            try_out(row, timezone.now())
            confirmed(house.owner).post(reverse("policy_activate", args=[row.pk]))
            row.refresh_from_db()
            return row.state == PolicyVersion.State.ACTIVE
    raise AssertionError(f"no page is known that asks {action}")


@pytest.mark.parametrize("action", IN_SHIFT)
def test_whatever_can_be_bound_to_the_shift_is_refused_out_of_shift(
    action: str, house: SimpleNamespace, confirmed: Confirmed
) -> None:
    house.enforce()
    assert does(house, confirmed, action)
    house.enforce(shift_actions=[action])
    assert not does(house, confirmed, action)


@pytest.mark.parametrize("action", TWO_PEOPLE)
def test_whatever_two_people_can_be_asked_for_is_refused_to_one(
    action: str, house: SimpleNamespace, confirmed: Confirmed
) -> None:
    house.enforce(two_people=[action])
    assert not does(house, confirmed, action)
    house.enforce()
    assert does(house, confirmed, action)


def test_a_two_person_rule_stays_when_the_form_is_saved_again(house: SimpleNamespace) -> None:
    house.enforce(two_people=["policy_change"])
    form = PolicyForm(start=active_policies.active_policies(house.tenant))
    data: dict[str, Any] = {
        name: field.initial
        for name, field in form.fields.items()
        if field.initial is not None and field.initial is not False
    }
    saved = PolicyForm(data, start=active_policies.active_policies(house.tenant))
    assert saved.is_valid(), saved.errors
    assert saved.values()["two_people"] == ["policy_change"]
