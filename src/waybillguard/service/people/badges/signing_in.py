"""Check badge and PIN at a station; every failure gets the same answer in the same time."""

from datetime import datetime
from functools import cache

from django.contrib.auth.hashers import check_password, make_password
from django.http import HttpRequest
from django_scopes import scope

from waybillguard.label.badge import is_code
from waybillguard.service.identity.accounts import journal
from waybillguard.service.identity.models import Badge, Device
from waybillguard.service.people.badges import tries
from waybillguard.service.people.badges.errors import no_station, not_signed_in
from waybillguard.service.people.badges.services import code_hash
from waybillguard.service.people.badges.sessions import takes_badges


def check(request: HttpRequest, device: Device | None, code: str, pin: str, now: datetime) -> Badge:
    """Return the badge of a code whose PIN (or start number) is right.

    An unknown code costs the same as a wrong PIN: one slow hash and the same message. Only badges of the station's
    own warehouse are searched.

    Raises:
        BadgeError: this browser accepts no badges, or many tries at this station were wrong.
        NotSignedInError: code or PIN is wrong, the badge is revoked or locked, or its start number has expired.
    """
    if device is None or not takes_badges(device):
        raise no_station()
    with scope(tenant=device.tenant):
        badge = _badge(code, now)
        may = tries.count_try(device, badge, now)
        right = check_password(pin, badge.pin if badge is not None and may else _dummy_hash())
        if badge is None or not may or not right or not badge.user.is_active:
            journal.sign_in_failed(device.tenant, badge.user if badge else None, request, "badge")
            raise not_signed_in()
        tries.clear_tries(device, badge)
    return badge


def _badge(code: str, now: datetime) -> Badge | None:
    found = (
        Badge.objects.select_related("user", "user__tenant")
        .filter(code_hash=code_hash(code if is_code(code) else ""), revoked_at=None)
        .first()
    )
    if found is not None and found.pin_chosen_at is None and found.start_until < now:
        return None
    return found


@cache
def _dummy_hash() -> str:
    """Return a hash that is checked instead of the PIN of an unknown badge, to take the same time."""
    return make_password("no badge has this PIN")
