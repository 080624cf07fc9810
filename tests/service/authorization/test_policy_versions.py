"""Policy versions: draft, try on past decisions, activate, keep, roll back."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from waybillguard.access.request import SignIn
from waybillguard.access.settings import default_settings
from waybillguard.service.audit.models import OutboxEvent
from waybillguard.service.audit.recording import FIELDS, record
from waybillguard.service.audit.store import columns_of_rows, event_store
from waybillguard.service.authorization.active_policies import DEFAULT_ROSTER, active_policies
from waybillguard.service.authorization.authorize import KEPT, prune_decisions
from waybillguard.service.authorization.errors import DeniedError, PolicyVersionError
from waybillguard.service.authorization.models import PolicyVersion, RecordedDecision
from waybillguard.service.authorization.policy_versions import (
    activate,
    agree,
    roll_back,
    save_draft,
    try_out,
)
from waybillguard.service.authorization.principal import Principal, load_principal
from waybillguard.service.identity.models import Role
from waybillguard.service.lookups.errors import RevealDeniedError
from waybillguard.service.lookups.services import new_form, reveal
from waybillguard.service.platform.config import Config

type Confirmed = Callable[..., Client]


def owner(scene: SimpleNamespace, sign_in: SignIn) -> Principal:
    return load_principal(scene.owner, sign_in, timezone.now())


def draft_of(scene: SimpleNamespace, **changes: Any) -> PolicyVersion:
    return save_draft(scene.owner, default_settings().to_form() | changes, DEFAULT_ROSTER, timezone.now())


def without_plaintext() -> dict[str, Any]:
    roles: Any = default_settings().to_form()["roles"]
    roles["owner"]["actions"] = [name for name in roles["owner"]["actions"] if name != "reveal"]
    return roles


def put_in_force(scene: SimpleNamespace, sign_in: SignIn, **changes: Any) -> PolicyVersion:
    draft = draft_of(scene, **changes)
    try_out(draft, timezone.now())
    return activate(owner(scene, sign_in), draft)


def look(scene: SimpleNamespace, sign_in: SignIn, number: int = 0) -> Any:
    order = scene.orders[number]
    order.tenant = scene.tenant
    who = load_principal(scene.owner, sign_in, timezone.now())
    return reveal(who, order, group="phone", purpose="after_sales", form=new_form(scene.owner, order))


def test_a_draft_changes_nothing_until_it_is_put_in_force(scene: SimpleNamespace, stepped_up: SignIn) -> None:
    before = active_policies(scene.tenant).book.version
    draft = draft_of(scene, roles=without_plaintext())
    try_out(draft, timezone.now())
    assert active_policies(scene.tenant).book.version == before
    activate(owner(scene, stepped_up), draft)
    assert active_policies(scene.tenant).book.version == draft.version
    with pytest.raises(RevealDeniedError):
        look(scene, stepped_up)


def test_what_would_happen_lists_the_recorded_looks_that_would_fall_otherwise(
    scene: SimpleNamespace, stepped_up: SignIn
) -> None:
    look(scene, stepped_up)
    trial = try_out(draft_of(scene, roles=without_plaintext()), timezone.now())
    assert (trial.outcome.requests, len(trial.changes)) == (1, 1)
    recorded, before, after = trial.changes[0]
    assert recorded.actor == scene.owner
    assert before.allowed
    assert not after.allowed
    assert try_out(draft_of(scene), timezone.now()).changes == ()


def test_an_untried_draft_is_not_put_in_force(scene: SimpleNamespace, stepped_up: SignIn) -> None:
    with pytest.raises(PolicyVersionError, match="not tried"):
        activate(owner(scene, stepped_up), draft_of(scene))


def test_without_step_up_nothing_is_put_in_force(scene: SimpleNamespace) -> None:
    draft = draft_of(scene)
    try_out(draft, timezone.now())
    with pytest.raises(DeniedError, match="step-up"):
        activate(owner(scene, SignIn(method="second_factor")), draft)
    assert active_policies(scene.tenant).number == 0


def test_each_change_stands_in_the_ledger_with_its_hash(scene: SimpleNamespace, stepped_up: SignIn) -> None:
    version = put_in_force(scene, stepped_up)
    (told,) = [r for r in scene.written if getattr(r, "kind", "") == "policy"]
    assert told.detail["version"] == version.version
    assert version.ledger_index is not None


def test_every_version_is_kept_and_an_old_one_comes_back(scene: SimpleNamespace, stepped_up: SignIn) -> None:
    first = put_in_force(scene, stepped_up)
    put_in_force(scene, stepped_up, temp_days=30)
    back = roll_back(owner(scene, stepped_up), first)
    assert (back.number, back.restored_from, back.version) == (3, 1, first.version)
    states = PolicyVersion.objects.order_by("number").values_list("state", flat=True)
    assert list(states) == ["retired", "retired", "active"]


def test_a_second_person_agrees_to_a_draft_and_never_its_author(
    scene: SimpleNamespace, stepped_up: SignIn, made_up: Any
) -> None:
    draft = draft_of(scene)
    try_out(draft, timezone.now())
    with pytest.raises(PolicyVersionError, match="somebody else"):
        agree(scene.owner, draft)
    second = made_up.make_user(scene.tenant, "second", Role.OWNER)
    agree(second, draft)
    draft.refresh_from_db()
    activate(owner(scene, stepped_up), draft)
    (told,) = [r for r in scene.written if getattr(r, "kind", "") == "policy"]
    assert told.detail["agreed_by"] == f"u{second.pk}"


def test_recorded_decisions_go_after_ninety_days(scene: SimpleNamespace, stepped_up: SignIn) -> None:
    look(scene, stepped_up)
    assert prune_decisions(scene.tenant, timezone.now()) == 0
    assert prune_decisions(scene.tenant, timezone.now() + KEPT + timedelta(minutes=1)) == 1
    assert not RecordedDecision.objects.exists()


def test_the_form_saves_tries_and_puts_in_force(scene: SimpleNamespace, confirmed: Confirmed) -> None:
    from waybillguard.service.authorization.forms import PolicyForm

    client = confirmed(scene.owner)
    form = PolicyForm(start=active_policies(scene.tenant))
    values = {
        name: field.initial
        for name, field in form.fields.items()
        if field.initial is not None and field.initial is not False
    }
    values |= {"service-hour": 7, "reveal_devices": ["desk"], "enrolled_only": "on"}
    answer = client.post(reverse("policy_edit"), values)
    assert answer.status_code == 302, answer.context["form"].errors
    client.get(answer["Location"])
    draft = PolicyVersion.objects.get()
    assert draft.tested_at is None, "opening a page tries nothing"
    assert (
        "recorded decisions were replayed"
        in client.post(reverse("policy_try", args=[draft.pk])).content.decode()
    )
    assert client.post(reverse("policy_activate", args=[draft.pk])).status_code == 302
    active = active_policies(scene.tenant)
    assert active.settings.limits("service").hour == 7
    assert (active.settings.form.reveal_devices, active.settings.form.enrolled_only) == (("desk",), True)
    assert client.post(reverse("policy_restore", args=[draft.pk])).status_code == 302


def test_a_form_weaker_than_the_law_of_the_house_is_not_saved(
    scene: SimpleNamespace, confirmed: Confirmed
) -> None:
    from waybillguard.service.authorization.forms import PolicyForm

    form = PolicyForm(start=active_policies(scene.tenant))
    values = {
        name: field.initial
        for name, field in form.fields.items()
        if field.initial is not None and field.initial is not False
    }
    answer = confirmed(scene.owner).post(reverse("policy_edit"), values | {"service-persons_30d": 250})
    assert answer.status_code == 422
    assert not PolicyVersion.objects.exists()


def test_what_would_happen_judges_everyday_work_of_the_last_days_too(
    scene: SimpleNamespace, settings: Any, tmp_path: Path
) -> None:
    settings.CONFIG = Config(tmp_path)
    record(scene.tenant, "print", user=scene.clerk, orders=scene.orders[:3])
    record(scene.tenant, "view", user=scene.clerk, orders=scene.orders[:1])
    record(scene.tenant, "print", user=scene.owner, orders=scene.orders[:1])
    columns = [(0, *row) for row in OutboxEvent.objects.filter(action="view").values_list(*FIELDS)]
    event_store(scene.tenant).write(
        scene.tenant.slug, columns[0][3], "part", columns_of_rows(scene.tenant, columns)
    )
    OutboxEvent.objects.filter(action="view").delete()
    soon = timezone.localtime() + timedelta(hours=2)
    later = {
        "name": "later", "start": f"{soon:%H:%M}", "end": f"{soon + timedelta(hours=3):%H:%M}",
        "weekdays": list(range(7)),
    }  # fmt: skip
    values = default_settings().to_form() | {"shift_actions": ["print"]}
    draft = save_draft(scene.owner, values, {"shifts": [later]}, timezone.now())
    trial = try_out(draft, timezone.now())
    assert (trial.recorded, trial.everyday) == (0, 3)
    assert [(one.actor, one.action, after.allowed) for one, _, after in trial.changes] == [
        (scene.clerk, "print", False)
    ]
    assert try_out(draft_of(scene), timezone.now()).changes == ()


def test_a_draft_that_was_tried_before_another_came_into_force_is_tried_again(
    scene: SimpleNamespace, stepped_up: SignIn
) -> None:
    mine = draft_of(scene, temp_days=20)
    try_out(mine, timezone.now())
    put_in_force(scene, stepped_up, temps_reveal=True)
    with pytest.raises(PolicyVersionError, match="not tried"):
        activate(owner(scene, stepped_up), mine)
    try_out(mine, timezone.now())
    assert activate(owner(scene, stepped_up), mine).based_on == 0


def test_a_form_that_was_opened_before_another_version_came_into_force_saves_nothing(
    scene: SimpleNamespace, stepped_up: SignIn, confirmed: Confirmed
) -> None:
    from waybillguard.service.authorization.forms import PolicyForm

    form = PolicyForm(start=active_policies(scene.tenant))
    values = {
        name: field.initial
        for name, field in form.fields.items()
        if field.initial is not None and field.initial is not False
    }
    put_in_force(scene, stepped_up, temp_days=30)
    answer = confirmed(scene.owner).post(reverse("policy_edit"), values | {"base": 0})
    assert answer.status_code == 422
    assert "came into force since" in answer.content.decode()
    assert PolicyVersion.objects.count() == 1
