"""Labels of actions, explanations and log states on the pages."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from waybillguard.service.platform.words import Word

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
    "export_file": _("file of an export"),
    "carrier": _("to the carrier"),
    "print_label": _("printing labels"),
    "orders": _("orders"),
    "wave": _("picking wave"),
    "warning_list": _("warning list"),
    "police_report": _("report to the police"),
    "case": _("case"),
    "joint_case": _("joint case"),
    "criminal_cases": _("criminal cases"),
    "special": _("special inspection"),
    "screening": _("screening of victims"),
    "town_warehouse": _("report of a warehouse"),
    "warning_notice": _("notice to buyers"),
    "label_check": _("check of a label"),
    "notice": _("answer to a notice"),
    "privacy_request": _("buyer's request"),
    "scam_check": _("check of a message"),
    "scan": _("scan at a station"),
    "station_exposure": _("exposure of a station"),
    "trace_bundle": _("tracing bundle"),
    "activity_log": _("log of another system"),
    "platform_log": _("log for a platform"),
    "shell": _("CLI"),
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
    "date": _("Date alone"),
    "clock": _("Time of day alone"),
    "account": _("Account"),
    "person": _("Person"),
    "workstation": _("Station"),
    "ip": _("Address (IP)"),
    "session": _("Session"),
    "action": _("Action"),
    "order_id": _("Order"),
    "waybill_no": _("Waybill"),
    "purpose": _("Purpose"),
    "result": _("Result"),
    "exposed": _("Shown in plaintext (yes, no)"),
    "masked": _("Shown masked (yes, no)"),
    "detail": _("Sentence about it"),
    "category": _("Class of goods"),
    "ticket_ref": _("Number of a ticket"),
    "return_ref": _("Number of a return"),
    "pick_ref": _("Number of a pick list"),
    "job_ref": _("Number of a print job"),
    "order_created_at": _("Time of the order"),
    "event_id": _("Number of the entry"),
}

REFUSALS = {
    "no_time": _("There is no time."),
    "bad_time": _("The time cannot be read."),
    "date_only": _("There is a day without an hour."),
    "bad_zone": _("The zone of the time is not known."),
    "future": _("The time lies in the future: a wrong clock or a wrong zone."),
    "clock_jump": _("The clock had jumped: the rows before and after say another time."),
    "no_actor": _("Neither account, person, station nor address is named."),
    "no_action": _("The row does not say what was done."),
    "unknown_action": _("The word for what was done is not known; say on the mapping page what it means."),
    "duplicate": _("Every cell equals an earlier row, or its number was used before."),
    "formula": _("A field holds a formula."),
    "hostile_text": _("A field holds control characters."),
    "too_long": _("A field is too long to be what it should be."),
    "precision_lost": _("A spreadsheet has shortened the order number; export it as text."),
    "column_count": _("The row has more or fewer cells than the header."),
    "bad_json": _("The line is no JSON."),
}

QUESTIONS = {
    "no_time": _("No column of times was found: choose it."),
    "no_actor": _("No column of accounts was found: choose it."),
    "no_action": _("No column says what was done: choose it, or say what every row is."),
    "day_order": _("Whether day or month stands first cannot be seen: choose it."),
    "zone": _("Most of it would be night work: are its times in another zone, for example UTC?"),
    "unknown_words": _("Some words are not known: say what they mean, or their rows are refused."),
}

PLATFORMS = {"jd": _("JD"), "kuaishou": _("Kuaishou"), "taobao": _("Taobao")}

HANDOVER_STATES = {
    "waiting": Word(_("Waiting"), "hourglass", "calm"),
    "handed": Word(_("Handed over"), "circle-check", "good"),
    "refused": Word(_("Refused by the platform"), "circle-x", "bad"),
}

RECORDS = {
    "login": _("Sign-ins"),
    "order": _("Looks, prints, exports"),
    "send": _("Handed on"),
    "decrypt": _("Plaintext"),
}

LEFT_WORDS = {
    "no_code": _("The platform's code of the operation is not entered."),
    "no_destination": _("Where the orders went is not entered."),
    "not_a_number": _("The order number is not of the platform's form."),
}

WAITING_WORDS = {"platform_gateway": _("It could not be handed over; it is tried again by itself.")}


def question(code: str) -> Any:  # noqa: ANN401 - a lazy translation
    """Return the text of a question that a log leaves open."""
    return QUESTIONS.get(code, code)


def refusal(code: str) -> Any:  # noqa: ANN401 - a lazy translation
    """Return the reason why a row was refused; an unknown code is returned unchanged."""
    return REFUSALS.get(code, code)
