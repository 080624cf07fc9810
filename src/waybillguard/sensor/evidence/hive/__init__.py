r"""Reads registry hives: services, autostarts, program runs, installed programs, printers and remote desktop.

A hive is recognised by its keys, never by its file name. It is read with python-registry. The layouts of BAM,
UserAssist, shimcache and amcache follow published descriptions; print monitors and processors follow Microsoft's
documentation of the spooler.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress

from waybillguard.sensor.evidence.hive.amcache import Amcache
from waybillguard.sensor.evidence.hive.keys import HiveError, sub
from waybillguard.sensor.evidence.hive.software import SoftwareHive
from waybillguard.sensor.evidence.hive.system import SystemHive
from waybillguard.sensor.observation import Loss, Observation

MAX_SIZE = 256 << 20


class Hive(SystemHive, SoftwareHive, Amcache):
    """Reader of one hive.

    Attributes:
        records: number of keys and values read.
        losses: parts that could not be read.
        offset: offset of local time from UTC in minutes, if the hive holds it.
        computer: the machine's name, if the hive holds it.
    """

    def read(self) -> Iterator[Observation]:
        """Yield the observations of the hive; a damaged part is a loss and the other parts are read."""
        for part in self._parts():
            try:
                yield from part()
            except Exception:  # noqa: BLE001 - see above; the text may quote a name
                self.losses.append(
                    Loss(
                        file=self.file,
                        reason=f"damaged near {part.__name__.strip('_')}",
                        records_read=self.records,
                    )
                )

    def _below_tops(self) -> set[str]:
        found: set[str] = set()
        for top in self.tops.values():
            with suppress(Exception):  # a damaged list of keys must not prevent reading the others
                found |= {key.name().lower() for key in sub(top)}
        return found

    def _parts(self) -> list[Callable[[], Iterator[Observation]]]:
        if "select" in self.tops or any(name.startswith("controlset") for name in self.tops):
            return [
                self._zone,
                self._services,
                self._print_parts,
                self._remote_desktop,
                self._bam,
                self._shimcache,
                self._usb,
                self._system_hooks,
            ]
        below = self._below_tops()
        if "inventoryapplicationfile" in below:
            return [self._amcache]
        if "file" in below and "root" in self.tops:
            return [self._amcache_old]
        if "microsoft" in self.tops:
            return [
                self._installed,
                self._run_keys,
                self._printers,
                self._policies,
                self._hidden_accounts,
                self._makers,
                self._software_hooks,
                self._text_services,
            ]
        if "software" in self.tops:
            return [
                self._user_run_keys,
                self._user_installed,
                self._user_assist,
                self._user_printers,
                self._user_makers,
                self._user_hooks,
            ]
        return [self._user_classes] if "local settings" in self.tops else []


__all__ = ["MAX_SIZE", "Hive", "HiveError"]
