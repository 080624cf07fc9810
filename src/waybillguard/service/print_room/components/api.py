"""The machine API of shims: every request signed by an enrolled device."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Router

from waybillguard.agent.protocol_desk import Notes, NotesTaken, Outcomes, OutcomesAsk, PrintAsk, PrintTaken
from waybillguard.agent.protocol_intake import Intake, IntakeKey, IntakeKeyAsk, IntakeTaken
from waybillguard.service.identity.devices.auth import DeviceAuth, DeviceRate, device_of
from waybillguard.service.identity.devices.messages import answer, message_of, speaks
from waybillguard.service.print_room.components.arrivals import take_in
from waybillguard.service.print_room.components.compatibility import key_for
from waybillguard.service.print_room.components.shimdesk import keep_notes, outcomes_of, print_labels

router = Router()


@router.post(
    "/devices/print",
    auth=DeviceAuth(),
    throttle=[DeviceRate("print", "600/m")],
    openapi_extra=speaks(PrintAsk, PrintTaken),
)
def print_by_number(request: HttpRequest) -> HttpResponse:
    """Take labels for printing by order or waybill number."""
    return answer(print_labels(device_of(request), message_of(request, PrintAsk), timezone.now()))


@router.post(
    "/devices/outcomes",
    auth=DeviceAuth(),
    throttle=[DeviceRate("outcomes", "1200/m")],
    openapi_extra=speaks(OutcomesAsk, Outcomes),
)
def outcomes(request: HttpRequest) -> HttpResponse:
    """Tell what became of labels."""
    return answer(outcomes_of(device_of(request), message_of(request, OutcomesAsk)))


@router.post(
    "/devices/notes",
    auth=DeviceAuth(),
    throttle=[DeviceRate("notes", "120/m")],
    openapi_extra=speaks(Notes, NotesTaken),
)
def notes(request: HttpRequest) -> HttpResponse:
    """Keep a station's print record of lane A and what its shim refused."""
    return answer(NotesTaken(kept=keep_notes(device_of(request), message_of(request, Notes).notes)))


@router.post(
    "/devices/intake/key",
    auth=DeviceAuth(),
    throttle=[DeviceRate("intake-key", "1200/m")],
    openapi_extra=speaks(IntakeKeyAsk, IntakeKey),
)
def intake_key(request: HttpRequest) -> HttpResponse:
    """Give the key that arriving orders are sealed to, if an owner let this ERP send them."""
    key = key_for(device_of(request), message_of(request, IntakeKeyAsk).erp)
    return answer(IntakeKey(key=key))


@router.post(
    "/devices/intake",
    auth=DeviceAuth(),
    throttle=[DeviceRate("intake", "1200/m")],
    openapi_extra=speaks(Intake, IntakeTaken),
)
def intake(request: HttpRequest) -> HttpResponse:
    """Take in orders that a station sealed as they arrived."""
    return answer(take_in(device_of(request), message_of(request, Intake), timezone.now()))
