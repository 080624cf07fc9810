"""Signal receivers that open cases: a leaver's active account, a frozen account, a label that is not genuine."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver
from django.urls import reverse
from django.utils import timezone

from waybillguard.service.cases.models import Case
from waybillguard.service.cases.services import add_event, add_orders, open_case
from waybillguard.service.external_accounts.models import Finding
from waybillguard.service.identity.context import tenant_of
from waybillguard.service.identity.models import User
from waybillguard.service.lookups.signals import quota_frozen
from waybillguard.service.print_room.signals import label_not_genuine
from waybillguard.service.tenancy.models import Tenant
from waybillguard.service.tenancy.signals import round_made

_AT_ONCE = 50


@receiver(round_made)
def accounts_of_leavers(tenant: Tenant, now: datetime, **_: object) -> None:
    """Open a case for each critical finding about external accounts that has none."""
    found = Finding.objects.filter(tenant=tenant, severity="critical", settled_at=None).select_related(
        "account__system"
    )
    known = set(
        Case.objects.filter(tenant=tenant, source__startswith="finding:").values_list("source", flat=True)
    )
    for one in [row for row in found.order_by("pk") if f"finding:{row.pk}" not in known][:_AT_ONCE]:
        system = one.account.system.name
        case = open_case(
            tenant,
            f"finding:{one.pk}",
            Case.Kind.ACCOUNT,
            f"离职人员在「{system}」的账号仍可使用",
            f"An account of a leaver still works in “{system}”",
            at=one.raised_at,
        )
        add_event(
            case,
            "to_do",
            "请在该系统停用账号，并在外部账号页上传截图确认",
            "Disable the account there, then confirm it with a screenshot on the page of external accounts",
            address=reverse("register"),
            at=now,
        )


@receiver(quota_frozen)
def account_frozen(user: User, **_: object) -> None:
    """Open a case for an account that was frozen."""
    tenant, now = tenant_of(user), timezone.now()
    case = open_case(
        tenant,
        f"frozen:{user.pk}",
        Case.Kind.ACCOUNT,
        f"{user} 的查看已被冻结",
        f"The looks of {user} were frozen",
        at=now,
    )
    add_event(
        case,
        "frozen",
        "已冻结明文查看；打印不受影响",
        "Plaintext looks are frozen; printing goes on",
        address=reverse("looks_of", args=[user.pk]),
        at=now,
    )


@receiver(label_not_genuine)
def label_questioned(user: User, tenant: Tenant, order_ids: list[int], why: str, **_: Any) -> None:  # noqa: ANN401
    """Collect failed label checks in one case per day."""
    now = timezone.now()
    day = timezone.localtime(now).date()
    case = open_case(
        tenant,
        f"label:{day:%Y%m%d}",
        Case.Kind.LABEL,
        f"{day:%m月%d日} 核验到异常面单",
        f"Labels that are not genuine, {day:%d %B}",
        by=user,
        at=now,
    )
    zh, en = _LABELS.get(why, _LABELS["foreign"])
    add_event(case, "label", zh, en, who=user, at=now)
    add_orders(case, order_ids, "label")


_LABELS = {
    "foreign": ("扫到的二维码不是本仓出具的", "A code was scanned that this warehouse did not make"),
    "unprinted": (
        "面单的票据从未打印过，可能被复制",
        "The label's ticket was never printed: it may be a copy",
    ),
}
