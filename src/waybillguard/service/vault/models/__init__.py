"""Orders at rest: sealed contact data, a masked view for screens, keyed indexes for search.

A batch is invisible until its one row says ``committed``; a crash leaves nothing half-visible.
"""

from waybillguard.service.vault.models.grams import GramChunk, GramPlan, Posting
from waybillguard.service.vault.models.imports import Batch, IdempotencyKey, RefusedRow
from waybillguard.service.vault.models.keys import Cipher, Epoch, KeyGeneration, Rotation
from waybillguard.service.vault.models.orders import Lane, Order, OrderState, Salt
from waybillguard.service.vault.models.retention import PlannedDestruction, RetentionRule, Shredded

__all__ = [
    "Batch",
    "Cipher",
    "Epoch",
    "GramChunk",
    "GramPlan",
    "IdempotencyKey",
    "KeyGeneration",
    "Lane",
    "Order",
    "OrderState",
    "PlannedDestruction",
    "Posting",
    "RefusedRow",
    "RetentionRule",
    "Rotation",
    "Salt",
    "Shredded",
]
