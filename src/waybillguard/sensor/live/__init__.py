"""Reads observations from the running system, in the same form as from evidence."""

import sys

import msgspec

from waybillguard.sensor.live.system import System
from waybillguard.sensor.observation import Loss, Observation, encodable


class Machine(msgspec.Struct):
    """The observations of a running machine."""

    system: str
    name: str
    seen: list[Observation]
    losses: list[Loss]
    offset: int


def look() -> Machine:
    """Read this machine with the caller's rights; parts without access are reported as losses."""
    if sys.platform == "win32":
        from waybillguard.sensor.live.windows import WindowsMachine  # noqa: PLC0415

        return gathered(WindowsMachine())
    from waybillguard.sensor.live.linux import LinuxMachine  # noqa: PLC0415

    return gathered(LinuxMachine())


def gathered(machine: System) -> Machine:
    """Collect the observations of each part of a system; a part that fails is reported as a loss."""
    from waybillguard.sensor.evidence.interest import is_of_interest  # noqa: PLC0415

    seen: list[Observation] = []
    losses: list[Loss] = []
    for part in machine.parts():
        try:
            seen.extend(encodable(each) for each in part() if is_of_interest(each))
        except Exception as error:  # noqa: BLE001 - one odd process or file of a thief must not end the scan
            losses.append(
                Loss(file=part.__name__.strip("_"), reason=f"could not be read: {type(error).__name__}")
            )
    return Machine(machine.system, machine.name(), seen, [*losses, *machine.losses], machine.offset())
