"""Reads Amcache: programs that were present on the machine, with their version fields."""

from collections.abc import Iterator

from waybillguard.sensor.evidence.hive.keys import HiveKeys, sub, value_of
from waybillguard.sensor.observation import Observation
from waybillguard.sensor.paths import base_name, program_path


class Amcache(HiveKeys):
    """Reader of the Amcache hive, in the format of Windows 10 and the earlier one."""

    def _amcache(self) -> Iterator[Observation]:
        for key in sub(self.at(r"Root\InventoryApplicationFile")):
            path = str(value_of(key, "LowerCaseLongPath") or "")
            if path:
                yield self.seen(
                    "program_seen",
                    key,
                    name=str(value_of(key, "Name") or base_name(path)).lower(),
                    path=program_path(path),
                    signer=str(value_of(key, "Publisher") or ""),
                    product=str(value_of(key, "ProductName") or ""),
                    original=str(value_of(key, "OriginalFileName") or ""),
                    command=str(value_of(key, "FileId") or ""),
                    marks=("amcache",),
                )
        for key in sub(self.at(r"Root\InventoryApplication")):
            name = str(value_of(key, "Name") or "")
            if name:
                yield self.seen(
                    "program_installed",
                    key,
                    name=name,
                    path=str(value_of(key, "RootDirPath") or "").lower(),
                    signer=str(value_of(key, "Publisher") or ""),
                    marks=("amcache",),
                )

    def _amcache_old(self) -> Iterator[Observation]:
        for volume in sub(self.at(r"Root\File")):
            for key in sub(volume):
                path = str(value_of(key, "15") or "")
                if path:
                    yield self.seen(
                        "program_seen",
                        key,
                        name=base_name(path),
                        path=program_path(path),
                        signer=str(value_of(key, "1") or ""),
                        product=str(value_of(key, "0") or ""),
                        command=str(value_of(key, "101") or ""),
                        marks=("amcache",),
                    )
