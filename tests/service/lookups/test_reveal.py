"""A look at plaintext: who may see a record, who is refused and why, and what is recorded."""

import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from service.made_up import make_user

from waybillguard.access.request import SignIn
from waybillguard.service.authorization.models import RecordedDecision
from waybillguard.service.authorization.principal import load_principal
from waybillguard.service.identity.accounts.services import deactivate
from waybillguard.service.identity.models import Employment, Role, User
from waybillguard.service.keyd import messages
from waybillguard.service.keyd.client import KeydClient, KeydUnavailableError
from waybillguard.service.lookups.counting import left_of
from waybillguard.service.lookups.errors import RevealDeniedError, UsedFormError
from waybillguard.service.lookups.models import Look, LookAlarm, QuotaCounter
from waybillguard.service.lookups.services import new_form, reveal

type Confirmed = Callable[..., Client]


def ask(scene: SimpleNamespace, sign_in: SignIn, number: int = 0, **changes: Any) -> Any:
    user = changes.pop("user", scene.owner)
    order = scene.orders[number]
    values = {"group": "phone", "purpose": "delivery_problem", "form": new_form(user, order)} | changes
    order.tenant = scene.tenant
    return reveal(load_principal(user, sign_in, timezone.now()), order, **values)


def asked(scene: SimpleNamespace, kind: type) -> list[Any]:
    return [request for request in scene.written if isinstance(request, kind)]


def form_of(page: str) -> str:
    found = re.search(r'name="form" value="([^"]+)"', page)
    assert found
    return found.group(1)


def test_one_field_group_of_one_record_is_shown(scene: SimpleNamespace, stepped_up: SignIn) -> None:
    shown = ask(scene, stepped_up)
    assert (shown.record.name, shown.record.phone, shown.record.address) == ("测试人0", "19900000000", "")
    other = ask(scene, stepped_up, group="address")
    assert (other.record.name, other.record.phone) == ("", "")
    assert other.record.address == "浙江省金华市义乌市不存在路0号"


def test_the_ledger_is_told_who_why_and_by_which_rule(scene: SimpleNamespace, stepped_up: SignIn) -> None:
    shown = ask(scene, stepped_up)
    (request,) = asked(scene, messages.Reveal)
    assert request.context.actor == f"u{scene.owner.pk}"
    assert request.context.purpose == "delivery_problem"
    assert request.policies == ["allow-owner"]
    assert len(request.policy_version) == 64
    assert shown.look.receipt_hash
    assert Look.objects.get().receipt_index == shown.record.index


def test_a_form_shows_a_record_once(scene: SimpleNamespace, stepped_up: SignIn) -> None:
    form = new_form(scene.owner, scene.orders[0])
    ask(scene, stepped_up, form=form)
    with pytest.raises(UsedFormError):
        ask(scene, stepped_up, form=form)
    assert len(asked(scene, messages.Reveal)) == 1


@pytest.mark.parametrize("other", ["order", "person", "text"])
def test_a_form_of_another_shows_nothing(other: str, scene: SimpleNamespace, stepped_up: SignIn) -> None:
    form = {
        "order": new_form(scene.owner, scene.orders[1]),
        "person": new_form(scene.service, scene.orders[0]),
        "text": "made up",
    }[other]
    with pytest.raises(UsedFormError):
        ask(scene, stepped_up, form=form)
    assert scene.written == []


@pytest.mark.parametrize(
    ("rule", "changes", "sign_in"),
    [
        ("step-up", {}, SignIn(method="second_factor")),
        ("badge-masked-only", {}, SignIn(method="password", stepped_up=True)),
        ("reveal-purpose", {"purpose": ""}, None),
        ("reveal-purpose", {"purpose": "because I want to see 13800000000"}, None),
    ],
)
def test_a_refusal_names_its_rule_and_goes_to_the_ledger(
    rule: str, changes: dict[str, Any], sign_in: SignIn | None, scene: SimpleNamespace, stepped_up: SignIn
) -> None:
    with pytest.raises(RevealDeniedError) as refused:
        ask(scene, sign_in or stepped_up, **changes)
    assert rule in refused.value.policies
    assert asked(scene, messages.Reveal) == []
    (told,) = asked(scene, messages.Record)
    assert told.kind == "reveal_refused"
    assert rule in told.detail["policies"]
    look = Look.objects.get()
    assert (look.allowed, look.receipt_index) == (False, look.receipt_index)
    assert look.reason_zh
    assert look.reason_en
    assert "13800000000" not in bytes(RecordedDecision.objects.get().request).decode()


