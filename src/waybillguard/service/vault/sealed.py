"""Sealed orders as they go to keyd: blob, salt and day key of one moment, also while a rotation runs."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from waybillguard.service.identity.merchants.scope import shops_inside
from waybillguard.service.keyd import messages
from waybillguard.service.platform.database.raw_sql import all_rows, marks
from waybillguard.service.tenancy.key_process import keyd
from waybillguard.service.tenancy.models import Tenant
from waybillguard.service.vault.epochs import EpochBook

_TRIES: Final = 3
_SEALED: Final = (
    "SELECT id, uid, epoch_id, (SELECT salt FROM vault_salt AS own WHERE own.tenant_id = vault_order.tenant_id"
    " AND own.order_uid = vault_order.uid LIMIT 1), blob, province, city, district, day, shop"
    " FROM vault_order WHERE tenant_id = %s AND id IN ({ids})"
)


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
    shops = shops_inside()
    for _ in range(_TRIES):
        rows = all_rows(_SEALED.format(ids=marks(len(ids))), tenant.pk, *ids)
        refs = {
            pk: messages.SealedRef(
                bytes(uid), epoch_id, bytes(salt), bytes(blob), province, city, district, day, shop
            )
            for pk, uid, epoch_id, salt, blob, province, city, district, day, shop in rows
            if salt is not None and blob and (shops is None or shop in shops)
        }
        wanted = {ref.epoch_id for ref in refs.values()}
        epochs = book.of_ids(wanted)
        if len(epochs) == len(wanted):
            break
    return SealedRefs(refs, epochs)
