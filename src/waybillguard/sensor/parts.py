"""What is usual in a system (data/system_parts.yaml): hooks, names of Windows' own programs, stores, label domains."""

from functools import cache
from importlib.resources import files

import msgspec


class SystemParts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is usual (data/system_parts.yaml)."""

    hooks: dict[str, tuple[str, ...]]
    programs: frozenset[str]
    capturers: tuple[str, ...]
    interceptors: tuple[str, ...]
    extension_stores: tuple[str, ...]
    label_domains: tuple[str, ...]


@cache
def system_parts() -> SystemParts:
    """Return what is usual, read once a process."""
    import yaml  # noqa: PLC0415 - see catalogue

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    data = (files("waybillguard.sensor") / "data" / "system_parts.yaml").read_bytes()
    return msgspec.convert(yaml.load(data, loader), SystemParts, strict=False)  # noqa: S506 - the safe loader, in C
