"""What kinds of findings and facts are called on screens."""

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
    """Return what a kind of finding is called."""
    return KINDS.get(code, code)


@register.filter
def fact_in_words(code: str) -> str:
    """Return what a fact's code says, in the page's language."""
    return in_words(code, "zh" if (get_language() or "").startswith("zh") else "en")


@register.filter
def record_time(written: str) -> datetime | None:
    """Return a record's time, which pages then show in their zone; None if a report holds no time there."""
    with suppress(ValueError):
        return datetime.fromisoformat(written)
    return None
