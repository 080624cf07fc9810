"""Enrol, restrict, release and revoke devices."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.db import transaction
from django_scopes import scope, scopes_disabled

from waybillguard.agent.enrolcode import EnrolCode, new_code
from waybillguard.agent.protocol import Enrol
from waybillguard.keys.primitives import Random
from waybillguard.service.identity.accounts.changes import note
from waybillguard.service.identity.context import tenant_of
from waybillguard.service.identity.devices.errors import code_unknown, no_authority, not_in_this_state
from waybillguard.service.identity.models import Device, DeviceKind, EnrolmentCode, Permission, Site, User
from waybillguard.service.keyd import messages
from waybillguard.service.tenancy.key_process import keyd

CODE_LIFETIME = timedelta(minutes=15)
CODES_KEPT = timedelta(days=1)
SIGNING = (DeviceKind.AGENT, DeviceKind.SHIM, DeviceKind.WAREHOUSE)
"""Kinds of devices that are identified by their own key."""
SILENT_AFTER = timedelta(minutes=5)
"""An agent reports every minute; after this time without a report it is shown as silent."""


def authority_certificate(path: Path) -> bytes:
    """Return the certificate (DER) of this installation's certificate authority.

    Raises:
        DeviceError (no_authority): it does not exist yet.
    """
    try:
        return x509.load_pem_x509_certificate(path.read_bytes()).public_bytes(Encoding.DER)
    except FileNotFoundError:
        raise no_authority() from None


def issue_code(
    owner: User,
    *,
    station: str,
    kind: DeviceKind,
    holder: User | None,
    certificate: bytes,
    now: datetime,
    site: Site | None = None,
    random: Random = secrets.token_bytes,
) -> EnrolCode:
    """Make a one-time code for a device of ``station``; only its hash is stored."""
    code = new_code(certificate, random)
    keep_code(owner, code.secret, station=station, kind=kind, holder=holder, now=now, site=site)
    return code


def keep_code(
    owner: User,
    secret: bytes,
    *,
    station: str,
    kind: DeviceKind,
    holder: User | None,
    now: datetime,
    site: Site | None = None,
) -> None:
    """Store the hash of a code's secret, after writing the ledger entry.

    Raises:
        KeydError: the ledger entry cannot be written; no code is made.
    """
    tenant = tenant_of(owner)
    with transaction.atomic(), scope(tenant=tenant):
        EnrolmentCode.objects.create(
            secret_hash=_hash(secret),
            tenant=tenant,
            station=station,
            site=site,
            kind=kind,
            holder=holder,
            created_by=owner,
            created_at=now,
            expires_at=now + CODE_LIFETIME,
        )
        at = {"site": site.code} if site is not None else {}
        note(tenant, "device_code", person=holder, actor=owner, now=now, kind=kind, **at)


def enrol(asked: Enrol, now: datetime) -> Device:
    """Consume a code and enrol the device; the ledger entry is written first.

    Raises:
        DeviceError (code_unknown): the code is unknown, used or expired.
        KeydError: the ledger entry cannot be written; the code stays unused.
    """
    with scopes_disabled(), transaction.atomic():
        code = take_code(asked.secret, now, kinds=SIGNING)
        if Device.objects.filter(signing_key=asked.signing_key).exists():
            raise code_unknown()
        device = Device.objects.create(
            uid=secrets.token_hex(16),
            tenant=code.tenant,
            station=code.station,
            site=code.site,
            kind=code.kind,
            holder=code.holder,
            signing_key=asked.signing_key,
            sealing_key=asked.sealing_key,
            host_class=asked.host_class,
            key_place=asked.key_place,
            os=asked.os,
            version=asked.version,
            printers=msgspec.to_builtins(asked.printers),
            enrolled_by=code.created_by,
            enrolled_at=now,
            last_seen=now,
        )
        record_enrolment(device)
    return device


def take_code(secret: bytes, now: datetime, *, kinds: Sequence[DeviceKind]) -> EnrolmentCode:
    """Consume a code for one of ``kinds``; call it within the transaction that creates the device.

    Raises:
        DeviceError (code_unknown): the code is unknown, used, expired, or for another kind of device.
    """
    # A single conditional UPDATE decides between concurrent requests.
    living = EnrolmentCode.objects.filter(
        secret_hash=_hash(secret),
        used_at=None,
        expires_at__gt=now,
        created_by__is_active=True,
        kind__in=kinds,
    )
    if living.update(used_at=now) != 1:
        raise code_unknown()
    code = EnrolmentCode.objects.select_related("tenant", "created_by", "holder", "site").get(
        secret_hash=_hash(secret)
    )
    if not code.created_by.may(Permission.ADMINISTER):
        raise code_unknown()
    return code


def record_enrolment(device: Device) -> None:
    """Write the enrolment of a device to the ledger, within the transaction that creates the device.

    Raises:
        KeydError: the ledger entry cannot be written.
    """
    keyd().call(
        messages.Record(
            context=messages.Context(
                tenant=device.tenant.slug, actor=f"u{device.enrolled_by_id}", workstation=device.station
            ),
            kind="account",
            detail={"change": "device_enrolled", "device": device.uid, "kind": device.kind},
        ),
        messages.Recorded,
    )


def restrict(actor: User | None, device: Device, now: datetime) -> Device:
    """Restrict an active device: all its requests are refused until it is released.

    Raises:
        DeviceError (not_now): the device is not active.
    """
    return _change(actor, device, Device.State.ACTIVE, Device.State.RESTRICTED, now)


def release(actor: User, device: Device, now: datetime) -> Device:
    """Let a restricted device work again. Its runs are forgotten, so a copied key is looked for anew.

    Raises:
        DeviceError (not_now): the device is not restricted.
    """
    return _change(
        actor, device, Device.State.RESTRICTED, Device.State.ACTIVE, now, runs=[], copy_seen_at=None
    )


def revoke(actor: User | None, device: Device, now: datetime) -> Device:
    """End a device's enrolment for good.

    Raises:
        DeviceError (not_now): the device is already revoked.
    """
    before = Device.State(device.state)
    if before is Device.State.REVOKED:
        raise not_in_this_state()
    return _change(actor, device, before, Device.State.REVOKED, now)


def end_devices_of(user: User, now: datetime) -> int:
    """Revoke a person's devices and delete the unused codes that the person made; return the number of devices."""
    tenant = tenant_of(user)
    with transaction.atomic(), scope(tenant=tenant):
        EnrolmentCode.objects.filter(created_by=user, used_at=None).delete()
        EnrolmentCode.objects.filter(holder=user, used_at=None).delete()
        # Lock the rows against concurrent changes by another owner.
        living = Device.objects.select_for_update().filter(holder=user).exclude(state=Device.State.REVOKED)
        held = list(living.order_by("pk"))
        for device in held:
            revoke(None, device, now)
    return len(held)


def _change(
    actor: User | None,
    device: Device,
    before: Device.State,
    after: Device.State,
    now: datetime,
    **more: object,
) -> Device:
    with transaction.atomic(), scope(tenant=device.tenant):
        changed = Device.objects.filter(pk=device.pk, state=before).update(
            state=after, changed_by=actor, changed_at=now, **more
        )
        if changed != 1:
            raise not_in_this_state()
        # Revoking access never waits for the ledger.
        note(
            device.tenant,
            f"device_{after.value}",
            person=device.holder,
            actor=actor,
            now=now,
            device=device.uid,
        )
    device.state = after
    return device


def _hash(secret: bytes) -> bytes:
    return hashlib.sha256(b"waybillguard enrolment\0" + secret).digest()
