"""The pages that sites appear on: WCAG 2.2 AA, in both languages, on a desk and on a phone."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.utils import timezone
from django_scopes import scope
from playwright.sync_api import Page, expect
from support.devices import enrolled

from waybillguard.service.identity.models import Device, Employment, Merchant, Site


@pytest.fixture
def two_sites(warehouse: SimpleNamespace) -> SimpleNamespace:
    """The warehouse with two open sites and a closed one, a person and a device at the first."""
    tenant = warehouse.tenant
    with scope(tenant=tenant):
        first, _ = (
            Site.objects.create(tenant=tenant, code=code, name=name)
            for code, name in (("YW-1", "义乌一号仓"), ("JH-2", "金华二号仓"))
        )
        Site.objects.create(tenant=tenant, code="OLD", name="老仓", closed_at=timezone.now())
        Employment.objects.create(tenant=tenant, user=warehouse.clerk, site=first)
        device, _ = enrolled(warehouse.owner)
        Device.objects.filter(pk=device.pk).update(site=first)
        Merchant.objects.create(tenant=tenant, name="山里干货行")
    warehouse.site = first
    return warehouse


def test_pages_with_sites(two_sites: SimpleNamespace, accessible: Callable[..., None]) -> None:
    paths = [
        "/sites/",
        "/people/",
        f"/people/?site={two_sites.site.pk}",
        f"/people/{two_sites.clerk.pk}/",
        "/devices/",
        f"/devices/?site={two_sites.site.pk}",
        "/merchants/",
        "/policies/edit/",
        "/people/single-sign-on/",
    ]
    accessible(two_sites.owner, paths)


def test_the_list_of_devices_shows_each_ones_site_and_filters_by_it(
    two_sites: SimpleNamespace, sign_in: Callable[..., None], page: Page
) -> None:
    sign_in(two_sites.owner)
    page.goto(f"{two_sites.server}/devices/")
    row = page.locator("tbody tr").first
    assert row.locator("select").evaluate("one => one.selectedOptions[0].text") == "义乌一号仓"
    page.goto(f"{two_sites.server}/devices/?site={two_sites.site.pk}")
    assert page.locator("tbody tr").count() == 1
    page.select_option("#f-site", label="金华二号仓")
    page.get_by_role("button", name="Filter").click()
    expect(page.locator("tbody tr")).to_have_count(0)
