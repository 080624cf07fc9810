"""Create contracts, and change their terms as new versions. The ledger is written first."""

import hashlib
from dataclasses import asdict, dataclass
from datetime import date

import msgspec
from django.db import IntegrityError, transaction

from waybillguard.service.contracts.errors import (
    EntrustmentError,
    changed_meanwhile,
    not_your_role,
    one_already,
    state_changed,
)
from waybillguard.service.contracts.models import Entrustment, EntrustmentVersion
from waybillguard.service.identity.accounts.changes import note
from waybillguard.service.identity.context import tenant_of
from waybillguard.service.identity.models import Merchant, Permission, User


@dataclass(frozen=True, slots=True)
class Terms:
    """Terms of a contract of entrusted processing (个人信息保护法 第二十一条第一款); first and last day are inclusive."""

    purpose: str
    kinds: str
    method: str
    first_day: date
    last_day: date
    measures: str
    sub_entrusting: bool
    sub_entrusted: str
    contact: str

    def digest(self) -> str:
        """Return the SHA-256 of the terms in hex, which is stored in the ledger."""
        return hashlib.sha256(msgspec.json.encode(asdict(self), order="deterministic")).hexdigest()


def begin(actor: User, merchant: Merchant, terms: Terms) -> Entrustment:
    """Create a contract.

    Raises:
        EntrustmentError: the terms contradict themselves, or the merchant has a contract that is not closed.
        KeydError: the ledger cannot be written; no contract was created.
    """
    _may_keep(actor, terms)
    try:
        with transaction.atomic():
            made = Entrustment.objects.create(
                tenant=tenant_of(actor), merchant=merchant, first_day=terms.first_day, last_day=terms.last_day
            )
            _write(actor, made, terms)
    except IntegrityError:
        raise one_already(merchant.pk) from None
    return made


def change(actor: User, entrustment: Entrustment, terms: Terms, over: int) -> EntrustmentVersion:
    """Save changed terms as the next version; ``over`` is the number of the version they are based on.

    Raises:
        EntrustmentError: the terms contradict themselves.
        EntrustmentError (entrustment_not_now): somebody else changed it, or two people agreed to end it.
        KeydError: the ledger cannot be written; the previous version stays in force.
    """
    _may_keep(actor, terms)
    with transaction.atomic():
        rows = Entrustment.objects.filter(pk=entrustment.pk, tenant=tenant_of(actor), version=over)
        changed = rows.filter(ended_at=None, closed_at=None).update(
            version=over + 1, first_day=terms.first_day, last_day=terms.last_day
        )
        entrustment.refresh_from_db()
        if not changed:
            raise changed_meanwhile() if entrustment.ended_at is None else state_changed()
        return _write(actor, entrustment, terms)


def _write(actor: User, entrustment: Entrustment, terms: Terms) -> EntrustmentVersion:
    made = EntrustmentVersion.objects.create(
        tenant=entrustment.tenant, entrustment=entrustment, number=entrustment.version, made_by=actor,
        digest=terms.digest(), **asdict(terms),
    )  # fmt: skip
    note(
        entrustment.tenant, "entrustment", actor=actor, entrustment=entrustment.pk, version=made.number,
        merchant=entrustment.merchant_id, first_day=str(terms.first_day), last_day=str(terms.last_day),
        sha256=made.digest,
    )  # fmt: skip
    return made


def _may_keep(actor: User, terms: Terms) -> None:
    if not actor.may(Permission.ADMINISTER):
        raise not_your_role()
    if terms.last_day < terms.first_day:
        raise EntrustmentError(
            zh="合同的最后一天不能早于第一天。未保存。",
            en="the contract's last day lies before its first. Nothing was saved.",
        )
    if terms.sub_entrusting and not terms.sub_entrusted:
        raise EntrustmentError(
            zh="同意转委托时，请写明转委托给谁、做什么。未保存。",
            en="where sub-entrusting is consented to, say to whom and for what. Nothing was saved.",
        )
