"""Destruction and rotation need a freshly confirmed code, or a mandate that was granted before and has begun."""

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from support.grants import FOUNDER
from support.keyd_inside import NOON_US, TENANT, Vault, entries, refusals

from waybillguard.ledger import EntryKind
from waybillguard.seal.reseal import StoredOrders
from waybillguard.service.keyd import (
    contract_ends,
    destroying,
    enrolling,
    mandates,
    messages,
    plans,
    rotation_messages,
)
from waybillguard.service.keyd.errors import (
    LimitReachedError,
    NotGrantedError,
    RequestRefusedError,
    StepUpNeededError,
)
from waybillguard.service.keyd.grants import Kind
from waybillguard.service.keyd.messages import Job, ShredScope

HERE = messages.Context(TENANT, FOUNDER)
RULE = messages.Context(TENANT, "retention", purpose="retention")
TODAY = NOON_US // 86_400_000_000


@pytest.fixture
def vault(tmp_path: Any) -> Iterator[Vault]:
    made = Vault(tmp_path)
    made.desk.enrol(TENANT, FOUNDER)
    yield made
    made.keyd.ledger.close()


def uids(count: int, first: int = 0) -> list[bytes]:
    return [n.to_bytes(16) for n in range(first, first + count)]


def imported(vault: Vault, number: str, count: int, days_ago: float = 1) -> ShredScope:
    """Name orders of an import."""
    mark = vault.ask(destroying.MarkImport(TENANT, number)).mark
    at_ns = vault.now_us * 1_000 - int(days_ago * 86_400e9)
    return ShredScope("orders", [destroying.uid_of(mark, at_ns) for _ in range(count)])


def orders(count: int, first: int = 0) -> ShredScope:
    return ShredScope("orders", uids(count, first))


def shred(
    vault: Vault, what: ShredScope, context: messages.Context, job: Job | None = None, claimed: int = 0
) -> None:
    vault.ask(messages.Shred(context, what, len(what.uids) or claimed, job=job))


def by(vault: Vault, person: str = FOUNDER) -> messages.Context:
    return messages.Context(TENANT, person, grant=vault.desk.session(TENANT, person))


def under(mandate: bytes, actor: str = "retention") -> messages.Context:
    return messages.Context(TENANT, actor, grant=mandate)


def plan(vault: Vault, count: int, up_to_day: int = TODAY - 30) -> tuple[Job, bytes]:
    made = vault.ask(destroying.PlanDestruction(RULE, "1", count, up_to_day))
    return Job("retention", str(up_to_day), "1"), made.grant


@pytest.mark.parametrize("scope", [orders(1), ShredScope("day", day=TODAY - 90), ShredScope("tenant")])
def test_a_process_alone_destroys_nothing(scope: ShredScope, vault: Vault) -> None:
    """Refused without a grant, in the name of the rules, and for an import that nobody undid."""
    for actor, job in (
        (FOUNDER, None), ("retention", None), ("retention", Job("retention", str(TODAY), "1")),
        ("import", Job("undo", "", "1")), ("u1", Job("contract_end", "", "1")), ("u1", Job("export", "", "1")),
    ):  # fmt: skip
        with pytest.raises(NotGrantedError):
            shred(vault, scope, messages.Context(TENANT, actor), job)
        vault.wait(61)
    assert not vault.keyd.shredded.lines
    assert entries(vault, EntryKind.SHRED) == []
    assert {detail["asked"] for _, detail in refusals(vault)} == {"Shred"}


def test_what_is_no_uid_is_destroyed_under_no_mandate(vault: Vault) -> None:
    """Regression: a uid of 32 bytes counted as one order, and had another order's uid behind the import's mark."""
    mandate = vault.ask(destroying.AllowUndoing(by(vault), "8", 50)).grant
    (ours,) = imported(vault, "8", 1).uids
    for uid in (ours + uids(1)[0], ours[:15], b""):
        with pytest.raises(RequestRefusedError, match="16 bytes"):
            shred(vault, ShredScope("orders", [uid]), under(mandate, "import"), Job("undo", "", "8"))
    assert not vault.keyd.shredded.lines


