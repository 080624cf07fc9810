"""Texts for waves, labels and printers on screens; clerks never see ticket states."""

from typing import Any, Final

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from waybillguard.service.platform.templatetags.console import day as day_of
from waybillguard.service.platform.templatetags.console import icon
from waybillguard.service.platform.words import Word
from waybillguard.service.print_room.models import Printer, Wave

register = template.Library()

_WORDS: Final = {
    "new": Word(pgettext_lazy("label", "Not printed"), "clock", "calm"),
    "going": Word(gettext_lazy("Printing"), "loader-2", "busy"),
    "done": Word(pgettext_lazy("label", "Printed"), "circle-check", "good"),
    "again": Word(pgettext_lazy("label", "Print again"), "refresh", "warn"),
    "refused": Word(gettext_lazy("Cannot be printed"), "ban", "bad"),
}
_PRINTERS: Final = {
    "ready": Word(gettext_lazy("Ready"), "circle-check", "good"),
    "busy": Word(gettext_lazy("Printing"), "loader-2", "busy"),
    "paused": Word(gettext_lazy("Paused at the printer"), "player-pause", "warn"),
    "paper_out": Word(gettext_lazy("Out of paper"), "alert-triangle", "warn"),
    "ribbon_out": Word(gettext_lazy("Out of ribbon"), "alert-triangle", "warn"),
    "head_open": Word(gettext_lazy("The head is open"), "alert-triangle", "warn"),
    "offline": Word(gettext_lazy("Does not answer"), "circle-x", "bad"),
    "error": Word(gettext_lazy("Reports a fault"), "circle-x", "bad"),
    "refused": Word(gettext_lazy("Refused: not a pinned label printer"), "ban", "bad"),
    "unknown": Word(gettext_lazy("Says nothing"), "help-circle", "calm"),
}
_VERDICTS: Final = {
    "genuine": Word(gettext_lazy("Genuine"), "circle-check", "good"),
    "superseded": Word(gettext_lazy("Replaced by a newer label"), "alert-triangle", "warn"),
    "unprinted": Word(gettext_lazy("This label was never printed here"), "alert-triangle", "bad"),
    "unknown": Word(gettext_lazy("Not in our records"), "help-circle", "bad"),
    "foreign": Word(gettext_lazy("Not made by this warehouse"), "circle-x", "bad"),
    "no_code": Word(gettext_lazy("Not the code of a label"), "help-circle", "warn"),
}
_REASONS: Final = {
    "timeout": gettext_lazy("The agent did not answer in time"),
    "connection_lost": gettext_lazy("The connection to the printer broke"),
    "crashed": gettext_lazy("The agent was restarted"),
    "paper_out": gettext_lazy("Out of paper"),
    "ribbon_out": gettext_lazy("Out of ribbon"),
    "head_open": gettext_lazy("The head is open"),
    "printer_offline": gettext_lazy("Does not answer"),
    "printer_error": gettext_lazy("Reports a fault"),
    "paused": gettext_lazy("Paused at the printer"),
    "not_started": gettext_lazy("Not begun"),
    "lost": gettext_lazy("Lost on its way, not printed"),
    "expired": gettext_lazy("Came too late, not begun"),
    "language": gettext_lazy("The printer does not speak this language: change it on the page Stations"),
    "printer_refused": gettext_lazy("Refused: not a pinned label printer"),
    "printer_unknown": gettext_lazy("No such printer at this station any more: choose another"),
    "bad_seal": gettext_lazy("Not for this device's key: enrol the device anew"),
    "leader": gettext_lazy("The supervisor says it did not come out"),
}
_HELP: Final = {
    "paused": gettext_lazy("is paused. Press its pause key; printing goes on by itself."),
    "paper_out": gettext_lazy("is out of paper. Put paper in; printing goes on by itself."),
    "ribbon_out": gettext_lazy("is out of ribbon. Put ribbon in; printing goes on by itself."),
    "head_open": gettext_lazy("is open. Close it; printing goes on by itself."),
    "offline": gettext_lazy("does not answer. Check power and cable; printing goes on by itself."),
    "error": gettext_lazy(
        "reports a fault. Look for a jam, switch it off and on; if it stays, tell the supervisor."
    ),
    "refused": gettext_lazy("was refused: it is no label printer. Cancel what is queued and choose another."),
}
"""What a packer does about a printer that accepts no labels, by printer state."""


@register.simple_tag
def label_word(word: str) -> SafeString:
    """Show the state of a label in the clerk's terms."""
    return _tag(_WORDS[word])


@register.simple_tag
def printer_word(state: str) -> SafeString:
    """Show the state of a printer."""
    return _tag(_PRINTERS.get(state, _PRINTERS["unknown"]))


@register.simple_tag
def printer_help(printer: Printer) -> Any:  # noqa: ANN401 - a lazy text
    """Return what a packer does about a printer that accepts no labels."""
    if printer.held:
        return _("was stopped by the supervisor. Ask, or cancel what is queued and choose another.")
    return _HELP.get(printer.state, "")


@register.simple_tag
def verdict_word(kind: str) -> SafeString:
    """Show the verdict on a scanned label."""
    return _tag(_VERDICTS[kind])


@register.filter
def verdict_tone(kind: str) -> str:
    """Return the colour tone of a verdict."""
    return _VERDICTS[kind].tone


@register.filter
def reason_word(ticket: Any) -> Any:  # noqa: ANN401 - a ticket
    """Return why a label is uncertain or must be printed again; "" if no reason was given."""
    return _REASONS.get(ticket.reason_code or ticket.how, "")


@register.filter
def wave_name(wave: Wave) -> str:
    """Return the display name of a wave: the source of its orders."""
    if wave.kind == Wave.Kind.IMPORT and wave.batch is not None:
        name = _("Import %(label)s") % {"label": wave.batch.label}
    elif wave.kind == Wave.Kind.SHOP_DAY and wave.day is not None:
        name = f"{wave.shop or _('Every shop')} · {day_of(wave.day):%m-%d}"
    else:
        name = str(Wave.Kind.HAND.label)
    return f"{name} · {wave.part}/{wave.parts}" if wave.parts > 1 else name


def _tag(word: Word) -> SafeString:
    mark = icon(word.icon, "wg-spin" if word.icon == "loader-2" else "")
    return format_html('<span class="wg-tag tone-{}">{}{}</span>', word.tone, mark, word.label)
