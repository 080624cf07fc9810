"""Template tags and filters of the activity pages."""

from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from waybillguard.service.activity import words
from waybillguard.service.audit.overview import HeatRow
from waybillguard.service.lookups.templatetags.lookups import purpose_word
from waybillguard.service.platform.templatetags.console import icon

register = template.Library()

_THOUSAND = 1_000


@register.simple_tag
def action_tag(action: str) -> SafeString:
    """Render an action as icon and text."""
    word = words.ACTIONS.get(action)
    if word is None:
        return format_html('<span class="wg-tag">{}</span>', action)
    return format_html('<span class="wg-tag tone-{}">{}{}</span>', word.tone, icon(word.icon), word.label)


@register.simple_tag
def log_tag(state: str) -> SafeString:
    """Render the state of a log as icon and text."""
    word = words.LOG_STATES[state]
    turning = "wg-spin" if word.icon == "loader-2" else ""
    return format_html(
        '<span class="wg-tag tone-{}">{}{}</span>', word.tone, icon(word.icon, turning), word.label
    )


@register.filter
def action_word(action: str) -> Any:  # noqa: ANN401 - a lazy translation
    """Return the label of an action."""
    word = words.ACTIONS.get(action)
    return word.label if word else action


@register.filter
def event_purpose(code: str) -> Any:  # noqa: ANN401
    """Return the label of a purpose; text from a foreign log is unchanged."""
    known = words.PURPOSES.get(code) or purpose_word(code)
    return code if known == "—" and code else known


@register.filter
def explained_word(code: str) -> Any:  # noqa: ANN401
    """Return the label of a look's explanation."""
    return words.EXPLAINED.get(code, code)


@register.filter
def refusal(code: str) -> Any:  # noqa: ANN401
    """Return the reason why a row of a log was refused."""
    return words.refusal(code)


@register.filter
def question_word(code: str) -> Any:  # noqa: ANN401
    """Return the question that the log's own columns leave open."""
    return words.question(code)


@register.filter
def role_word(role: str) -> Any:  # noqa: ANN401
    """Return the label of a column of the table."""
    return words.ROLES.get(role, role)


@register.filter
def platform_word(key: str) -> Any:  # noqa: ANN401
    """Return the name of a platform."""
    return words.PLATFORMS.get(key, key)


@register.filter
def record_word(kind: str) -> Any:  # noqa: ANN401
    """Return the label of a kind of record."""
    return words.RECORDS.get(kind, kind)


@register.filter
def waiting_word(reason: str) -> Any:  # noqa: ANN401
    """Return the reason why a hand-over waits; a platform's own code is unchanged."""
    return words.WAITING_WORDS.get(reason, reason)


@register.simple_tag
def heat_cells(row: HeatRow, whose: str) -> SafeString:
    """Render the hours of a day, each linked to its events. Built as one string, because a month has 720 cells.

    ``whose`` is the URL-quoted query part that selects account or station.
    """
    day, short_day = f"{row.day:%Y-%m-%d}", f"{row.day:%m-%d}"
    link = escape(f"{reverse('activity_events')}?from={day}&to={day}{whose}&hour=")
    plaintext, refused = escape(gettext("plaintext")), escape(gettext("refused"))
    parts = []
    for cell in row.cells:
        parts.append(f'<td class="heat-{cell.level}{f" shown-{cell.shown}" if cell.shown else ""}">')
        if cell.n:
            shown = f" · {plaintext} {cell.exposed}" if cell.exposed else ""
            shown += f" · {refused} {cell.refused}" if cell.refused else ""
            told = f"{short_day} {cell.hour}:00 · {cell.n}{shown}"
            parts.append(f'<a href="{link}{cell.hour}" title="{told}">{short(cell.n)}</a>')
        parts.append("</td>")
    return mark_safe("".join(parts))  # noqa: S308 - numbers and values escaped above


def short(count: int) -> str:
    """Format a count to fit a cell: 1,000 and above as 1.2k."""
    if count < _THOUSAND:
        return str(count) if count else ""
    thousands = count / _THOUSAND
    return f"{thousands:.1f}k" if thousands < 10 else f"{thousands:.0f}k"  # noqa: PLR2004 - three characters
