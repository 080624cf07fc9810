"""Add, rename, close and reopen sites, and assign devices to them."""

import re
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from waybillguard.access.registry import fold
from waybillguard.service.identity.accounts.changes import note
from waybillguard.service.identity.context import tenant_of
from waybillguard.service.identity.models import Device, Employment, Site, User
from waybillguard.service.identity.sites.errors import no_name, not_open, still_used, taken, wrong_code
from waybillguard.service.tenancy.models import Tenant

_CODE: Final = re.compile(r"[A-Z0-9](?:[A-Z0-9-]{0,18}[A-Z0-9])?")
_NAME: Final = 60


def add_site(actor: User, code: str, name: str, now: datetime) -> Site:
    """Add a site; the ledger entry is written first.

    Raises:
        SiteError: code or name is missing or already used.
        KeydError: the ledger entry cannot be written; no site is added.
    """
    tenant, code, name = tenant_of(actor), code.strip().upper(), name.strip()[:_NAME]
    if not _CODE.fullmatch(code):
        raise wrong_code()
    if not name:
        raise no_name()
    try:
        with transaction.atomic():
            made = Site.objects.create(tenant=tenant, code=code, name=name, made_at=now)
            note(tenant, "site_added", actor=actor, now=now, site=code)
    except IntegrityError:
        raise taken() from None
    return made


def rename_site(actor: User, site: Site, name: str, now: datetime) -> None:
    """Give a site another name; its code stays.

    Raises:
        SiteError: the name is missing or already used.
        KeydError: the ledger entry cannot be written; nothing was changed.
    """
    name = name.strip()[:_NAME]
    if not name:
        raise no_name()
    try:
        with transaction.atomic():
            Site.objects.filter(pk=site.pk).update(name=name)
            note(site.tenant, "site_renamed", actor=actor, now=now, site=site.code)
    except IntegrityError:
        raise taken() from None


def close_site(actor: User, site: Site, now: datetime) -> None:
    """Close a site that no person and no device belongs to.

    Raises:
        SiteError: the site is already closed, or people or devices still belong to it.
    """
    with transaction.atomic():
        locked = Site.objects.select_for_update().filter(pk=site.pk, closed_at=None).first()
        if locked is None:
            raise not_open()
        people, devices = people_of(locked, now).count(), devices_of(locked).count()
        if people or devices:
            raise still_used(people, devices)
        locked.closed_at = now
        locked.save(update_fields=["closed_at"])
        note(site.tenant, "site_closed", actor=actor, now=now, site=site.code)


def reopen_site(actor: User, site: Site, now: datetime) -> None:
    """Open a closed site again.

    Raises:
        SiteError: the site is open.
        KeydError: the ledger entry cannot be written; the site stays closed.
    """
    with transaction.atomic():
        if not Site.objects.filter(pk=site.pk, closed_at__isnull=False).update(closed_at=None):
            raise not_open()
        note(site.tenant, "site_reopened", actor=actor, now=now, site=site.code)


def open_sites(tenant: Tenant) -> QuerySet[Site]:
    """Return the sites that can be chosen."""
    return Site.objects.filter(tenant=tenant, closed_at=None).order_by("code")


def hold_open(site: Site | None) -> None:
    """Lock a site against closing until the transaction that assigns it to a person or a device ends.

    Raises:
        SiteError: the site was closed in the meantime.
    """
    if site is not None and not Site.objects.select_for_update().filter(pk=site.pk, closed_at=None).exists():
        raise not_open()


def people_of(site: Site, now: datetime) -> QuerySet[Employment]:
    """Return the employments at a site that have not ended."""
    today = now.astimezone(ZoneInfo(site.tenant.time_zone)).date()
    return Employment.objects.filter(site=site).filter(Q(employed_to=None) | Q(employed_to__gte=today))


def devices_of(site: Site) -> QuerySet[Device]:
    """Return the devices at a site that were not revoked."""
    return Device.objects.filter(site=site).exclude(state=Device.State.REVOKED)


def move_device(actor: User, device: Device, site: Site | None, now: datetime) -> None:
    """Set the site of a device. The ledger entry is written first, since the site affects what the device may show.

    Raises:
        SiteError: the site was closed.
        KeydError: the ledger entry cannot be written; nothing was changed.
    """
    with transaction.atomic():
        hold_open(site)
        code = site.code if site is not None else ""
        note(
            device.tenant, "device_moved", person=device.holder, actor=actor, now=now, device=device.uid, site=code
        )  # fmt: skip
        Device.objects.filter(pk=device.pk).update(site=site)


def by_words(tenant: Tenant) -> dict[str, Site]:
    """Return the open sites by code and by name, for matching imported lists."""
    sites = list(open_sites(tenant))
    return {fold(site.name): site for site in sites} | {fold(site.code): site for site in sites}
