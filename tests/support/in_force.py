"""Activate a policy version at once, without a trial run."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from waybillguard.access.settings import default_settings
from waybillguard.service.authorization import active_policies
from waybillguard.service.authorization.models import PolicyVersion
from waybillguard.service.authorization.policy_versions import save_draft
from waybillguard.service.identity.models import User

DAY_AND_NIGHT: dict[str, list[dict[str, object]]] = {
    "shifts": [
        {"name": "day", "start": "08:00", "end": "20:00", "weekdays": list(range(7))},
        {"name": "night", "start": "20:00", "end": "08:00", "weekdays": list(range(7))},
    ]
}
"""Shifts that cover every hour, so that tests can run at any time."""


def put_in_force(owner: User, **changes: Any) -> None:
    """Bind only the given actions to shifts, in a warehouse whose one shift begins in two hours."""
    soon = timezone.localtime() + timedelta(hours=2)
    shift = {
        "name": "later", "start": f"{soon:%H:%M}", "end": f"{soon + timedelta(hours=3):%H:%M}",
        "weekdays": list(range(7)),
    }  # fmt: skip
    values = default_settings().to_form() | {"shift_actions": [], "sale_day_actions": []} | changes
    row = save_draft(owner, values, {"shifts": [shift]}, timezone.now())
    PolicyVersion.objects.exclude(pk=row.pk).update(state=PolicyVersion.State.RETIRED)
    PolicyVersion.objects.filter(pk=row.pk).update(state=PolicyVersion.State.ACTIVE)


@contextmanager
def any_hour() -> Iterator[None]:
    """Give new warehouses shifts round the clock, because looks outside a shift are refused."""
    active_policies._defaults.cache_clear()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(active_policies, "DEFAULT_ROSTER", DAY_AND_NIGHT)
        yield
    active_policies._defaults.cache_clear()
