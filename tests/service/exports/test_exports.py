"""Exports: request, agreement, the file, the record, and reasons to stop."""

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import msgspec
import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from support.badges import station
from support.codes import has_code
from support.in_force import DAY_AND_NIGHT

from waybillguard.access.request import Place, SignIn
from waybillguard.access.settings import Settings, default_settings
from waybillguard.access.whatif import book_of
from waybillguard.seal.exportfile import ExportReader, ExportRecord
from waybillguard.seal.exportkey import fingerprint, new_export_key, public_line
from waybillguard.service.audit.models import OutboxEvent
from waybillguard.service.authorization.models import PolicyVersion
from waybillguard.service.authorization.principal import Principal, load_principal
from waybillguard.service.exports import making
from waybillguard.service.exports.asking import agree, refuse, selected, withdraw
from waybillguard.service.exports.errors import ExportDeniedError, ExportError
from waybillguard.service.exports.files import expire, fetch
from waybillguard.service.exports.models import Export, ExportPart, Recipient
from waybillguard.service.exports.recipients import confirm, register, revoke
from waybillguard.service.exports.tasks import make_export, sweep_interrupted_exports
from waybillguard.service.identity.accounts.services import deactivate
from waybillguard.service.identity.devices.browsers import facts_of
from waybillguard.service.identity.models import AccountChange, Device, Role, User
from waybillguard.service.keyd import export_messages, exporting, messages
from waybillguard.service.keyd.client import KeydClient, KeydUnavailableError, RefusedError
from waybillguard.service.keyd.grants import Grant
from waybillguard.service.lookups.models import QuotaCounter, QuotaPerson, QuotaState
from waybillguard.service.vault.facts import CLOSED_AFTER, order_facts
from waybillguard.service.vault.models import Batch, Order, OrderState, Salt
from waybillguard.service.vault.shred import finish, shred_orders
from waybillguard.service.vault.signals import rows_leaving

type Make = Callable[[Export], Export]


def opened(desk: SimpleNamespace, export: Export) -> list[ExportRecord]:
    reader = ExportReader(io.BytesIO(b"".join(fetch(desk.at(desk.owner), export))), desk.key)
    return list(reader.records())


def asked_of_keyd(desk: SimpleNamespace, kind: type) -> list[Any]:
    return [request for request in desk.written if isinstance(request, kind)]


def events(desk: SimpleNamespace) -> list[OutboxEvent]:
    return list(OutboxEvent.objects.filter(tenant=desk.tenant, action="export").order_by("pk"))


def used(desk: SimpleNamespace, scope: str = "hour") -> int:
    return sum(
        QuotaCounter.objects.filter(holder=f"u{desk.owner.pk}", scope=scope).values_list("used", flat=True)
    )


def agreed(desk: SimpleNamespace, **more: Any) -> Export:
    export = desk.ask(**more)
    agree(desk.at(desk.second), export)
    return Export.objects.get(pk=export.pk)


def test_the_recipient_reads_the_contacts_and_each_has_its_receipt(desk: SimpleNamespace, make: Make) -> None:
    export = make(agreed(desk))
    assert (export.state, export.done, export.left_out) == ("ready", 5, 0)
    records = opened(desk, export)
    assert [record.phone for record in records] == [f"199{n:08}" for n in range(5)]
    assert len({record.receipt for record in records}) == 5


def test_nothing_readable_lies_in_the_database_or_the_answer_of_keyd(
    desk: SimpleNamespace, make: Make
) -> None:
    export = make(agreed(desk))
    stored = b"".join(bytes(part.sealed) for part in ExportPart.objects.filter(export=export))
    assert b"19900000000" not in stored
    assert "测试人0".encode() not in stored


def test_each_record_counts_as_a_look_of_the_asker(desk: SimpleNamespace, make: Make) -> None:
    make(agreed(desk))
    assert (used(desk), used(desk, "day"), used(desk, "persons_30d")) == (5, 5, 5)
    assert QuotaPerson.objects.filter(account=desk.owner).count() == 5
    assert not QuotaPerson.objects.filter(account=desk.second).exists()
    make(agreed(desk))
    assert (used(desk), used(desk, "persons_30d")) == (10, 5)


