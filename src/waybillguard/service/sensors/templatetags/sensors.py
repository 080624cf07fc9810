"""What kinds of findings are called on screens."""

from typing import Any

from django import template

from waybillguard.service.sensors.words import KINDS

register = template.Library()


@register.filter
def finding_kind(code: str) -> Any:  # noqa: ANN401 - a lazy translation
    """Return what a kind of finding is called."""
    return KINDS.get(code, code)
