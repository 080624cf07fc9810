"""Where compatibility mode can be turned on."""

from types import SimpleNamespace

import pytest
from django.utils import timezone
from django_scopes import scope
from support.codes import has_code
from support.devices import enrolled

from waybillguard.service.identity.devices.errors import DeviceError
from waybillguard.service.identity.models import Device
from waybillguard.service.print_room.components.compatibility import mode_of, turn_on
from waybillguard.service.print_room.components.views_compatibility import ModeForm
from waybillguard.service.print_room.models import CompatibilityMode


def test_only_agents_on_a_known_host_that_is_no_print_station_are_offered(warehouse: SimpleNamespace) -> None:
    with scope(tenant=warehouse.tenant):
        made = {}
        for host in ("box", "server", "station", ""):
            made[host], _ = enrolled(warehouse.owner, station=host or "new")
            Device.objects.filter(pk=made[host].pk).update(host_class=host)
        browser, _ = enrolled(warehouse.owner, station="browser", kind="desk")
        Device.objects.filter(pk=browser.pk).update(host_class="box", signing_key=None)
        form = ModeForm(tenant=warehouse.tenant)
        offered = [device.station for device in form.fields["device"].queryset]  # type: ignore[attr-defined]
    assert offered == ["box", "server"]


@pytest.mark.usefixtures("no_keyd")
@pytest.mark.parametrize(("host", "signs"), [("", True), ("station", True), ("box", False)])
def test_the_mode_is_neither_turned_on_nor_counts_elsewhere(
    warehouse: SimpleNamespace, host: str, signs: bool
) -> None:
    with scope(tenant=warehouse.tenant):
        device, _ = enrolled(warehouse.owner)
        device.host_class = host
        if not signs:
            device.signing_key = None
        device.save()
        with pytest.raises(DeviceError, check=has_code("compatibility_refused")):
            turn_on(warehouse.owner, device, "erp", timezone.now())
        CompatibilityMode.objects.create(
            tenant=warehouse.tenant, device=device, erp="erp", on_by=warehouse.owner
        )
        assert mode_of(device, "erp") is None
