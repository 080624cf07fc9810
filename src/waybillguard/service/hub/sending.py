"""The warehouse's side: enrol at a hub with its code, then report every hour. No consignee data is read."""

import asyncio
import hashlib
import hmac
import os
from base64 import b64decode, b64encode
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.utils import timezone

from waybillguard import __version__
from waybillguard.agent.enrolcode import read_code
from waybillguard.agent.keystore import DeviceKeys
from waybillguard.agent.protocol import Enrol
from waybillguard.agent.protocol_town import MAX_ALARMS, Alarm, Checkpoint, Posture, PostureTaken, Reported
from waybillguard.agent.station import pinned
from waybillguard.errors import WaybillGuardError
from waybillguard.service.alerts.models import Alert
from waybillguard.service.hub.cosigned import log_signed, store_cosignature
from waybillguard.service.hub.errors import HubError
from waybillguard.service.hub.inbox import read_notice_numbers, store_hub_answer, tasks_reported_done
from waybillguard.service.hub.models import HubLink, HubScreening
from waybillguard.service.hub.screened import answer_agreed, take_screenings, waybill_numbers_since
from waybillguard.service.identity.accounts.changes import note
from waybillguard.service.identity.accounts.sealing import open_text, seal_text
from waybillguard.service.identity.context import tenant_of
from waybillguard.service.identity.models import User
from waybillguard.service.inspections.services import judge_now
from waybillguard.service.keyd.ledger_messages import LedgerState, LedgerStateAnswer
from waybillguard.service.tenancy.key_process import keyd
from waybillguard.service.tenancy.models import Tenant

if TYPE_CHECKING:
    from waybillguard.agent.client import ServiceClient

_CONTEXT: Final = b"hub.link"
_KEY_BYTES: Final = 64
_SECRET_BYTES: Final = 32
_ALARMS_OF: Final = timedelta(days=7)
_SCHEMES: Final = ("https://", "http://localhost:")
"""Plain HTTP is allowed only to this machine."""


def link_to_hub(owner: User, server: str, code_text: str) -> HubLink:
    """Enrol this warehouse at a hub; reports start with the next hourly round.

    Raises:
        HubError: the address is invalid.
        AgentError (enrol_code): the code is mistyped; nothing was sent.
        AgentError (wrong_authority): the code belongs to another hub.
        UnreachableError: the hub does not answer.
        RefusedError: the hub refused.
        KeydError: the ledger entry cannot be written; nothing was stored.
    """
    from waybillguard.agent.client import enrol

    tenant, server = tenant_of(owner), server.strip().rstrip("/")
    if not server.startswith(_SCHEMES):
        raise HubError(
            zh="地址应以 https:// 开头。未连接。", en="the address begins with https://. Nothing was sent."
        )
    code = read_code(code_text)
    secret = os.urandom(_KEY_BYTES + _SECRET_BYTES)
    keys = DeviceKeys.of(secret[:_KEY_BYTES])
    facts = Enrol(
        secret=code.secret,
        signing_key=keys.signing_public,
        sealing_key=keys.sealing_public,
        version=__version__,
    )
    identity, pem = asyncio.run(enrol(server, code, keys, facts, now=timezone.now, random=os.urandom))
    with transaction.atomic():
        note(tenant, "hub_linked", actor=owner, device=identity.device)
        link, _ = HubLink.objects.update_or_create(
            tenant=tenant,
            defaults={
                "server": identity.server, "device": identity.device, "known_as": identity.station,
                "authority": pem.decode(), "sealed_keys": seal_text(b64encode(secret).decode(), _CONTEXT),
                "sequence": 0, "seen_size": 0, "linked_by": owner, "linked_at": timezone.now(), "sent_at": None, "error_zh": "",
                "error_en": "",
            },
        )  # fmt: skip
    return link


def unlink(owner: User) -> None:
    """Stop reporting; the hub raises an alarm after some hours of silence."""
    tenant = tenant_of(owner)
    with transaction.atomic():
        if HubLink.objects.filter(tenant=tenant).delete()[0]:
            note(tenant, "hub_unlinked", actor=owner)


def posture_of(link: HubLink, secret: bytes, now: datetime) -> Posture:
    """Return this warehouse's report: verdicts, checkpoint, alarms of the last week, notices read, tasks done."""
    tenant = link.tenant
    verdicts = judge_now(tenant, now.astimezone(UTC)).verdicts
    return Posture(
        sequence=link.sequence,
        made_at=now,
        controls=tuple(
            Reported(
                control=one.control, version=one.control_version, status=one.status.value,
                evidence=one.evidence_sha256,
            )
            for one in verdicts
        ),
        checkpoint=_checkpoint(link),
        alarms=_alarms(tenant, secret, now),
        read=read_notice_numbers(tenant),
        done=tasks_reported_done(tenant),
    )  # fmt: skip


