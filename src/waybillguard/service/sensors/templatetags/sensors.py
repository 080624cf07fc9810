"""Labels of findings and facts on pages."""

from contextlib import suppress
from datetime import datetime
from typing import Any

from django import template
from django.utils.translation import get_language

from waybillguard.sensor.fact_words import in_words
from waybillguard.service.sensors.words import KINDS

register = template.Library()


@register.filter
def finding_kind(code: str) -> Any:  # noqa: ANN401 - a lazy translation
    """Return the label of a kind of finding."""
    return KINDS.get(code, code)


@register.filter
def fact_in_words(code: str) -> str:
    """Return the description of a fact's code in the page's language."""
    return in_words(code, "zh" if (get_language() or "").startswith("zh") else "en")


@register.filter
def record_time(written: str) -> datetime | None:
    """Parse a record's time, which the page shows in its own zone; return None if it is not a time."""
    with suppress(ValueError):
        return datetime.fromisoformat(written)
    return None
