"""The print room in a browser: by keys and scan gun alone."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone
from django_scopes import scope
from playwright.sync_api import Page, expect
from support.axe import BOTH, violations
from support.devices import enrolled

from waybillguard.service.identity.models import Device
from waybillguard.service.keyd.client import KeydClient, KeydUnavailableError
from waybillguard.service.keyd.label_messages import (
    OpenedReference,
    OpenedReferences,
    OpenReferences,
    RecordTicketSteps,
    StepsRecorded,
)
from waybillguard.service.keyd.messages import Record, Recorded, Status, TokenAnswer, Tokens
from waybillguard.service.print_room.models import (
    Arrival,
    CompatibilityMode,
    HeadAlarm,
    Printer,
    ReprintAsk,
    StationNote,
    Ticket,
)
from waybillguard.service.print_room.stations import tickets
from waybillguard.service.print_room.stations.printers import printers_of
from waybillguard.service.print_room.stations.waves import make_wave_of
from waybillguard.service.tenancy.days import day_number
from waybillguard.service.vault.models import Order


def answer(_client: object, request: Any, _answer: type) -> Any:
    """Answer as keyd does for pages: it writes, it knows no seal and finds nobody by four digits."""
    match request:
        case Record():
            return Recorded(index=1, leaf_hash="00", origin="test")
        case RecordTicketSteps():
            return StepsRecorded([1] * len(request.steps))
        case OpenReferences():
            return OpenedReferences([OpenedReference(genuine=False)] * len(request.texts))
        case Tokens():
            return TokenAnswer([[] for _ in request.queries])
        case Status():  # the bell asks: no key process runs here
            raise KeydUnavailableError(zh="没有密钥进程。", en="There is no key process.")
    raise AssertionError(type(request))


def gap(warehouse: SimpleNamespace, device: Device) -> None:
    """An ERP in compatibility mode that sent two consignees, and a record with a preview in it."""
    made = {"tenant": warehouse.tenant, "device": device}
    CompatibilityMode.objects.create(**made, erp="old-erp", on_by=warehouse.owner)
    today = day_number(timezone.now(), warehouse.tenant)
    for n, reason in enumerate(("", "", "no_phone")):
        Arrival.objects.create(
            **made, erp="old-erp", key="0" * 64, document=f"D{n}", reason=reason, day=today
        )
    for n, (kind, code) in enumerate(
        [
            ("passed_on", ""),
            ("refused", "preview"),
            ("refused", "virtual_printer"),
            ("refused", "plaintext_refused"),
        ]
    ):
        StationNote.objects.create(
            **made, station=device.station, kind=kind, code=code, at=timezone.now(), erp="old-erp",
            document=f"YT880000000{n}" if kind == "passed_on" else "",
        )  # fmt: skip


@pytest.fixture
def room(warehouse: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """A wave of thirty labels, twelve of them printed, one uncertain; a head to clean, a question."""
    monkeypatch.setattr(KeydClient, "call", answer)
    now = timezone.now()
    with scope(tenant=warehouse.tenant):
        device, _ = enrolled(warehouse.owner)
        type(device).objects.update(last_seen=now)
        (printer,) = printers_of(device, ["label-1"])
        Printer.objects.update(state="paper_out", model="TSC TE244")
        orders = Order.objects.filter(batch=warehouse.batch, lane__in=["B", "C"], printed_at=None)
        wave = make_wave_of(warehouse.clerk, list(orders.values_list("pk", flat=True)), now)
        printer = Printer.objects.select_related("device__holder").get(pk=printer.pk)
        places = list(wave.places.order_by("position")[:16])
        tickets.issue(warehouse.clerk, printer, places, wave, now)
        queued = list(Ticket.objects.filter(printer=printer).order_by("position"))
        for n, ticket in enumerate(queued[:14], start=1):
            state = "uncertain" if n == 13 else "void" if n == 14 else "sent"
            how = "timeout" if state == "uncertain" else "agent"
            Ticket.objects.filter(uid=ticket.uid).update(
                state=state, how=how, attempt=30_000 + n, changed_at=now
            )
        HeadAlarm.objects.create(tenant=warehouse.tenant, printer=printer, failures=7)
        gap(warehouse, device)
        ReprintAsk.objects.create(
            tenant=warehouse.tenant, printer=printer, wave=wave, first=1, last=6, labels=6, scanned=2,
            asked_by=warehouse.clerk,
        )  # fmt: skip
    return SimpleNamespace(**vars(warehouse), wave=wave, printer=printer)


def test_a_range_is_printed_again_by_one_key_and_two_scans(
    room: SimpleNamespace, sign_in: Callable[..., None], page: Page, complaints: list[str]
) -> None:
    sign_in(room.clerk)
    page.goto(f"{room.server}/print/waves/{room.wave.pk}/")
    with scope(tenant=room.tenant):
        codes = list(
            Order.objects.filter(places__wave=room.wave).order_by("places__position")
            .values_list("waybill_no", flat=True)[:3]
        )  # fmt: skip
    page.keyboard.press("F8")
    page.keyboard.type(codes[0])
    page.keyboard.press("Enter")
    page.keyboard.type(codes[2])
    page.keyboard.press("Enter")
    expect(page.locator(".wg-note.tone-good")).to_contain_text("3 labels are on their way")
    with scope(tenant=room.tenant):
        run = Ticket.objects.filter(printer=room.printer).order_by("-issued_at").first().run
        assert (run.reason, run.wanted) == ("jam", 3)
    assert complaints == []


def test_new_labels_are_printed_by_one_key_and_the_printer_is_remembered(
    room: SimpleNamespace, sign_in: Callable[..., None], page: Page
) -> None:
    sign_in(room.clerk)
    page.goto(f"{room.server}/print/waves/{room.wave.pk}/")
    page.keyboard.press("F2")
    expect(page.locator(".wg-note.tone-good")).to_contain_text("on their way")
    assert any(cookie["name"] == "printer" for cookie in page.context.cookies())
    with scope(tenant=room.tenant):
        waiting = Ticket.objects.filter(printer=room.printer, state="issued").count()
    assert waiting == room.wave.size - 14


def test_a_scan_finds_its_label_and_the_field_is_ready_for_the_next(
    room: SimpleNamespace, sign_in: Callable[..., None], page: Page, complaints: list[str]
) -> None:
    sign_in(room.clerk)
    page.goto(f"{room.server}/print/waves/{room.wave.pk}/")
    with scope(tenant=room.tenant):
        order = Order.objects.get(places__wave=room.wave, places__position=5)
    page.keyboard.type(order.waybill_no)
    page.keyboard.press("Enter")
    expect(page.locator("#found [data-pick]")).to_have_attribute("data-pick", "5")
    assert page.locator("#text").input_value() == ""
    page.keyboard.type("0001")
    page.keyboard.press("Enter")
    expect(page.locator("#found")).to_contain_text("No label of this wave ends in 0001")
    assert complaints == []


def test_a_scan_before_the_scripts_are_there_is_answered_by_the_whole_page(
    room: SimpleNamespace, sign_in: Callable[..., None], page: Page
) -> None:
    sign_in(room.clerk)
    page.route("**/*.js*", lambda route: route.abort())
    page.goto(f"{room.server}/print/waves/{room.wave.pk}/")
    page.fill("#text", "5")
    page.keyboard.press("Enter")
    expect(page.locator("#found [data-pick]")).to_have_attribute("data-pick", "5")
    expect(page.locator("#text")).to_be_focused()
    assert page.locator("main h1").count() == 1


def test_pages_of_the_print_room_are_accessible(
    room: SimpleNamespace,
    accessible: Callable[..., None],
    sign_in: Callable[..., None],
    page: Page,
    complaints: list[str],
) -> None:
    paths = [
        "/print/record/",
        "/print/record/?kind=flagged",
        "/print/custom-area/",
        "/devices/compatibility/",
    ]
    paths += ["/", "/lanes/", "/devices/", "/print/", f"/print/waves/{room.wave.pk}/", "/print/stations/"]
    paths += ["/print/scans/", "/print/check/"]
    accessible(room.owner, paths)
    for language, viewport in BOTH:
        sign_in(room.owner, language)
        page.set_viewport_size(viewport)
        page.goto(f"{room.server}/print/check/")
        page.fill("#text", "A" * 72)
        page.keyboard.press("Enter")
        page.wait_for_selector("#answer")
        assert violations(page) == []
    assert complaints == []


def test_the_shift_leader_works_the_stations_page_by_keyboard_alone(
    room: SimpleNamespace, sign_in: Callable[..., None], page: Page, complaints: list[str]
) -> None:
    """Every button is reached by Tab in the order of urgency, and says what it does."""
    sign_in(room.owner)
    page.goto(f"{room.server}/print/stations/")
    reached: list[str] = []
    for _ in range(80):
        page.keyboard.press("Tab")
        name = page.evaluate(
            "(document.activeElement.getAttribute('aria-label') || document.activeElement.textContent).trim()"
        )
        reached.append(name)
        if name.startswith("It did not"):
            break
    assert any(name.startswith("Done: the head of") for name in reached), reached
    assert reached[-1].startswith("It did not")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator("body")).to_contain_text("Not printed: the clerk prints it again.")
    with scope(tenant=room.tenant):
        assert not Ticket.objects.filter(printer=room.printer, state="uncertain").exists()
    assert complaints == []


def test_the_text_for_the_template_is_copied_by_its_button(
    room: SimpleNamespace, sign_in: Callable[..., None], page: Page, complaints: list[str]
) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    sign_in(room.owner)
    page.goto(f"{room.server}/print/custom-area/")
    page.get_by_role("button", name="Copy", exact=True).click()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.endswith("96110 来电请接听；已受骗立即拨 110")
    assert "{打印时间}" in copied
    assert complaints == []


def test_the_record_of_lane_a_is_filtered_and_leaves_masked(
    room: SimpleNamespace, sign_in: Callable[..., None], page: Page
) -> None:
    sign_in(room.owner)
    page.goto(f"{room.server}/print/record/?number=8800000000")
    assert page.locator("tbody tr").count() == 1
    page.goto(f"{room.server}/print/record/?kind=flagged")
    assert page.locator("tbody tr").count() == 2
    page.goto(f"{room.server}/print/record/")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="CSV, numbers masked").click()
    text = waiting.value.path().read_text("utf-8-sig")
    assert "********0000" in text
    assert "YT88" not in text
