"""Policy gaps in the risk queue."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from waybillguard.service.authorization.active_policies import active_policies
from waybillguard.service.identity.context import tenant_of
from waybillguard.service.identity.models import Permission
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
