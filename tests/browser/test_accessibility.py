"""WCAG 2.2 AA on every page, in Chinese on a phone and in English at a desk; a silent browser console."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC
from pathlib import Path
from runpy import run_path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect
from support.axe import DESK, PHONE, check, in_every_document, violations
from support.keyd import HERE, Keyd, Witness, until

from waybillguard.service.identity.models import OneTimeLink, Role
from waybillguard.service.keyd import label_messages, messages
from waybillguard.service.keyd.client import KeydClient


def others_of_a_warehouse(warehouse: SimpleNamespace) -> list[str]:
    """Addresses of a warehouse that nothing was added to and that no picture shows (``test_screens`` judges those)."""
    return [
        f"/imports/{warehouse.preview.pk}/",
        f"/imports/{warehouse.reading.pk}/",
        "/orders/?lane=C&printed=no",
        "/orders/?shop=none",
        "/station/",
        "/account/passkeys/add/",
        "/account/recovery/new/",
        "/account/app/remove/",
        "/account/confirm/",
        "/account/confirm/code/",
    ]


NEW_PAGES = (
    "alerts", "alert", "detectors", "channels", "cases", "case", "case_tab", "leaks", "leak", "leak_station",
    "leak_answers", "leak_answer", "print_pcs", "print_pc", "scams", "scams_check", "warning_new", "warning",
    "inspections", "inspection", "health_check", "label_samples", "label_sample", "inspection_documents",
    "inspection_document_add", "register_entries", "register_entry", "training", "training_people",
    "training_agreement", "lesson", "plan", "machine_keys", "merchants", "recipients", "platform_logs",
)  # fmt: skip


@pytest.fixture
def new_pages(warehouse: SimpleNamespace) -> list[str]:
    """Addresses of the pages of risk, compliance and training, each with something to show."""
    walk = run_path(str(Path(__file__).parents[1] / "service" / "web" / "test_walk.py"))
    pages = [(name, walk["PAGES"][name]) for name in NEW_PAGES]
    return [
        reverse(name, kwargs={**page.extra, **(page.ids(warehouse) if page.ids else {})})
        for name, page in pages
    ]


SHOWN = {one.stem for one in (Path(__file__).parent / "screens").glob("*.png")}
FULLER = {
    "alerts", "cases", "criminal_cases", "entrustments", "exports", "health_check", "hub_link", "inspection_documents",
    "inspections", "joint_cases", "label_samples", "leak_answers", "leaks", "merchants", "print_pcs",
    "register_entries", "scams", "screenings", "specials", "town", "town_notice", "town_notices", "town_settings",
}  # fmt: skip
"""Pages that a picture shows with little on them, and that axe judges here alone."""
WITH_ALL_STATES = {"entrustments", "entrustment_new", "exports", "platform_logs", "scams"}
"""Pages judged with rows in every state: ``test_entrustment``, ``test_exports``, ``test_programs``, ``test_scams``."""
OF_WHAT_WAS_DONE = ["/", "/looks/", "/activity/events/", "/activity/"]
"""Pages that show records in files, which no transaction undoes."""


def shape(content: bytes) -> list[bytes]:
    """Elements of a page below its menu, and what they look like: what is judged, but for words of the same kind."""
    main = re.sub(rb"[0-9]+", b"0", content.partition(b'id="main"')[2])
    return re.findall(
        rb"""<\w+|\b(?:aria-[a-z]+|class|disabled|for|hidden|href|id|role|type)(?:="[^"]*")?""", main
    )


@pytest.mark.timeout(1800)
def test_pages_that_no_picture_shows(
    warehouse: SimpleNamespace, accessible: Callable[..., None], page: Page
) -> None:
    """Those of a new warehouse; then what the walk over all addresses answers as a page and makes fuller than pictures
    show it, each alone.
    """
    walk = run_path(str(Path(__file__).parents[1] / "service" / "web" / "test_walk.py"))
    client = Client(raise_request_exception=False, headers={"host": "localhost"})
    client.force_login(warehouse.owner)

    def made(name: str) -> str:
        place = walk["PAGES"][name]
        return reverse(name, kwargs={**place.extra, **(place.ids(warehouse) if place.ids else {})})

    accessible(warehouse.owner, others_of_a_warehouse(warehouse))
    names = [
        name
        for name, place in walk["PAGES"].items()
        if place.method == "get" and place.asks not in {"open", "own"}
    ]
    alone = {}
    for name in names:
        if name in SHOWN:
            with walk["undone"]():
                alone[name] = shape(client.get(made(name)).content)
    paths = {}
    for name in names:
        path = made(name)
        answer = client.get(path)
        if answer.status_code == 200 and not answer.streaming and b'id="main"' in answer.content:
            paths[name] = path
    assert len(paths) > 50
    new = {name for name, path in paths.items() if shape(client.get(path).content) != alone.get(name)}
    assert new >= FULLER, "what is not fuller is judged with its picture"
    here = (new | {"order_activity"}) - WITH_ALL_STATES
    fuller = [path for name, path in paths.items() if name in here]
    accessible(warehouse.owner, fuller + OF_WHAT_WAS_DONE)
    assert page.url.endswith("/activity/")
    assert page.locator(".wg-heat").count() == 1, "what was done is there by now"


