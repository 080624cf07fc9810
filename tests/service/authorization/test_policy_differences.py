"""A draft lists its changes: role, setting, old value, new value. Unchanged settings are not listed."""

from collections.abc import Callable, Iterator
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from django_scopes import scope

from waybillguard.access.settings import default_settings
from waybillguard.service.authorization.active_policies import (
    DEFAULT_ROSTER,
    ActivePolicies,
    active_policies,
    compile_version,
)
from waybillguard.service.authorization.policy_differences import Difference, differences
from waybillguard.service.authorization.policy_versions import save_draft


@pytest.fixture(autouse=True)
def _scope(warehouse: SimpleNamespace) -> Iterator[None]:
    with scope(tenant=warehouse.tenant), override("en"):
        yield


def draft(
    made: SimpleNamespace, *, hour: int, purposes: list[str] | None = None
) -> tuple[int, ActivePolicies]:
    values = default_settings().to_form()
    service = values["roles"]["service"]  # type: ignore[index]
    service["limits"]["hour"] = hour
    if purposes is not None:
        service["purposes"] = purposes
    row = save_draft(made.owner, values, DEFAULT_ROSTER, timezone.now())
    return row.pk, compile_version(row)


def test_a_limit_is_named_with_both_numbers(warehouse: SimpleNamespace) -> None:
    _, new = draft(warehouse, hour=10)
    assert differences(active_policies(warehouse.tenant), new) == [
        Difference("customer service", "Looks an hour", "15", "10")
    ]


def test_what_says_the_same_changes_nothing(warehouse: SimpleNamespace) -> None:
    _, new = draft(warehouse, hour=15)
    assert differences(active_policies(warehouse.tenant), new) == []


def test_a_purpose_taken_away_is_named(warehouse: SimpleNamespace) -> None:
    old = active_policies(warehouse.tenant)
    kept = old.settings.to_form()["roles"]["service"]["purposes"]  # type: ignore[index]
    _, new = draft(warehouse, hour=15, purposes=kept[1:])
    (found,) = differences(old, new)
    assert (found.before, found.after) == ("yes", "no")


def test_the_page_of_a_draft_shows_it(warehouse: SimpleNamespace, signed_in: Callable[..., Client]) -> None:
    pk, _ = draft(warehouse, hour=10)
    page = signed_in(warehouse.owner).get(reverse("policy_version", args=[pk])).content.decode()
    assert "What this draft changes" in page
    assert '<td class="wg-muted">15</td><td><b>10</b></td>' in page


def test_the_form_is_one_table_of_roles_and_limits_whose_cells_are_named(
    warehouse: SimpleNamespace, signed_in: Callable[..., Client]
) -> None:
    page = signed_in(warehouse.owner).get(reverse("policy_edit")).content.decode()
    assert page.count('<table class="wg-matrix"') == 1
    assert 'aria-label="customer service Looks an hour"' in page
    assert page.count('type="checkbox" name="service-purposes"') == page.count(
        'type="checkbox" name="owner-purposes"'
    )
