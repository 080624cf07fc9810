"""Issue and revoke badges, replace start numbers, choose PINs, mark accounts as shared."""

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.utils.crypto import constant_time_compare

from waybillguard.access.pins import DIGITS, check_pin
from waybillguard.label.badge import CODE_DIGITS, with_check_digit
from waybillguard.service.identity.accounts.changes import note
from waybillguard.service.identity.accounts.services import end_sessions
from waybillguard.service.identity.context import tenant_of
from waybillguard.service.identity.models import (
    MAY,
    Badge,
    Permission,
    Role,
    ShellToken,
    StationSession,
    User,
)
from waybillguard.service.people.badges.errors import form_too_old, no_badge, not_for_owners
from waybillguard.service.people.badges.sessions import end

START_LIFETIME: Final = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Issued:
    """A new badge: the code for its picture and the start number, both shown once and never stored."""

    badge: Badge
    code: str = field(repr=False)
    start: str = field(repr=False)


def code_hash(code: str) -> bytes:
    """Return the stored hash of a badge's code (129 random bits, so a plain hash suffices)."""
    return hashlib.sha256(b"waybillguard badge\0" + code.encode()).digest()


def working_badge(user: User) -> Badge | None:
    """Return the person's valid badge, if there is one."""
    return Badge.objects.filter(user=user, revoked_at=None).select_related("issued_by").first()


def issue(actor: User, user: User, now: datetime) -> Issued:
    """Issue a badge to a person; an earlier one is revoked.

    Raises:
        KeydError: the ledger cannot be written; no badge was issued.
    """
    tenant = tenant_of(actor)
    code = with_check_digit("".join(secrets.choice("0123456789") for _ in range(CODE_DIGITS - 1)))
    start = _start_number()
    with transaction.atomic():
        revoke(actor, user, now)
        badge = Badge.objects.create(
            tenant=tenant, user=user, code_hash=code_hash(code), pin=make_password(start),
            start_until=now + START_LIFETIME, issued_by=actor, issued_at=now,
        )  # fmt: skip
        note(tenant, "badge_issued", person=user, actor=actor, now=now, badge=badge.pk)
    return Issued(badge, code, start)


def new_start_number(actor: User, user: User, now: datetime) -> str:
    """Replace a forgotten PIN by a new start number, shown once; the badge's sessions end.

    Raises:
        BadgeError: there is no valid badge.
        KeydError: the ledger cannot be written; the old PIN stays.
    """
    start = _start_number()
    with transaction.atomic():
        badge = Badge.objects.select_for_update().filter(user=user, revoked_at=None).first()
        if badge is None:
            raise no_badge()
        badge.pin, badge.pin_chosen_at, badge.start_until = make_password(start), None, now + START_LIFETIME
        badge.save(update_fields=["pin", "pin_chosen_at", "start_until"])
        _end_sessions(badge, now)
        note(tenant_of(actor), "badge_start_number", person=user, actor=actor, now=now, badge=badge.pk)
    return start


def revoke(actor: User | None, user: User, now: datetime) -> bool:
    """Revoke a person's badge and end its sessions at once, without waiting for the ledger."""
    with transaction.atomic():
        badge = Badge.objects.select_for_update().filter(user=user, revoked_at=None).first()
        if badge is None:
            return False
        badge.revoked_by, badge.revoked_at = actor, now
        badge.save(update_fields=["revoked_by", "revoked_at"])
        _end_sessions(badge, now)
        note(badge.tenant, "badge_revoked", person=user, actor=actor, now=now, badge=badge.pk)
    return True


def choose_pin(badge: int, mark: str, pin: str, now: datetime) -> Badge:
    """Replace the start number by the person's own PIN; ``mark`` (``pin_mark``) identifies the number to replace.

    Raises:
        WeakPinError: the PIN is easily guessed, or is the start number.
        BadgeError: the start number was already replaced, or the badge was revoked.
        KeydError: the ledger cannot be written; the start number stays.
    """
    check_pin(pin)
    with transaction.atomic():
        found = (
            Badge.objects.select_for_update()
            .select_related("user", "user__tenant")
            .filter(pk=badge, revoked_at=None, pin_chosen_at=None)
            .first()
        )
        if found is None or not constant_time_compare(pin_mark(found), mark):
            raise form_too_old()
        if check_password(pin, found.pin):
            check_pin(pin, former=(pin,))
        found.pin, found.pin_chosen_at = make_password(pin), now
        found.save(update_fields=["pin", "pin_chosen_at"])
        note(tenant_of(found.user), "badge_pin", person=found.user, actor=found.user, now=now, badge=found.pk)
    return found


def pin_mark(badge: Badge) -> str:
    """Return a mark of the stored PIN, which changes with the PIN and reveals nothing about it."""
    return hashlib.sha256(badge.pin.encode()).hexdigest()[:16]


def set_shared(actor: User, user: User, now: datetime, *, shared: bool) -> None:
    """Mark an account as used by several people, or remove the mark; its sessions and CLI tokens end.

    Raises:
        BadgeError: the account can administer.
        KeydError: the mark is to be removed, and the ledger cannot be written.
    """
    if shared and Permission.ADMINISTER in MAY[Role(user.role)]:
        raise not_for_owners()
    with transaction.atomic():
        if User.objects.filter(pk=user.pk, shared=not shared).update(shared=shared) != 1:
            return
        end_sessions(user)
        if shared:
            ShellToken.objects.filter(user=user).delete()
        note(tenant_of(actor), "shared" if shared else "not_shared", person=user, actor=actor, now=now)


def _end_sessions(badge: Badge, now: datetime) -> None:

    for row in StationSession.objects.filter(badge=badge, ended_at=None):
        end(row, now)


def _start_number() -> str:
    return "".join(secrets.choice("0123456789") for _ in range(DIGITS))