def test_a_closed_order_shows_nothing(scene: SimpleNamespace, stepped_up: SignIn) -> None:
    scene.orders[0].state = "returned"
    with pytest.raises(RevealDeniedError) as refused:
        ask(scene, stepped_up)
    assert refused.value.policies == ("reveal-closed",)


def test_a_role_without_plaintext_gets_none(scene: SimpleNamespace, stepped_up: SignIn) -> None:
    with pytest.raises(RevealDeniedError):
        ask(scene, stepped_up, user=scene.clerk)
    assert asked(scene, messages.Reveal) == []


def test_who_was_let_go_after_the_page_was_opened_gets_nothing(
    scene: SimpleNamespace, stepped_up: SignIn
) -> None:
    who = load_principal(scene.owner, stepped_up, timezone.now())
    order = scene.orders[0]
    order.tenant = scene.tenant
    form = new_form(scene.owner, order)
    deactivate(scene.owner)
    with pytest.raises(RevealDeniedError) as refused:
        reveal(who, order, group="phone", purpose="delivery_problem", form=form)
    assert "leaver" in refused.value.policies


def test_nothing_is_shown_when_the_ledger_is_away_and_the_look_stays_counted(
    scene: SimpleNamespace, stepped_up: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: Any) -> None:
        raise KeydUnavailableError(zh="没有应答", en="no answer")

    monkeypatch.setattr(KeydClient, "call", away)
    with pytest.raises(KeydUnavailableError):
        ask(scene, stepped_up)
    assert QuotaCounter.objects.get(scope="hour").used == 1
    assert Look.objects.get().receipt_index is None


def test_used_and_left_count_looks_and_distinct_persons(scene: SimpleNamespace, stepped_up: SignIn) -> None:
    for number in (0, 1, 1):
        ask(scene, stepped_up, number)
    left, frozen = left_of(load_principal(scene.owner, stepped_up, timezone.now()))
    used = {one.scope: (one.used, one.left) for one in left}
    assert used["hour"] == (3, 27)
    assert used["persons_30d"] == (2, 247)
    assert not frozen


def test_many_refusals_raise_one_alarm(scene: SimpleNamespace, stepped_up: SignIn) -> None:
    for number in range(7):
        with pytest.raises(RevealDeniedError):
            ask(scene, stepped_up, number, purpose="")
    alarm = LookAlarm.objects.get()
    assert (alarm.kind, alarm.count) == ("refusals", 5)
    assert alarm.ledger_index is not None
    assert [r.kind for r in asked(scene, messages.Record)].count("alarm") == 1


def test_a_page_shows_the_record_watermarked_and_uncached(
    scene: SimpleNamespace, confirmed: Confirmed
) -> None:
    client = confirmed(scene.owner)
    order = scene.orders[3]
    form = form_of(client.get(reverse("reveal", args=[order.pk])).content.decode())
    values = {"group": "phone", "purpose": "after_sales", "form": form}
    page = client.post(reverse("reveal_show", args=[order.pk]), values)
    text = page.content.decode()
    assert page.status_code == 200
    assert "19900000003" in text
    assert "wg-watermark" in text
    assert f"#{Look.objects.get().receipt_index}" in text
    assert "no-store" in page["Cache-Control"]
    assert page["Refresh"].startswith("60;")
    again = client.post(reverse("reveal_show", args=[order.pk]), values)
    assert again.status_code == 302
    assert again["Location"] == reverse("reveal", args=[order.pk])