def test_the_ledger_names_both_people_the_recipient_and_the_rule(desk: SimpleNamespace, make: Make) -> None:
    export = make(agreed(desk))
    (asked,) = asked_of_keyd(desk, export_messages.SealExport)
    assert asked.context.actor == f"u{desk.owner.pk}"
    mandate = msgspec.msgpack.decode(asked.context.grant[:-32], type=Grant)
    assert (mandate.holder, mandate.agreed_by) == (f"u{desk.owner.pk}", f"u{desk.second.pk}")
    assert asked.policies == export.policies.split() == ["allow-owner"]
    assert len(asked.policy_version) == 64


def test_every_order_is_an_event_and_says_whether_plaintext_went_out(
    desk: SimpleNamespace, make: Make
) -> None:
    make(agreed(desk))
    assert {(event.exposed, event.allowed) for event in events(desk)} == {(True, True)}
    assert len(events(desk)) == 5
    make(agreed(desk, form="masked", count=3))
    assert [(event.exposed, event.allowed) for event in events(desk)[5:]] == [(False, True)] * 3


def test_a_masked_export_is_safe_for_spreadsheets_and_opens_nothing(
    desk: SimpleNamespace, make: Make
) -> None:
    Order.objects.filter(pk=desk.orders[0].pk).update(masked_remark='=HYPERLINK("http://x")')
    export = make(agreed(desk, form="masked"))
    data = b"".join(fetch(desk.at(desk.owner), export)).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(data)))
    assert len(rows) == 5
    assert rows[0]["masked_remark"] == '\'=HYPERLINK("http://x")'
    assert {row["masked_phone"] for row in rows} == {"*******0000"}
    assert not asked_of_keyd(desk, export_messages.SealExport)
    assert used(desk) == 0


def test_a_masked_export_for_excel_keeps_numbers_as_text_and_holds_no_formula(
    desk: SimpleNamespace, make: Make
) -> None:
    remark, number = '=HYPERLINK("http://x")', "00123456789012345678"
    Order.objects.filter(pk=desk.orders[0].pk).update(masked_remark=remark, order_no=number)
    export = make(agreed(desk, form="masked", table="xlsx"))
    assert export.state == "ready"
    book = openpyxl.load_workbook(io.BytesIO(b"".join(fetch(desk.at(desk.owner), export))))
    head, *rows = book.active.iter_rows()
    assert tuple(cell.value for cell in head) == making.MASKED_COLUMNS
    assert len(rows) == 5
    first = dict(zip(making.MASKED_COLUMNS, rows[0], strict=True))
    assert (first["order_no"].value, first["masked_remark"].value) == (number, f"'{remark}")
    assert {cell.data_type for row in rows for cell in row if cell.value} == {"s"}
    assert not asked_of_keyd(desk, export_messages.SealExport)


def test_the_form_asks_for_a_workbook_and_the_file_is_called_one(
    desk: SimpleNamespace, make: Make, confirmed: Callable[[User], Client]
) -> None:
    browser = confirmed(desk.owner)
    asked = {"ids": str(desk.orders[0].pk), "form": "masked:xlsx", "purpose": "after_sales"}
    assert browser.post(reverse("export_ask"), asked).status_code == 302
    export = Export.objects.get()
    assert (export.form, export.table) == ("masked", "xlsx")
    agree(desk.at(desk.second), export)
    make(export)
    answer = browser.post(reverse("export_file", args=[export.pk]))
    assert answer["Content-Disposition"] == f'attachment; filename="export-{export.pk}.xlsx"'
    assert b"".join(answer.streaming_content).startswith(b"PK")
    assert browser.post(reverse("export_ask"), asked | {"form": "masked:exe"}).status_code == 403


def test_nothing_is_made_before_somebody_agreed(desk: SimpleNamespace, make: Make) -> None:
    assert make(desk.ask()).state == "asked"
    assert not asked_of_keyd(desk, export_messages.SealExport)


def test_nobody_agrees_to_his_own(desk: SimpleNamespace) -> None:
    export = desk.ask()
    with pytest.raises(ExportDeniedError) as refused:
        agree(desk.at(desk.owner), export)
    assert "two-people" in refused.value.policies
    assert Export.objects.get(pk=export.pk).state == "asked"
    assert events(desk)[-1].allowed is False


