"""Planned destruction by age: it is announced, waits, and does not trust a clock that jumped.

Every hour the tenant's clock is compared with its last value. An advance of up to `MAX_STEP` is trusted. After a larger
one, or a step back, nothing is destroyed until the clock agrees again or a person confirms the date. Orders due by the
rules become a plan. The plan is announced and waits for `WAIT` hours in which the service was running. Anyone who may
agree to exports or administers can stop it. A plan above `MAX_SHARE` of the existing orders waits for a person.
keyd keeps its own list of waiting plans (`waiting`). A plan that only keyd knows was requested outside the console: it
is sent to every notification channel and shown on the page.
"""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from waybillguard.service.identity.accounts.changes import note
from waybillguard.service.identity.context import context_of
from waybillguard.service.identity.models import Permission, User
from waybillguard.service.keyd import destroying, messages, plans
from waybillguard.service.keyd.client import KeydError, KeydUnavailableError, RefusedError
from waybillguard.service.keyd.mandates import Granted
from waybillguard.service.keyd.people import Plan
from waybillguard.service.platform.errors import not_allowed
from waybillguard.service.tenancy.key_process import keyd
from waybillguard.service.tenancy.models import Tenant
from waybillguard.service.tenancy.signals import believed_now
from waybillguard.service.vault.models import Batch, Order, PlannedDestruction, RetentionRule
from waybillguard.service.vault.retention import apply_rule, due_orders, last_day, rule_of
from waybillguard.service.vault.shred import close_plan, held

logger = logging.getLogger(__name__)

WAIT = timedelta(hours=72)
"""How long a plan waits after its announcement; only hours in which the service ran count."""
MAX_STEP = timedelta(days=3)
"""Maximum advance of the clock since the last check that is trusted."""
MAX_TICK = timedelta(hours=2)
"""Maximum waiting time added by one check of the clock."""
MAX_SHARE, FEW = 0.2, 200
"""A plan of more than this share of the existing orders, and more than these few, waits for a person."""
PAUSE_AFTER_STOP = timedelta(days=30)
HOUSEKEEPING = timedelta(days=7)

type State = PlannedDestruction.State
_OPEN = (PlannedDestruction.State.WAITING, PlannedDestruction.State.HELD)


def tend_all(now: datetime) -> int:
    """Process the plans of every tenant; a failure does not stop the others. Returns the number of orders shredded."""
    total = 0
    for tenant in Tenant.objects.all():
        with scope(tenant=tenant):
            try:
                total += tend(tenant, now)
            except Exception as error:  # noqa: BLE001 - the text may quote a row; the type does not
                logger.error("retention of tenant %d failed: %s", tenant.pk, type(error).__name__)  # noqa: TRY400
    return total


def tend(tenant: Tenant, now: datetime) -> int:
    """Check the clock, then continue the open plan or make one; return the orders shredded by this call."""
    rule = rule_of(tenant)
    if not trust_clock(rule, now) or held(tenant):
        return 0
    plan = open_plan(tenant)
    if plan is None:
        _announce(tenant, rule, now)
        return 0
    if plan.state == PlannedDestruction.State.HELD:
        return 0
    if not plan.mandate:
        _mandate(plan)
        plan.refresh_from_db()
    passed = min(max(now - plan.looked_at, timedelta()), MAX_TICK)
    plan.waited_s, plan.looked_at = plan.waited_s + int(passed.total_seconds()), now
    plan.save(update_fields=["waited_s", "looked_at"])
    if plan.waited_s < WAIT.total_seconds():
        return 0
    try:
        count = apply_rule(tenant, plan.cutoff, bytes(plan.mandate), plan.pk)
    except RefusedError as error:
        # Too early by keyd's clock: tried again later. More than announced: the next plan takes the rest.
        logger.warning("planned destruction %d: %s", plan.pk, error.reason)
        if error.reason != "limit_reached":
            if all(one.mark != plans.mark_of(bytes(plan.mandate)) for one, _ in waiting(tenant)):
                # keyd does not know it: an older list was restored, and 72 hours begin again
                _mandate(plan)
            return 0
        count = 0
    PlannedDestruction.objects.filter(pk=plan.pk).update(
        state=PlannedDestruction.State.DONE, done_at=now, destroyed=count
    )
    close_plan(messages.Context(tenant.slug, "retention", purpose="retention"), bytes(plan.mandate))
    return count


