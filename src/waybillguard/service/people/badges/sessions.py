"""Badge sessions: bound to one station, at most fifteen minutes idle, ended with the shift."""

from datetime import datetime, timedelta
from importlib import import_module
from typing import Any, Final

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import login
from django.db import transaction
from django.http import HttpRequest

from waybillguard.access.request import SignIn
from waybillguard.access.shifts import Duty
from waybillguard.service.audit.recording import record
from waybillguard.service.authorization.authorize import authorize
from waybillguard.service.authorization.principal import BADGE_SESSION, load_principal
from waybillguard.service.identity.accounts import journal
from waybillguard.service.identity.accounts.browsers import remember_browser
from waybillguard.service.identity.devices.browsers import browser_of, device_facts
from waybillguard.service.identity.models import Badge, Device, DeviceKind, Here, StationSession, User
from waybillguard.service.people.badges.errors import refused

IDLE: Final = timedelta(minutes=15)
WITHOUT_SHIFT: Final = timedelta(hours=4)
"""Longest session of a person without a shift; masked work does not require one."""

NOTED_EVERY: Final = timedelta(minutes=1)
_BACKEND: Final = settings.AUTHENTICATION_BACKENDS[0]


def begin(request: HttpRequest, device: Device, badge: Badge, now: datetime) -> StationSession:
    """Sign the badge's person in at this station; anybody signed in before is signed out.

    Raises:
        RefusedError: the policies do not let the person in here.
        KeydError: the ledger cannot be written; nobody was signed in or out.
    """
    user = badge.user
    duty = _may_sign_in(request, user, now)
    ends = min(duty.ends or now + WITHOUT_SHIFT, now + timedelta(seconds=settings.SESSION_COOKIE_AGE))
    journal.write("sign_in", user, request, method="badge", device=device.uid, station=device.station)
    with transaction.atomic():
        for row in StationSession.objects.select_for_update().filter(device=device, ended_at=None):
            end(row, now)
        request.session.flush()  # sign out anybody else: one person at a station
        login(request, user, backend=_BACKEND)
        remember_browser(request, user)
        request.session[BADGE_SESSION] = {"device": device.pk, "badge": badge.pk, "ends": ends.timestamp()}
        _stretch(request, ends, now)
        request.session.save()
        Badge.objects.filter(pk=badge.pk).update(last_used=now)
        row = StationSession.objects.create(
            tenant_id=badge.tenant_id, device=device, badge=badge, session_key=request.session.session_key or "",
            began_at=now, ends_at=ends,
        )  # fmt: skip
    record(device.tenant, "login", user=user)
    return row


def end(row: StationSession, now: datetime) -> None:
    """End a badge session, wherever it is open."""
    UserSession.objects.filter(session_key=row.session_key).delete()
    import_module(settings.SESSION_ENGINE).SessionStore(session_key=row.session_key).delete()
    StationSession.objects.filter(pk=row.pk, ended_at=None).update(ended_at=now)


def still_good(request: HttpRequest, user: User, begun: dict[str, Any], now: datetime) -> bool:
    """Return whether a badge session may continue: same station, badge not revoked, shift not over.

    Idle time is the expiry of the session itself. Only a person's requests extend it; polling does not.
    """
    device = browser_of(request)
    if device is None or device.pk != begun["device"] or device.state != Device.State.ACTIVE:
        return False
    ends = datetime.fromtimestamp(begun["ends"], tz=now.tzinfo)
    if now >= ends:
        return False
    if not Badge.objects.filter(pk=begun["badge"], user=user, revoked_at=None).exists():
        return False
    polled = request.method == "GET" and request.headers.get("HX-Request") == "true"
    if not polled and now.timestamp() - begun.get("noted", 0) > NOTED_EVERY.total_seconds():
        _stretch(request, ends, now)
    return True


def takes_badges(device: Device | None) -> bool:
    """Return whether this browser is a station that accepts badges."""
    return (
        device is not None
        and device.kind == DeviceKind.STATION
        and device.state == Device.State.ACTIVE
        and (device.holder is None or device.holder.is_active)
    )


def _stretch(request: HttpRequest, ends: datetime, now: datetime) -> None:
    request.session[BADGE_SESSION] = {**request.session[BADGE_SESSION], "noted": now.timestamp()}
    request.session.set_expiry(min(now + IDLE, ends))


def _may_sign_in(request: HttpRequest, user: User, now: datetime) -> Duty:
    device, place = device_facts(request, user.tenant)  # type: ignore[arg-type]  # a badge has one
    user.here = Here(SignIn(method="badge", shared=user.shared), device, place)
    who = load_principal(user, user.here.sign_in, now)
    decision = authorize(who, "sign_in", recorded=False)
    if not decision.allowed:
        raise refused(decision.words("zh"), decision.words("en"))
    return who.duty