@pytest.mark.parametrize("who", ["clerk", "service", "inspector"])
def test_only_an_owner_or_supervisor_agrees(who: str, desk: SimpleNamespace) -> None:
    export = desk.ask()
    with pytest.raises(ExportDeniedError) as refused:
        agree(desk.at(getattr(desk, who)), export)
    assert refused.value.policies
    assert Export.objects.get(pk=export.pk).state == "asked"


def test_who_agrees_has_just_confirmed_who_he_is(desk: SimpleNamespace) -> None:
    export = desk.ask()
    with pytest.raises(ExportDeniedError) as refused:
        agree(desk.at(desk.second, SignIn(method="second_factor")), export)
    assert refused.value.policies == ("step-up",)


def test_who_asks_has_just_confirmed_who_he_is(desk: SimpleNamespace) -> None:
    with pytest.raises(ExportDeniedError) as refused:
        desk.ask(who=desk.at(desk.owner, SignIn(method="second_factor")))
    assert refused.value.policies == ("step-up",)
    (told,) = asked_of_keyd(desk, messages.Record)
    assert told.detail["what"] == "ask_refused"


@pytest.mark.parametrize("who", ["clerk", "service"])
def test_a_role_without_exports_asks_for_none(who: str, desk: SimpleNamespace) -> None:
    with pytest.raises(ExportDeniedError):
        desk.ask(getattr(desk, who))


def test_an_inspector_exports_masked_data_only(desk: SimpleNamespace, make: Make) -> None:
    with pytest.raises(ExportDeniedError) as refused:
        desk.ask(desk.inspector)
    assert "inspector-masked-export" in refused.value.policies
    export = desk.ask(desk.inspector, form="masked")
    agree(desk.at(desk.second), export)
    assert make(export).state == "ready"


def test_an_inspector_is_offered_masked_data_alone_and_no_quota(
    desk: SimpleNamespace, signed_in: Callable[[User], Client]
) -> None:
    chosen = {"id": [order.pk for order in desk.orders[:2]]}
    page = signed_in(desk.inspector).post(reverse("export_new"), chosen).content.decode()
    assert "Inspectors export masked data only" in page
    assert 'value="sealed"' not in page
    assert "Your quota" not in page
    page = signed_in(desk.owner).post(reverse("export_new"), chosen).content.decode()
    assert "Your quota" in page
    assert 'value="sealed"' in page


def test_more_records_than_the_quota_holds_are_refused_by_name(desk: SimpleNamespace) -> None:
    QuotaCounter.objects.create(
        tenant=desk.tenant, scope="day", holder=f"u{desk.owner.pk}", used=56, window=timezone.localdate().isoformat()
    )  # fmt: skip
    with pytest.raises(ExportDeniedError) as refused:
        desk.ask()
    assert refused.value.policies == ("quota-used-up",)
    assert desk.ask(count=4).state == "asked"


def test_quota_used_up_between_the_agreement_and_the_making_makes_nothing(
    desk: SimpleNamespace, make: Make
) -> None:
    export = agreed(desk)
    QuotaState.objects.update_or_create(
        account=desk.owner, defaults={"tenant": desk.tenant, "frozen_at": timezone.now()}
    )
    export = make(export)
    assert (export.state, export.policies) == ("failed", "quota-frozen")
    assert not asked_of_keyd(desk, export_messages.SealExport)
    assert used(desk) == 0


def test_a_frozen_account_gets_no_masked_data_either(desk: SimpleNamespace) -> None:
    QuotaState.objects.update_or_create(
        account=desk.owner, defaults={"tenant": desk.tenant, "frozen_at": timezone.now()}
    )
    with pytest.raises(ExportDeniedError) as refused:
        desk.ask(form="masked")
    assert refused.value.policies == ("quota-frozen",)


def test_of_two_agreements_the_second_is_told_it_has_moved_on(desk: SimpleNamespace) -> None:
    export = agreed(desk)
    with pytest.raises(ExportError, check=has_code("export_not_now")):
        agree(desk.at(desk.second), export)


def test_a_withdrawn_export_is_neither_agreed_to_nor_made(desk: SimpleNamespace, make: Make) -> None:
    export = desk.ask()
    withdraw(desk.at(desk.owner), export)
    with pytest.raises(ExportError, check=has_code("export_not_now")):
        agree(desk.at(desk.second), export)
    late = agreed(desk)
    withdraw(desk.at(desk.owner), late)
    assert make(late).state == "withdrawn"
    assert not asked_of_keyd(desk, export_messages.SealExport)


