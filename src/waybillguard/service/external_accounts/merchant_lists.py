"""Import a list of merchants and their shops. An import only adds; it removes no merchant and no shop."""

from collections.abc import Mapping

from waybillguard.access.registry import fold
from waybillguard.access.registry_reading import MerchantLine
from waybillguard.service.identity.context import tenant_of
from waybillguard.service.identity.merchants.services import MOST_SHOPS, MerchantError, tell_keyd
from waybillguard.service.identity.models import Merchant, MerchantShop, User
from waybillguard.service.tenancy.models import Tenant
from waybillguard.service.vault.listing import shops as shops_of_imports


def merchants_by_shop(tenant: Tenant) -> dict[str, str]:
    """Return the merchant of each known shop, as the list reader needs it: shop to merchant."""
    rows = MerchantShop.objects.filter(tenant=tenant).select_related("merchant")
    return {row.shop: row.merchant.name for row in rows}


def import_merchants(actor: User, lines: tuple[MerchantLine, ...]) -> None:
    """Import a list within the caller's transaction.

    Merchants are matched by name, ignoring character width, case and spaces. A shop is stored under the name that
    order imports use for it, if there is one.

    Raises:
        MerchantError: a merchant would have too many shops, or a shop was assigned to another merchant meanwhile.
        RefusedError: a user gains access to a shop, and ``actor`` is not an owner who just confirmed it with a code.
    """
    tenant = tenant_of(actor)
    merchants = {fold(one.name): one for one in Merchant.objects.filter(tenant=tenant)}
    owners = {
        fold(row.shop): row.merchant_id
        for row in MerchantShop.objects.select_for_update().filter(tenant=tenant)
    }
    called = {fold(shop): shop for shop in shops_of_imports(tenant)}
    counts: dict[int, int] = {}
    for owner in owners.values():
        counts[owner] = counts.get(owner, 0) + 1
    for line in lines:
        key = fold(line.merchant)
        if key not in merchants:
            merchants[key] = Merchant.objects.create(tenant=tenant, name=line.merchant)
        if line.shop:
            _assign_shop(merchants[key], line.shop, called, owners, counts)
    # A merchant without people gives nobody access to a shop; keyd is told when its first person is added.
    named = {merchants[fold(line.merchant)].pk for line in lines}
    tell_keyd(actor, Merchant.objects.filter(pk__in=named, people__isnull=False).distinct().order_by("pk"))


def _assign_shop(
    merchant: Merchant, shop: str, called: Mapping[str, str], owners: dict[str, int], counts: dict[int, int]
) -> None:
    key = fold(shop)
    known = key in owners
    if owners.setdefault(key, merchant.pk) != merchant.pk:
        raise MerchantError(
            zh="名单中的店铺刚刚归属了其他商家，未作更改。请重新预览。",
            en="a shop of the list became another merchant's meanwhile; nothing was changed. Look at it again.",
        )
    if known and key not in called:  # already stored under another spelling
        return
    if MerchantShop.objects.get_or_create(
        tenant=merchant.tenant, shop=called.get(key, shop), defaults={"merchant": merchant}
    )[1]:
        counts[merchant.pk] = counts.get(merchant.pk, 0) + 1
    if counts[merchant.pk] > MOST_SHOPS:
        raise MerchantError(
            zh=f"有商家超过 {MOST_SHOPS} 个店铺，未作更改。",
            en=f"a merchant would have more than {MOST_SHOPS} shops; nothing was changed.",
        )
