"""Every decision becomes an access event, from pages and API alike, in the transaction that makes it."""

import json
from collections.abc import Callable
from errno import ENOSPC
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_scopes import scopes_disabled

from waybillguard.access.request import SignIn
from waybillguard.service.audit.models import OutboxEvent
from waybillguard.service.audit.recording import FIELDS, micros, record
from waybillguard.service.authorization.principal import load_principal
from waybillguard.service.identity.accounts.browsers import COOKIE
from waybillguard.service.identity.models import Role, ShellToken, User
from waybillguard.service.keyd import label_messages
from waybillguard.service.keyd.client import KeydClient, KeydUnavailableError
from waybillguard.service.lookups.errors import RevealDeniedError
from waybillguard.service.lookups.services import new_form, reveal
from waybillguard.service.platform.sessions import session_mark
from waybillguard.service.print_room.runs import tasks
from waybillguard.service.print_room.runs.services import start_run
from waybillguard.service.print_room.runs.tasks import draw_run
from waybillguard.service.tenancy.days import day_number
from waybillguard.service.tenancy.spool import SpoolWriter
from waybillguard.service.vault.models import Order

type Events = Callable[[], list[OutboxEvent]]

STEPPED_UP = SignIn(method="second_factor", stepped_up=True)


def shown(events: list[OutboxEvent]) -> list[tuple[str, str, str, bool, bool]]:
    return [(one.action, one.account, one.purpose, one.exposed, one.allowed) for one in events]


def me(user: User) -> str:
    return f"u{user.pk}"


def api(user: User) -> dict[str, Any]:
    secret, _ = ShellToken.issue(user, "test", timezone.now())
    return {"headers": {"authorization": f"Bearer {secret}"}, "content_type": "application/json"}


def test_an_event_holds_what_the_contract_names(scene: SimpleNamespace, events: Events) -> None:
    order = scene.orders[0]
    moment = timezone.now()
    record(
        scene.tenant, "reveal", user=scene.owner, orders=[order], purpose="return", exposed=True,
        workstation="pc-7", explained=("ticket", "T-1"), at=moment,
    )  # fmt: skip
    (one,) = events()
    assert (one.ts, one.day) == (micros(moment), day_number(moment, scene.tenant))
    assert (one.account, one.person, one.workstation) == (me(scene.owner), me(scene.owner), "pc-7")
    assert (one.order_id, one.person_token) == (bytes(order.uid).hex(), bytes(order.person_token).hex())
    assert (one.explained_by, one.explained_ref, one.exposed, one.allowed) == ("ticket", "T-1", True, True)
    assert set(FIELDS) == {f.attname for f in OutboxEvent._meta.concrete_fields} - {"id", "batch_id"}


def test_an_event_goes_with_the_decision_that_is_rolled_back(scene: SimpleNamespace, events: Events) -> None:
    def decide() -> None:
        with transaction.atomic():
            record(scene.tenant, "reveal", user=scene.owner)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        decide()
    assert events() == []


def test_microseconds_are_exact_to_the_last() -> None:
    moment = timezone.datetime(2026, 11, 24, 20, 15, 3, 999_999, tzinfo=timezone.get_default_timezone())
    assert micros(moment) % 1_000_000 == 999_999
    assert timezone.datetime.fromtimestamp(micros(moment) // 1_000_000, moment.tzinfo) == moment.replace(
        microsecond=0
    )


def test_a_look_is_recorded_as_allowed_and_shown(scene: SimpleNamespace, events: Events) -> None:
    order = scene.orders[0]
    who = load_principal(scene.owner, STEPPED_UP, timezone.now())
    reveal(who, order, group="phone", purpose="delivery_problem", form=new_form(scene.owner, order))
    assert shown(events()) == [("reveal", me(scene.owner), "delivery_problem", True, True)]
    assert events()[0].order_id == bytes(order.uid).hex()


def test_a_refused_look_is_recorded_as_refused(scene: SimpleNamespace, events: Events) -> None:
    order = scene.orders[0]
    who = load_principal(scene.clerk, STEPPED_UP, timezone.now())
    with pytest.raises(RevealDeniedError):
        reveal(who, order, group="phone", purpose="delivery_problem", form=new_form(scene.clerk, order))
    assert shown(events()) == [("reveal", me(scene.clerk), "delivery_problem", False, False)]


