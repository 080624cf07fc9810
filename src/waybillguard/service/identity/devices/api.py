"""API route that enrols a device; the routes for enrolled devices are in the stations package."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Router

from waybillguard.agent.protocol import Enrol, Enrolled
from waybillguard.agent.signing import ENROL_KEY_ID
from waybillguard.service.identity.devices.auth import signature_of
from waybillguard.service.identity.devices.messages import answer, message_of, speaks
from waybillguard.service.identity.devices.services import enrol as take_in
from waybillguard.service.platform.rates import AddressRate

router = Router()


@router.post(
    "/devices/enrol",
    auth=None,
    throttle=[AddressRate("enrol", "20/m")],
    openapi_extra=speaks(Enrol, Enrolled),
)
def enrol_device(request: HttpRequest) -> HttpResponse:
    """Enrol a device with the one-time code of an owner; signed with the very key that it brings."""
    now = timezone.now()
    asked = message_of(request, Enrol)
    signature_of(request, {ENROL_KEY_ID: asked.signing_key}, now)
    device = take_in(asked, now)
    return answer(Enrolled(device=device.uid, station=device.station, server_time=now))
