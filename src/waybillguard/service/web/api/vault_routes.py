"""Machine API of the vault: sealing, masked batches, states, shredding, retention, leakage."""

from datetime import timedelta
from typing import Annotated, Any

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from ninja import Header, Router

from waybillguard.seal.planner import IndexPlan
from waybillguard.service.audit.recording import record, refuse
from waybillguard.service.authorization.bearer import person_of
from waybillguard.service.authorization.principal import STEP_UP_S
from waybillguard.service.identity.context import tenant_of
from waybillguard.service.identity.models import Permission, ShellToken, User
from waybillguard.service.keyd.destroying import FEW_A_DAY
from waybillguard.service.platform.errors import not_allowed, sign_in_again
from waybillguard.service.platform.rates import Rate
from waybillguard.service.tenancy.days import day_number
from waybillguard.service.tenancy.models import Tenant
from waybillguard.service.vault import api_sealing as machine
from waybillguard.service.vault import retention, rotation, shred
from waybillguard.service.vault.errors import SearchError, no_day
from waybillguard.service.vault.leakage import report
from waybillguard.service.vault.listing import visible
from waybillguard.service.vault.models import Cipher, Order, RetentionRule, Shredded
from waybillguard.service.web.api.schemas import (
    IndexPlanOut,
    MaskedOut,
    NumbersIn,
    OrderOut,
    RetentionSchema,
    RotationOut,
    SealIn,
    SealOut,
    ShredIn,
    ShredOut,
    StatesIn,
    StatesOut,
    SuiteName,
)

router = Router()

MOST = 1_000
_SUITES = {
    SuiteName.AES_256_GCM: Cipher.AES_256_GCM,
    SuiteName.AES_256_GCM_SIV: Cipher.AES_256_GCM_SIV,
    SuiteName.SM4_GCM: Cipher.SM4_GCM_SM3,
}
_NAMES: dict[int, SuiteName] = {cipher: name for name, cipher in _SUITES.items()}
Key = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        max_length=80,
        description="Any text of your own, new for each change. The same call under the same key within 7 days is done once "
        "and gets the first answer; another call under it is refused (422), one that still runs says so (409).",
    ),
]


def order_out(order: Order) -> OrderOut:
    """Return an order as shown on pages."""
    return OrderOut(
        id=order.pk,
        order_no=order.order_no,
        waybill_no=order.waybill_no,
        carrier=order.carrier,
        sort_code=order.sort_code,
        shop=order.shop,
        platform=order.platform,
        lane=order.lane,
        lane_in=order.lane_in,
        state=order.state,
        created_at=order.created_at,
        name=order.masked_name,
        phone=order.masked_phone,
        address=order.masked_address,
        remark=order.masked_remark,
        goods_class=order.goods_class,
        printed_at=order.printed_at,
        attempts=order.attempts,
    )


def just_signed_in(request: HttpRequest) -> User:
    """Return the calling user of an irreversible operation.

    Raises:
        NotAllowedError (step_up): the sign-in is older than the maximum age of a step-up confirmation.
    """
    token = request.auth  # type: ignore[attr-defined]  # set by ninja
    fresh = timezone.now() - timedelta(seconds=STEP_UP_S)
    if not isinstance(token, ShellToken) or token.created_at < fresh:
        raise sign_in_again()
    return person_of(request)


@router.post("/orders/seal", response=SealOut)
def seal_orders(request: HttpRequest, body: SealIn, idempotency_key: Key = "") -> dict[str, Any]:
    """Seal up to 1,000 orders at once; sent again under the same key, nothing happens twice."""
    user = person_of(request)
    rows = [order.dict() for order in body.orders]

    def answer(done: machine.Sealed) -> machine.Answer:
        return 200, {
            "import_id": done.batch.pk,
            "sealed": done.batch.rows_ok,
            "references": done.batch.rows_reference,
            "known": done.batch.rows_known,
            "refused": [{"position": place, "reason": reason} for place, reason in done.refused],
        }

    def act(keep: machine.Keep) -> machine.Answer:
        return answer(machine.seal_orders(user, rows, lambda done: keep(answer(done))))

    return machine.once(tenant_of(user), idempotency_key, ["seal", user.pk, rows], act)[1]


@router.post("/orders/masked", response=MaskedOut, throttle=[Rate("masked", "120/m")])
def masked_orders(request: HttpRequest, body: NumbersIn) -> dict[str, Any]:
    """Show up to 1,000 masked orders by id or number; asking by number stands in the ledger."""
    user = person_of(request)
    if not (user.may(Permission.SEARCH) and user.may(Permission.VIEW)):
        raise refuse(user, "view")
    if len(body.ids) + len(body.order_nos) + len(body.waybill_nos) > MOST:
        raise SearchError(zh=f"一次最多 {MOST} 个", en=f"{MOST} at once at most")
    by_id = visible(tenant_of(user)).in_bulk(body.ids)
    found = machine.named(user, body.order_nos, body.waybill_nos)
    orders = {**by_id, **{order.pk: order for orders in found.values() for order in orders}}
    if orders:
        record(tenant_of(user), "view", user=user, orders=list(orders.values()), purpose="machine")
    asked = [("order", number) for number in body.order_nos] + [("waybill", n) for n in body.waybill_nos]
    missing = [str(pk) for pk in body.ids if pk not in by_id]
    missing += [number for field, number in asked if (field, number) not in found]
    return {"orders": [order_out(order) for order in orders.values()], "missing": missing}