def test_a_look_that_the_ledger_then_refuses_stays_recorded(
    scene: SimpleNamespace, events: Events, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = scene.orders[0]
    who = load_principal(scene.owner, STEPPED_UP, timezone.now())
    form = new_form(scene.owner, order)
    real = KeydClient.call

    def refuse(self: KeydClient, request: Any, answer: type) -> Any:
        if type(request).__name__ == "Reveal":
            raise KeydUnavailableError(zh="密钥进程没有应答", en="the key process does not answer")
        return real(self, request, answer)

    monkeypatch.setattr(KeydClient, "call", refuse)
    with pytest.raises(KeydUnavailableError):
        reveal(who, order, group="phone", purpose="delivery_problem", form=form)
    assert [one.exposed for one in events()] == [True]


def test_pages_record_lists_views_and_searches(
    scene: SimpleNamespace, events: Events, signed_in: Callable[..., Client]
) -> None:
    browser = signed_in(scene.clerk)
    browser.get(reverse("orders"))
    browser.get(reverse("order_detail", args=[scene.orders[0].pk]))
    browser.get(reverse("order_label", args=[scene.orders[0].pk]))
    browser.post(reverse("order_search"), {"kind": "order", "value": "R00000003"})
    who = me(scene.clerk)
    assert shown(events()) == [
        ("view", who, "list", False, True), ("view", who, "detail", False, True),
        ("view", who, "label_picture", False, True), ("search", who, "order", False, True),
    ]  # fmt: skip
    assert [one.order_id for one in events()][:2] == ["", bytes(scene.orders[0].uid).hex()]
    assert {one.ip for one in events()} == {"127.0.0.1"}


def test_the_session_is_a_keyed_hash_and_never_its_key(
    scene: SimpleNamespace, events: Events, signed_in: Callable[..., Client]
) -> None:
    browser = signed_in(scene.clerk)
    browser.get(reverse("orders"))
    (one,) = events()
    key = browser.session.session_key
    assert one.session == session_mark(SimpleNamespace(session=SimpleNamespace(session_key=key)))  # type: ignore[arg-type]
    assert len(one.session) == 16
    assert one.session not in str(key)


def test_a_browser_is_a_workstation_whoever_signs_in_at_it(scene: SimpleNamespace, events: Events) -> None:
    browser = Client()
    browser.cookies[COOKIE] = "m" * 43
    for user in (scene.clerk, scene.service):
        browser.force_login(user)
        browser.get(reverse("orders"))
    first, second = events()
    assert first.workstation.startswith("browser-")
    assert first.workstation == second.workstation
    assert first.session != second.session


def test_the_machine_interface_records_the_same(scene: SimpleNamespace, events: Events) -> None:
    asked = api(scene.owner)
    client = Client()
    client.get("/api/v1/orders", **asked)
    client.post("/api/v1/orders/search", json.dumps({"kind": "order", "value": "R00000003"}), **asked)
    client.post(
        "/api/v1/orders/masked", json.dumps({"ids": [scene.orders[0].pk, scene.orders[1].pk]}), **asked
    )
    client.post("/api/v1/logout", **asked)
    assert [(one.action, one.purpose) for one in events()] == [
        ("view", "list"), ("search", "order"), ("view", "machine"), ("view", "machine"), ("logout", ""),
    ]  # fmt: skip
    assert len({one.session for one in events()}) == 1
    assert events()[0].session


def test_a_role_that_may_not_is_recorded_as_refused(
    scene: SimpleNamespace, events: Events, signed_in: Callable[..., Client]
) -> None:
    signed_in(scene.service).get(reverse("imports"))
    signed_in(scene.service).get(reverse("printing"))
    Client().post("/api/v1/label-runs", json.dumps({"all": True}), **api(scene.service))
    assert [(one.action, one.allowed) for one in events()] == [
        ("import", False),
        ("print", False),
        ("print", False),
    ]


def test_sign_ins_failed_ones_and_sign_outs_are_recorded(
    scene: SimpleNamespace, events: Events, made_up: ModuleType
) -> None:
    made_up.make_user(scene.tenant, "plain", Role.SERVICE, second_factor=False)
    browser = Client()
    browser.post("/login/", {"login": "plain", "password": "wrong wrong wrong"})
    browser.post("/login/", {"login": "my secret by mistake", "password": "wrong wrong wrong"})
    browser.post("/login/", {"login": "plain", "password": made_up.PASSWORD})
    browser.post("/logout/")
    assert [(one.action, one.allowed, bool(one.account)) for one in events()] == [
        ("login_failed", False, True), ("login_failed", False, False), ("login", True, True), ("logout", True, True),
    ]  # fmt: skip
    assert "mistake" not in str([vars(one) for one in events()])
    assert events()[2].session == events()[3].session != ""


def test_a_failed_sign_in_with_an_unknown_name_belongs_to_nobody_among_several_tenants(
    scene: SimpleNamespace, elsewhere: SimpleNamespace
) -> None:
    assert scene.tenant != elsewhere.tenant
    Client().post("/login/", {"login": "nobody", "password": "wrong wrong wrong"})
    with scopes_disabled():
        assert not OutboxEvent.objects.exists()


def test_printing_records_each_label_and_printing_again_as_such(
    scene: SimpleNamespace, events: Events
) -> None:
    wanted = [order.pk for order in scene.orders[:2]]
    Order.objects.filter(pk__in=wanted).update(goods_class="服装", masked_address="浙江省金华市义乌市****")
    for _ in range(2):
        run = start_run(scene.owner, order_ids=wanted, station="台 1", carrier="simulator", dpi=203)
        draw_run.call(run.pk)
        run.refresh_from_db()
        refusals = list(run.tickets.values_list("reason_en", flat=True))
        assert (run.state, run.done) == ("ready", 2), refusals
        type(run).objects.filter(pk=run.pk).update(created_at=timezone.now() - timezone.timedelta(minutes=1))
    found = [(one.action, one.account, one.exposed, one.explained_by) for one in events()]
    who = me(scene.owner)
    assert found == [
        ("export", "carrier:simulator", True, "print_job"), ("export", "carrier:simulator", True, "print_job"),
        ("print", who, False, "print_job"), ("print", who, False, "print_job"),
        ("reprint", who, False, "print_job"), ("reprint", who, False, "print_job"),
    ]  # fmt: skip
    assert {one.workstation for one in events()} == {"台 1"}
    assert {one.explained_ref for one in events()[-2:]} == {f"run {run.pk}"}


def test_the_first_label_after_tries_that_left_none_is_printed_and_not_printed_again(
    scene: SimpleNamespace, events: Events, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = [order.pk for order in scene.orders[:2]]
    Order.objects.filter(pk__in=wanted).update(goods_class="服装", masked_address="浙江省金华市义乌市****")
    run = start_run(scene.owner, order_ids=wanted, station="台 1", carrier="simulator", dpi=203)

    def full(_: SpoolWriter) -> None:
        raise OSError(ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(SpoolWriter, "finish", full)
        draw_run.call(run.pk)
    run.refresh_from_db()
    assert run.state == "waiting"
    draw_run.call(run.pk, 1)
    type(run).objects.filter(pk=run.pk).update(created_at=timezone.now() - timezone.timedelta(minutes=1))
    draw_run.call(start_run(scene.owner, order_ids=wanted, station="台 1", carrier="simulator", dpi=203).pk)
    assert [one.action for one in events() if "print" in one.action] == ["print"] * 2 + ["reprint"] * 2
    told = [one for one in scene.asked if isinstance(one, label_messages.IssueReferences)]
    assert [[(label.attempt, label.again) for label in one.tickets] for one in told] == [
        [(1, False)] * 2, [(2, False)] * 2, [(3, True)] * 2,
    ]  # fmt: skip


def test_an_order_shredded_while_its_label_is_drawn_leaves_no_label_and_no_file(
    scene: SimpleNamespace, events: Events, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = [order.pk for order in scene.orders[:2]]
    Order.objects.filter(pk__in=wanted).update(goods_class="服装", masked_address="浙江省金华市义乌市****")
    run = start_run(scene.owner, order_ids=wanted, station="台 1", carrier="simulator", dpi=203)
    numbers = tasks.assign_numbers

    def meanwhile(*given: Any) -> None:
        numbers(*given)
        Order.objects.filter(pk=wanted[0]).update(shredded_at=timezone.now())

    monkeypatch.setattr(tasks, "assign_numbers", meanwhile)
    draw_run.call(run.pk)
    run.refresh_from_db()
    assert (run.state, run.spool_name, run.error_zh != "") == ("failed", "", True)
    assert set(run.tickets.values_list("state", flat=True)) == {"void"}
    assert not Order.objects.filter(pk__in=wanted, printed_at__isnull=False).exists()
    assert not any(path.is_file() for path in settings.CONFIG.spool_dir.iterdir())
    assert "print" not in {one.action for one in events()}


def test_an_import_is_recorded_when_it_is_let_in(
    scene: SimpleNamespace, events: Events, made_up: ModuleType, signed_in: Callable[..., Client]
) -> None:
    batch = made_up.make_batch(scene.owner, "preview")
    signed_in(scene.owner).post(reverse("import_act", args=[batch.pk, "commit"]))
    assert shown(events()) == [("import", me(scene.owner), "orders", False, True)]
