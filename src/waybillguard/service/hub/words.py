"""What the hub's states are called, with icon and tone: never colour alone."""

from django.utils.translation import gettext_lazy as _

from waybillguard.service.platform.words import Word

CLAIMS = {
    "self_reported": Word(_("Self-reported"), "message-report", "calm"),
    "witnessed": Word(_("Shown to an inspector"), "eye", "busy"),
    "retested": Word(_("Re-tested"), "shield-check", "good"),
}
"""A claim is not evidence until somebody tested again."""

STATUSES = {
    "satisfied": Word(_("In order"), "circle-check", "good"),
    "not_satisfied": Word(_("Not in order"), "alert-circle", "bad"),
    "no_evidence": Word(_("No evidence"), "alert-triangle", "warn"),
    "risk_accepted": Word(_("Risk accepted"), "lock", "warn"),
    "not_applicable": Word(_("Not applicable"), "ban", "calm"),
}