def trust_clock(rule: RetentionRule, now: datetime) -> bool:
    """Return whether the clock is trusted, and store its value if so."""
    seen = rule.clock_seen_at
    if seen is not None and not timedelta() <= now - seen <= MAX_STEP:
        return False
    rule.clock_seen_at = now
    rule.save(update_fields=["clock_seen_at"])
    return True


def clock_in_doubt(rule: RetentionRule, now: datetime) -> bool:
    """Return whether destruction is suspended because the clock jumped ahead."""
    return rule.clock_seen_at is not None and now - rule.clock_seen_at > MAX_STEP


@believed_now.answer
def cautious_now(now: datetime) -> datetime:
    """Return the current time, or the earliest time trusted by every tenant if a clock jumped ahead."""
    with scopes_disabled():
        seen = RetentionRule.objects.exclude(clock_seen_at=None).values_list("clock_seen_at", flat=True)
        return min([now, *(one + MAX_STEP for one in seen if one is not None)])


def open_plan(tenant: Tenant) -> PlannedDestruction | None:
    """Return the open plan, waiting for its time or for a person."""
    return PlannedDestruction.objects.filter(tenant=tenant, state__in=_OPEN).order_by("-pk").first()


def waiting(tenant: Tenant) -> list[tuple[Plan, bool]]:
    """Return keyd's waiting plans, each with whether this database knows it.

    Raises:
        KeydError: keyd does not answer.
    """
    listed = keyd().call(plans.ListPlans(tenant.slug), plans.PlansAnswer).plans
    if not listed:
        return []
    named = PlannedDestruction.objects.filter(tenant=tenant, state__in=_OPEN)
    out = Batch.objects.filter(tenant=tenant, state=Batch.State.UNDONE).exclude(mandate=b"")
    known = {
        *((plans.mark_of(bytes(row.mandate)), row.orders) for row in named),
        *((plans.mark_of(bytes(row.mandate)), row.rows_ok + row.rows_reference) for row in out),
    }
    return [(one, (one.mark, one.orders) in known) for one in listed]


def _announce(tenant: Tenant, rule: RetentionRule, now: datetime) -> None:
    stopped = PlannedDestruction.objects.filter(
        tenant=tenant, state=PlannedDestruction.State.STOPPED, decided_at__gt=now - PAUSE_AFTER_STOP
    )
    if stopped.exists():
        return
    orders = due_orders(tenant, rule, now).count()
    if not orders and rule.last_run_at is not None and now - rule.last_run_at < HOUSEKEEPING:
        return
    living = Order.objects.filter(tenant=tenant, shredded_at=None).count()
    many = orders > FEW and orders > MAX_SHARE * living
    state = PlannedDestruction.State.HELD if many else PlannedDestruction.State.WAITING
    with transaction.atomic():
        plan = PlannedDestruction.objects.create(
            tenant=tenant,
            announced_at=now,
            looked_at=now,
            cutoff=now,
            orders=orders,
            living=living,
            state=state,
        )
        note(tenant, "destruction_planned", now=now, plan=plan.pk, orders=orders)
        if state == PlannedDestruction.State.WAITING:
            _mandate(plan)


