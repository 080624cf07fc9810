"""Sealed rows that belong to no import raise an alert: somebody may be turning phone numbers into search tokens."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone
from django_scopes import scope

from waybillguard.service.alerts.models import Alert
from waybillguard.service.alerts.receivers import alert_sealed_surplus
from waybillguard.service.keyd.client import KeydClient
from waybillguard.service.vault import reconciling
from waybillguard.service.vault.models import Batch

pytestmark = pytest.mark.django_db


@pytest.fixture
def sealed(
    warehouse: SimpleNamespace, sealing: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[SimpleNamespace]:
    """A warehouse for which keyd sealed 40 rows outside its imports."""
    keyd = sealing.operations(tmp_path)
    monkeypatch.setattr(KeydClient, "call", sealing.caller(keyd, []))
    monkeypatch.setattr(reconciling, "SLACK_ROWS", 10)
    read(warehouse, rows_read=0)
    sealing.seal_orders(warehouse.owner, 40)
    yield warehouse
    keyd.ledger.close()


def read(house: SimpleNamespace, label: str = "", **told: Any) -> None:
    """Set the read counts of the imports with this label (of all imports without one)."""
    with scope(tenant=house.tenant):
        Batch.objects.filter(tenant=house.tenant, label__contains=label).update(**told)


def alerts(house: SimpleNamespace, hours: int = 0) -> list[Alert]:
    with scope(tenant=house.tenant):
        alert_sealed_surplus(house.tenant, timezone.now() + timedelta(hours=hours))
        return list(Alert.objects.filter(tenant=house.tenant, rule="sealed_surplus"))


def test_rows_that_no_import_read_raise_one_alert_a_day_with_their_number(sealed: SimpleNamespace) -> None:
    (alert,) = alerts(sealed)
    assert (alert.records, alert.severity) == (40, "critical")
    assert "40" in alert.reason_en
    assert len(alerts(sealed, hours=2)) == 1
    assert len(alerts(sealed, hours=30)) == 2


def test_rows_that_imports_read_raise_none(sealed: SimpleNamespace) -> None:
    read(sealed, label="sealed", rows_read=40)
    assert alerts(sealed) == []


def test_an_import_of_last_week_explains_nothing(sealed: SimpleNamespace) -> None:
    read(sealed, label="sealed", rows_read=40, created_at=timezone.now() - timedelta(days=7))
    assert len(alerts(sealed)) == 1
