"""Notice a copied key: each start of an agent is a run, and of one agent no earlier run ever comes back.

A copy that is used only while the agent is off, until its next start, looks like a restart and is not noticed.
"""

from datetime import datetime
from typing import Final

from django.db import transaction
from django_scopes import scope

from waybillguard.agent.signing import SKEW
from waybillguard.service.identity.accounts.changes import note
from waybillguard.service.identity.models import Device

KEPT: Final = 8
"""Number of runs remembered per device."""


def note_run(device: Device, run: str, now: datetime) -> None:
    """Remember the run that a request for work names; an earlier run that is back means that the key was copied.

    Within `SKEW` of a restart, an earlier run's last request may still arrive. ``run`` is empty if the request names
    none; ``device`` was read for this request.
    """
    if device.copy_seen_at is not None or (device.runs and device.runs[-1][0] == run):
        return
    with transaction.atomic(), scope(tenant=device.tenant):
        locked = Device.objects.select_for_update().get(pk=device.pk)
        known = [name for name, _ in locked.runs]
        if run not in known:
            locked.runs = [*locked.runs[1 - KEPT :], [run, now.isoformat()]]
            locked.save(update_fields=["runs"])
        elif run != known[-1] and now - datetime.fromisoformat(locked.runs[-1][1]) > SKEW:
            changed = Device.objects.filter(pk=device.pk, copy_seen_at=None).update(copy_seen_at=now)
            if changed:
                note(device.tenant, "device_copied", person=device.holder, now=now, device=device.uid)