def test_a_refused_export_is_over(desk: SimpleNamespace) -> None:
    export = desk.ask()
    with pytest.raises(ExportDeniedError):
        refuse(desk.at(desk.owner), export)
    refuse(desk.at(desk.second), export)
    with pytest.raises(ExportError, check=has_code("export_not_now")):
        agree(desk.at(desk.second), export)


@pytest.mark.parametrize(("leaver", "rule"), [("owner", "leaver"), ("second", "two-people")])
def test_either_person_let_go_before_the_making_stops_it(
    leaver: str, rule: str, desk: SimpleNamespace, make: Make
) -> None:
    export = agreed(desk)
    deactivate(getattr(desk, leaver))
    export = make(export)
    assert export.state == "failed"
    assert rule in export.policies.split()
    assert not asked_of_keyd(desk, export_messages.SealExport)


def test_a_leaver_agrees_to_nothing_though_his_page_was_open(desk: SimpleNamespace) -> None:
    export, who = desk.ask(), desk.at(desk.second)
    deactivate(desk.second)
    with pytest.raises(ExportDeniedError) as refused:
        agree(who, export)
    assert "leaver" in refused.value.policies


def test_a_recipient_revoked_before_the_making_gets_nothing(desk: SimpleNamespace, make: Make) -> None:
    export = agreed(desk)
    revoke(desk.at(desk.second), desk.recipient)
    export = make(export)
    assert (export.state, export.policies) == ("failed", "export-form")
    assert not asked_of_keyd(desk, export_messages.SealExport)


@pytest.mark.parametrize(
    "stop", ["withdrawn", "revoked", "let go", "frozen", "asker in another role", "second in another role"]
)
def test_what_happens_in_the_middle_stops_the_next_part(
    stop: str, desk: SimpleNamespace, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "RECORDS_A_PART", 2)
    export = agreed(desk)
    real = KeydClient.call

    def and_then(self: KeydClient, request: messages.Request, answer: type) -> Any:
        done = real(self, request, answer)
        if isinstance(request, export_messages.SealExport):
            if stop == "withdrawn":
                withdraw(desk.at(desk.owner), export)
            elif stop == "revoked":
                revoke(desk.at(desk.second), desk.recipient)
            elif stop == "frozen":
                QuotaState.objects.filter(account=desk.owner).update(frozen_at=timezone.now())
            elif "role" in stop:
                who = desk.owner if "asker" in stop else desk.second
                User.objects.filter(pk=who.pk).update(role=Role.CLERK)
            else:
                deactivate(desk.second)
        return done

    monkeypatch.setattr(KeydClient, "call", and_then)
    export = make(export)
    assert export.state == ("withdrawn" if stop == "withdrawn" else "failed")
    assert len(asked_of_keyd(desk, export_messages.SealExport)) == 1
    assert not ExportPart.objects.exists()


def test_a_keyd_that_dies_in_the_middle_is_waited_for_and_nothing_counts_twice(
    desk: SimpleNamespace, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "RECORDS_A_PART", 2)
    export = agreed(desk)
    real, calls = KeydClient.call, []

    def flaky(self: KeydClient, request: messages.Request, answer: type) -> Any:
        if isinstance(request, export_messages.SealExport):
            calls.append(request.number)
            if calls == [0, 1]:
                raise KeydUnavailableError(zh="没有应答", en="no answer")
        return real(self, request, answer)

    monkeypatch.setattr(KeydClient, "call", flaky)
    export = make(export)
    assert (export.state, export.done, export.tries) == ("making", 2, 1)
    assert export.reason_en == "no answer It is tried again by itself."
    assert export.reason_zh == "没有应答系统会自动重试。"
    export = make(export)
    assert (export.state, export.done) == ("ready", 5)
    assert calls == [0, 1, 1, 2]
    assert (used(desk), used(desk, "persons_30d")) == (5, 5)
    assert len(events(desk)) == 5
    assert [record.phone for record in opened(desk, export)] == [f"199{n:08}" for n in range(5)]


