"""Sealed orders as they go to keyd: blob, salt and day key of one moment, also while a rotation runs."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from django.db.models import OuterRef, Subquery

from waybillguard.service.common import keyd
from waybillguard.service.keyd import messages
from waybillguard.service.people.models import Tenant
from waybillguard.service.vault.epochs import EpochBook
from waybillguard.service.vault.models import Order, Salt

_TRIES: Final = 3


class SealedRefs(NamedTuple):
    """Orders by id, and the day keys they need. What was shredded has no entry."""

    refs: dict[int, messages.SealedRef]
    epochs: list[messages.WrappedEpoch]


def sealed_refs(tenant: Tenant, ids: Sequence[int]) -> SealedRefs:
    """Read orders for keyd.

    Blob and salt come out of one statement. A rotation may end between that and the reading of the day keys;
    then what was read is old, and is read again.
    """
    book = EpochBook(tenant, keyd())
    for _ in range(_TRIES):
        salt = Salt.objects.filter(tenant=tenant, order_uid=OuterRef("uid")).values("salt")[:1]
        rows = (
            Order.objects.filter(tenant=tenant, pk__in=ids)
            .annotate(salt=Subquery(salt))
            .values_list(
                "pk", "uid", "epoch_id", "salt", "blob", "province", "city", "district", "day"
            )
        )  # fmt: skip
        refs = {
            pk: messages.SealedRef(
                bytes(uid), epoch_id, bytes(salt), bytes(blob), province, city, district, day
            )
            for pk, uid, epoch_id, salt, blob, province, city, district, day in rows
            if salt is not None and blob
        }
        wanted = {ref.epoch_id for ref in refs.values()}
        epochs = book.of_ids(wanted)
        if len(epochs) == len(wanted):
            break
    return SealedRefs(refs, epochs)
