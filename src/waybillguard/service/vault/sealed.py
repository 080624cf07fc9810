"""Reads sealed orders for keyd: blob, salt and day key from the same moment, also during a rotation."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from waybillguard.service.identity.merchants.scope import shops_inside
from waybillguard.service.keyd import messages
from waybillguard.service.platform.database.raw_sql import all_rows, marks
from waybillguard.service.tenancy.models import Tenant

_SEALED: Final = (
    "SELECT vault_order.id, uid, vault_order.epoch_id, (SELECT salt FROM vault_salt AS own"
    " WHERE own.tenant_id = vault_order.tenant_id AND own.order_uid = vault_order.uid LIMIT 1),"
    " blob, province, city, district, vault_order.day, shop, day_key.day, day_key.wrapped"
    " FROM vault_order LEFT JOIN vault_epoch AS day_key"
    " ON day_key.tenant_id = vault_order.tenant_id AND day_key.epoch_id = vault_order.epoch_id"
    " WHERE vault_order.tenant_id = %s AND vault_order.id IN ({ids})"
)


class SealedRefs(NamedTuple):
    """Orders by id, and the day keys they need. Shredded orders are missing."""

    refs: dict[int, messages.SealedRef]
    epochs: list[messages.WrappedEpoch]


def sealed_refs(tenant: Tenant, ids: Sequence[int]) -> SealedRefs:
    """Read orders for keyd. One statement reads blob, salt and day key, because a rotation may end at any moment."""
    shops = shops_inside()
    refs: dict[int, messages.SealedRef] = {}
    epochs: dict[int, messages.WrappedEpoch] = {}
    for pk, uid, epoch_id, salt, blob, province, city, district, day, shop, key_day, wrapped in all_rows(
        _SEALED.format(ids=marks(len(ids))), tenant.pk, *ids
    ):
        if salt is None or not blob or (shops is not None and shop not in shops):
            continue
        refs[pk] = messages.SealedRef(
            bytes(uid), epoch_id, bytes(salt), bytes(blob), province, city, district, day, shop
        )
        if wrapped is not None:
            epochs[epoch_id] = messages.WrappedEpoch(epoch_id, key_day, bytes(wrapped))
    return SealedRefs(refs, list(epochs.values()))
