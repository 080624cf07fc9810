"""Step-up: after the code is entered, the submitted form is processed once, unchanged."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse
from support.grants import TOTP_SECRET, code_now

from waybillguard.service.exports.models import Export
from waybillguard.service.identity.models import Role, User
from waybillguard.service.lookups.models import QuotaState
from waybillguard.service.vault.models import RetentionRule

type Sent = tuple[str, dict[str, object], Callable[[], object]]
"""A URL, the data submitted to it, and a function that tells whether it was processed."""


def confirm(client: Client, sent: str) -> str:
    """Enter the code on the confirmation page; return the redirect target."""
    assert sent.startswith(reverse("mfa_reauthenticate"))
    answer = client.post(sent, {"code": code_now(TOTP_SECRET)})
    assert answer.status_code == 302, answer.content.decode()
    return answer["Location"]


def role(scene: SimpleNamespace) -> Sent:
    address = reverse("person_role", args=[scene.clerk.pk])
    return (
        address,
        {"role": "supervisor"},
        lambda: User.objects.get(pk=scene.clerk.pk).role == Role.SUPERVISOR,
    )


def unfreeze(scene: SimpleNamespace) -> Sent:
    QuotaState.objects.create(tenant=scene.tenant, account=scene.clerk, frozen_at="2026-11-01T00:00:00Z")
    address = reverse("quota_freeze", args=[scene.clerk.pk])
    state = QuotaState.objects.filter(account=scene.clerk)
    return address, {"frozen": ""}, lambda: state.get().frozen_at is None


def hold(scene: SimpleNamespace) -> Sent:
    rule = RetentionRule.objects.filter(tenant=scene.tenant)
    return reverse("retention_set"), {"legal_hold": "2026-17"}, rule.filter(legal_hold="2026-17").exists


def export(scene: SimpleNamespace) -> Sent:
    ids = [order.pk for order in scene.orders[3:6]]
    asked = {"ids": ",".join(map(str, ids)), "form": "masked", "purpose": "after_sales"}
    return reverse("export_ask"), asked, lambda: [e.selection for e in Export.objects.all()] == [ids]


ACTIONS = [role, unfreeze, hold, export]


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.__name__)
def test_after_the_code_it_is_done_once_with_what_was_chosen(
    scene: SimpleNamespace, signed_in: Callable[..., Client], action: Callable[..., Sent]
) -> None:
    address, sent, done = action(scene)
    client = signed_in(scene.owner)
    first = client.post(address, sent)
    assert first.status_code == 302
    assert not done(), "nothing happens before the code"
    landed = confirm(client, first["Location"])
    assert done(), "it is carried out, not asked for again"
    assert landed != address, "and the page it belongs to follows"
    client.get(landed)
    assert done()


def test_a_wrong_code_does_nothing_and_the_right_one_after_it_does(
    scene: SimpleNamespace, signed_in: Callable[..., Client]
) -> None:
    address, sent, done = role(scene)
    client = signed_in(scene.owner)
    page = client.post(address, sent)["Location"]
    assert client.post(page, {"code": "000000"}).status_code == 200
    assert not done()
    confirm(client, page)
    assert done()


def test_back_and_a_second_code_do_not_do_it_again(
    scene: SimpleNamespace, signed_in: Callable[..., Client]
) -> None:
    address, sent, done = export(scene)
    client = signed_in(scene.owner)
    page = client.post(address, sent)["Location"]
    confirm(client, page)
    again = client.post(page, {"code": code_now(TOTP_SECRET, ahead=1)})
    assert again.status_code == 302
    assert done(), "one export, not two"
