"""Messages to people: a line and a link, sent once through every channel of a warehouse, with delivery status."""

import logging
import threading
from datetime import datetime, time, timedelta
from typing import Final
from urllib.parse import parse_qs, quote, urlsplit
from zoneinfo import ZoneInfo

from cryptography.exceptions import InvalidTag
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from waybillguard.service.alerts.errors import AlertError
from waybillguard.service.alerts.models import Channel, Message, Severity
from waybillguard.service.identity.accounts.sealing import open_text, seal_text
from waybillguard.service.identity.context import tenant_of
from waybillguard.service.identity.models import User
from waybillguard.service.tenancy.models import Tenant

logger = logging.getLogger(__name__)

_CONTEXT: Final = b"alerts.channel"
_TRIES: Final = 5
_PATIENCE_S: Final = 20.0
_SCHEMES: Final = {
    Channel.Kind.WECOM: ("wecombot",),
    Channel.Kind.DINGTALK: ("dingtalk",),
    Channel.Kind.FEISHU: ("feishu", "lark"),
    Channel.Kind.EMAIL: ("mailto", "mailtos"),
    Channel.Kind.WEBHOOK: ("json", "jsons"),
}
_ROBOTS: Final = {
    Channel.Kind.WECOM: ("qyapi.weixin.qq.com", "key"),
    Channel.Kind.DINGTALK: ("oapi.dingtalk.com", "access_token"),
    Channel.Kind.FEISHU: ("open.feishu.cn", ""),
}
"""Host of a chat robot's webhook URL, and the query parameter of its key; empty if the key is the last path segment."""


def notify(
    tenant: Tenant,
    mark: str,
    severity: str,
    text_zh: str,
    text_en: str,
    address: str = "",
    *,
    now: datetime | None = None,
) -> int:
    """Queue a message for every channel of a warehouse, once per ``mark``; return the number of channels.

    ``text_*`` must not contain personal data; details are behind the link, after sign-in. During a channel's quiet
    hours, only critical messages are sent.
    """
    now = now or timezone.now()
    made = 0
    for channel in Channel.objects.filter(tenant=tenant):
        due = now if severity == Severity.CRITICAL else after_quiet(channel, now, ZoneInfo(tenant.time_zone))
        _, fresh = Message.objects.get_or_create(
            channel=channel,
            mark=mark[:80],
            defaults={
                "tenant": tenant, "severity": severity, "text_zh": text_zh[:400], "text_en": text_en[:400],
                "address": address[:200], "made_at": now, "due_at": due,
            },
        )  # fmt: skip
        made += fresh
    return made


def add_channel(
    who: User, kind: str, name: str, address: str, quiet: tuple[time | None, time | None], console: str
) -> Channel:
    """Add a channel. ``address`` is a chat robot's webhook URL or an ``apprise`` URL; it is stored sealed.

    Raises:
        AlertError: the address is invalid for this kind.
    """
    import apprise

    url = _apprise_url(kind, address.strip())
    if url is None or not apprise.Apprise().add(url):
        raise AlertError(
            zh="地址无法识别。请粘贴群机器人的 Webhook 地址，邮箱用 mailto:// 开头",
            en="The address is not understood. Paste the robot's webhook address; for e-mail begin with mailto://",
        )
    return Channel.objects.create(
        tenant=tenant_of(who), kind=kind, name=name.strip()[:60] or str(Channel.Kind(kind).label),
        sealed_address=seal_text(url, _CONTEXT), quiet_from=quiet[0], quiet_to=quiet[1], console=console[:200],
        added_by=who,
    )  # fmt: skip


def _apprise_url(kind: str, address: str) -> str | None:
    """Return the address as an apprise URL, converting robots' https webhook URLs; None if invalid."""
    if kind not in Channel.Kind.values:
        return None
    scheme = urlsplit(address).scheme
    if scheme in _SCHEMES[Channel.Kind(kind)]:
        return address
    if scheme not in {"https", "http"}:
        return None
    parts = urlsplit(address)
    if kind == Channel.Kind.WEBHOOK:
        return address.replace("http", "json", 1)
    host, token = _ROBOTS.get(Channel.Kind(kind), ("", ""))
    if parts.hostname != host or parts.scheme != "https":
        return None
    key = parse_qs(parts.query).get(token, [""])[0] if token else parts.path.rsplit("/", 1)[-1]
    return f"{_SCHEMES[Channel.Kind(kind)][0]}://{quote(key, safe='')}/" if key else None


