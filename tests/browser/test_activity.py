"""The activity pages in a real browser: from the month to the hour, filters that survive, a log mapped by hand."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django_scopes import scope
from playwright.sync_api import Page, expect
from support.loading import beside

from waybillguard.service.activity import tasks
from waybillguard.service.activity.models import ForeignLog
from waybillguard.service.audit.recording import record
from waybillguard.service.keyd.client import KeydClient
from waybillguard.service.platform.config import Config

NIGHT = datetime(2026, 11, 3, 19, 30, tzinfo=UTC)
LOG = "操作时间,操作人,操作类型,订单号\n2026-11-03 08:30:00,w01,解密查看收件人,T1\n2026-11-03 09:30:00,w01,喝茶,T2\n"


@pytest.fixture
def home(tmp_path: Path, settings: Any) -> Path:
    """A data folder of the test's own."""
    settings.CONFIG = Config(tmp_path / "data")
    return tmp_path


def test_a_cell_of_the_month_leads_to_its_hour_and_filters_survive_a_reload(
    warehouse: SimpleNamespace, sign_in: Callable[..., None], page: Page, complaints: list[str], home: Path
) -> None:
    with scope(tenant=warehouse.tenant):
        record(
            warehouse.tenant, "reveal", user=warehouse.clerk, orders=[warehouse.order], exposed=True, at=NIGHT
        )
    sign_in(warehouse.owner)
    page.goto(f"{warehouse.server}/activity/?month=2026-11")
    page.locator(".wg-heat td a").first.click()
    expect(page.locator("tbody tr")).to_have_count(1)
    page.select_option("#f-only", "exposed")
    page.wait_for_url("**only=exposed**")
    page.reload()
    expect(page.locator("#f-only")).to_have_value("exposed")
    expect(page.locator("tbody tr")).to_have_count(1)
    assert complaints == []
    assert home.is_dir()


def test_a_log_is_uploaded_mapped_and_read_in(
    warehouse: SimpleNamespace,
    sign_in: Callable[..., None],
    page: Page,
    complaints: list[str],
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sealing = beside("sealing")
    made = sealing.operations(home / "ledger")
    monkeypatch.setattr(KeydClient, "call", sealing.caller(made, []))
    sign_in(warehouse.owner)
    page.goto(f"{warehouse.server}/activity/logs/")
    page.fill("#source", "某ERP")
    page.set_input_files("#file", {"name": "log.csv", "mimeType": "text/csv", "buffer": LOG.encode()})
    page.click("#upload-log button[type=submit]")
    expect(page.locator("#column-ts")).to_have_value("操作时间")
    page.locator("label", has_text="喝茶").locator("xpath=..").locator("select").select_option("ignore")
    page.click("button[value=import]")
    expect(page.locator(".wg-wait")).to_be_visible()
    with scope(tenant=warehouse.tenant):
        tasks.read_foreign_log.call(ForeignLog.objects.get().pk)
    expect(page.locator(".wg-verdict")).to_contain_text("1 events taken in")
    assert complaints == []
    made._ledger.close()
