"""A scan of this machine: look, judge, and say it in the form of an examination."""

import msgspec

from waybillguard.sensor.case import Case, Settings
from waybillguard.sensor.examination import Examination, conclude
from waybillguard.sensor.live import Machine, look


class Scan(msgspec.Struct, frozen=True, kw_only=True):
    """What a scan says beside the examination's own keys: which machine."""

    machine: str
    system: str
    examination: Examination


def scan(machine: Machine | None = None, settings: Settings | None = None) -> tuple[Scan, Case]:
    """Scan this machine, or one that was looked at already."""
    found = machine or look()
    settings = settings or Settings()
    examination, case = conclude(found.seen, settings=settings, offset=found.offset, losses=found.losses)
    return Scan(machine=found.name, system=found.system, examination=examination), case
