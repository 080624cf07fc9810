"""Texts and dates on the pages of devices."""

from datetime import date

from django import template
from django.utils.translation import gettext

register = template.Library()
_EPOCH = date(1970, 1, 1).toordinal()


@register.filter
def day_of(number: int) -> str:
    """Return a day number (days since 1970-01-01) as a date."""
    return date.fromordinal(_EPOCH + number).isoformat()


@register.filter
def refusal_word(code: str) -> str:
    """Return why a station refused a message."""
    words = {
        "plaintext_refused": gettext("A consignee in the clear"),
        "preview": gettext("A preview was asked for"),
        "virtual_printer": gettext("A virtual or redirected printer"),
        "malformed": gettext("No message of the print protocol"),
        "lane_a": gettext("No platform component to print it"),
        "desk_refused": gettext("No such order, or not to be printed"),
    }
    return words.get(code, code)