def test_a_worker_that_died_is_replaced_once_its_claim_is_over(desk: SimpleNamespace, make: Make) -> None:
    export = agreed(desk)
    Export.objects.filter(pk=export.pk).update(claimed_until=timezone.now() + timedelta(minutes=1))
    assert make(export).state == "agreed"
    Export.objects.filter(pk=export.pk).update(claimed_until=timezone.now() - timedelta(seconds=1))
    assert sweep_interrupted_exports() == 1
    assert make(export).state == "ready"
    make_export.call(export.pk)
    assert used(desk) == 5


@pytest.mark.parametrize("form", ["sealed", "masked"])
@pytest.mark.parametrize("fate", ["goes on", "fails", "waits"])
def test_a_worker_that_was_taken_for_dead_changes_nothing_of_what_its_successor_made(
    fate: str, form: str, desk: SimpleNamespace, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "RECORDS_A_PART", 2)
    export = agreed(desk, form=form)
    kind = export_messages.SealExport if form == "sealed" else messages.Record
    real, slept = KeydClient.call, []

    def sleeping(self: KeydClient, request: messages.Request, answer: type) -> Any:
        done = real(self, request, answer)
        if isinstance(request, kind) and not slept:
            slept.append(True)
            Export.objects.filter(pk=export.pk).update(claimed_until=timezone.now() - timedelta(seconds=1))
            assert make(export).state == "ready"
            if fate == "fails":
                raise RuntimeError
            if fate == "waits":
                raise KeydUnavailableError(zh="没有应答", en="no answer")
        return done

    monkeypatch.setattr(KeydClient, "call", sleeping)
    export = make(export)
    assert slept
    assert (export.state, export.done, export.tries, export.reason_en) == ("ready", 5, 0, "")
    assert used(desk) == (5 if form == "sealed" else 0)
    if form == "sealed":
        assert len(opened(desk, export)) == 5
    else:
        assert b"".join(fetch(desk.at(desk.owner), export)).count(b"\n") == 6


@pytest.mark.parametrize("reason", ["export_paced", "ledger_full"])
def test_past_keyds_pace_or_without_room_for_its_ledger_the_rest_waits(
    desk: SimpleNamespace,
    make: Make,
    confirmed: Callable[[User], Client],
    monkeypatch: pytest.MonkeyPatch,
    reason: str,
) -> None:
    real = KeydClient.call

    def paced(self: KeydClient, request: messages.Request, answer: type) -> Any:
        if isinstance(request, export_messages.SealExport):
            raise RefusedError(zh="已暂停", en="it goes on later", reason=reason)
        return real(self, request, answer)

    monkeypatch.setattr(KeydClient, "call", paced)
    export = agreed(desk)
    assert make(export).state == "making"
    told = confirmed(desk.owner).get(reverse("export_body", args=[export.pk])).content.decode()
    assert "tried again" not in told, "the reason says already that it goes on"
    monkeypatch.setattr(KeydClient, "call", real)
    assert make(export).state == "ready"
    assert used(desk) == 5, "counted once"


def test_keyd_itself_refuses_without_a_second_person_or_for_another_key(
    desk: SimpleNamespace, make: Make
) -> None:
    make(agreed(desk))
    (good,) = asked_of_keyd(desk, export_messages.SealExport)
    other = new_export_key().public_key().public_bytes_raw()
    for wrong in (
        {"context": msgspec.structs.replace(good.context, grant=b"")}, {"recipient": other}, {"policies": []},
        {"export": good.export + 1}, {"orders": good.orders * (exporting.RECORDS_A_PART)},
    ):  # fmt: skip
        request = export_messages.SealExport(**{f: getattr(good, f) for f in good.__struct_fields__} | wrong)
        with pytest.raises(Exception, match=r"nothing was opened|at most"):
            KeydClient.call(None, request, export_messages.SealedPart)  # type: ignore[arg-type]


def test_a_shredded_order_is_left_out(desk: SimpleNamespace, make: Make) -> None:
    export = agreed(desk)
    Salt.objects.filter(order_uid=bytes(desk.orders[1].uid)).delete()
    export = make(export)
    assert (export.state, export.done, export.left_out) == ("ready", 4, 1)
    assert "19900000001" not in {record.phone for record in opened(desk, export)}


def closed_ways() -> list[dict[str, Any]]:
    now = timezone.now()
    return [
        {"state": OrderState.RETURNED},
        {"state": OrderState.DELIVERED, "delivered_at": None},
        {"state": OrderState.DELIVERED, "delivered_at": now - CLOSED_AFTER - timedelta(hours=1)},
    ]