def _mandate(plan: PlannedDestruction) -> None:
    """Get a mandate for a plan from keyd; a plan too large for keyd waits for a person as well."""
    who = messages.Context(tenant=plan.tenant.slug, actor="retention", purpose="retention")
    row = PlannedDestruction.objects.filter(pk=plan.pk, tenant=plan.tenant)
    try:
        row.update(mandate=announced(plan, who))
    except RefusedError:
        row.update(state=PlannedDestruction.State.HELD)
    except KeydError as error:  # repeated within the hour; the 72 hours begin when keyd answers
        logger.warning("planned destruction %d is not allowed yet: %s", plan.pk, error.code)


def announced(plan: PlannedDestruction, context: messages.Context) -> bytes:
    """Announce a plan to keyd; its mandate begins in 72 hours by keyd's clock.

    Raises:
        RefusedError: a large plan without a code freshly confirmed by an owner.
    """
    request = destroying.PlanDestruction(
        context, str(plan.pk), plan.orders, last_day(plan.tenant, plan.cutoff)
    )
    return keyd().call(request, Granted).grant


def stop(user: User, plan: PlannedDestruction) -> None:
    """Stop a plan: none of it is destroyed, and no new one is made for `PAUSE_AFTER_STOP`.

    Raises:
        NotAllowedError: the person may neither agree to exports nor administer.
    """
    if not (user.may(Permission.SECOND) or user.may(Permission.ADMINISTER)):
        raise not_allowed()
    if plan.mandate:
        request = plans.StopDestruction(
            context_of(user, purpose="retention"), plans.mark_of(bytes(plan.mandate))
        )
        try:
            keyd().call(request, messages.Done)
        except KeydError as error:  # stopping does not wait for keyd
            logger.warning("planned destruction %d was stopped here alone: %s", plan.pk, error.code)
    _decide(user, plan, PlannedDestruction.State.STOPPED, "destruction_stopped")


def stop_waiting(user: User, mark: bytes) -> None:
    """Stop a plan in keyd by its mark, whether this database knows it or not.

    Raises:
        NotAllowedError: the person may neither agree to exports nor administer.
        KeydError: keyd does not answer; the plan still waits.
    """
    if user.tenant is None or not (user.may(Permission.SECOND) or user.may(Permission.ADMINISTER)):
        raise not_allowed()
    keyd().call(plans.StopDestruction(context_of(user, purpose="retention"), mark), messages.Done)
    note(user.tenant, "destruction_stopped", actor=user, mark=mark.hex())


def confirm(user: User, plan: PlannedDestruction) -> None:
    """Confirm a plan that is too large to run by itself; it then waits like any other.

    Raises:
        NotAllowedError: only administrators confirm.
    """
    if not user.may(Permission.ADMINISTER):
        raise not_allowed()
    try:
        mandate = announced(plan, context_of(user, purpose="retention"))
    except KeydUnavailableError:  # `tend` repeats it within the hour
        mandate = b""
    _decide(user, plan, PlannedDestruction.State.WAITING, "destruction_confirmed", mandate=mandate)


def confirm_clock(user: User, now: datetime) -> None:
    """Confirm that the date is right although the clock jumped.

    Raises:
        NotAllowedError: only administrators confirm.
    """
    if user.tenant is None or not user.may(Permission.ADMINISTER):
        raise not_allowed()
    with transaction.atomic():
        note(user.tenant, "clock_confirmed", actor=user, now=now, day=int(now.timestamp() // 86_400))
        RetentionRule.objects.filter(tenant=user.tenant).update(clock_seen_at=now)


def _decide(user: User, plan: PlannedDestruction, state: str, what: str, **more: bytes) -> None:
    now = timezone.now()
    open_ = Q(state=PlannedDestruction.State.WAITING) | Q(state=PlannedDestruction.State.HELD)
    with transaction.atomic():
        changed = PlannedDestruction.objects.filter(open_, pk=plan.pk).update(
            state=state, decided_by=user, decided_at=now, looked_at=now, **more
        )
        if changed:
            note(plan.tenant, what, actor=user, now=now, plan=plan.pk)
