"""End a contract: one person proposes, another agrees. From then on orders of the merchant are rejected.

Agreeing locks the tenant's row exclusively; storing orders locks it shared. So an order is either stored before
the end, and returned and destroyed with the others, or rejected.
"""

from itertools import batched

from django.db import IntegrityError, transaction

from waybillguard.access.request import UNNAMED
from waybillguard.service.authorization.principal import Principal
from waybillguard.service.contracts.errors import EntrustmentError, not_your_role, own_proposal, state_changed
from waybillguard.service.contracts.models import EndPart, Entrustment, EntrustmentEnd
from waybillguard.service.contracts.standing import undestroyed_orders
from waybillguard.service.exports.models import Recipient
from waybillguard.service.identity.accounts.changes import note
from waybillguard.service.identity.context import context_of
from waybillguard.service.identity.models import MerchantShop, Permission, User
from waybillguard.service.keyd import contract_ends
from waybillguard.service.keyd.destroying import part_of
from waybillguard.service.platform.queue import enqueue
from waybillguard.service.tenancy.key_process import keyd
from waybillguard.service.tenancy.models import Tenant
from waybillguard.service.vault.models import Order
from waybillguard.service.vault.shred import ORDERS_AT_ONCE, last_order

_State = EntrustmentEnd.State


def propose(
    who: Principal, entrustment: Entrustment, way: str, recipient: Recipient | None = None
) -> EntrustmentEnd:
    """Propose to end a contract. Nothing changes until another person agrees.

    Raises:
        EntrustmentError (entrustment_denied): the person's role may not end contracts.
        EntrustmentError: an unknown way, or a return without a confirmed recipient.
        EntrustmentError (entrustment_not_now): the contract is closed or being destroyed, or an end is already proposed.
        KeydError: the ledger cannot be written; nothing was proposed.
    """
    if not who.user.may(Permission.ADMINISTER):
        raise not_your_role()
    if way not in EntrustmentEnd.Way.values:
        raise EntrustmentError(
            zh="请选择删除，或返还后删除。", en="choose to delete, or to return and then delete."
        )
    if way == EntrustmentEnd.Way.DELETE:
        recipient = None
    elif recipient is None or not recipient.usable:
        raise _no_recipient()
    try:
        with transaction.atomic():
            row = locked_contract(entrustment)
            _still_whole(row)
            made = EntrustmentEnd.objects.create(
                tenant=who.tenant, entrustment=row, way=way, recipient=recipient, proposed_by=who.user,
                proposed_at=who.now, device="" if who.device.id in UNNAMED else who.device.id,
                station=who.place.station,
            )  # fmt: skip
            note(
                who.tenant, "entrustment_end_proposed", actor=who.user, now=who.now, entrustment=row.pk, end=made.pk,
                way=way,
            )  # fmt: skip
    except IntegrityError:
        raise state_changed() from None
    return made


def agree(who: Principal, end: EntrustmentEnd) -> EntrustmentEnd:
    """Agree as the second person. The contract ends now; its orders will be returned and destroyed, or destroyed.

    Raises:
        EntrustmentError (entrustment_denied): it is the person's own proposal, or the role may not agree.
        EntrustmentError (entrustment_not_now): it was answered or withdrawn.
        EntrustmentError: the proposer left, or the recipient was revoked.
        KeydError: the ledger cannot be written; nothing was agreed to.
    """
    _may_answer(who, end)
    with transaction.atomic():
        Tenant.objects.select_for_update(no_key=True).get(pk=who.tenant.pk)
        contract = locked_contract(end.entrustment)
        row = locked_end(end)
        if row.state != _State.PROPOSED:
            raise state_changed()
        _still_whole(contract)
        proposer = row.proposed_by
        if not User.objects.filter(pk=proposer.pk, is_active=True).exists() or not proposer.may(
            Permission.ADMINISTER
        ):
            raise EntrustmentError(
                zh="提出人已离职或角色已变，请重新提出。",
                en="whoever proposed it left or has another role; propose it anew.",
            )
        if row.recipient is not None and not row.recipient.usable:
            raise _no_recipient()
        EntrustmentEnd.objects.filter(entrustment=contract, state=_State.RETURNING).update(
            state=_State.REPLACED, finished_at=who.now
        )
        row.shops = sorted(
            MerchantShop.objects.filter(merchant_id=contract.merchant_id).values_list("shop", flat=True)
        )
        row.order_up_to = last_order(who.tenant)
        row.orders = undestroyed_orders(row).count()
        row.second, row.second_at = who.user, who.now
        row.state = _State.RETURNING if row.way == EntrustmentEnd.Way.RETURN else _State.DESTROYING
        if row.state == _State.DESTROYING:
            allow(who, row)
        row.save()
        Entrustment.objects.filter(pk=contract.pk, ended_at=None).update(ended_at=who.now)
        note(
            who.tenant, "entrustment_ended", actor=who.user, now=who.now, entrustment=contract.pk, end=row.pk,
            way=row.way, proposed_by=f"u{row.proposed_by_id}", orders=row.orders, shops=len(row.shops),
        )  # fmt: skip
        if row.state == _State.DESTROYING:
            enqueue("contracts.tasks.destroy_entrusted", row.pk)
    return row


