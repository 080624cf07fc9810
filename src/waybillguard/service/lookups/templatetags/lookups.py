"""Template tags of looks: permission checks, and terms of the access package in the reader's language."""

from typing import Any

from django import template
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from waybillguard.access.settings_policies import OFF_SHIFT
from waybillguard.access.vocabulary import Word, actions, purposes, roles
from waybillguard.service.authorization.active_policies import active_policies, hours_of
from waybillguard.service.identity.models import Permission, User
from waybillguard.service.vault.models import Order

register = template.Library()

SCOPES = {
    "hour": _("this hour"),
    "shift": _("this shift"),
    "day": _("today"),
    "device_day": _("this device today"),
    "persons_30d": _("distinct persons in 30 days"),
}
GROUPS = {"phone": _("Name and phone"), "address": _("Full address")}
ALARMS = {
    "persons_30d": _("Many distinct persons in 30 days"),
    "refusals": _("Many refusals within an hour"),
    "search_misses": _("Many searches that found nobody"),
    "searches": _("All searches of a shift used up"),
}


@register.filter
def may_reveal(user: User, order: Order) -> bool:
    """Return whether to show the button. The decision itself is made when the form is submitted."""
    if not user.is_active or user.tenant is None or order.lane == "A" or order.shredded_at or user.by_badge:
        return False
    form = active_policies(user.tenant).settings.form.roles.get(user.role)
    return form is not None and "reveal" in form.actions


@register.filter
def policy_words(policies: str, user: User) -> str:
    """Return the messages of these policies (names separated by spaces), in the reader's language."""
    if not policies or user.tenant is None:
        return ""
    chinese = (get_language() or "").startswith("zh")
    reasons = active_policies(user.tenant).book.reasons_of(policies.split())
    return ("；" if chinese else "; ").join(
        reason.zh if chinese else reason.en for reason in reasons
    ) or policies


@register.inclusion_tag("lookups/refusal.html")
def refusal(problem: str, policies: str, user: User) -> dict[str, object]:
    """Return the context of a refusal: reason, rule and, outside the shift, the hours and who may extend them."""
    rule = policy_words(policies, user)
    return {
        "problem": problem,
        "policies": policies,
        "rule": "" if rule in problem else rule,
        "shifts": hours_of(active_policies(user.tenant)) if user.tenant is not None else [],
        "off_shift": any(name.startswith(OFF_SHIFT) for name in policies.split()),
        "may_extend": user.may(Permission.ADMINISTER),
    }


@register.filter
def purpose_word(key: str) -> str:
    """Return the label of a purpose."""
    return _word(purposes().get(key), "—")


@register.filter
def action_word(key: str) -> str:
    """Return the label of an action."""
    return _word(actions().get(key), key)


@register.filter
def role_word(key: str) -> str:
    """Return the label of a role."""
    return _word(roles().get(key), key)


@register.filter
def scope_word(key: str) -> Any:  # noqa: ANN401 - a lazy translation
    """Return the label of a limit's scope."""
    return SCOPES.get(key, key)


@register.filter
def group_word(key: str) -> Any:  # noqa: ANN401
    """Return the label of a field group."""
    return GROUPS.get(key, key)


@register.filter
def alarm_word(key: str) -> Any:  # noqa: ANN401
    """Return the label of a kind of alarm."""
    return ALARMS.get(key, key)


@register.filter
def decided(decision: Any) -> str:  # noqa: ANN401 - a Decision
    """Return the reasons of a decision in the language of the page."""
    return str(decision.words(get_language() or "zh-hans"))


def _word(word: Word | None, missing: str) -> str:
    if word is None:
        return missing
    return word.zh if (get_language() or "").startswith("zh") else word.en
