"""Messages to buyers: what they claim, what they ask, and whether it is true.

Promise: a check never calls a message safe for want of facts. Only an order that bears the message out makes it
``CONSISTENT``; an ask for off-platform contact, a card, a code, a shared screen or a payment makes it a scam even then.
Reasons are shown on the person's own characters. Source of the method: ``docs``, page on messages; GB 18030 text in, any
length.
"""

from waybillguard.scam.check import check, first_alarm
from waybillguard.scam.model import (
    Assessment,
    Code,
    Message,
    MessageClass,
    OrderFacts,
    Registry,
    Verdict,
)

__all__ = [
    "Assessment",
    "Code",
    "Message",
    "MessageClass",
    "OrderFacts",
    "Registry",
    "Verdict",
    "check",
    "first_alarm",
]
