"""Loads the detectors from data: text, source, threshold and the prior expectation for an unknown account."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final, Literal

import msgspec

from waybillguard.detect.errors import DetectInputError
from waybillguard.events import Severity
from waybillguard.shipped import read_yaml

type RoleKind = Literal["floor", "service", "office", "temp", "system"]
KINDS: Final[tuple[RoleKind, ...]] = ("floor", "service", "office", "temp", "system")
COUNTS: Final = (
    "unexplained", "volume", "export", "off_shift", "place", "gone", "sleeping", "two_places", "leaving",
    "reprint", "burst", "browse", "decoy", "sensor", "shared", "unscanned", "unordered",
)  # fmt: skip
"""Names of the counts of an account's day (``counting``), in the order of every array's last axis."""


class Setting(msgspec.Struct, frozen=True):
    """A threshold and the range in which an owner may set it."""

    value: float
    limits: tuple[float, float]


class Detector(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One detector (``data/detectors.yaml`` explains each field)."""

    id: str
    counts: str
    rank: int
    severity: Severity
    rarity: Setting
    least: Setting
    prior: Mapping[RoleKind, tuple[float, float]]
    days: tuple[int, ...]
    name_zh: str
    name_en: str
    zh: str
    en: str
    source_zh: str
    source_en: str
    scenario: str


@dataclass(frozen=True, slots=True)
class Change:
    """An owner's change to one detector; None keeps the shipped value."""

    detector: str
    rarity: float | None = None
    least: float | None = None


@cache
def detectors() -> tuple[Detector, ...]:
    """Return the detectors as shipped, in the order of ``COUNTS``."""
    found = read_yaml("waybillguard.detect", "data/detectors.yaml", list[Detector])
    return tuple(sorted(found, key=lambda one: COUNTS.index(one.counts)))


def changed(changes: Sequence[Change]) -> tuple[Detector, ...]:
    """Return the detectors with an owner's changes applied.

    Raises:
        DetectInputError: no such detector, or a value outside its range.
    """
    by_id = {one.id: one for one in detectors()}
    for change in changes:
        one = by_id.get(change.detector)
        if one is None:
            raise DetectInputError(
                zh=f"没有名为 {change.detector[:40]} 的检测规则",
                en=f"no detector is called {change.detector[:40]}",
            )
        by_id[one.id] = msgspec.structs.replace(
            one,
            rarity=_moved(one.id, one.rarity, change.rarity),
            least=_moved(one.id, one.least, change.least),
        )
    return tuple(by_id.values())


def _moved(name: str, setting: Setting, value: float | None) -> Setting:
    if value is None:
        return setting
    low, high = setting.limits
    if not low <= value <= high:
        raise DetectInputError(
            zh=f"规则 {name} 的阈值须在 {low:g} 到 {high:g} 之间",
            en=f"threshold of {name} must be {low:g} to {high:g}",
        )
    return Setting(value, setting.limits)


@cache
def _words() -> tuple[tuple[str, RoleKind], ...]:
    text = files(__package__).joinpath("data", "roles.csv").read_text("utf-8")
    return tuple(
        (row["word"], msgspec.convert(row["kind"], RoleKind.__value__))
        for row in csv.DictReader(text.splitlines())
    )


def role_kind(role: str) -> RoleKind:
    """Return the kind of a role by its name in the roster; ``floor`` for an unknown name.

    >>> role_kind("service"), role_kind("仓库主管"), role_kind("packer")
    ('service', 'office', 'floor')
    """
    lowered = role.lower()
    return next((kind for word, kind in _words() if word in lowered), "floor")
