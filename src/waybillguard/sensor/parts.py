"""Loads the known parts of a system (data/system_parts.yaml): hooks, Windows programs, stores, label domains."""

import re
from collections.abc import Iterator
from functools import cache, cached_property, lru_cache

import msgspec

from waybillguard.sensor.paths import is_hidden_place, is_user_writable
from waybillguard.shipped import read_yaml


class SystemParts(msgspec.Struct, frozen=True, dict=True, forbid_unknown_fields=True):
    """The known parts of a system (data/system_parts.yaml)."""

    hooks: dict[str, tuple[str, ...]]
    programs: frozenset[str]
    capturers: tuple[str, ...]
    interceptors: tuple[str, ...]
    extension_stores: tuple[str, ...]
    label_domains: tuple[str, ...]
    interceptor_drivers: tuple[str, ...]
    component_clients: tuple[str, ...]
    office_programs: tuple[str, ...]
    taken_classes: frozenset[str]
    borrowed_libraries: frozenset[str]
    makers_folders: tuple[str, ...]

    @cached_property
    def in_makers_folder(self) -> re.Pattern[str]:
        """Pattern of paths below a folder that a well-known maker uses in a user profile."""
        names = "|".join(re.escape(each) for each in self.makers_folders)
        return re.compile(
            rf"\\(?:appdata\\(?:local|roaming|locallow)|programdata)\\(?:{names})\\", re.IGNORECASE
        )


class Act(msgspec.Struct, frozen=True, dict=True, forbid_unknown_fields=True):
    """An act that a command line reveals, such as recording or uploading (data/commands.yaml)."""

    code: str
    words: tuple[str, ...]
    command: str
    zh: str
    en: str

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The compiled pattern for commands of this act."""
        return re.compile(self.command, re.IGNORECASE | re.MULTILINE)


@cache
def system_parts() -> SystemParts:
    """Return the known parts, read once per process."""
    return read_yaml("waybillguard.sensor", "data/system_parts.yaml", SystemParts, strict=False)


@cache
def command_acts() -> tuple[Act, ...]:
    """Return the known acts of command lines, read once per process."""
    return read_yaml("waybillguard.sensor", "data/commands.yaml", tuple[Act, ...])


def acts_of(command: str) -> Iterator[Act]:
    """Yield the acts that a command line reveals, in the order of the list."""
    low = command.lower()
    for act in command_acts():
        if any(word in low for word in act.words) and act.pattern.search(command):
            yield act


@lru_cache(maxsize=65_536)
def is_own_place(path: str) -> bool:
    """Return whether users can store programs at a place; folders of well-known makers are excepted."""
    return is_user_writable(path) and not system_parts().in_makers_folder.search(path)


def is_odd_library_place(path: str) -> bool:
    """Return whether a path is an unusual place for a component of Windows: writable by users, or hidden."""
    return is_own_place(path) or is_hidden_place(path)


_DATA_PLACE = re.compile(r"^c:\\programdata\\(?!microsoft\\)", re.IGNORECASE)


def is_data_place(path: str) -> bool:
    """Return whether a path is in a data folder from which some makers run programs as well."""
    return bool(_DATA_PLACE.match(path))
