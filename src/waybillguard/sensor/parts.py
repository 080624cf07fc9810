"""What is usual in a system (data/system_parts.yaml): hooks, names of Windows' own programs, stores, label domains."""

import re
from collections.abc import Iterator
from functools import cache, cached_property, lru_cache
from importlib.resources import files

import msgspec

from waybillguard.sensor.paths import is_hidden_place, is_user_writable


class SystemParts(msgspec.Struct, frozen=True, dict=True, forbid_unknown_fields=True):
    """What is usual (data/system_parts.yaml)."""

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
        """A path below a folder that a well-known maker uses in a person's profile."""
        names = "|".join(re.escape(each) for each in self.makers_folders)
        return re.compile(
            rf"\\(?:appdata\\(?:local|roaming|locallow)|programdata)\\(?:{names})\\", re.IGNORECASE
        )


class Act(msgspec.Struct, frozen=True, dict=True, forbid_unknown_fields=True):
    """Something that a command line says it does (data/commands.yaml)."""

    code: str
    words: tuple[str, ...]
    command: str
    zh: str
    en: str

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The expression that a command of this act fits."""
        return re.compile(self.command, re.IGNORECASE | re.MULTILINE)


@cache
def system_parts() -> SystemParts:
    """Return what is usual, read once a process."""
    return msgspec.convert(read_data("system_parts.yaml"), SystemParts, strict=False)


@cache
def command_acts() -> tuple[Act, ...]:
    """Return what a command line can say it does, read once a process."""
    return msgspec.convert(read_data("commands.yaml"), tuple[Act, ...])


def acts_of(command: str) -> Iterator[Act]:
    """Yield the acts that a command line speaks of, as the list has them."""
    low = command.lower()
    for act in command_acts():
        if any(word in low for word in act.words) and act.pattern.search(command):
            yield act


@lru_cache(maxsize=65_536)
def is_own_place(path: str) -> bool:
    """Is this a place where people can put programs themselves, and no well-known maker's folder in a profile."""
    return is_user_writable(path) and not system_parts().in_makers_folder.search(path)


def is_odd_library_place(path: str) -> bool:
    """Is this a place that Windows' own components are not loaded from: people's own, or one where nobody looks."""
    return is_own_place(path) or is_hidden_place(path)


_DATA_PLACE = re.compile(r"^c:\\programdata\\(?!microsoft\\)", re.IGNORECASE)


def is_data_place(path: str) -> bool:
    """Is this a folder for data that some makers run programs from too."""
    return bool(_DATA_PLACE.match(path))


def read_data(name: str) -> object:
    """Return what a data file of the sensor holds."""
    import yaml  # noqa: PLC0415 - see catalogue

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    data = (files("waybillguard.sensor") / "data" / name).read_bytes()
    return yaml.load(data, loader)  # noqa: S506 - the safe loader, in C