def test_an_export_is_decided_and_written_down_with_the_place_where_it_is_asked(
    desk: SimpleNamespace, make: Make
) -> None:
    office = replace(desk.at(desk.owner), place=Place(station="财务室"))
    export = desk.ask(who=office)
    agree(replace(desk.at(desk.second), place=Place(station="二楼")), export)
    make(export)
    list(fetch(office, Export.objects.get(pk=export.pk)))
    assert [r.context.workstation for r in desk.written] == ["财务室", "二楼", "财务室", "财务室"]
    today = timezone.localdate()
    temp = msgspec.structs.replace(
        office.person, temp=True, employed_to=today + timedelta(9), first_day=today
    )
    with pytest.raises(ExportDeniedError) as refused:
        desk.ask(who=replace(office, person=temp, place=Place(station="打包台1", print_room=True)))
    assert "temp-first-week-room" in refused.value.policies


def at_the_office(desk: SimpleNamespace) -> tuple[Device, Principal]:
    """The owner at an enrolled browser, in a warehouse where only enrolled browsers may see plaintext."""
    settings = Settings.from_form(default_settings().to_form() | {"enrolled_only": True})
    book = book_of(settings)
    PolicyVersion.objects.create(
        tenant=desk.tenant, number=1, settings=settings.to_form(), roster=DAY_AND_NIGHT, book=book.pack(),
        version=book.version, made_by=desk.owner, state="active",
    )  # fmt: skip
    device, _ = station(desk.owner, "财务室", "desk")
    return device, at_device(desk.owner, device)


def at_device(user: User, device: Device) -> Principal:
    sign_in = SignIn(method="second_factor", stepped_up=True)
    person = User.objects.select_related("tenant").get(pk=user.pk)
    row = Device.objects.select_related("tenant", "holder").get(pk=device.pk)
    return load_principal(person, sign_in, timezone.now(), facts_of(row))


def test_where_only_enrolled_devices_export_one_is_agreed_to_and_made(
    desk: SimpleNamespace, make: Make
) -> None:
    device, office = at_the_office(desk)
    with pytest.raises(ExportDeniedError) as refused:
        desk.ask()
    assert refused.value.policies == ("reveal-enrolled",)
    export = desk.ask(who=office)
    agree(at_device(desk.second, device), export)
    export = make(export)
    assert (export.state, export.done, export.device) == ("ready", 5, device.uid)
    assert QuotaCounter.objects.get(scope="device_day", holder=device.uid).used == 5


@pytest.mark.parametrize("agreed_before", [False, True])
@pytest.mark.parametrize(
    ("changes", "rule"),
    [({"state": "revoked"}, "device-unknown"), ({"state": "restricted"}, "device-restricted")],
)
def test_a_device_that_was_revoked_or_restricted_since_stops_the_export(
    changes: dict[str, str], rule: str, agreed_before: bool, desk: SimpleNamespace, make: Make
) -> None:
    device, _ = station(desk.owner, "财务室", "desk")
    export = desk.ask(who=at_device(desk.owner, device))
    if agreed_before:
        agree(desk.at(desk.second), export)
    Device.objects.filter(pk=device.pk).update(**changes)
    if agreed_before:
        assert rule in make(export).policies.split()
    else:
        with pytest.raises(ExportDeniedError) as refused:
            agree(desk.at(desk.second), export)
        assert rule in refused.value.policies
    assert not asked_of_keyd(desk, export_messages.SealExport)


def test_an_account_that_became_a_shared_one_exports_nothing(desk: SimpleNamespace, make: Make) -> None:
    export = agreed(desk)
    User.objects.filter(pk=desk.owner.pk).update(shared=True)
    export = make(export)
    assert (export.state, export.policies) == ("failed", "shared-account")


def test_a_closed_order_is_not_chosen_for_a_sealed_export(desk: SimpleNamespace) -> None:
    open_ways = [{}, {"state": OrderState.DELIVERED, "delivered_at": timezone.now() - timedelta(days=1)}]
    ways = [*closed_ways(), *open_ways]
    for order, changes in zip(desk.orders, ways, strict=False):
        Order.objects.filter(pk=order.pk).update(**{"state": OrderState.IN_TRANSIT, **changes})
    ids = [order.pk for order in desk.orders[: len(ways)]]
    rows = Order.objects.select_related("tenant").filter(pk__in=ids).order_by("pk")
    still_open = [order.pk for order in rows if not order_facts(order, timezone.now()).closed]
    assert selected(desk.owner, ids, "sealed") == still_open == ids[3:]
    assert selected(desk.owner, ids, "masked") == ids


