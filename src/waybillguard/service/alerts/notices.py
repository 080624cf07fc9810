"""Other notices to send: items of the risk queue, low disk space, keyd, ledger and witness problems."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

from django.conf import settings
from django.utils import translation

from waybillguard.errors import WaybillGuardError
from waybillguard.service.alerts.messages import notify
from waybillguard.service.alerts.models import Severity
from waybillguard.service.identity.models import Role, User
from waybillguard.service.keyd.ledger_messages import LedgerState, LedgerStateAnswer
from waybillguard.service.platform.risks import Level, Risk, risks_of
from waybillguard.service.tenancy.key_process import keyd
from waybillguard.service.tenancy.models import Tenant

DISK_LOW: Final = 0.10
DISK_FULL: Final = 0.03
WITNESS_LATE: Final = timedelta(hours=24)
_WAITS: Final = timedelta(hours=12)
"""How long an open task, such as an import to confirm, must wait before a notice is sent."""

type Notice = tuple[str, Severity, str, str, str]
"""Mark, severity, Chinese text, English text, URL path."""


def send_notices(tenant: Tenant, now: datetime) -> int:
    """Send notices, each once per day (dangers and duties) or week (tasks); return the number of messages."""
    owner = User.objects.filter(tenant=tenant, role=Role.OWNER, is_active=True).order_by("pk").first()
    notices = [*_machine(tenant, now), *(_queue(owner, now) if owner is not None else ())]
    return sum(
        notify(tenant, mark, severity, zh, en, address, now=now)
        for mark, severity, zh, en, address in notices
    )


def _queue(owner: User, now: datetime) -> Iterator[Notice]:
    """Yield notices from the owner's risk queue, in both languages."""
    with translation.override("zh-hans"):
        chinese = risks_of(owner)
    with translation.override("en"):
        english = risks_of(owner)
    week = now.isocalendar()
    for zh, en in zip(chinese, english, strict=False):
        if zh.level == Level.DANGER:
            yield f"risk:{zh.address}:{now:%Y%m%d}", Severity.HIGH, zh.title, en.title, zh.address
        elif _is_late(zh, now):
            every = f"{now:%Y%m%d}" if zh.level == Level.DUE else f"{week.year}-{week.week}"
            yield f"due:{zh.address}:{every}", Severity.LOW, zh.title, en.title, zh.address


def _is_late(risk: Risk, now: datetime) -> bool:
    return risk.level == Level.DUE or (risk.since is not None and now - risk.since > _WAITS)


def _machine(tenant: Tenant, now: datetime) -> Iterator[Notice]:
    usage = shutil.disk_usage(settings.CONFIG.data_dir)
    free = usage.free / usage.total
    if free < DISK_LOW:
        full = free < DISK_FULL
        yield (
            f"disk:{now:%Y%m%d}{'!' if full else ''}", Severity.CRITICAL if full else Severity.HIGH,
            f"服务器磁盘只剩 {free:.0%}，写满后将停止打单和查看，请清理或扩容",
            f"{free:.0%} of the server's disk is left; printing and looks stop when it is full. Free some space", "",
        )  # fmt: skip
    try:
        state = keyd().call(LedgerState(tenant.slug), LedgerStateAnswer)
    except WaybillGuardError:
        yield (
            f"keyd:{now:%Y%m%d}", Severity.CRITICAL, "密钥进程没有应答：暂时无法查看、导出和打印，请检查服务器",
            "The key process does not answer: no looks, exports or labels until it does. Check the server", "",
        )  # fmt: skip
        return
    if state.problem_en:
        yield (
            f"ledger:{now:%Y%m%d}",
            Severity.CRITICAL,
            "留痕台账校验失败，请立即查看",
            "The ledger does not verify; look now",
            "/ledger/",
        )
    known = [one for shard in state.shards for one in shard.witnesses]
    signed = max((one.time_s for one in known), default=0)
    if known and now - datetime.fromtimestamp(signed, UTC) > WITNESS_LATE:
        yield (
            f"witness:{now:%Y%m%d}", Severity.HIGH, "见证方超过 24 小时没有签名，请联系见证方",
            "No witness has signed the ledger for 24 hours; ask whoever runs the witness", "/ledger/",
        )  # fmt: skip
