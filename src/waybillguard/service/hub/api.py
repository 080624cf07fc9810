"""API of the hub for enrolled warehouses: signed reports, and answers to screenings."""

import hashlib

import msgspec
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Router

from waybillguard.agent.protocol_screening import (
    ScreeningAsk,
    ScreeningPart,
    ScreeningRequest,
    ScreeningTaken,
)
from waybillguard.agent.protocol_town import Posture, PostureTaken
from waybillguard.service.hub.downlink import answer_to
from waybillguard.service.hub.intake import take_posture, warehouse_of
from waybillguard.service.hub.screening import keep_part, request_for
from waybillguard.service.hub.witnessing import cosign
from waybillguard.service.identity.devices.auth import DeviceAuth, DeviceRate, device_of
from waybillguard.service.identity.devices.messages import answer, message_of, speaks
from waybillguard.service.identity.models import DeviceKind

router = Router()


@router.post(
    "/town/posture",
    auth=DeviceAuth((DeviceKind.WAREHOUSE,)),
    throttle=[DeviceRate("posture", "30/h")],
    openapi_extra=speaks(Posture, PostureTaken),
)
def posture(request: HttpRequest) -> HttpResponse:
    """Take in the report of a warehouse: verdicts by control, checkpoint, alarms. No shopper's data fits."""
    sent = message_of(request, Posture)
    sha256 = hashlib.sha256(request.body).hexdigest()
    now = timezone.now()
    warehouse = take_posture(device_of(request), sent, sha256, now)
    taken = answer_to(warehouse, sent, sha256, now)
    if sent.checkpoint is not None:
        taken = msgspec.structs.replace(taken, cosigned=cosign(warehouse, sent.checkpoint, now))
    return answer(taken)


@router.post(
    "/town/screening",
    auth=DeviceAuth((DeviceKind.WAREHOUSE,)),
    throttle=[DeviceRate("screening", "60/h")],
    openapi_extra=speaks(ScreeningAsk, ScreeningRequest),
)
def screening(request: HttpRequest) -> HttpResponse:
    """Hand a warehouse the file of a screening that it was told of."""
    asked = message_of(request, ScreeningAsk)
    return answer(ScreeningRequest(request=request_for(warehouse_of(device_of(request)), asked.id)))


@router.post(
    "/town/screening/answer",
    auth=DeviceAuth((DeviceKind.WAREHOUSE,)),
    throttle=[DeviceRate("screening-answer", "400/h")],
    openapi_extra=speaks(ScreeningPart, ScreeningTaken),
)
def screening_answer(request: HttpRequest) -> HttpResponse:
    """Keep a part of a warehouse's answer to a screening; nobody here can open it."""
    sent = message_of(request, ScreeningPart)
    keep_part(warehouse_of(device_of(request)), sent, timezone.now())
    return answer(ScreeningTaken())


ROUTERS = (router,)