def test_few_single_orders_go_with_a_session_and_more_with_a_code_for_just_these(vault: Vault) -> None:
    context = by(vault)
    vault.wait(400)
    shred(vault, orders(10), context)
    with pytest.raises(StepUpNeededError):
        shred(vault, orders(1, 10), context)
    vault.restart()
    with pytest.raises(StepUpNeededError):
        shred(vault, orders(1, 10), context)
    vault.ask(vault.desk.confirmed(messages.Shred(HERE, orders(1, 10), 1)))
    assert len(vault.keyd.shredded.lines) == 1, "the list of this start"


def test_what_is_destroyed_again_has_a_line_for_its_entry_and_names_no_order_twice(vault: Vault) -> None:
    for _ in range(2):
        shred(vault, orders(3), by(vault))
    lines = vault.keyd.shredded.lines
    assert len({line.mark for line in lines}) == 2, "`doctor` looks for a line of each entry"
    assert [len(line.what.uids) for line in lines] == [3, 0]


def test_what_a_caller_claims_of_their_number_counts_for_nothing(vault: Vault) -> None:
    context = by(vault)
    vault.wait(400)
    vault.ask(messages.Shred(context, orders(10), 0))
    with pytest.raises(StepUpNeededError):
        vault.ask(messages.Shred(context, orders(1, 10), 0))
    assert [detail["orders"] for _, detail in entries(vault, EntryKind.SHRED)] == [10]


def test_what_mandates_destroy_takes_nothing_from_people(vault: Vault) -> None:
    context = by(vault)
    mandate = vault.ask(destroying.AllowUndoing(context, "8", 50)).grant
    shred(vault, imported(vault, "8", 50), under(mandate, "import"), Job("undo", "", "8"))
    vault.wait(400)
    for again in (lambda: None, vault.restart):
        again()
        shred(vault, orders(5, 50), context)


def test_imports_taken_out_beyond_what_a_day_brings_take_an_owners_code(vault: Vault) -> None:
    vault.desk.enrol(TENANT, "u3", "clerk")
    context, most = by(vault, "u3"), vault.keyd.limits_of(TENANT).sealed_day
    assert vault.ask(destroying.AllowUndoing(context, "8", most)).grant
    for again in (lambda: None, vault.restart):
        again()
        with pytest.raises(NotGrantedError, match="owner"):
            vault.ask(destroying.AllowUndoing(context, "9", 1))
    assert vault.ask(destroying.AllowUndoing(by(vault), "9", 1)).grant


def test_an_owners_code_for_a_look_destroys_no_day_and_no_dozen_orders(vault: Vault) -> None:
    """Regression: one code was enough for every day of the warehouse, one after the other, within five minutes."""
    context = by(vault)
    dozen = orders(12)
    acts: list[messages.Request] = [
        messages.Shred(context, ShredScope("day", day=TODAY), 3),
        messages.Shred(context, dozen, 12),
    ]
    for act in acts:
        with pytest.raises(StepUpNeededError):
            vault.ask(act)
    assert not vault.keyd.shredded.lines
    day = vault.desk.confirmed(messages.Shred(HERE, ShredScope("day", day=TODAY), 3))
    with pytest.raises(StepUpNeededError):
        vault.ask(msgspec.structs.replace(day, what=ShredScope("day", day=TODAY - 1)))
    vault.ask(day)
    with pytest.raises(StepUpNeededError):
        vault.ask(day)
    mixed = vault.desk.confirmed(messages.Shred(HERE, dozen, 12))
    vault.ask(msgspec.structs.replace(mixed, what=ShredScope("orders", dozen.uids[::-1])))


def test_everything_takes_a_code_for_that_act(vault: Vault) -> None:
    everything = messages.Shred(by(vault), ShredScope("tenant"), 5)
    with pytest.raises(StepUpNeededError):
        vault.ask(everything)
    vault.ask(vault.desk.confirmed(everything))
    assert [line.what.scope for line in vault.keyd.shredded.lines] == ["tenant"]


def test_a_clerk_destroys_and_rotates_nothing(vault: Vault) -> None:
    vault.desk.enrol(TENANT, "u3", "clerk")
    context = by(vault, "u3")
    for request in (
        messages.Shred(context, orders(1), 1), messages.Shred(context, ShredScope("day", day=TODAY), 1),
        rotation_messages.NewIndexRoot(context, 2), contract_ends.AllowEnd(context, "1", 100, []),
    ):  # fmt: skip
        with pytest.raises(NotGrantedError, match="owner"):
            vault.ask(request)


