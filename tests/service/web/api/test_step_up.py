"""Irreversible operations of the machine API require a recent sign-in."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from waybillguard.service.authorization.principal import STEP_UP_S
from waybillguard.service.identity.models import ShellToken, User
from waybillguard.service.vault.models import RetentionRule, Rotation, Shredded

RULE = {"contact_days": 60, "undelivered_days": 90, "index_days": 200, "legal_hold": ""}
type Ask = Callable[[Client], Any]
IRREVOCABLE: dict[str, Ask] = {
    "a day": lambda api: api.post(
        "/api/v1/shred", {"scope": "day", "day": "2026-09-05"}, content_type="application/json"
    ),
    "everything": lambda api: api.post(
        "/api/v1/shred", {"scope": "tenant", "confirm": "here"}, content_type="application/json"
    ),
    "a legal hold": lambda api: api.put("/api/v1/retention", RULE, content_type="application/json"),
    "a rotation": lambda api: api.post("/api/v1/keys/rotation"),
}


def signed_in_ago(user: User, seconds: int) -> Client:
    secret, token = ShellToken.issue(user, "test", timezone.now())
    ShellToken.objects.filter(pk=token.pk).update(created_at=timezone.now() - timedelta(seconds=seconds))
    return Client(headers={"authorization": f"Bearer {secret}"})


@pytest.fixture
def held(scene: SimpleNamespace) -> SimpleNamespace:
    RetentionRule.objects.create(tenant=scene.tenant, **{**RULE, "legal_hold": "2026-117"})
    return scene


@pytest.mark.parametrize("what", IRREVOCABLE)
def test_an_old_sign_in_destroys_nothing_and_is_told_to_sign_in_again(
    what: str, held: SimpleNamespace
) -> None:
    answer = IRREVOCABLE[what](signed_in_ago(held.owner, STEP_UP_S + 5))
    assert (answer.status_code, answer.json()["title"]) == (403, "step_up")
    assert "waybillguard login" in answer.json()["detail_en"]
    assert "waybillguard login" in answer.json()["detail_zh"]
    assert not Shredded.objects.exists()
    assert not Rotation.objects.exists()
    assert RetentionRule.objects.get().legal_hold == "2026-117"
    assert not held.written


def test_a_sign_in_of_just_now_lifts_a_legal_hold(held: SimpleNamespace) -> None:
    assert IRREVOCABLE["a legal hold"](signed_in_ago(held.owner, STEP_UP_S - 30)).status_code == 200
    assert RetentionRule.objects.get().legal_hold == ""


def test_an_old_sign_in_still_changes_the_days_under_a_hold(held: SimpleNamespace) -> None:
    rule = {**RULE, "contact_days": 30, "legal_hold": "2026-117"}
    answer = signed_in_ago(held.owner, 3600).put("/api/v1/retention", rule, content_type="application/json")
    assert answer.status_code == 200


def test_how_long_what_is_kept_is_told_to_owners_alone(held: SimpleNamespace) -> None:
    assert signed_in_ago(held.owner, 3600).get("/api/v1/retention").status_code == 200
    for other in (held.clerk, held.service):
        assert signed_in_ago(other, 0).get("/api/v1/retention").status_code == 403


def shred_singles(api: Client, scene: SimpleNamespace, first: int, last: int) -> Any:
    ids = [order.pk for order in scene.orders[first:last]]
    return api.post("/api/v1/shred", {"scope": "orders", "ids": ids}, content_type="application/json")


def test_an_old_sign_in_shreds_few_single_orders_a_day(scene: SimpleNamespace) -> None:
    old = signed_in_ago(scene.owner, 3600)
    assert shred_singles(old, scene, 0, 11).status_code == 403, "eleven at once"
    assert shred_singles(old, scene, 0, 8).status_code == 200
    assert shred_singles(old, scene, 8, 11).json()["title"] == "step_up", "eleven in two calls"
    assert Shredded.objects.count() == 1
    assert shred_singles(signed_in_ago(scene.owner, 5), scene, 8, 11).status_code == 200
