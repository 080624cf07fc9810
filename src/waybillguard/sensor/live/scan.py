"""Scans this machine: reads and judges it, with a result in the form of an examination."""

from typing import Final

import msgspec

from waybillguard.sensor.case import Case, Settings
from waybillguard.sensor.examination import Examination, conclude
from waybillguard.sensor.live import Machine, look
from waybillguard.sensor.observation import Loss

_MOST_FINDINGS: Final = 500
_MOST_BYTES: Final = 1_500_000
"""Maximum size of a scan; below the agent's and the service's limits, so that flooding a PC cannot block its scan."""


class Scan(msgspec.Struct, frozen=True, kw_only=True):
    """An examination together with the name and system of the scanned machine."""

    machine: str
    system: str
    examination: Examination


def scan(machine: Machine | None = None, settings: Settings | None = None) -> tuple[Scan, Case]:
    """Scan this machine, or a machine that was already read."""
    found = machine or look()
    settings = settings or Settings()
    examination, case = conclude(found.seen, settings=settings, offset=found.offset, losses=found.losses)
    return Scan(machine=found.name, system=found.system, examination=_bounded(examination)), case


def _bounded(found: Examination) -> Examination:
    """Leave out the least severe findings and the oldest sessions if a scan is too large to be sent."""
    kept, most = found, _MOST_FINDINGS
    while len(kept.findings) > _MOST_FINDINGS or len(msgspec.json.encode(kept)) > _MOST_BYTES:
        kept = msgspec.structs.replace(
            found,
            findings=found.findings[:most],
            sessions=found.sessions[-most:],
            installs=found.installs[-most:],
            losses=(
                *found.losses[: min(most, 50)],
                Loss(
                    file="scan",
                    reason=f"too much to send: the gravest {most} of {len(found.findings)} findings are told",
                ),
            ),
        )
        if most == 0:
            break
        most //= 2
    return kept
