"""Defines one registry key with its values, as passed to the functions that interpret it."""

from typing import Any

from waybillguard.sensor.observation import Kind, Observation

type Values = dict[str, str | int]


_DEFAULT = {"(default)", "(默认)", "(預設值)"}


def without_default(name: str) -> str:
    """Return a value's name; empty for the default value, whatever name a reader gives it."""
    return "" if name.lower() in _DEFAULT else name


class Key:
    """One key with its values and its source."""

    def __init__(self, top: str, path: str, values: Values, file: str, record: str) -> None:
        self.top, self.path, self.values = top, path, values
        self.name = path.rpartition("\\")[2]
        self._file, self._record = file, record
        self._low = {name.lower(): value for name, value in values.items()}

    def get(self, name: str) -> str | int | None:
        """Return a value by its name, ignoring case."""
        return self._low.get(name)

    def text(self, *names: str) -> str:
        """Return the first of these values that is not empty."""
        return next((str(self._low[name]) for name in names if self._low.get(name)), "")

    def parent(self, levels: int = 1) -> str:
        """Return the name of a key above this one."""
        return self.path.split("\\")[-1 - levels]

    def seen(self, kind: Kind, **values: Any) -> Observation:  # noqa: ANN401 - the observation's own fields
        """Return an observation that refers to this key."""
        return Observation(kind=kind, file=self._file, record=self._record, **values)
