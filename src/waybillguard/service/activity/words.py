"""What actions, explanations and states of logs are called on the pages."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from waybillguard.service.pages.words import Word

ACTIONS = {
    "view": Word(_("Looked, masked"), "eye", "calm"),
    "search": Word(_("Searched"), "search", "calm"),
    "reveal": Word(_("Plaintext"), "eye", "warn"),
    "print": Word(pgettext_lazy("event", "Printed"), "printer", "busy"),
    "reprint": Word(_("Printed again"), "rotate-2", "warn"),
    "export": Word(_("Exported"), "download", "warn"),
    "import": Word(_("Imported"), "cloud-upload", "calm"),
    "login": Word(_("Signed in"), "key", "calm"),
    "login_failed": Word(_("Sign-in failed"), "ban", "warn"),
    "logout": Word(_("Signed out"), "logout", "calm"),
}

EXPLAINED = {
    "print_job": _("print job"),
    "ticket": _("ticket"),
    "call": _("call"),
    "return": _("return"),
    "pick_list": _("pick list"),
}

PURPOSES = {
    "list": _("list"),
    "detail": _("one order"),
    "label_picture": _("picture of the label"),
    "import_samples": _("samples of an import"),
    "machine": _("machine interface"),
    "numbers": _("by numbers, for printing"),
    "label_file": _("file of labels"),
    "proof_of_looks": _("proof of looks"),
    "carrier": _("to the carrier"),
    "print_label": _("printing labels"),
    "orders": _("orders"),
    "activity_log": _("log of another system"),
    "shell": _("shell"),
    "any": _("any number"),
    "order": _("order number"),
    "waybill": _("waybill number"),
    "phone": _("full phone"),
    "last4": _("last four"),
    "name": _("part of the name"),
    "address": _("part of the address"),
}

LOG_STATES = {
    "mapping": Word(_("Columns to be confirmed"), "eye", "warn"),
    "waiting": Word(_("Waiting"), "hourglass", "calm"),
    "reading": Word(_("Reading"), "loader-2", "busy"),
    "done": Word(_("In the table"), "circle-check", "good"),
    "failed": Word(_("Failed"), "circle-x", "bad"),
    "undone": Word(_("Undone"), "arrow-back-up", "calm"),
    "discarded": Word(_("Discarded"), "trash", "calm"),
}

ROLES = {
    "ts": _("Time"),
    "account": _("Account"),
    "person": _("Person"),
    "action": _("Action"),
    "order_id": _("Order"),
    "workstation": _("Station"),
    "ip": _("Address (IP)"),
    "session": _("Session"),
    "purpose": _("Purpose"),
    "allowed": _("Result"),
    "device": _("Device"),
    "category": _("Class of goods"),
    "order_created_at": _("Time of the order"),
}

REFUSALS = {
    "bad_time": _("The time cannot be read."),
    "no_account": _("No account is named."),
    "unknown_action": _("The word for the action is not known; say on the mapping page what it means."),
    "unknown_result": _("The result says neither yes nor no."),
    "duplicate": _("Every cell equals an earlier row."),
    "column_count": _("The row has more or fewer cells than the header."),
    "formula_in_field": _("A field holds a formula."),
    "order_precision_lost": _("A spreadsheet has shortened the order number; export it as text."),
    "unreadable_row": _("The row cannot be read."),
}


def refusal(code: str) -> Any:  # noqa: ANN401 - a lazy translation
    """Return why a row was refused, in words; an unknown code is shown as it is."""
    return REFUSALS.get(code, code)
