"""The machine API of print agents: every request signed by an enrolled device, nothing for anybody else."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Router

from waybillguard.agent.protocol import Acks, AcksTaken, Leased, LeaseRequest, Status, StatusTaken
from waybillguard.service.identity.devices.auth import DeviceAuth, DeviceRate, device_of
from waybillguard.service.identity.devices.messages import answer, message_of, speaks
from waybillguard.service.print_room.stations.leasing import lease_work, take_acks
from waybillguard.service.print_room.stations.printers import take_status

router = Router()


@router.post(
    "/devices/lease",
    auth=DeviceAuth(),
    throttle=[DeviceRate("lease", "1200/m")],
    openapi_extra=speaks(LeaseRequest, Leased),
)
def lease(request: HttpRequest) -> HttpResponse:
    """Hand out the next labels of the device's printers, each sealed to the device."""
    return answer(lease_work(device_of(request), message_of(request, LeaseRequest)))


@router.post(
    "/devices/acks",
    auth=DeviceAuth(),
    throttle=[DeviceRate("acks", "1200/m")],
    openapi_extra=speaks(Acks, AcksTaken),
)
def acks(request: HttpRequest) -> HttpResponse:
    """Take what became of labels."""
    return answer(take_acks(device_of(request), message_of(request, Acks)))


@router.post(
    "/devices/status",
    auth=DeviceAuth(),
    throttle=[DeviceRate("status", "120/m")],
    openapi_extra=speaks(Status, StatusTaken),
)
def status(request: HttpRequest) -> HttpResponse:
    """Take how the printers stand."""
    now = timezone.now()
    take_status(device_of(request), message_of(request, Status).printers, now)
    return answer(StatusTaken(server_time=now))