@router.post("/orders/state", response=StatesOut)
def change_states(request: HttpRequest, body: StatesIn, idempotency_key: Key = "") -> dict[str, Any]:
    """Report where orders stand; all of it or none of it, once a key.

    Retention counts from `at` of a delivery or return, but not from before the order or its import, and at most seven
    days before the report came; the same state reported again keeps the earlier time. A time in the future, or over three years ago, is refused (422, `state_time`).
    """
    user = person_of(request)
    if not user.may(Permission.IMPORT):
        raise not_allowed()
    machine.check_times([change.at for change in body.changes])

    def act(keep: machine.Keep) -> machine.Answer:
        found = machine.named(
            user,
            [change.order_no for change in body.changes if change.order_no],
            [change.waybill_no for change in body.changes if change.waybill_no],
        )
        living = set(
            visible(tenant_of(user))
            .filter(pk__in=[change.id for change in body.changes if change.id])
            .values_list("pk", flat=True)
        )
        changes, unknown = [], []
        for place, change in enumerate(body.changes):
            ids = [change.id] if change.id in living else []
            for field, number in (("order", change.order_no), ("waybill", change.waybill_no)):
                ids += [order.pk for order in found.get((field, number), [])]
            if ids:
                changes.append(([pk for pk in ids if pk], change.state, change.at))
            else:
                unknown.append(place)

        def answer(changed: int) -> machine.Answer:
            return 200, {"changed": changed, "unknown": unknown}

        return answer(machine.change_states(user, changes, lambda changed: keep(answer(changed))))

    request_text = ["state", user.pk, body.model_dump(mode="json")]
    return machine.once(tenant_of(user), idempotency_key, request_text, act)[1]


@router.post("/shred", response=ShredOut, throttle=[Rate("shred", "30/m")])
def shred_something(request: HttpRequest, body: ShredIn) -> Shredded:
    """Shred orders, a day or everything, for good. Owners only; a legal hold refuses it.

    A day, everything, or more than ten single orders a day (counted with those that a rule destroyed and those of
    imports that were taken out) needs a sign-in of the last five minutes, with a code confirmed for just that act
    (``login --act``).
    """
    user = person_of(request)
    if body.scope == "orders":
        return _shred_singles(request, user, set(body.ids))
    just_signed_in(request)
    if body.scope == "tenant":
        return shred.shred_tenant(user, body.confirm)
    if body.day is None:
        raise no_day()
    return shred.shred_day(user, day_number(body.day, tenant_of(user)))


def _shred_singles(request: HttpRequest, user: User, ids: set[int]) -> Shredded:
    tenant = tenant_of(user)
    orders = visible(tenant).filter(pk__in=ids)
    rule = retention.rule_of(tenant)
    with transaction.atomic():
        # Serialise concurrent calls: each must count what the earlier ones destroyed.
        RetentionRule.objects.select_for_update().get(pk=rule.pk)
        if shred.singles_today(tenant) + len(ids) <= FEW_A_DAY:
            return shred.shred_orders(user, orders)
    just_signed_in(request)
    return shred.shred_orders(user, orders)


@router.get("/retention", response=RetentionSchema)
def get_retention(request: HttpRequest) -> RetentionRule:
    """Tell how long what is kept. Owners only."""
    user = person_of(request)
    if not user.may(Permission.ADMINISTER):
        raise not_allowed()
    return retention.rule_of(tenant_of(user))


@router.put("/retention", response=RetentionSchema)
def put_retention(request: HttpRequest, body: RetentionSchema) -> RetentionRule:
    """Change how long what is kept, or set and lift a legal hold. Owners only.

    To lift a hold needs a sign-in of the last five minutes.
    """
    user = person_of(request)
    if not body.legal_hold and retention.rule_of(tenant_of(user)).legal_hold:
        just_signed_in(request)
    return retention.set_rule(user, **body.dict())


@router.post("/keys/rotation", response=RotationOut, throttle=[Rate("rotation", "30/m")])
def rotate_keys(request: HttpRequest, suite: SuiteName | None = None) -> RotationOut:
    """Begin to seal everything again under new keys, or go on where it stopped. Owners only.

    `suite` changes the cipher that contacts are sealed with; without it the one in use stays. It needs a sign-in of the
    last five minutes.
    """
    user = just_signed_in(request)
    rotation.start_rotation(user, None if suite is None else _SUITES[suite])
    return _rotation(tenant_of(user))


@router.get("/keys/rotation", response=RotationOut)
def rotation_state(request: HttpRequest) -> RotationOut:
    """Tell how far the last rotation of keys is. Owners only."""
    user = person_of(request)
    if not user.may(Permission.ADMINISTER):
        raise not_allowed()
    return _rotation(tenant_of(user))


def _rotation(tenant: Tenant) -> RotationOut:
    row = rotation.latest(tenant)
    if row is None:
        return RotationOut(state="none", suite=_NAMES[rotation.suite_of(tenant)])
    return RotationOut(
        state="done" if row.finished_at else "stopped" if rotation.stopped(row) else "running",
        generation=row.generation,
        total=row.total,
        done=row.done,
        unopened=row.unopened,
        days_destroyed=row.days_destroyed,
        suite=_NAMES[rotation.suite_of(tenant)],
        started_at=row.started_at,
        finished_at=row.finished_at,
        error_zh=row.error_zh,
        error_en=row.error_en,
    )


@router.get("/leakage", response=list[IndexPlanOut])
def leakage(request: HttpRequest) -> list[IndexPlan]:
    """Tell how much each index reveals to whoever holds the database, at the present size. Owners only."""
    user = person_of(request)
    if not user.may(Permission.ADMINISTER):
        raise not_allowed()
    return report(tenant_of(user))
