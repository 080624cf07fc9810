"""The page of keys: what it says of the rotation, and what the indexes reveal."""

import os
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace

from django.utils import timezone
from django_scopes import scope
from playwright.sync_api import Page, expect

from waybillguard.service.vault.models import KeyGeneration, Rotation


def test_the_page_follows_a_rotation_to_its_end(
    warehouse: SimpleNamespace, page: Page, sign_in: Callable[..., None], complaints: list[str]
) -> None:
    sign_in(warehouse.owner, os.environ.get("LANGUAGE_OF_TEST", "en"))
    page.goto(f"{warehouse.server}/keys/")
    expect(page.get_by_role("button", name="Rotate keys")).to_be_visible()
    expect(page.get_by_role("row", name="Full phone")).to_be_visible()
    now = timezone.now()
    with scope(tenant=warehouse.tenant):
        KeyGeneration.objects.create(tenant=warehouse.tenant, number=1, state="retiring")
        KeyGeneration.objects.create(tenant=warehouse.tenant, number=2, state="current", wrapped=b"x")
        row = Rotation.objects.create(
            tenant=warehouse.tenant, generation=2, started_by=warehouse.owner, total=60, done=25
        )
    page.reload()
    expect(page.locator("#rotation [role=status]")).to_contain_text("25 / 60")
    if target := os.environ.get("SCREENSHOT_OF_TEST"):
        page.screenshot(path=target, full_page=True)
    with scope(tenant=warehouse.tenant):
        Rotation.objects.filter(pk=row.pk).update(done=60, finished_at=now + timedelta(minutes=1))
    expect(page.get_by_text("Last rotation")).to_be_visible(timeout=15_000)
    assert complaints == []
