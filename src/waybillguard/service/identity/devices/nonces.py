"""Nonces of signed requests; each may be used once."""

from datetime import datetime
from typing import Final

from django.db import connection
from django_scopes import scopes_disabled

from waybillguard.agent.signing import SKEW
from waybillguard.service.identity.models import Device, DeviceNonce

NONCES_KEPT: Final = 3 * SKEW
_USE_ONCE: Final = (
    "INSERT INTO identity_devicenonce (device_id, nonce, at) VALUES (%s, %s, %s)"
    " ON CONFLICT (device_id, nonce) DO NOTHING"
)


def use_once(device: Device, nonce: str, now: datetime) -> bool:
    """Store a nonce; return False if it was used before. A single statement, since every signed request runs it."""
    with connection.cursor() as cursor:
        cursor.execute(_USE_ONCE, [device.pk, nonce, connection.ops.adapt_datetimefield_value(now)])
        return bool(cursor.rowcount)


def drop_old_nonces(now: datetime) -> None:
    """Delete nonces whose signatures have expired."""
    with scopes_disabled():  # nonces of all tenants
        DeviceNonce.objects.filter(at__lt=now - NONCES_KEPT).delete()
