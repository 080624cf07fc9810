"""Alarm levels: the numbers of distinct persons viewed in 30 days that raise an alarm.

The levels are *informed by* the interpretation of 2017 (法释〔2017〕10号). Staying below a level does not prove that
looks are harmless, and exceeding it does not prove a crime; alarm texts never claim either.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Final

from waybillguard.access.vocabulary import data_rows

WINDOW_DAYS: Final = 30
"""The counting window for distinct persons, in days."""

NOT_A_VERDICT_ZH: Final = "该数值参考2017年司法解释的数量标准设定：低于它不等于可以看，高于它也不是违法结论。"
NOT_A_VERDICT_EN: Final = "The figure is informed by the interpretation of 2017: below it nothing is licensed, above it nothing is judged."


@dataclass(frozen=True, slots=True)
class AlarmLevel:
    """One level: ``persons`` distinct persons in 30 days, with its source and the required action."""

    persons: int
    severity: str
    source: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class LawThreshold:
    """Record counts of one category in the interpretation of 2017; for information only."""

    category: str
    ordinary: int
    in_service: int
    especially_serious: int
    article: str


@cache
def alarm_levels() -> tuple[AlarmLevel, ...]:
    """Return the levels, lowest first."""
    return tuple(
        AlarmLevel(int(row["persons_30d"]), row["severity"], row["source"], row["zh"], row["en"])
        for row in data_rows("alarm_levels.csv")
    )


@cache
def law_thresholds() -> Mapping[str, LawThreshold]:
    """Return the record counts of the interpretation by category."""
    return MappingProxyType(
        {
            row["category"]: LawThreshold(
                row["category"],
                int(row["ordinary"]),
                int(row["in_service"]),
                int(row["especially_serious"]),
                row["article"],
            )
            for row in data_rows("law_thresholds.csv")
        }
    )


def levels_reached(before: int, after: int) -> tuple[AlarmLevel, ...]:
    """Return the levels newly reached as a count rises from ``before`` to ``after``, lowest first.

    >>> [level.persons for level in levels_reached(249, 250)], levels_reached(250, 251)
    ([250], ())
    """
    return tuple(level for level in alarm_levels() if before < level.persons <= after)
