"""The page of a station: enrol this browser, scan a badge, choose a PIN."""

from datetime import timedelta

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST
from django_scopes import scope

from waybillguard.errors import WaybillGuardError
from waybillguard.service.identity.devices.browsers import browser_of, enrol_browser, give_cookie
from waybillguard.service.identity.devices.errors import DeviceError
from waybillguard.service.identity.models import Badge, Device
from waybillguard.service.keyd.client import KeydError
from waybillguard.service.people.badges.errors import form_too_old
from waybillguard.service.people.badges.forms import EnrolForm, PinForm, ScanForm
from waybillguard.service.people.badges.services import choose_pin, pin_mark
from waybillguard.service.people.badges.sessions import begin, takes_badges
from waybillguard.service.people.badges.signing_in import check
from waybillguard.service.platform.limits import client_address, over_limit
from waybillguard.service.platform.views import said

ENROL_TRIES = 20
ENROL_WINDOW = 300
CHOOSING = timedelta(minutes=5)
_SALT = "waybillguard.badge.pin"


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def station(request: HttpRequest) -> HttpResponse:
    """Sign somebody in by badge and PIN; anybody signed in before is signed out."""
    if request.method != "POST":
        return _page(request)
    form = ScanForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    now = timezone.now()
    code, pin = form.cleaned_data["badge"].strip(), form.cleaned_data["pin"]
    try:
        badge = check(request, browser_of(request), code, pin, now)
    except KeydError:
        raise
    except WaybillGuardError as error:
        return _page(request, problem=said(error), status=403)
    if badge.pin_chosen_at is None:
        return _choose(request, PinForm(), _ticket(badge, browser_of(request)))
    return _begin(request, badge)


@never_cache
@sensitive_post_parameters()
@require_POST
def station_pin(request: HttpRequest) -> HttpResponse:
    """Let somebody who presented a badge and its start number choose their own PIN, then sign them in."""
    device, ticket = browser_of(request), request.POST.get("ticket", "")
    try:
        if device is None or not takes_badges(device):
            raise form_too_old()
        number, mark = _read(ticket, device)
    except WaybillGuardError as error:
        return _page(request, problem=said(error), status=410)
    form = PinForm(request.POST)
    if not form.is_valid():
        return _choose(request, form, ticket, status=422)
    try:
        with scope(tenant=device.tenant):
            badge = choose_pin(number, mark, form.cleaned_data["pin1"], timezone.now())
    except KeydError:
        raise
    except WaybillGuardError as error:
        form.add_error(None, said(error))
        return _choose(request, form, ticket, status=422)
    return _begin(request, badge)


@never_cache
@sensitive_post_parameters()
@require_POST
def station_enrol(request: HttpRequest) -> HttpResponse:
    """Enrol this browser with an owner's one-time code."""
    if over_limit("browser-enrol", client_address(request), limit=ENROL_TRIES, seconds=ENROL_WINDOW):
        return render(request, "429.html", status=429)
    form = EnrolForm(request.POST)
    if not form.is_valid():
        return _page(request, enrol=form, status=422)
    try:
        device, secret = enrol_browser(
            form.cleaned_data["code"], request.META.get("HTTP_USER_AGENT", ""), timezone.now()
        )
    except DeviceError as error:
        form.add_error(None, said(error))
        return _page(request, enrol=form, status=403)
    response = redirect("station" if takes_badges(device) else "home")
    give_cookie(response, secret)
    return response


def _begin(request: HttpRequest, badge: Badge) -> HttpResponse:
    device = browser_of(request)
    assert device is not None
    try:
        with scope(tenant=device.tenant):
            begin(request, device, badge, timezone.now())
    except KeydError:
        raise
    except WaybillGuardError as error:
        return _page(request, problem=said(error), status=403)
    return redirect("home")


def _page(
    request: HttpRequest,
    form: ScanForm | None = None,
    *,
    enrol: EnrolForm | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    device = browser_of(request)
    context = {
        "device": device, "takes": takes_badges(device), "form": form or ScanForm(), "enrol": enrol or EnrolForm(),
        "problem": problem,
    }  # fmt: skip
    return render(request, "badges/station.html", context, status=status)


def _choose(request: HttpRequest, form: PinForm, ticket: str, status: int = 200) -> HttpResponse:
    return render(request, "badges/choose_pin.html", {"form": form, "ticket": ticket}, status=status)


def _ticket(badge: Badge, device: Device | None) -> str:
    """Return the token that the form carries from start number to own PIN. It expires with the start number."""
    return signing.dumps([badge.pk, pin_mark(badge), device.pk if device else 0], salt=_SALT)


def _read(ticket: str, device: Device) -> tuple[int, str]:
    """Return badge and mark of a token that this station issued within five minutes.

    Raises:
        BadgeError: the token is invalid.
    """
    try:
        number, mark, station_pk = signing.loads(ticket, salt=_SALT, max_age=CHOOSING)
    except (signing.BadSignature, ValueError, TypeError):
        raise form_too_old() from None
    if station_pk != device.pk:
        raise form_too_old()
    return int(number), str(mark)
