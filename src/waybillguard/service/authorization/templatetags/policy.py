"""Template tags of the policy pages."""

from django import template
from django.utils.translation import get_language

from waybillguard.access.policytext import Policy

register = template.Library()


@register.filter
def rule_words(policy: Policy) -> str:
    """Return a policy's message to the people it affects, in the reader's language."""
    return policy.zh if (get_language() or "").startswith("zh") else policy.en
