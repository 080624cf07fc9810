"""What an enrolled agent reports of its PC: the scan, signed by the device key."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Router

from waybillguard.agent.protocol_sensor import ScanSent, ScanTaken
from waybillguard.service.identity.devices.auth import DeviceAuth, DeviceRate, device_of
from waybillguard.service.identity.devices.messages import answer, message_of, speaks
from waybillguard.service.sensors.services import take_report

router = Router()


@router.post(
    "/devices/scan",
    auth=DeviceAuth(),
    throttle=[DeviceRate("scan", "12/h")],
    openapi_extra=speaks(ScanSent, ScanTaken),
)
def scan(request: HttpRequest) -> HttpResponse:
    """Take the scan of the PC on which the device's agent runs."""
    device, sent = device_of(request), message_of(request, ScanSent)
    report = take_report(device.tenant, device.station, sent.scan.encode(), timezone.now(), device=device)
    return answer(ScanTaken(sha256=report.sha256))


ROUTERS = (router,)
