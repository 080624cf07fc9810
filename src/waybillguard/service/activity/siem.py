"""Send events to the warehouse's SIEM as OCSF over syslog, in order, resuming after failures.

A late transaction may commit a row with a lower id than one already sent, which would then be skipped. Therefore events
younger than ``_SETTLED`` are not sent yet. A SIEM recognises duplicates by ``metadata.uid``.
"""

import logging
import socket
import ssl
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from django.db.models import F
from django.utils import timezone
from django_scopes import scope

from waybillguard.events import AccessEvent
from waybillguard.events.schema import moment
from waybillguard.events.siem import SyslogError, SyslogSender, syslog_message
from waybillguard.service.activity.errors import SiemError
from waybillguard.service.activity.models import SiemTarget
from waybillguard.service.audit.models import ExportBatch, OutboxEvent
from waybillguard.service.audit.readers import STILL_WANTED
from waybillguard.service.audit.recording import micros
from waybillguard.service.identity.accounts.changes import note
from waybillguard.service.identity.context import tenant_of
from waybillguard.service.identity.models import User
from waybillguard.service.tenancy.models import Tenant

logger = logging.getLogger(__name__)

BATCH: Final = 500
_A_ROUND: Final = 20
_SETTLED: Final = timedelta(seconds=10)
_RETRY: Final = timedelta(minutes=1)
_GIVES_UP: Final = timedelta(days=14)
_MAX_PORT: Final = 65_535


def set_target(who: User, host: str, port: int, authority: str, *, tls: bool, now: datetime) -> SiemTarget:
    """Configure the collector for this warehouse's events from now on. The ledger entry is written first.

    Raises:
        SiemError: host or port is invalid, or the certificate cannot be parsed.
        KeydError: the ledger cannot be written; nothing was changed.
    """
    host = host.strip()[:200]
    if not host or any(one.isspace() for one in host) or not 0 < port <= _MAX_PORT:
        raise SiemError(zh="请填写日志服务器的地址和端口", en="Enter host and port of the collector")
    if authority.strip():
        try:
            _context(authority)
        except (ssl.SSLError, ValueError):
            raise SiemError(
                zh="证书无法识别，请粘贴 PEM 格式的 CA 证书",
                en="The certificate is not understood: paste the authority's PEM",
            ) from None
    tenant = tenant_of(who)
    note(tenant, "siem_set", actor=who, now=now, port=port, tls=int(tls))
    last = OutboxEvent.objects.filter(tenant=tenant).order_by("-pk").values_list("pk", flat=True).first() or 0
    row, _ = SiemTarget.objects.update_or_create(
        tenant=tenant,
        defaults={
            "host": host, "port": port, "tls": tls, "authority": authority.strip(), "added_by": who, "added_at": now,
            "failed_at": None, "error_zh": "", "error_en": "",
        },
        create_defaults={
            "host": host, "port": port, "tls": tls, "authority": authority.strip(), "added_by": who, "added_at": now,
            "sent_to": last,
        },
    )  # fmt: skip
    return row


def remove_target(who: User, now: datetime) -> None:
    """Remove the collector and stop sending."""
    tenant = tenant_of(who)
    if SiemTarget.objects.filter(tenant=tenant).delete()[0]:
        note(tenant, "siem_removed", actor=who, now=now)


def send_test_event(row: SiemTarget, now: datetime) -> None:
    """Send one event marked as a test.

    Raises:
        SyslogError: the collector cannot be reached or closed the connection.
    """
    event = AccessEvent(
        tenant=row.tenant.slug, ts=now, action="view", account="siem-test", purpose="test",
        event_id=f"test-{micros(now)}",
    )  # fmt: skip
    with _sender(row) as sender:
        sender.send([syslog_message(event, host=_host())])


def send_due(now: datetime) -> int:
    """Send new events of every warehouse with a SIEM; return how many were sent."""
    sent = 0
    for tenant in Tenant.objects.order_by("pk"):
        with scope(tenant=tenant):
            row = SiemTarget.objects.filter(tenant=tenant).select_related("tenant").first()
            if row is not None:
                sent += _send(row, now)
    return sent


@STILL_WANTED.add
def waits_for_siem(tenant: Tenant, batch: ExportBatch) -> bool:
    """Return whether a batch holds unsent events. After two weeks of failures, it need not be kept for the SIEM."""
    row = SiemTarget.objects.filter(tenant=tenant).first()
    if row is None or (row.failed_at is not None and timezone.now() - row.failed_at > _GIVES_UP):
        return False
    return OutboxEvent.objects.filter(tenant=tenant, batch=batch, pk__gt=row.sent_to).exists()


def _send(row: SiemTarget, now: datetime) -> int:
    if row.failed_at is not None and row.sent_at is not None and now - row.sent_at < _RETRY:
        return 0
    sent, me = 0, SiemTarget.objects.filter(pk=row.pk, tenant=row.tenant)
    try:
        with _sender(row) as sender:
            for rows in _batches(row, now):
                sender.send([syslog_message(_event(row.tenant, one), host=_host()) for one in rows])
                me.update(
                    sent_to=rows[-1].pk,
                    sent=F("sent") + len(rows),
                    sent_at=now,
                    failed_at=None,
                    error_zh="",
                    error_en="",
                )
                sent += len(rows)
    except (SyslogError, ssl.SSLError) as error:
        zh, en = (
            (error.zh, error.en)
            if isinstance(error, SyslogError)
            else ("证书不可用", "the certificate cannot be used")
        )
        me.update(failed_at=row.failed_at or now, sent_at=now, error_zh=zh[:400], error_en=en[:400])
        logger.warning("events were not sent to a SIEM: %s", type(error).__name__)
    return sent


def _batches(row: SiemTarget, now: datetime) -> Iterator[list[OutboxEvent]]:
    last, settled = row.sent_to, micros(now - _SETTLED)
    for _ in range(_A_ROUND):
        rows = list(OutboxEvent.objects.filter(tenant=row.tenant, pk__gt=last).order_by("pk")[:BATCH])
        while rows and rows[-1].ts > settled:
            rows.pop()
        if not rows:
            return
        yield rows
        last = rows[-1].pk


def _event(tenant: Tenant, row: OutboxEvent) -> AccessEvent:
    return AccessEvent(
        tenant=tenant.slug, ts=moment(row.ts), day=row.day, action=row.action, account=row.account or None,
        workstation=row.workstation or None, ip=row.ip or None, session=row.session or None,
        order_id=row.order_id or None, purpose=row.purpose or None, exposed=row.exposed, allowed=row.allowed,
        person=row.person or None, device=row.device or None, explained_by=row.explained_by or None,
        explained_ref=row.explained_ref or None, category=row.category or None, event_id=f"o{row.pk}",
    )  # fmt: skip


def _sender(row: SiemTarget) -> SyslogSender:
    return SyslogSender(row.host, row.port, tls=_context(row.authority) if row.tls else None)


def _context(authority: str) -> ssl.SSLContext:
    return ssl.create_default_context(cadata=authority or None)


def _host() -> str:
    return socket.gethostname()