def test_an_order_closed_since_the_asking_is_left_out_of_a_sealed_export(
    desk: SimpleNamespace, make: Make
) -> None:
    export = agreed(desk)
    for order, changes in zip(desk.orders, closed_ways(), strict=False):
        Order.objects.filter(pk=order.pk).update(**changes)
    export = make(export)
    assert (export.state, export.done, export.left_out) == ("ready", 2, 3)
    assert {record.phone for record in opened(desk, export)} == {"19900000003", "19900000004"}


def test_only_the_asker_fetches_and_each_fetch_counts(desk: SimpleNamespace, make: Make) -> None:
    export = make(agreed(desk))
    with pytest.raises(ExportDeniedError):
        fetch(desk.at(desk.second), export)
    for time in (1, 2):
        list(fetch(desk.at(desk.owner), Export.objects.get(pk=export.pk)))
        assert Export.objects.get(pk=export.pk).downloads == time


def test_who_was_let_go_fetches_nothing(desk: SimpleNamespace, make: Make) -> None:
    export, who = make(agreed(desk)), desk.at(desk.owner)
    deactivate(desk.owner)
    with pytest.raises(ExportDeniedError) as refused:
        fetch(who, export)
    assert "leaver" in refused.value.policies


def test_a_file_is_shredded_when_its_time_is_over(desk: SimpleNamespace, make: Make, tmp_path: Any) -> None:
    sealed, masked = make(agreed(desk)), make(agreed(desk, form="masked"))
    assert len(list((tmp_path / "spool").iterdir())) == 1
    assert expire(desk.tenant, timezone.now()) == 0
    assert expire(desk.tenant, timezone.now() + timedelta(days=8)) == 2
    assert not ExportPart.objects.exists()
    assert not list((tmp_path / "spool").iterdir())
    for export in (sealed, masked):
        export.refresh_from_db()
        assert (export.state, export.spool_name, bytes(export.wrapped_key)) == ("expired", "", b"")
        with pytest.raises(ExportError):
            fetch(desk.at(desk.owner), export)


@pytest.mark.parametrize("by", ["owner", "second"])
def test_a_file_that_is_not_needed_any_more_is_shredded_before_its_time(
    by: str, desk: SimpleNamespace, make: Make, tmp_path: Any
) -> None:
    sealed, masked = make(agreed(desk)), make(agreed(desk, form="masked"))
    list(fetch(desk.at(desk.owner), sealed))
    for export in (sealed, masked):
        withdraw(desk.at(getattr(desk, by)), export)
        export.refresh_from_db()
        assert (export.state, export.spool_name, bytes(export.wrapped_key)) == ("withdrawn", "", b"")
        with pytest.raises(ExportError):
            fetch(desk.at(desk.owner), export)
        with pytest.raises(ExportError, check=has_code("export_not_now")):
            withdraw(desk.at(desk.owner), export)
    assert not ExportPart.objects.exists()
    assert not list((tmp_path / "spool").iterdir())
    changes = AccountChange.objects.filter(what="export_withdrawn").order_by("pk")
    assert [change.detail["fetched"] for change in changes] == [1, 0]


def test_a_file_that_holds_an_order_is_shredded_with_it(
    desk: SimpleNamespace, make: Make, tmp_path: Any
) -> None:
    sealed, masked, other = make(agreed(desk)), make(agreed(desk, form="masked")), make(agreed(desk, count=1))
    finish(shred_orders(desk.owner, [desk.orders[4]]))
    for export in (sealed, masked):
        export.refresh_from_db()
        assert (export.state, export.spool_name, bytes(export.wrapped_key)) == ("expired", "", b"")
        assert "order in it was destroyed" in export.reason_en
        with pytest.raises(ExportError):
            fetch(desk.at(desk.owner), export)
    assert not list((tmp_path / "spool").iterdir())
    assert not ExportPart.objects.exclude(export=other).exists()
    assert len(opened(desk, Export.objects.get(pk=other.pk))) == 1


