"""The catalogue: controls, laws, facts and names, read from the package's data files and checked together."""

import hashlib
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files

import msgspec

from waybillguard import shipped
from waybillguard.inspect.model import Control, FactKind, Law


class Named(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A name in both languages."""

    zh: str
    en: str

    def text(self, language: str) -> str:
        """Return the name in ``zh`` or ``en``."""
        return self.zh if language.startswith("zh") else self.en


class Bodies(msgspec.Struct, frozen=True):
    """Names of authorities, responsible parties, and the four common gaps."""

    authorities: dict[str, Named]
    owners: dict[str, Named]
    common_gaps: dict[str, Named]


class Catalogue(msgspec.Struct, frozen=True):
    """All controls with the laws, facts and names that they refer to."""

    controls: tuple[Control, ...]
    laws: tuple[Law, ...]
    facts: dict[str, FactKind]
    bodies: Bodies

    def by_id(self) -> Mapping[str, Control]:
        """Return the controls by id."""
        return {control.id: control for control in self.controls}

    def law(self, law: str, version: str) -> Law:
        """Return one version of a text.

        Raises:
            KeyError: there is no such version.
        """
        for one in self.laws:
            if (one.id, one.version) == (law, version):
                return one
        raise KeyError(law, version)

    def superseded(self, control: Control, day: date) -> bool:
        """Return whether a text that the control quotes is not in force on ``day`` (no longer or not yet)."""
        laws = [self.law(source.law, source.version) for source in control.sources]
        return any(
            law.in_force_from > day or (law.in_force_to is not None and law.in_force_to <= day)
            for law in laws
        )

    def sha256(self) -> str:
        """Return the hash that identifies this catalogue in verdicts."""
        return digest(self)


def digest(value: object) -> str:
    """Return the SHA-256 of a value's canonical JSON (sorted keys, no spaces)."""
    return hashlib.sha256(msgspec.json.encode(value, order="deterministic")).hexdigest()


def read_yaml[T](name: str, kind: type[T]) -> T:
    """Read a data file of this package.

    Raises:
        msgspec.ValidationError: a row does not match the schema; the message contains the position.
    """
    return shipped.read_yaml("waybillguard.inspect", f"data/{name}", kind)


@cache
def catalogue() -> Catalogue:
    """Return the catalogue of this version of the program."""
    folder = files("waybillguard.inspect").joinpath("data", "controls")
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".yaml"))
    controls = [row for name in names for row in read_yaml(f"controls/{name}", list[Control])]
    return Catalogue(
        controls=tuple(controls),
        laws=tuple(read_yaml("laws.yaml", list[Law])),
        facts=read_yaml("facts.yaml", dict[str, FactKind]),
        bodies=read_yaml("bodies.yaml", Bodies),
    )
