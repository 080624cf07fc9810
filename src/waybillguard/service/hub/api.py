"""What a warehouse reports to this hub, signed by the key it enrolled with."""

import hashlib

import msgspec
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Router

from waybillguard.agent.protocol_town import Posture, PostureTaken
from waybillguard.service.hub.downlink import answer_to
from waybillguard.service.hub.intake import take_posture
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


ROUTERS = (router,)
