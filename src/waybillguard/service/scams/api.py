"""What a merchant's system asks: a link to an order's page for its buyer, and a verdict on a message she got."""

from datetime import datetime

from django.conf import settings
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils import timezone
from ninja import Field, Router, Schema

from waybillguard.scam import Verdict
from waybillguard.service.authorization.bearer import person_of
from waybillguard.service.platform.rates import Rate
from waybillguard.service.platform.schemas import Body
from waybillguard.service.scams.checking import MAX_TEXT, check_against_order
from waybillguard.service.scams.parcels import LINK_LIFETIME, link_token
from waybillguard.service.vault.search import search_orders

router = Router()
ROUTERS = (router,)


class LinkIn(Body):
    """The order whose buyer asks."""

    order_no: str = Field(max_length=80)


class LinkOut(Schema):
    """A link that shows what is kept of one order, and until when."""

    url: str
    expires_at: datetime


class MessageIn(Body):
    """A message, and the order its reader has."""

    text: str = Field(max_length=MAX_TEXT)
    order_no: str = Field(max_length=80)


class VerdictOut(Schema):
    """The verdict alone: an answer about an order tells nothing else."""

    verdict: Verdict


@router.post("/parcel-links", response=LinkOut, throttle=[Rate("parcel-links", "120/m")])
def parcel_link(request: HttpRequest, body: LinkIn) -> LinkOut:
    """Make a link to an order's page, for the shop's own order page to show to the buyer; valid for a day."""
    found = search_orders(person_of(request), "order", body.order_no).orders
    if not found:
        raise Http404
    url = settings.ORIGIN + reverse("my_parcel", args=[link_token(found[0])])
    return LinkOut(url=url, expires_at=timezone.now() + LINK_LIFETIME)


@router.post("/messages/check", response=VerdictOut, throttle=[Rate("messages-check", "60/m")])
def check_message(request: HttpRequest, body: MessageIn) -> VerdictOut:
    """Check a message beside the order of the buyer who got it; every check is a look, and limited by order."""
    found, _order = check_against_order(person_of(request), body.text, body.order_no)
    return VerdictOut(verdict=found.verdict)
