"""Access control: policies, decisions, quotas, shifts and the register of external accounts.

Promise: former staff and unknown devices get no access, and no account exceeds its quota.

- ``PolicyBook.decide`` evaluates a ``Request`` against Cedar policies in files. It never raises, and denies requests
  that it cannot evaluate. Every book contains the fixed rules; the owner's form (``Settings``) and own policy texts
  only add to them. Call ``what_if`` and ``check_before_activation`` before activating a book.
- ``quotas`` counts looks, ``shifts`` tells who is at work, ``quota_levels`` defines when an alarm is raised.
- ``registry``, ``registry_reading`` and ``leaving`` manage staff accounts in external systems.

This package stores nothing, reads no clock and depends on no web framework. Known limitations: decisions are only as
correct as the facts passed in, and a photograph of a screen cannot be prevented.
"""

from waybillguard.access.decision import Decision, Reason
from waybillguard.access.errors import AccessError
from waybillguard.access.policybook import PolicyBook
from waybillguard.access.request import (
    Device,
    OrderFacts,
    Person,
    Place,
    QuotaFacts,
    Request,
    SecondPerson,
    ShiftFacts,
    SignIn,
)
from waybillguard.access.settings import Settings, default_settings
from waybillguard.access.whatif import book_of, check_before_activation, what_if

__all__ = [
    "AccessError",
    "Decision",
    "Device",
    "OrderFacts",
    "Person",
    "Place",
    "PolicyBook",
    "QuotaFacts",
    "Reason",
    "Request",
    "SecondPerson",
    "Settings",
    "ShiftFacts",
    "SignIn",
    "book_of",
    "check_before_activation",
    "default_settings",
    "what_if",
]
