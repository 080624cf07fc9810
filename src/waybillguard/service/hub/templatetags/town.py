"""Filters that render names and rows of the town's table."""

from typing import Any

from django import template
from django.utils.translation import get_language

from waybillguard.inspect.cases import actors

register = template.Library()


@register.filter
def named(row: Any) -> str:  # noqa: ANN401 - anything with a Chinese and an English name
    """Return a name in the language of the page."""
    return str(row.en if get_language() == "en" else row.zh)


@register.filter
def change(row: Any) -> str:  # noqa: ANN401 - a row of the table or of the ranking
    """Return the signed change since last month; a dash if it is unknown."""
    if hasattr(row, "changed"):
        return f"{row.changed:+d}" if row.changed else "0"
    if row.before is None:
        return "—"
    return f"{row.failing - row.before:+d}" if row.failing != row.before else "0"


@register.filter
def actor(name: str) -> str:
    """Return the name of an authority in the language of the page; an unknown name is returned unchanged."""
    return named(actors()[name]) if name in actors() else name
