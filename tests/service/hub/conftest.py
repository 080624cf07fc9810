"""A hub of an invented town, and warehouses that report to it."""

from types import SimpleNamespace
from typing import Any

import pytest
from django_scopes import scope
from support.devices import enrolled

from waybillguard.service.hub.models import Warehouse
from waybillguard.service.hub.towns import add_warehouse, open_town


@pytest.fixture
def town(warehouse: SimpleNamespace) -> SimpleNamespace:
    """The first tenant as a hub with one enrolled warehouse."""
    with scope(tenant=warehouse.tenant):
        open_town(warehouse.tenant, "测试镇")
        listed = add_warehouse(warehouse.owner, "甲仓", "北苑")
        device, keys = enrolled(warehouse.owner, station="甲仓", kind="warehouse")
        warehouse.listed, warehouse.device, warehouse.keys = listed, device, keys
    return warehouse


@pytest.fixture
def more_warehouses(town: SimpleNamespace) -> Any:
    """Return a function that lists more warehouses at once."""

    def make(count: int) -> list[Warehouse]:
        with scope(tenant=town.tenant):
            return Warehouse.objects.bulk_create(
                Warehouse(
                    tenant=town.tenant, name=f"{n:04}号仓", district=f"片区{n % 9}", added_by=town.owner
                )
                for n in range(count)
            )

    return make
