"""Access to keys and values of a registry hive, and readers shared by several hives."""

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import msgspec

from waybillguard.sensor.evidence.hive.logs import is_dirty
from waybillguard.sensor.evidence.registry_keys import KEEPS_JOBS, registry_key, without_default
from waybillguard.sensor.observation import Kind, Loss, Observation

type Key = Any  # python-registry has no types


UNFINISHED = (
    "taken while in use, or damaged; its last changes may be missing: its logs (.LOG1, .LOG2) are not beside it, do not "
    "fit or are damaged"
)


class HiveError(ValueError):
    """This is not a registry hive, or its header is damaged."""


class HiveKeys:
    """The keys of one hive; ``records`` counts the keys and values read, ``losses`` lists the unreadable parts."""

    def __init__(self, data: bytes, file: str) -> None:
        from Registry import Registry  # type: ignore[import-untyped]  # noqa: PLC0415 - a live scan reads no hives

        self.file, self.records = file, 0
        self.losses: list[Loss] = []
        self.offset: int | None = None
        self.computer = ""
        try:
            self.root: Key = Registry.Registry(io.BytesIO(data)).root()
            self.tops = {key.name().lower(): key for key in self.root.subkeys()}
        except Exception as error:
            raise HiveError("not a registry hive, or its header is damaged") from error
        if is_dirty(data):
            self.losses.append(Loss(file=file, reason=UNFINISHED))

    def at(self, path: str) -> Key | None:
        """Return the key at a path, ignoring case."""
        key = self.root
        for part in path.split("\\"):
            key = next((each for each in sub(key) if each.name().lower() == part.lower()), None)
            if key is None:
                return None
        return key

    def seen(self, kind: Kind, key: Key, **values: Any) -> Observation:  # noqa: ANN401
        """Return an observation that refers to a key and has its time."""
        self.records += 1
        values.setdefault("time", written(key))
        return Observation(kind=kind, file=self.file, record=path_of(key), **values)

    def as_exported(self, key: Key | None, top: str) -> Iterator[Observation]:
        """Yield the observations that text exports give as well, with the time that only a hive has."""
        if key is None:
            return
        values = {name: exported(value) for name, value in values_of(key)}
        for seen in registry_key(f"{top}\\{path_of(key)}", values, self.file, path_of(key)):
            self.records += 1
            yield msgspec.structs.replace(seen, time=written(key))

    def printer_keys(self, printers: Key | None) -> Iterator[Observation]:
        """Yield the printers, and a setting for each that keeps its jobs."""
        for key in sub(printers):
            driver = str(value_of(key, "Printer Driver") or "")
            bits = value_of(key, "Attributes")
            if isinstance(bits, int) and bits & KEEPS_JOBS:
                yield self.seen("setting", key, name="jobs_kept", command=key.name())
            if driver or value_of(key, "Port"):
                yield self.seen(
                    "printer",
                    key,
                    name=key.name(),
                    path=driver,
                    command=str(value_of(key, "Port") or ""),
                    product=str(value_of(key, "Print Processor") or ""),
                )


def exported(value: Any) -> str | int:  # noqa: ANN401 - what the registry holds
    """Return a value in the form of a text export; empty for binary values."""
    if isinstance(value, list):
        return "\0".join(map(str, value))
    return value if isinstance(value, str | int) else ""


def sub(key: Key | None) -> list[Key]:
    """Return the keys below a key."""
    return list(key.subkeys()) if key is not None else []


def values_of(key: Key | None) -> Iterator[tuple[str, Any]]:
    """Yield a key's values; one damaged value does not stop the key."""
    for value in key.values() if key is not None else ():
        try:
            yield without_default(value.name()), value.value()
        except Exception:  # noqa: BLE001, S112 - one damaged value does not stop the key
            continue


def value_of(key: Key | None, name: str) -> Any:  # noqa: ANN401 - what the registry holds
    """Return a value by its name, ignoring case."""
    return next((data for known, data in values_of(key) if known.lower() == name.lower()), None)


def written(key: Key) -> datetime | None:
    """Return the time at which a key was last written."""
    try:
        when: datetime = key.timestamp()
    except (OverflowError, ValueError):
        return None
    return when.replace(tzinfo=UTC)


def path_of(key: Key) -> str:
    """Return a key's path without the root's name."""
    return str(key.path()).partition("\\")[2] or str(key.path())
