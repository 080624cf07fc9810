"""Policies, decisions and quotas: who may do what, when, on which device.

Promise: nobody who left, nobody unknown, nobody too much.

- ``PolicyBook.decide`` answers a ``Request`` by Cedar policies that lie in files; it never raises, and whatever it
  does not understand it denies. The fixed rules are in every book; an owner's form (``Settings``) and own
  texts only add to them. ``what_if`` and ``check_before_activation`` come before a book is active.
- ``quotas`` counts looks, ``shifts`` knows who is at work, ``quota_levels`` when somebody must be told.
- ``registry``, ``registry_reading`` and ``leaving`` keep the accounts in outside systems that leavers use.

Nothing here stores, reads a clock, or knows of a web framework. Limits: the rules are as true as the facts handed in;
a photograph of a screen is beyond them.
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