def test_every_drawer_is_accessible_and_closes_by_escape(
    warehouse: SimpleNamespace, sign_in: Callable[..., None], page: Page, axe: str, new_pages: list[str]
) -> None:
    """Each button that opens a drawer, pressed by keyboard."""
    sign_in(warehouse.owner, "zh-hans")
    page.set_viewport_size(DESK)
    in_every_document(page, axe)
    client = Client(headers={"host": "localhost"})
    client.force_login(warehouse.owner)
    wrong, opened = [], 0
    for path in [
        *new_pages,
        "/devices/",
        "/sites/",
        "/exports/",
        "/register/",
        "/duty/",
        "/people/directory/",
    ]:
        if b"data-open" not in client.get(path).content.partition(b'id="main"')[2]:
            continue
        page.goto(warehouse.server + path)
        for opener in page.locator("main .wg-head-actions [data-open]").all():
            opener.press("Enter")
            drawer = page.locator("dialog[open]")
            expect(drawer).to_have_count(1)
            wrong += [f"{path} {v}" for v in violations(page)]
            page.keyboard.press("Escape")
            page.keyboard.press("Escape")
            expect(drawer).to_have_count(0)
            opened += 1
    assert wrong == [], "\n".join(wrong)
    assert opened > 15, "every page that adds something has its drawer"


@pytest.fixture
def keyd(warehouse: SimpleNamespace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Keyd]:
    """A key process behind the console; a witness has signed what it wrote, and is silent since."""
    from waybillguard.service.tenancy import key_process

    ask = KeydClient.call

    def ask_and_close(self: KeydClient, *asked: Any) -> Any:
        """The live server's threads end without a word: no connection outlives its question."""
        try:
            return ask(self, *asked)
        finally:
            self.close()

    monkeypatch.setattr(KeydClient, "call", ask_and_close)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "run"))
    process = Keyd(tmp_path / "data").start()
    witness = Witness(tmp_path / "witness")
    try:
        with override_settings(CONFIG=process.config):
            key_process.keyd.cache_clear()
            _half_witnessed(process, witness, bytes(warehouse.order.uid))
            yield process
    finally:
        key_process.keyd.cache_clear()
        witness.stop()
        process.stop()


def _half_witnessed(process: Keyd, witness: Witness, order: bytes) -> None:
    ticket = label_messages.TicketToIssue(bytes(16), order, 1)
    client = process.client()
    client.call(label_messages.IssueReferences(HERE, [ticket]), label_messages.References)
    witness.start(process.state().family)
    process.config.witness_file.write_text(witness.policy())
    until(lambda: process.state().shards[0].witnessed == process.state().shards[0].size)
    witness.stop()
    client.call(label_messages.IssueReferences(HERE, [ticket]), label_messages.References)
    client.close()
    until(lambda: process.state().shards[0].witnesses[0].state == "silent")


@pytest.mark.usefixtures("keyd")
def test_pages_of_the_ledger(warehouse: SimpleNamespace, accessible: Callable[..., None], page: Page) -> None:
    paths = [f"/orders/{warehouse.order.pk}/looks/", "/ledger/"]
    accessible(warehouse.owner, paths)
    assert page.locator("[role=alert]").count() == 1, "the silent witness is named, nothing else is wrong"


@pytest.mark.parametrize(("language", "viewport"), [("zh-CN", PHONE), ("en-US", DESK)], ids=["phone", "desk"])
def test_pages_before_sign_in(
    language: str,
    viewport: dict[str, int],
    warehouse: SimpleNamespace,
    made_up: ModuleType,
    browser: Any,
    axe: str,
) -> None:
    fresh = made_up.make_user(warehouse.tenant, "fresh", Role.OWNER, second_factor=False)
    secret = OneTimeLink.issue(fresh, timezone.now())
    context = browser.new_context(locale=language, viewport=viewport)
    page = context.new_page()
    base = warehouse.server
    paths = ["/login/", f"/setup/{secret}/", "/setup/unknown/", "/trust/", "/inactive/", "/nothing/"]
    wrong = check(page, axe, [base + path for path in paths])
    page.goto(f"{base}/setup/{secret}/")
    page.fill("#id_password1", "parcels leave at six sharp")
    page.fill("#id_password2", "parcels leave at six sharp")
    page.locator("main button[type=submit]").click()
    page.wait_for_url("**/account/second-factor/")
    wrong += check(
        page,
        axe,
        [base + path for path in ("/account/second-factor/", "/account/app/", "/account/passkeys/add/")],
    )
    context.close()
    assert wrong == []