def after_quiet(channel: Channel, now: datetime, zone: ZoneInfo) -> datetime:
    """Return when a message may be sent: now, or when the channel's quiet hours end.

    >>> channel = Channel(quiet_from=time(22), quiet_to=time(7))
    >>> after_quiet(channel, datetime(2026, 11, 2, 23, tzinfo=ZoneInfo("UTC")), ZoneInfo("UTC")).isoformat()
    '2026-11-03T07:00:00+00:00'
    """
    start, end = channel.quiet_from, channel.quiet_to
    if start is None or end is None or start == end:
        return now
    local = now.astimezone(zone)
    clock = local.time().replace(tzinfo=None)
    quiet = start <= clock < end if start < end else clock >= start or clock < end
    if not quiet:
        return now
    ends = local.replace(hour=end.hour, minute=end.minute, second=0, microsecond=0)
    return ends if ends > local else ends + timedelta(days=1)


def deliver_due(now: datetime) -> int:
    """Send due messages; return how many were delivered. Failures are retried up to five times with growing delays."""
    with scopes_disabled():
        waiting = list(
            Message.objects.filter(state=Message.State.WAITING, due_at__lte=now)
            .select_related("channel", "tenant").order_by("due_at")[:100]
        )  # fmt: skip
    return sum(deliver(message, now) for message in waiting)


def deliver(message: Message, now: datetime) -> bool:
    """Send one message and store whether it was delivered."""
    error = _send(message)
    with scope(tenant=message.tenant):
        rows = Message.objects.filter(pk=message.pk)
        if not error:
            rows.update(state=Message.State.SENT, sent_at=now, error="", tries=message.tries + 1)
            return True
        tries = message.tries + 1
        over = tries >= _TRIES
        rows.update(
            state=Message.State.FAILED if over else Message.State.WAITING, tries=tries, error=error[:60],
            due_at=now + timedelta(minutes=2**tries),
        )  # fmt: skip
    return False


def send_test_message(channel: Channel, now: datetime) -> str:
    """Send a test message immediately; return the failure, or an empty string if it was delivered."""
    message = Message(
        tenant=channel.tenant, channel=channel, mark=f"test:{now.timestamp():.0f}", severity=Severity.LOW,
        text_zh="测试消息：告警会发到这里", text_en="Test: alerts will come here", made_at=now, due_at=now,
    )  # fmt: skip
    message.save()
    deliver(message, now)
    message.refresh_from_db()
    if message.state != Message.State.SENT:
        Message.objects.filter(pk=message.pk).update(state=Message.State.FAILED)
    return message.error


def _send(message: Message) -> str:
    """Send in a thread with a timeout; return the kind of failure. A hanging channel only blocks that thread."""
    try:
        url = open_text(message.channel.sealed_address, _CONTEXT)
    except InvalidTag:
        return "sealed"
    link = f"{message.channel.console.rstrip('/')}{message.address}" if message.address else ""
    body = "\n".join(part for part in (message.text_zh, message.text_en, link) if part)
    outcome: list[str] = []
    thread = threading.Thread(target=_call, args=(url, body, outcome), daemon=True)
    thread.start()
    thread.join(_PATIENCE_S)
    return outcome[0] if outcome else "timeout"


def _call(url: str, body: str, outcome: list[str]) -> None:
    import apprise

    try:
        sender = apprise.Apprise()
        sender.add(url)
        outcome.append("" if sender.notify(title="面单卫士 Waybill Guard", body=body) else "refused")
    except Exception as error:  # noqa: BLE001 - third-party server; only the type is stored
        outcome.append(type(error).__name__)