def test_a_file_stays_that_was_made_after_an_order_of_it_was_shredded(
    desk: SimpleNamespace, make: Make
) -> None:
    export = agreed(desk)
    finish(shred_orders(desk.owner, desk.orders[:1]))
    export = make(export)
    finish(shred_orders(desk.owner, [desk.orders[7]]))  # of no file
    assert len(opened(desk, Export.objects.get(pk=export.pk))) == 4


def test_the_page_says_why_a_file_went_with_an_order(
    desk: SimpleNamespace, make: Make, signed_in: Callable[..., Client]
) -> None:
    export = make(agreed(desk))
    finish(shred_orders(desk.owner, desk.orders[:1]))
    page = signed_in(desk.owner).get(reverse("export", args=[export.pk]))
    assert "an order in it was destroyed" in page.content.decode()


def test_a_file_that_holds_orders_of_an_import_goes_when_that_is_taken_out(
    desk: SimpleNamespace, make: Make
) -> None:
    export = make(agreed(desk))
    rows_leaving.send(sender=Batch, batch=Batch.objects.get(pk=desk.orders[0].batch_id))
    export.refresh_from_db()
    assert (export.state, ExportPart.objects.count()) == ("expired", 0)


def test_an_export_in_the_making_stops_when_an_order_of_it_is_shredded(
    desk: SimpleNamespace, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "RECORDS_A_PART", 2)
    export, real = agreed(desk), making.sealed_refs

    def shred_meanwhile(*asked: Any) -> Any:
        if ExportPart.objects.count() == 1:
            finish(shred_orders(desk.owner, desk.orders[:1]))
        return real(*asked)

    monkeypatch.setattr(making, "sealed_refs", shred_meanwhile)
    export = make(export)
    assert (export.state, ExportPart.objects.count()) == ("expired", 0)


def test_an_export_that_nobody_answers_lapses(desk: SimpleNamespace) -> None:
    export = desk.ask()
    Export.objects.filter(pk=export.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    with pytest.raises(ExportError, check=has_code("export_not_now")):
        agree(desk.at(desk.second), export)
    expire(desk.tenant, timezone.now())
    assert Export.objects.get(pk=export.pk).state == "expired"


def test_a_ledger_that_is_away_lets_nobody_ask_agree_or_fetch(
    desk: SimpleNamespace, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting, ready = desk.ask(), make(agreed(desk))

    def away(*_: Any) -> None:
        raise KeydUnavailableError(zh="没有应答", en="no answer")

    monkeypatch.setattr(KeydClient, "call", away)
    for act in (
        desk.ask, lambda: agree(desk.at(desk.second), waiting), lambda: fetch(desk.at(desk.owner), ready),
    ):  # fmt: skip
        with pytest.raises(KeydUnavailableError):
            act()
    assert Export.objects.get(pk=waiting.pk).state == "asked"
    assert Export.objects.get(pk=ready.pk).downloads == 0
    withdraw(desk.at(desk.owner), waiting)
    assert Export.objects.get(pk=waiting.pk).state == "withdrawn"


def test_nothing_is_sealed_to_a_key_that_one_person_alone_registered(desk: SimpleNamespace) -> None:
    public = new_export_key().public_key().public_bytes_raw()
    row = register(desk.at(desk.owner), "甲", "某公司", public_line(public))
    with pytest.raises(ExportDeniedError) as refused:
        desk.ask(recipient=row)
    assert "export-form" in refused.value.policies
    with pytest.raises(ExportDeniedError) as own:
        confirm(desk.at(desk.owner), row, fingerprint(public))
    assert "two-people" in own.value.policies
    with pytest.raises(ExportError, check=has_code("recipient")):
        confirm(desk.at(desk.second), row, fingerprint(bytes(32)))
    assert not Recipient.objects.get(pk=row.pk).usable


def test_a_key_is_registered_once_while_it_is_not_revoked(desk: SimpleNamespace) -> None:
    line = public_line(bytes(desk.recipient.public_key))
    with pytest.raises(ExportError, check=has_code("recipient")):
        register(desk.at(desk.owner), "乙", "某公司", line)
    revoke(desk.at(desk.owner), desk.recipient)
    assert register(desk.at(desk.owner), "乙", "某公司", line).pk != desk.recipient.pk
