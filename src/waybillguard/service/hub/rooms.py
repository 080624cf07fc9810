"""The case room: documents of a case for a guest without an account, opened by an expiring link and a code."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django_scopes import scopes_disabled

from waybillguard.service.cases.joint import may_see
from waybillguard.service.cases.models import JointCase
from waybillguard.service.hub.errors import HubError
from waybillguard.service.hub.models import RoomLink, Seat
from waybillguard.service.identity.accounts.changes import note
from waybillguard.service.identity.models import User

TRIES: Final = 5
"""Number of wrong codes after which a link is invalid."""
_DIGITS: Final = 8


@dataclass(frozen=True, slots=True)
class Room:
    """A new link: the last part of its URL, and the code. Both are shown only once; send them by separate channels."""

    token: str
    code: str
    ends: datetime


def open_room(by: User, joint: JointCase, authority: str, given_to: str, days: int) -> Room:
    """Make a link to a case's documents as ``authority`` sees them; the ledger entry is written first.

    ``given_to`` is printed on every document opened by the link, so that a leaked copy names its first recipient.

    Raises:
        HubError: ``given_to`` is empty.
        KeydError: the ledger entry cannot be written; no link is made.
    """
    given_to = given_to.strip()[:60]
    if not given_to:
        raise HubError(
            zh="请填写交付单位：它会印在下载的文书上。未生成链接。",
            en="name the office that gets the link: it is printed on what it downloads. There is no link.",
        )
    token, code = secrets.token_urlsafe(24), f"{secrets.randbelow(10**_DIGITS):0{_DIGITS}}"
    ends = timezone.now() + timedelta(days=days)
    with transaction.atomic():
        note(joint.tenant, "case_room", actor=by, case=joint.case_id, days=days)
        RoomLink.objects.create(
            tenant=joint.tenant, joint=joint, authority=authority, given_to=given_to, token_hash=_hash(token),
            code_hash=make_password(code), ends_at=ends, made_by=by,
        )  # fmt: skip
    return Room(token, code, ends)


def end_room(by: User, link: RoomLink) -> None:
    """End a link at once."""
    with transaction.atomic():
        if RoomLink.objects.filter(pk=link.pk, tenant=link.tenant, ended_at=None).update(
            ended_at=timezone.now()
        ):
            note(link.tenant, "case_room_ended", actor=by, case=link.joint.case_id)


def find_valid_link(token: str, now: datetime) -> RoomLink | None:
    """Return the link for the token of a URL, if it is still valid.

    None if the link is unknown or has ended, its authority no longer takes part in the case, or its creator has left
    or represents another authority.
    """
    with scopes_disabled():  # a guest belongs to no tenant
        link = (
            RoomLink.objects.select_related("joint__case", "joint__tenant", "tenant")
            .filter(
                token_hash=_hash(token),
                ended_at=None,
                ends_at__gt=now,
                tries__lt=TRIES,
                made_by__is_active=True,
            )
            .first()
        )
        if link is None or not may_see(link.joint, link.authority):
            return None
        seats = Seat.objects.filter(tenant=link.tenant, user=link.made_by_id, authority=link.authority)
        return link if seats.exists() else None


def check_code(link: RoomLink, code: str) -> bool:
    """Check a code. The attempt is counted first, so that parallel attempts cannot exceed the limit."""
    rows = RoomLink.objects.filter(pk=link.pk, tenant=link.tenant, tries__lt=TRIES)
    if rows.update(tries=F("tries") + 1) != 1:
        return False
    if not check_password(code.strip(), link.code_hash):
        return False
    RoomLink.objects.filter(pk=link.pk, tenant=link.tenant).update(tries=0, opened=F("opened") + 1)
    return True


def _hash(token: str) -> bytes:
    return hashlib.sha256(b"waybillguard case room\0" + token.encode()).digest()
