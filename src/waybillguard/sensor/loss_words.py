"""Translates the reasons why evidence could not be read into Chinese (``data/loss_words.yaml``)."""

import re
from functools import cache

from waybillguard.shipped import read_yaml


@cache
def _known() -> tuple[dict[str, str], list[tuple[re.Pattern[str], str]]]:
    """Return the texts without values, and patterns of those with values."""
    words = read_yaml("waybillguard.sensor", "data/loss_words.yaml", dict[str, str])
    patterns = [
        (re.compile(re.escape(reason).replace(r"\{\}", "(.+?)")), told)
        for reason, told in words.items()
        if "{}" in reason
    ]
    return words, patterns


def in_chinese(reason: str) -> str:
    """Return a loss's reason in Chinese; one that is not known, as of a newer scan, stays as it is."""
    words, patterns = _known()
    if reason in words:
        return words[reason]
    for pattern, told in patterns:
        if found := pattern.fullmatch(reason):
            return told.format(*map(in_chinese, found.groups()))
    return reason
