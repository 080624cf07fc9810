"""Labels of the hub's states, each with an icon and a tone, so that colour is never the only sign."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from waybillguard.service.hub.tasks_of import Origin
from waybillguard.service.platform.words import Word

CLAIMS = {
    "self_reported": Word(_("Self-reported"), "message-report", "calm"),
    "witnessed": Word(_("Shown to an inspector"), "eye", "busy"),
    "retested": Word(_("Re-tested"), "shield-check", "good"),
}
"""Labels of claims; a claim is not evidence until it was re-tested."""

REFUSALS = {
    "bad_signature": _("This ledger is not signed by the key that the hub saw first."),
    "unproved": _("The proof from what the hub signed last is missing; the next report brings it."),
    "shorter": _("This ledger is shorter than what the hub signed: an old backup may have been restored."),
    "forked": _("This ledger contradicts what the hub signed: it was rewritten. The hub keeps both."),
    "bad_answer": _("The hub's signature does not hold."),
}
"""Reasons why a hub did not cosign."""

STATUSES = {
    "satisfied": Word(_("In order"), "circle-check", "good"),
    "not_satisfied": Word(_("Not in order"), "alert-circle", "bad"),
    "no_evidence": Word(_("No evidence"), "alert-triangle", "warn"),
    "risk_accepted": Word(_("Risk accepted"), "lock", "warn"),
    "not_applicable": Word(_("Not applicable"), "ban", "calm"),
}

TASKS = {
    "notified": Word(_("Told"), "send", "calm"),
    "in_work": Word(_("Being put right"), "loader-2", "busy"),
    "self_certified": Word(_("Reported done, to be re-tested"), "hourglass", "warn"),
    "retest_passed": Word(_("Re-test passed"), "shield-check", "good"),
    "retest_failed": Word(_("Re-test failed"), "alert-circle", "bad"),
}

CLOCKS = {
    "open": Word(_("Not over yet"), "clock", "busy"),
    "met": Word(_("In time"), "circle-check", "good"),
    "late": Word(_("Done late"), "alert-triangle", "warn"),
    "overdue": Word(_("Overdue"), "alert-circle", "bad"),
}

EVENTS = {
    "served": _("Decision served"),
    "filed": _("Filed with the superior office"),
    "referred": _("Referred to the next level"),
    "assigned": _("Assigned to a lower level"),
    "suspended": _("Review suspended"),
    "resumed": _("Review resumed"),
    "return_visit": _("Return visit"),
    "judgment": _("Judgment"),
    "tasks": _("Tasks given"),
    "attachment": _("Evidence attached"),
    "handover": _("Evidence handed over"),
    "parties": _("Who takes part has changed"),
}
"""Events that change no state, and other entries of a joint case."""

ATTACHMENTS = {
    "sensor_report": _("Sensor report"),
    "trace_bundle": _("Trace bundle"),
    "ledger_proof": _("Ledger proof"),
    "photos": _("Photos"),
    "inspection": _("Inspection record"),
    "document": _("Document"),
}

ORIGINS: dict[Origin, Any] = {
    "proposal": _("Procuratorate's proposal"),
    "special": _("Special inspection"),
    "pledge": _("Association's pledge"),
    "plan": _("Company's compliance plan"),
}
"""Origins of a task."""

VERIFY = "waybillguard ledger verify LEDGER.checkpoint --policy LEDGER.policy"
MATCH_REQUEST = "waybillguard trace match request victims.csv --key police.key --out request.bin"
MATCH_OPEN = (
    "waybillguard trace match open victims.csv --setup setup-1.bin --response response.bin --key police.key "
    "--json common.json"
)
"""Command lines shown on the pages."""

LEVELS = {"county": _("County"), "city": _("City"), "province": _("Province")}
"""Administrative levels of a case. A clue is escalated one level at a time, and assigned downwards."""
