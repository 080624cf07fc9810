"""Policy gaps and copied devices in the risk queue."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Min
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from waybillguard.service.authorization.active_policies import active_policies
from waybillguard.service.identity.context import tenant_of
from waybillguard.service.identity.models import Device, Permission
from waybillguard.service.platform.risks import RISKS, Level, Risk


@RISKS.add
def browsers_not_enrolled(user: Any) -> Iterable[Risk]:  # noqa: ANN401
    """Warn administrators while browsers that are not enrolled may be used."""
    if user.may(Permission.ADMINISTER) and not active_policies(tenant_of(user)).settings.form.enrolled_only:
        yield Risk(
            Level.OPEN,
            "device-desktop",
            _("Browsers are not enrolled yet"),
            _(
                "A computer that you restricted or removed works on in a private window. Enrol the browsers, then allow work on enrolled devices only."
            ),
            reverse("policy_edit"),
            _("Change the rules"),
        )


@RISKS.add
def copied_devices(user: Any) -> Iterable[Risk]:  # noqa: ANN401
    """Show administrators the devices whose key is used on two machines."""
    if not user.may(Permission.ADMINISTER):
        return
    copied = Device.objects.filter(tenant=tenant_of(user)).exclude(copy_seen_at=None)
    found = copied.exclude(state=Device.State.REVOKED).aggregate(n=Count("pk"), since=Min("copy_seen_at"))
    if found["n"]:
        yield Risk(
            Level.DANGER,
            "copy",
            ngettext(
                "The key of %(n)d device is used on two machines",
                "The keys of %(n)d devices are used on two machines",
                found["n"],
            )
            % {"n": found["n"]},
            _("Somebody copied it. Revoke the device and enrol its machine again with a new code."),
            reverse("devices"),
            _("See devices"),
            found["since"],
        )