@pytest.mark.parametrize("page", ["get", "post"])
@pytest.mark.parametrize(("seconds", "kind"), [(301, "totp"), (1, "recovery_codes")])
def test_without_a_fresh_step_up_the_way_leads_to_it(
    page: str, seconds: int, kind: str, scene: SimpleNamespace, confirmed: Confirmed
) -> None:
    client = confirmed(scene.owner, seconds_ago=seconds, kind=kind)
    pk = scene.orders[0].pk
    answer = (
        client.get(reverse("reveal", args=[pk]))
        if page == "get"
        else client.post(
            reverse("reveal_show", args=[pk]),
            {"form": new_form(scene.owner, scene.orders[0]), "group": "phone", "purpose": "after_sales"},
        )
    )
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("mfa_reauthenticate"))
    assert asked(scene, messages.Reveal) == []


def test_a_passkey_counts_as_step_up(scene: SimpleNamespace, confirmed: Confirmed) -> None:
    client = confirmed(scene.owner, kind="webauthn")
    assert client.get(reverse("reveal", args=[scene.orders[0].pk])).status_code == 200


def test_a_form_from_elsewhere_is_refused(scene: SimpleNamespace, confirmed: Confirmed) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = confirmed(scene.owner).cookies
    answer = strict.post(
        reverse("reveal_show", args=[scene.orders[0].pk]),
        {"form": new_form(scene.owner, scene.orders[0]), "group": "phone", "purpose": "after_sales"},
    )
    assert answer.status_code == 403
    assert scene.written == []


def test_an_order_of_another_tenant_is_not_there(
    scene: SimpleNamespace, elsewhere: SimpleNamespace, confirmed: Confirmed
) -> None:
    client = confirmed(elsewhere.owner)
    for name, verb in (("reveal", "get"), ("reveal_show", "post")):
        assert getattr(client, verb)(reverse(name, args=[scene.orders[0].pk])).status_code == 404


def test_staff_and_company_see_the_same_record(
    scene: SimpleNamespace, stepped_up: SignIn, confirmed: Confirmed
) -> None:
    ask(scene, stepped_up)
    with pytest.raises(RevealDeniedError):
        ask(scene, stepped_up, 1, purpose="")
    rows = re.compile(r"<tbody>.*?</tbody>", re.DOTALL)
    client = confirmed(scene.owner)
    own = rows.findall(client.get(reverse("looks")).content.decode())
    company = rows.findall(client.get(reverse("looks_of", args=[scene.owner.pk])).content.decode())
    assert own == company
    assert own[0].count("<tr>") == 2
    assert "19900000000" not in own[0]


def test_a_record_says_so_where_no_plaintext_may_be_seen(
    scene: SimpleNamespace, signed_in: Callable[[User], Client]
) -> None:
    inspector = make_user(scene.tenant, "checks", Role.INSPECTOR)
    page = signed_in(inspector).get(reverse("looks")).content.decode()
    assert "it sees no plaintext" in page
    assert "0 of 0" not in page
    assert "used, " in signed_in(scene.owner).get(reverse("looks")).content.decode()


def test_there_is_no_operation_that_reveals() -> None:
    from waybillguard.service.web.api.routes import api

    assert "reveal" not in str(api.get_openapi_schema(path_prefix="")["paths"].keys())
    assert not any(name in messages.Reveal.__struct_fields__ for name in ("orders", "queries", "rows"))


def test_out_of_shift_the_page_says_the_hours_before_a_code_is_asked_for(
    scene: SimpleNamespace, confirmed: Confirmed
) -> None:
    Employment.objects.create(tenant=scene.tenant, user=scene.service, name="x", shift="no such shift")
    client = confirmed(scene.service, seconds_ago=301)
    page = client.get(reverse("reveal", args=[scene.orders[0].pk]))
    text = page.content.decode()
    assert page.status_code == 403
    assert "00:00" in text
    assert "an owner has to grant overtime" in text
    assert "off-shift" not in re.sub(r'title="[^"]*"', "", text)