def test_a_plan_begins_after_three_days_by_keyds_clock_and_stands_in_the_ledger_before(vault: Vault) -> None:
    job, mandate = plan(vault, 20)
    told = [detail for _, detail in entries(vault, EntryKind.POLICY)]
    assert [(one["change"], one["orders"], one["from_s"]) for one in told] == [
        ("destruction_planned", 20, NOON_US // 1_000_000 + destroying.WAIT_S)
    ]
    for seconds in (0, destroying.WAIT_S - 10):
        vault.now_us = NOON_US + seconds * 1_000_000
        with pytest.raises(NotGrantedError, match="72 hours"):
            shred(vault, orders(1), under(mandate), job)
    vault.now_us = NOON_US + (destroying.WAIT_S + 1) * 1_000_000
    shred(vault, orders(20), under(mandate), job)
    shred(vault, ShredScope("day", day=TODAY - 30), under(mandate), job, claimed=1)


def test_a_plan_destroys_no_more_than_was_announced_also_after_a_restart(
    vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mandates, "_REPEAT_ALLOWANCE", 0)
    job, mandate = plan(vault, 20)
    vault.wait(destroying.WAIT_S + 1)
    shred(vault, orders(15), under(mandate), job)
    for again in (lambda: None, vault.restart):
        again()
        with pytest.raises(LimitReachedError, match="20"):
            shred(vault, orders(6, 15), under(mandate), job)
    shred(vault, orders(5, 15), under(mandate), job)


@pytest.mark.parametrize(("day", "claimed"), [(-5, 10), (TODAY - 30, -(10**12)), (-5, -(10**12))])
def test_less_than_nothing_is_refused_before_it_is_counted(day: int, claimed: int, vault: Vault) -> None:
    """Regression: a negative number lowered the count, so any number of orders fitted below the limit."""
    job, mandate = plan(vault, 20)
    vault.wait(destroying.WAIT_S + 1)
    with pytest.raises(RequestRefusedError, match="unknown scope"):
        shred(vault, ShredScope("day", day=day), under(mandate), job, claimed=claimed)
    assert vault.keyd.jobs._done == {}


@pytest.mark.parametrize(
    "job", [Job("retention", str(TODAY - 30), "1"), Job("rotation", "", "2"), Job("undo", "", "8")]
)
def test_two_people_agree_to_no_destroying_and_no_rotation(job: Job, vault: Vault) -> None:
    """Regression: two clerks made a mandate for an unannounced plan, and it began at once."""
    vault.desk.enrol(TENANT, "u3", "clerk")
    with pytest.raises(RequestRefusedError, match="exports alone"):
        vault.ask(vault.desk.confirmed(mandates.Propose(messages.Context(TENANT, "u3"), job, 10)))


def test_a_mandate_that_people_hold_destroys_and_rotates_nothing(vault: Vault) -> None:
    def held(job: Job) -> messages.Context:
        return under(
            vault.keyd.grants.make(Kind.MANDATE, TENANT, "u3", 600, action=job.digest, limit=10)[1], "u3"
        )

    for job in (
        Job("retention", str(TODAY - 30), "1"),
        Job("contract_end", destroying.part_of(uids(1)), "1"),
    ):
        with pytest.raises(NotGrantedError, match="another job"):
            shred(vault, orders(1), held(job), job)
    roots = [messages.IndexRoot(1), messages.IndexRoot(2)]
    rotation = held(Job("rotation", "", "2"))
    for request in (
        rotation_messages.Reseal(
            rotation, roots, [], [], StoredOrders(*([] for _ in StoredOrders.__struct_fields__))
        ),
        rotation_messages.EndRotation(rotation, 2, 0, 0, 0),
    ):
        with pytest.raises(NotGrantedError, match="another job"):
            vault.ask(request)


def test_a_plan_reaches_no_young_day_and_no_day_after_it_and_never_everything(vault: Vault) -> None:
    with pytest.raises(RequestRefusedError, match="last 7 days"):
        plan(vault, 5, TODAY - 5)
    job, mandate = plan(vault, 5)
    vault.wait(destroying.WAIT_S + 1)
    for scope in (ShredScope("day", day=TODAY - 29), ShredScope("tenant")):
        with pytest.raises(NotGrantedError, match="not that day"):
            shred(vault, scope, under(mandate), job)


def test_a_plan_of_more_than_a_day_brings_takes_an_owners_code(vault: Vault) -> None:
    many = vault.keyd.limits_of(TENANT).sealed_day + 1
    with pytest.raises(NotGrantedError):
        plan(vault, many)
    assert vault.ask(destroying.PlanDestruction(by(vault), "1", many, TODAY - 30)).grant


def test_a_plan_is_stopped_without_any_grant_and_for_good(vault: Vault) -> None:
    job, mandate = plan(vault, 5)
    vault.ask(plans.StopDestruction(HERE, plans.mark_of(mandate)))
    vault.ask(plans.StopDestruction(HERE, plans.mark_of(mandate)))
    vault.wait(destroying.WAIT_S + 1)
    vault.restart()
    with pytest.raises(NotGrantedError, match="ended"):
        shred(vault, orders(1), under(mandate), job)
    assert [detail["change"] for _, detail in entries(vault, EntryKind.POLICY)].count(
        "destruction_stopped"
    ) == 1


def test_an_import_is_taken_out_at_once_by_a_session_and_after_three_days_without_one(vault: Vault) -> None:
    vault.desk.enrol(TENANT, "u3", "clerk")
    job = Job("undo", "", "8")
    for context, waits in ((by(vault, "u3"), 0), (messages.Context(TENANT, "u9"), destroying.WAIT_S)):
        mandate = vault.ask(destroying.AllowUndoing(context, "8", 5)).grant
        if waits:
            with pytest.raises(NotGrantedError, match="72 hours"):
                shred(vault, imported(vault, "8", 5), under(mandate, "import"), job)
        vault.wait(waits + 1)
        shred(vault, imported(vault, "8", 5), under(mandate, "import"), job)
        with pytest.raises(NotGrantedError, match="another job"):
            shred(vault, orders(1), under(mandate, "import"), Job("undo", "", "9"))


def test_an_undoing_destroys_the_orders_of_its_import_alone(vault: Vault) -> None:
    mandate = vault.ask(destroying.AllowUndoing(by(vault), "8", 50)).grant
    for others in (orders(1), imported(vault, "9", 1)):
        mixed = ShredScope("orders", imported(vault, "8", 3).uids + others.uids)
        with pytest.raises(NotGrantedError, match="that import alone"):
            shred(vault, mixed, under(mandate, "import"), Job("undo", "", "8"))
    assert not vault.keyd.shredded.lines
    shred(vault, imported(vault, "8", 3), under(mandate, "import"), Job("undo", "", "8"))


def test_an_undoing_reaches_orders_that_came_in_after_they_were_counted(vault: Vault) -> None:
    mandate = vault.ask(destroying.AllowUndoing(by(vault), "8", 0)).grant
    shred(vault, imported(vault, "8", 3), under(mandate, "import"), Job("undo", "", "8"))
    assert len(vault.keyd.shredded.lines) == 1


def test_an_old_import_goes_after_three_days_or_by_an_owners_code(vault: Vault) -> None:
    vault.desk.enrol(TENANT, "u3", "clerk")
    job, old = Job("undo", "", "8"), imported(vault, "8", 5, days_ago=8)
    by_clerk = under(vault.ask(destroying.AllowUndoing(by(vault, "u3"), "8", 5)).grant)
    with pytest.raises(NotGrantedError, match="72 hours"):
        shred(vault, old, by_clerk, job)
    by_owner = under(vault.ask(destroying.AllowUndoing(by(vault), "8", 5)).grant)
    shred(vault, old, by_owner, job)
    vault.wait(destroying.WAIT_S + 1)
    shred(vault, old, by_clerk, job)


def test_a_plan_reaches_no_order_that_was_imported_within_a_week_whatever_day_it_names(vault: Vault) -> None:
    job, mandate = plan(vault, 20)
    vault.wait(destroying.WAIT_S + 1)
    with pytest.raises(NotGrantedError, match="imported within"):
        shred(vault, imported(vault, "8", 1, days_ago=6), under(mandate), job)
    shred(vault, imported(vault, "8", 1, days_ago=8), under(mandate), job)


def test_keyd_tells_what_waits_until_it_is_done_or_stopped(vault: Vault) -> None:
    def listed() -> list[tuple[str, str, int, str]]:
        found = vault.ask(plans.ListPlans(TENANT)).plans
        return [(one.kind, one.number, one.orders, one.asked_by) for one in found]

    job, mandate = plan(vault, 20)
    vault.ask(destroying.AllowUndoing(messages.Context(TENANT, "u9"), "8", 5))
    vault.ask(destroying.AllowUndoing(by(vault), "9", 5))
    both = [("retention", "1", 20, "retention"), ("undo", "8", 5, "u9")]
    assert listed() == both, "what was asked for with a session waits for nothing"
    vault.restart()
    vault.wait(destroying.WAIT_S + 1)
    shred(vault, orders(20), under(mandate), job)
    assert listed() == both
    vault.ask(plans.StopDestruction(RULE, plans.mark_of(mandate), done=True))
    assert listed() == both[1:]
    with pytest.raises(NotGrantedError, match="ended"):
        shred(vault, orders(1, 20), under(mandate), job)
    vault.wait(94 * 86_400)
    assert listed() == []


def test_a_stopped_plan_stays_stopped_however_many_are_stopped_after_it(vault: Vault) -> None:
    """Regression: the first of 33 stopped plans came back, because keyd remembered the last 32."""
    job, mandate = plan(vault, 5)
    vault.ask(plans.StopDestruction(HERE, plans.mark_of(mandate)))
    for _ in range(40):
        vault.ask(plans.StopDestruction(HERE, plans.mark_of(plan(vault, 1)[1])))
    vault.wait(destroying.WAIT_S + 1)
    with pytest.raises(NotGrantedError, match="ended"):
        shred(vault, orders(1), under(mandate), job)


def test_so_many_plans_wait_and_no_more(vault: Vault) -> None:
    for _ in range(plans.MAX_OPEN):
        last = plan(vault, 1)[1]
    with pytest.raises(LimitReachedError, match="64 plans"):
        plan(vault, 1)
    vault.ask(plans.StopDestruction(HERE, plans.mark_of(last)))
    plan(vault, 1)


def test_a_mandate_to_destroy_outlives_whoever_asked_for_it(vault: Vault) -> None:
    vault.desk.enrol(TENANT, "u2")
    part = contract_ends.Part(destroying.part_of(uids(5)), 5)
    asked = contract_ends.AllowEnd(messages.Context(TENANT, "u2"), "4", 100, [part])
    (mandate,) = vault.ask(vault.desk.confirmed(asked)).grants
    vault.ask(enrolling.Suspend(HERE, "u2"))
    shred(vault, orders(5), under(mandate, "u2"), Job("contract_end", part.name, "4"))


def test_a_rotation_begins_with_an_owners_code_and_nothing_is_sealed_again_without_its_mandate(
    vault: Vault,
) -> None:
    with pytest.raises(NotGrantedError):
        vault.ask(rotation_messages.NewIndexRoot(HERE, 2))
    made = vault.ask(rotation_messages.NewIndexRoot(by(vault), 2))
    roots = [messages.IndexRoot(1), messages.IndexRoot(2, made.wrapped)]
    nothing = StoredOrders(*([] for _ in StoredOrders.__struct_fields__))
    again = rotation_messages.Reseal(HERE, roots, [], [], nothing)
    other = vault.ask(rotation_messages.NewIndexRoot(by(vault), 3)).grant
    for grant in (b"", by(vault).grant, other):
        with pytest.raises(NotGrantedError):
            vault.ask(msgspec.structs.replace(again, context=under(grant)))
        with pytest.raises(NotGrantedError):
            vault.ask(rotation_messages.EndRotation(under(grant), 2, 0, 0, 0))
    assert vault.ask(msgspec.structs.replace(again, context=under(made.grant))) is not None
    vault.ask(rotation_messages.EndRotation(under(made.grant), 2, 0, 0, 0))
