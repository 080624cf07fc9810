"""Create, find and revoke machine keys."""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django_scopes import scopes_disabled

from waybillguard.service.identity.accounts.changes import note
from waybillguard.service.identity.accounts.factors import end_key, grant_key
from waybillguard.service.identity.context import tenant_of
from waybillguard.service.identity.grant import split_grant, with_grant
from waybillguard.service.identity.machine_keys.scopes import SCOPES
from waybillguard.service.identity.models import MachineKey, Permission, User, token_hash
from waybillguard.service.platform.errors import NotAllowedError, VaultError

PREFIX: Final = "wgk_"
"""Prefix of every secret, so that secret scanners and people recognise it."""
MOST_DAYS: Final = 366
MOST_LIVING: Final = 50
USED_EVERY: Final = timedelta(minutes=1)
"""Minimum interval between two updates of ``used_at``."""


class MachineKeyError(VaultError):
    """A key cannot be created with the given name, scopes or lifetime."""

    code = "machine_key"


def make(user: User, name: str, scopes: Iterable[str], days: int, now: datetime) -> tuple[str, MachineKey]:
    """Create a key; return it with its secret, of which only a hash is stored.

    Raises:
        MachineKeyError: name or scopes are missing, a scope is unknown, or there are too many days or keys.
        KeydError: the ledger entry cannot be written, or the owner has not just confirmed a code; no key is made.
    """
    tenant = tenant_of(user)
    name = " ".join(name.split())[:80]
    wanted = sorted(set(scopes))
    if not name or not wanted or not set(wanted) <= set(SCOPES) or not 1 <= days <= MOST_DAYS:
        raise MachineKeyError(
            zh=f"请填写名称，至少选择一项权限，有效期 1 至 {MOST_DAYS} 天；没有生成密钥。",
            en=f"give a name, at least one scope and 1 to {MOST_DAYS} days; no key was made.",
        )
    if MachineKey.objects.filter(tenant=tenant, revoked_at=None, expires_at__gt=now).count() >= MOST_LIVING:
        raise MachineKeyError(
            zh=f"有效密钥已达 {MOST_LIVING} 个，请先撤销不用的；没有生成密钥。",
            en=f"there are {MOST_LIVING} living keys; revoke what is not used first. No key was made.",
        )
    secret = PREFIX + secrets.token_urlsafe(32)
    with transaction.atomic():
        row = MachineKey.objects.create(
            tenant=tenant, name=name, secret_hash=token_hash(secret), scopes=wanted, made_by=user, made_at=now,
            expires_at=now + timedelta(days=days),
        )  # fmt: skip
        note(tenant, "machine_key", actor=user, key=row.pk, scopes=" ".join(wanted), days=days)
        grant = grant_key(user, row.pk, days)
    return with_grant(secret, grant), row


def find(secret: str, now: datetime) -> MachineKey | None:
    """Return the valid key with this secret, if its owner is active."""
    secret, _grant = split_grant(secret)
    if not secret.startswith(PREFIX):
        return None
    with scopes_disabled():
        found = (
            MachineKey.objects.select_related("tenant", "made_by", "made_by__tenant")
            .filter(
                secret_hash=token_hash(secret), revoked_at=None, expires_at__gt=now, made_by__is_active=True
            )
            .first()
        )
        if (
            found is None
            or found.made_by.tenant_id != found.tenant_id
            or not found.made_by.may(Permission.ADMINISTER)
        ):
            return None
        if found.used_at is None or now - found.used_at > USED_EVERY:
            MachineKey.objects.filter(pk=found.pk).update(used_at=now)
    return found


def revoke(actor: User | None, row: MachineKey, now: datetime) -> bool:
    """Revoke a key at once; the ledger entry follows. Return False if it had already ended.

    ``actor`` is None if the key ends together with its owner's access.
    """
    with transaction.atomic():
        ended = MachineKey.objects.filter(pk=row.pk, tenant=row.tenant, revoked_at=None).update(
            revoked_at=now
        )
        if ended:
            note(row.tenant, "machine_key_revoked", actor=actor, key=row.pk)
    if ended:
        end_key(row)
    return bool(ended)


def lacks_scope(scope: str) -> NotAllowedError:
    """Make the error for an operation outside a key's scopes; ``scope``: the required one, empty if none suffices."""
    if not scope:
        return NotAllowedError(
            code="scope",
            zh="接口密钥不能进行此操作，请由本人登录后办理",
            en="no interface key may do this; a person signs in for it",
        )
    return NotAllowedError(
        code="scope",
        zh=f"此密钥没有“{scope}”权限，请由管理员生成含该权限的密钥",
        en=f"this key lacks the scope “{scope}”; an owner makes a key that has it",
    )
