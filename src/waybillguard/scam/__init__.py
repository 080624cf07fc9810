"""Check messages to buyers: what they claim, what they request, and whether it is true.

Missing facts never make a message safe. A message is ``CONSISTENT`` only if an order confirms it. A request for
off-platform contact, a card, a code, a shared screen or a payment makes it a scam even then. Reasons refer to the
original characters. Input is GB 18030 text of any length. The method is described in ``docs``, page on messages.
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
