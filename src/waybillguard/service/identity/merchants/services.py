"""Add merchants and assign shops and people to them; keyd keeps the same assignments."""

from collections.abc import Iterable, Sequence

from django.db import IntegrityError, transaction

from waybillguard.errors import WaybillGuardError
from waybillguard.service.identity.accounts import factors
from waybillguard.service.identity.accounts.changes import note
from waybillguard.service.identity.context import context_of, tenant_of
from waybillguard.service.identity.models import Merchant, MerchantPerson, MerchantShop, Role, User
from waybillguard.service.keyd.messages import Done
from waybillguard.service.keyd.shops import MerchantShops, SetMerchants

MOST_SHOPS = 500


class MerchantError(WaybillGuardError):
    """A merchant's name, shops or people are invalid; nothing was changed."""

    code = "merchant"


def add_merchant(actor: User, name: str) -> Merchant:
    """Add a merchant; the ledger entry is written first.

    Raises:
        MerchantError: the name is empty or taken.
        KeydError: the ledger entry cannot be written; no merchant is added.
    """
    name = name.strip()[:80]
    if not name:
        raise MerchantError(zh="请填写商家名称。", en="type the merchant's name.")
    try:
        with transaction.atomic():
            made = Merchant.objects.create(tenant=tenant_of(actor), name=name)
            note(made.tenant, "merchant", actor=actor, merchant=made.pk, shops=0, people="")
    except IntegrityError:
        raise MerchantError(zh="已有同名商家。", en="there is a merchant of this name.") from None
    return made


def set_merchant(actor: User, merchant: Merchant, shops: Sequence[str], people: Sequence[int]) -> None:
    """Set a merchant's shops and people; the ledger entry is written first.

    Raises:
        MerchantError: a shop belongs to another merchant, or there are too many.
        KeydError: the ledger entry cannot be written, or somebody gains a shop without an owner's confirmed code;
            nothing was changed.
    """
    tenant = tenant_of(actor)
    wanted = sorted({shop.strip()[:80] for shop in shops if shop.strip()})
    if len(wanted) > MOST_SHOPS:
        raise MerchantError(zh=f"最多 {MOST_SHOPS} 个店铺。", en=f"at most {MOST_SHOPS} shops.")
    ties = list(User.objects.filter(tenant=tenant, role=Role.MERCHANT, pk__in=people))
    with transaction.atomic():
        taken = MerchantShop.objects.filter(tenant=tenant, shop__in=wanted).exclude(merchant=merchant).first()
        if taken is not None:
            raise MerchantError(
                zh="所选店铺中有的已属于其他商家，未作更改。", en="a chosen shop is another merchant's; nothing was changed."
            )  # fmt: skip
        MerchantShop.objects.filter(merchant=merchant).delete()
        MerchantShop.objects.bulk_create(
            MerchantShop(tenant=tenant, merchant=merchant, shop=shop) for shop in wanted
        )
        MerchantPerson.objects.filter(merchant=merchant).delete()
        MerchantPerson.objects.filter(
            tenant=tenant, user__in=ties
        ).delete()  # a person belongs to one merchant
        MerchantPerson.objects.bulk_create(
            MerchantPerson(tenant=tenant, merchant=merchant, user=user) for user in ties
        )
        tell_keyd(actor, [merchant])
        note(
            tenant, "merchant", actor=actor, merchant=merchant.pk, shops=len(wanted),
            people=" ".join(f"u{user.pk}" for user in ties)[:300],
        )  # fmt: skip


def tell_keyd(actor: User, merchants: Iterable[Merchant]) -> None:
    """Send keyd all shops and people of these merchants, as of the caller's transaction.

    Raises:
        RefusedError: somebody gains a shop, and ``actor`` is not an owner who just confirmed this by a code.
    """
    told = tuple(
        MerchantShops(
            one.pk,
            tuple(sorted(one.shops.values_list("shop", flat=True))),
            tuple(sorted(f"u{pk}" for pk in one.people.values_list("user", flat=True))),
        )
        for one in merchants
    )
    if told:
        factors.ask(SetMerchants(context_of(actor), told), Done)