def refuse(who: Principal, end: EntrustmentEnd) -> None:
    """Refuse a proposal as the second person. Does not wait for the ledger.

    Raises:
        EntrustmentError (entrustment_denied): it is the person's own proposal, or the role may not answer.
        EntrustmentError (entrustment_not_now): it was answered or withdrawn.
    """
    _may_answer(who, end)
    _finish(who, end, _State.REFUSED, "entrustment_end_refused")


def withdraw(who: Principal, end: EntrustmentEnd) -> None:
    """Withdraw one's own proposal before anybody agreed. Does not wait for the ledger.

    Raises:
        EntrustmentError (entrustment_denied): it is somebody else's.
        EntrustmentError (entrustment_not_now): it was answered.
    """
    if end.proposed_by_id != who.user.pk:
        raise not_your_role()
    _finish(who, end, _State.WITHDRAWN, "entrustment_end_withdrawn")


def count_orders_to_destroy(end: EntrustmentEnd) -> int:
    """Count the orders that would be destroyed if the end were agreed to, or the return confirmed, now."""
    if end.state != _State.PROPOSED:
        return undestroyed_orders(end).count()
    shops = MerchantShop.objects.filter(merchant_id=end.entrustment.merchant_id).values_list(
        "shop", flat=True
    )
    return Order.objects.filter(tenant=end.tenant_id, shop__in=list(shops), shredded_at=None).count()


def allow(who: Principal, row: EntrustmentEnd) -> None:
    """Store keyd's mandates to destroy exactly the orders of an end, confirmed by the person with a code.

    Raises:
        RefusedError: the person did not confirm this number of orders.
    """
    uids = [bytes(uid) for uid in undestroyed_orders(row).order_by("pk").values_list("uid", flat=True)]
    parts = [*batched(uids, ORDERS_AT_ONCE)]
    asked = [contract_ends.Part(part_of(some), len(some)) for some in parts]
    most = contract_ends.round_up(len(uids))
    request = contract_ends.AllowEnd(context_of(who.user, purpose="contract_end"), str(row.pk), most, asked)
    allowed = keyd().call(request, contract_ends.AllowedEnd)
    EndPart.objects.bulk_create(
        EndPart(tenant=row.tenant, end=row, uids=b"".join(some), mandate=mandate)
        for some, mandate in zip(parts, allowed.grants, strict=True)
    )


def locked_end(end: EntrustmentEnd) -> EntrustmentEnd:
    """Return the row of an end, locked until the transaction ends."""
    rows = EntrustmentEnd.objects.select_for_update(of=("self",), no_key=True).select_related(
        "tenant", "entrustment", "proposed_by__tenant", "recipient"
    )
    return rows.get(pk=end.pk, tenant=end.tenant_id)


def locked_contract(entrustment: Entrustment) -> Entrustment:
    """Return the row of a contract, locked until the transaction ends. Lock it before the row of an end."""
    rows = Entrustment.objects.select_for_update(of=("self",), no_key=True)
    return rows.get(pk=entrustment.pk, tenant=entrustment.tenant_id)


def _still_whole(contract: Entrustment) -> None:
    going_on = EntrustmentEnd.objects.filter(entrustment=contract, state=_State.DESTROYING)
    if contract.closed_at is not None or going_on.exists():
        raise state_changed()


def _may_answer(who: Principal, end: EntrustmentEnd) -> None:
    if not who.user.may(Permission.SECOND):
        raise not_your_role()
    if end.proposed_by_id == who.user.pk:
        raise own_proposal()


def _finish(who: Principal, end: EntrustmentEnd, state: str, what: str) -> None:
    with transaction.atomic():
        rows = EntrustmentEnd.objects.filter(pk=end.pk, tenant=who.tenant, state=_State.PROPOSED)
        changed = rows.update(
            state=state, finished_at=who.now,
            **({"second": who.user, "second_at": who.now} if state == _State.REFUSED else {}),
        )  # fmt: skip
        if not changed:
            raise state_changed()
        note(who.tenant, what, actor=who.user, now=who.now, entrustment=end.entrustment_id, end=end.pk)


def _no_recipient() -> EntrustmentError:
    return EntrustmentError(
        zh="返还须密封给一位已由两人确认的收件方；请先在“导出 → 收件方”登记并确认。",
        en="a return is sealed to a recipient whom two people confirmed; register one under Exports, Recipients.",
    )
