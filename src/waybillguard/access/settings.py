"""The owner's settings form, and the policy file rendered from it.

``Settings`` is the value of the form. ``render`` writes it as one policy file and is deterministic. ``read_rendered``
parses that file and refuses one that was edited by hand. The quota limits are in the same file, so that one version
identifies both.
"""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

import msgspec

from waybillguard.access.quotas import Limits, dynamic_limit
from waybillguard.access.settings_form import Form, form_error, read_form
from waybillguard.access.settings_policies import policies_of
from waybillguard.access.vocabulary import data_text

SETTINGS_FILE: Final = "settings.cedar"
"""File name of the rendered settings in a policy book."""

_MARK: Final = "// waybillguard settings v1: "


@dataclass(frozen=True, slots=True)
class Settings:
    """The value of the form. Create one with ``from_form``, which checks it.

    Attributes:
        form: the values, with every list in the order of the vocabulary.
    """

    form: Form

    @classmethod
    def from_form(cls, values: Mapping[str, object]) -> "Settings":
        """Return checked settings from plain values (of a form, JSON or TOML).

        Raises:
            AccessError (settings): a field is unknown, out of range, or weaker than the fixed rules; the message names it.
        """
        return cls(read_form(values))

    def to_form(self) -> dict[str, object]:
        """Return plain values, the inverse of ``from_form``."""
        plain: dict[str, object] = json.loads(msgspec.json.encode(self.form))
        return plain

    def limits(self, role: str, *, shipped_yesterday: int | None = None) -> Limits:
        """Return the quota limits of a role; all limits are 0 for a role that is not in the form.

        With ``shipped_yesterday`` (orders), the daily and shift limits are dynamic if the form enables it.

        Raises:
            QuotaError: ``shipped_yesterday`` is negative.
        """
        form = self.form.roles.get(role)
        if form is None:
            return Limits(0, 0, 0, 0, 0)
        fixed = form.limits
        shift, day = fixed.shift, fixed.day
        if form.dynamic is not None and shipped_yesterday is not None:
            moving = form.dynamic
            day = dynamic_limit(
                shipped_yesterday, per_thousand=moving.per_thousand, least=moving.least, most=moving.most
            )
            shift = min(shift, day)
        return Limits(fixed.hour, shift, day, fixed.device_day, fixed.persons_30d)


@cache
def default_settings() -> Settings:
    """Return the initial settings of a new warehouse."""
    return Settings.from_form(tomllib.loads(data_text("default_settings.toml")))


def render(settings: Settings) -> str:
    """Return the policy file of these settings; equal settings give byte-identical text."""
    head = _MARK + json.dumps(settings.to_form(), ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    parts = [head, "// Written from the form. Change it there: a text changed by hand is not taken."]
    return "\n\n".join([*parts, *policies_of(settings.form)]) + "\n"


def read_rendered(text: str) -> Settings:
    """Return the settings that ``render`` wrote into ``text``.

    Raises:
        AccessError (settings): not a rendered file, or edited by hand.
    """
    head = text.partition("\n")[0]
    if not head.startswith(_MARK):
        raise form_error("file", "不是由表单生成", "it was not written from the form")
    try:
        values = json.loads(head.removeprefix(_MARK))
    except (ValueError, RecursionError):
        raise form_error("file", "第一行已损坏", "its first line is damaged") from None
    if not isinstance(values, dict):
        raise form_error("file", "第一行已损坏", "its first line is damaged")
    settings = Settings.from_form(values)
    if render(settings) != text:
        raise form_error("file", "生成后被手工改动", "it was changed by hand since it was written")
    return settings