def send(link: HubLink, now: datetime) -> bool:
    """Send one report; return whether the hub accepted it. A failure is stored with the link and shown on its page."""
    tenant = link.tenant
    # Save the number before sending: after a lost answer the next report still has a higher one.
    HubLink.objects.filter(pk=link.pk, tenant=tenant).update(sequence=link.sequence + 1, tried_at=now)
    link.refresh_from_db()
    try:
        secret = b64decode(open_text(link.sealed_keys, _CONTEXT))
        posture = posture_of(link, secret[_KEY_BYTES:], now)
        taken = asyncio.run(_send(link, DeviceKeys.of(secret[:_KEY_BYTES]), posture))
    except WaybillGuardError as error:
        _failed(link, error.zh, error.en)
    except Exception as error:  # noqa: BLE001 - the next round tries again; the type alone is kept
        name = type(error).__name__
        _failed(link, f"未能生成上报（{name}）", f"the report could not be made ({name})")
    else:
        HubLink.objects.filter(pk=link.pk, tenant=tenant).update(
            sent_at=now, sent_sha256=taken.sha256, error_zh="", error_en="",
            **({"seen_shard": taken.seen.shard, "seen_size": taken.seen.size} if taken.seen else {}),
        )  # fmt: skip
        store_hub_answer(tenant, taken, now)
        store_cosignature(tenant, posture.checkpoint, taken.cosigned, now)
        take_screenings(tenant, taken.screenings, now)
        _answer_screenings(link, DeviceKeys.of(secret[:_KEY_BYTES]), now)
        return True
    return False


async def _send(link: HubLink, keys: DeviceKeys, posture: Posture) -> PostureTaken:
    async with _client(link, keys) as client:
        return await client.send_posture(posture)


def _client(link: HubLink, keys: DeviceKeys) -> "ServiceClient":
    from waybillguard.agent.client import ServiceClient

    return ServiceClient(
        link.server, link.device, keys, tls=pinned(link.authority), now=timezone.now, random=os.urandom
    )


def _answer_screenings(link: HubLink, keys: DeviceKeys, now: datetime) -> None:
    """Send the answers to the agreed screenings."""
    agreed = HubScreening.objects.filter(tenant=link.tenant, answered_at=None).exclude(agreed_at=None)
    rows = [(one, waybill_numbers_since(link.tenant, one.since)) for one in agreed]
    if not rows:
        return

    async def answer() -> None:
        async with _client(link, keys) as client:
            await answer_agreed(client, rows)

    asyncio.run(answer())
    for one, _waybills in rows:
        one.answered_at = None if one.error_zh else now
        one.save(update_fields=["answered_at", "compared", "error_zh", "error_en"])


def _failed(link: HubLink, zh: str, en: str) -> None:
    HubLink.objects.filter(pk=link.pk, tenant=link.tenant).update(error_zh=zh[:400], error_en=en[:400])


def _checkpoint(link: HubLink) -> Checkpoint | None:
    """Return the newest shard's checkpoint, with the proof that it extends the one the hub has seen."""
    slug = link.tenant.slug
    try:
        shards = keyd().call(LedgerState(slug), LedgerStateAnswer).shards
        if not shards:
            return None
        number = max(range(len(shards)), key=lambda at: shards[at].time_us)
        since = link.seen_size if number == link.seen_shard else 0
        if since:
            shards = keyd().call(LedgerState(slug, {shards[number].name: since}), LedgerStateAnswer).shards
    except WaybillGuardError:
        return None
    newest = shards[number]
    return Checkpoint(
        shard=number, size=newest.size, root=newest.root, since=since, proof=tuple(newest.growth),
        signed=log_signed(newest),
    )  # fmt: skip


def _alarms(tenant: Tenant, secret: bytes, now: datetime) -> tuple[Alarm, ...]:
    rows = Alert.objects.filter(
        tenant=tenant, severity__in=("high", "critical"), raised_at__gte=now - _ALARMS_OF
    ).exclude(state=Alert.State.EXPLAINED)
    return tuple(
        Alarm(
            rule=row.rule, severity="critical" if row.severity == "critical" else "high", raised_at=row.raised_at,
            records=min(row.records, 10_000_000), account=pseudonym(secret, row.account),
        )
        for row in rows.order_by("-raised_at")[:MAX_ALARMS]
    )  # fmt: skip


def pseudonym(secret: bytes, account: str) -> str:
    """Return an account's pseudonym at the hub: stable per account, and resolvable only by this warehouse."""
    return f"P-{hmac.new(secret, account.encode(), hashlib.sha256).hexdigest()[:12]}" if account else ""
