"""What happens every hour: what needs attention is told, and on Monday morning the weekly letter."""

from datetime import datetime

from django.dispatch import receiver

from waybillguard.service.alerts.letter import send_letter
from waybillguard.service.alerts.messages import notify
from waybillguard.service.alerts.models import Severity
from waybillguard.service.identity.models import Role, User
from waybillguard.service.platform.risks import Level, risks_of
from waybillguard.service.tenancy.models import Tenant
from waybillguard.service.tenancy.signals import round_made


@receiver(round_made)
def tell_what_needs_attention(tenant: Tenant, now: datetime, **_: object) -> None:
    """Send every danger of the owner's risk queue, once a day as long as it lasts."""
    owner = User.objects.filter(tenant=tenant, role=Role.OWNER, is_active=True).order_by("pk").first()
    if owner is None:
        return
    for risk in risks_of(owner):
        if risk.level == Level.DANGER:
            mark = f"risk:{risk.address}:{now:%Y%m%d}"
            notify(tenant, mark, Severity.HIGH, risk.title, risk.title, risk.address, now=now)
    send_letter(tenant, now)