def test_pages_of_looks_policies_and_leavers(
    warehouse: SimpleNamespace,
    sign_in: Callable[..., None],
    page: Page,
    axe: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Ask, shown, a draft with what would happen, a list before it is taken in, and a closing checklist."""
    from django_scopes import scope

    from waybillguard.access.registry_reading import read_accounts
    from waybillguard.access.settings import default_settings
    from waybillguard.service.authorization.active_policies import DEFAULT_ROSTER
    from waybillguard.service.authorization.policy_versions import save_draft
    from waybillguard.service.external_accounts import views as register
    from waybillguard.service.external_accounts.models import Leaving, LeavingItem, StaffOrAccountList
    from waybillguard.service.identity.models import Employment

    table = "系统,子账号,姓名,状态\n聚单ERP,dd01,测试人甲,启用\n聚单ERP,,测试人乙,启用\n".encode()
    monkeypatch.setattr(register, "read_list", lambda _row, _user: read_accounts(table, zone=UTC))
    with scope(tenant=warehouse.tenant):
        draft = save_draft(warehouse.owner, default_settings().to_form(), DEFAULT_ROSTER, timezone.now())
        listed = StaffOrAccountList.objects.create(
            tenant=warehouse.tenant, created_by=warehouse.owner, kind="accounts", spool_name="made-up"
        )
        employment = Employment.objects.create(tenant=warehouse.tenant, user=warehouse.clerk, name="测试人乙")
        leaving = Leaving.objects.create(
            tenant=warehouse.tenant, employment=employment, left_on=timezone.localdate()
        )
        LeavingItem.objects.create(tenant=warehouse.tenant, leaving=leaving, system="聚单ERP", account="dd02")
        LeavingItem.objects.create(
            tenant=warehouse.tenant, leaving=leaving, system="网点系统", shown_at=timezone.now(),
            shown_by=warehouse.owner, evidence_sha256="0" * 64,
        )  # fmt: skip
    paths = (
        f"/orders/{warehouse.order.pk}/reveal/",
        f"/policies/{draft.pk}/",
        f"/register/lists/{listed.pk}/",
        f"/register/leavers/{leaving.pk}/",
    )
    for language, viewport in (("zh-hans", PHONE), ("en", DESK)):
        sign_in(warehouse.owner, language, stepped_up=True)
        page.set_viewport_size(viewport)
        wrong = check(page, axe, [warehouse.server + path for path in paths])
        assert wrong == [], "\n".join(wrong)
    for path in paths:
        answer = page.goto(warehouse.server + path)
        assert answer is not None
        assert answer.status == 200, path
        assert page.url.endswith(path), page.url


def test_the_page_that_shows_a_record_once(
    warehouse: SimpleNamespace,
    sign_in: Callable[..., None],
    page: Page,
    axe: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from waybillguard.service.lookups import views
    from waybillguard.service.lookups.models import Look
    from waybillguard.service.lookups.services import Shown

    look = Look(group="phone", purpose="after_sales", receipt_index=7, receipt_hash="0" * 64, allowed=True)
    record = messages.Revealed(7, "0" * 64, "made.up/here", name="测试人甲", phone="19900001111")
    monkeypatch.setattr(views, "reveal", lambda *_args, **_more: Shown(look, record))
    sign_in(warehouse.owner, stepped_up=True)
    for viewport in (DESK, PHONE):
        page.set_viewport_size(viewport)
        page.goto(f"{warehouse.server}/orders/{warehouse.order.pk}/reveal/")
        page.select_option("#purpose", "after_sales")
        page.locator("main form button[type=submit]").click()
        page.wait_for_selector("#secret")
        page.evaluate(axe)
        assert violations(page) == []


def test_the_drawer_of_an_order(
    warehouse: SimpleNamespace, sign_in: Callable[..., None], page: Page, axe: str
) -> None:
    sign_in(warehouse.owner)
    page.goto(f"{warehouse.server}/orders/")
    page.locator("[data-row-link]").first.click()
    page.wait_for_selector("#drawer[open] #drawer-title")
    page.evaluate(axe)
    assert violations(page) == []
