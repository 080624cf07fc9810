"""Labels shown on the pages of external accounts."""

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from waybillguard.service.platform.templatetags.console import icon
from waybillguard.service.platform.words import Word

register = template.Library()

FINDINGS = {
    "revived": Word(_("Alive again after it was shown disabled"), "alert-triangle", "bad"),
    "used_after_leaving": Word(_("Used after leaving"), "alert-triangle", "bad"),
    "owner_left": Word(_("Owner has left"), "user-x", "bad"),
    "no_owner": Word(_("No owner"), "help-circle", "bad"),
    "owner_unclear": Word(_("Owner unclear"), "help-circle", "warn"),
    "shared": Word(_("Shared"), "users", "warn"),
    "unused": Word(_("Unused"), "clock", "calm"),
    "use_unknown": Word(_("Use not known"), "eye-off", "calm"),
    "state_unknown": Word(_("State not known"), "help-circle", "calm"),
}
ADVICE = {
    "revived": _("Somebody enabled it again, or the proof was not true: disable it now and ask who did it."),
    "used_after_leaving": _(
        "Disable it now, have that system's sign-in record kept, and look at what was reached with it."
    ),
    "owner_left": _("Disable it and keep a picture."),
    "no_owner": _("Name an owner, or disable it."),
    "owner_unclear": _("Several people bear this name: add the employee number."),
    "shared": _(
        "One account for each, or badge and PIN at the station. Until then nobody can be told apart."
    ),
    "unused": _("Nobody used it for two weeks or more: disable it."),
    "use_unknown": _("The list does not say when it was last used: export the sign-in record."),
    "state_unknown": _("Counted as working until somebody has looked."),
}
REJECTED = {
    "no_account": _("There is no account name."),
    "no_person": _("There is neither name nor employee number."),
    "bad_date": _("A date cannot be read."),
    "column_count": _("The row has more or fewer cells than the titles."),
    "cell_too_long": _("A cell is too long."),
    "unknown_site": _("There is no open site of this code or name."),
    "no_merchant": _("There is no merchant's name."),
    "shop_taken": _("The shop belongs to another merchant already."),
    "repeated": _("The same merchant and shop stand further up."),
    "no_system": _("Neither a column nor the field says which system it is."),
}


@register.simple_tag
def finding(kind: str) -> SafeString:
    """Render a kind of finding as an icon with text."""
    word = FINDINGS[kind]
    return format_html('<span class="wg-tag tone-{}">{}{}</span>', word.tone, icon(word.icon), word.label)


@register.filter
def advice(kind: str) -> Any:  # noqa: ANN401 - a lazy translation
    """Return what to do about a finding."""
    return ADVICE[kind]


@register.filter
def rejected(reason: str) -> Any:  # noqa: ANN401 - a lazy translation
    """Return why a row was rejected."""
    return REJECTED.get(reason, reason)
