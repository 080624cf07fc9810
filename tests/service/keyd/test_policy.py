"""Limits signed by owners: tighter at once, looser by two people, or by a single owner after three days."""

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from support.grants import FOUNDER
from support.keyd_inside import TENANT, Vault

from waybillguard.service.keyd import enrolling, messages, policy
from waybillguard.service.keyd.errors import (
    LimitReachedError,
    NotGrantedError,
    RequestRefusedError,
    StepUpNeededError,
)
from waybillguard.service.keyd.limits import (
    Limits,
    RoleLimits,
    Window,
    ceilings,
    changes,
    shipped_limits,
    tightens,
)

HERE = messages.Context(TENANT, FOUNDER)
HOUR = 3_600


@pytest.fixture
def vault(tmp_path: Any) -> Iterator[Vault]:
    made = Vault(tmp_path)
    made.desk.enrol(TENANT, FOUNDER)
    made.orders = made.seal(3)  # type: ignore[attr-defined]
    yield made
    made.keyd.ledger.close()


def put(vault: Vault, limits: Limits, actor: str = FOUNDER) -> policy.SetLimitsAnswer:
    """Have one owner put limits in force, with a code confirmed for them."""
    answer: policy.SetLimitsAnswer = vault.ask(
        vault.desk.confirmed(policy.SetLimits(messages.Context(TENANT, actor), limits))
    )
    return answer


def look(vault: Vault, actor: str = FOUNDER, device: str = "") -> str:
    context = messages.Context(
        TENANT, actor, device, purpose="after_sales", grant=vault.desk.session(TENANT, actor)
    )
    order = vault.orders[0]  # type: ignore[attr-defined]
    return str(vault.ask(messages.Reveal(context, *order, "phone", ["p"], "1")).phone)


def changed(**numbers: Any) -> Limits:
    return msgspec.structs.replace(shipped_limits(), **numbers)


def test_tighter_limits_hold_at_once_by_one_owner(vault: Vault) -> None:
    assert put(vault, changed(reveals_hour=2)).from_s == 0
    assert (look(vault), look(vault)) == ("19900000000",) * 2
    with pytest.raises(LimitReachedError, match="2 records"):
        look(vault)


def test_a_factor_is_young_for_as_long_as_owners_signed(vault: Vault) -> None:
    put(vault, changed(young_hours=100))
    vault.desk._people = None
    vault.desk.enrol(TENANT, "u2")
    vault.wait(90 * HOUR)
    for _ in range(shipped_limits().young_reveals_day):
        assert look(vault, "u2")
    with pytest.raises(LimitReachedError, match="this factor"):
        look(vault, "u2")
    vault.wait(11 * HOUR)
    assert look(vault, "u2")


def test_a_role_has_numbers_of_its_own(vault: Vault) -> None:
    vault.desk.enrol(TENANT, "u3", "service")
    put(vault, changed(roles=(*shipped_limits().roles, RoleLimits("service", 1, 1, 0))))
    assert look(vault, "u3")
    with pytest.raises(LimitReachedError):
        look(vault, "u3")
    assert (look(vault), look(vault)) == ("19900000000",) * 2


def test_two_owners_sign_plaintext_for_a_role_that_has_none(vault: Vault) -> None:
    vault.desk.enrol(TENANT, "u2")
    vault.desk.enrol(TENANT, "u3", "clerk")
    with pytest.raises(LimitReachedError, match="your role opens no plaintext"):
        look(vault, "u3")
    vault.desk.sign(TENANT, FOUNDER, "u2", changed(roles=(RoleLimits("clerk", 1, 1, 0),)))
    assert look(vault, "u3") == "19900000000"


def test_a_device_has_a_number_whoever_stands_there(vault: Vault) -> None:
    vault.desk.enrol(TENANT, "u3", "service")
    put(vault, changed(device_reveals_hour=2))
    assert look(vault, device="pc-1")
    assert look(vault, "u3", "pc-1")
    with pytest.raises(LimitReachedError, match="device"):
        look(vault, device="pc-1")
    assert look(vault, device="pc-2")


def test_a_single_owner_loosens_after_three_days_and_within_the_ceilings(vault: Vault) -> None:
    more = changed(reveals_hour=100)
    from_s = put(vault, more).from_s
    assert from_s == vault.now_us // 1_000_000 + policy.WAIT_S
    assert vault.keyd.limits_of(TENANT) == shipped_limits()
    told = vault.ask(policy.ReadLimits(TENANT))
    assert (told.pending, told.pending_by, told.owners) == (more, FOUNDER, 1)
    vault.restart()
    vault.wait(policy.WAIT_S + 1)
    assert vault.keyd.limits_of(TENANT) == more
    with pytest.raises(NotGrantedError, match="ceiling"):
        put(vault, changed(reveals_hour=ceilings().reveals_hour + 1))


def test_what_a_single_owner_loosened_is_taken_back_by_any_session_of_an_owner(vault: Vault) -> None:
    put(vault, changed(reveals_hour=100))
    context = msgspec.structs.replace(HERE, grant=vault.desk.session(TENANT, FOUNDER))
    vault.ask(policy.WithdrawLimits(context))
    vault.wait(policy.WAIT_S + 1)
    assert vault.keyd.limits_of(TENANT) == shipped_limits()


def test_where_there_are_two_owners_one_does_not_loosen_alone(vault: Vault) -> None:
    vault.desk.enrol(TENANT, "u2")
    more = changed(reveals_hour=61)
    assert put(vault, more).signed is False
    assert vault.keyd.limits_of(TENANT) == shipped_limits()
    told = vault.ask(policy.ReadLimits(TENANT))
    assert (told.proposed, told.proposed_by) == (more, FOUNDER)
    vault.restart()
    assert put(vault, more, "u2").signed
    assert vault.keyd.limits_of(TENANT) == more


def test_looser_limits_signed_by_one_person_twice_are_refused_by_name(vault: Vault) -> None:
    vault.desk.enrol(TENANT, "u2")
    put(vault, changed(reveals_hour=61))
    with pytest.raises(NotGrantedError, match="one person does not sign twice"):
        put(vault, changed(reveals_hour=61))
    assert vault.keyd.limits_of(TENANT) == shipped_limits()


def test_the_second_owner_signs_just_these_numbers_within_a_week(vault: Vault) -> None:
    vault.desk.enrol(TENANT, "u2")
    put(vault, changed(reveals_hour=61))
    assert put(vault, changed(reveals_hour=62), "u2").signed is False
    vault.wait(8 * 24 * HOUR)
    assert put(vault, changed(reveals_hour=62)).signed is False
    assert vault.keyd.limits_of(TENANT) == shipped_limits()


def test_a_person_made_an_owner_today_signs_nothing(vault: Vault) -> None:
    vault.desk._people = None
    vault.desk.enrol(TENANT, "u2")
    with pytest.raises(NotGrantedError, match="three days"):
        put(vault, changed(reveals_hour=61), "u2")


def test_limits_need_a_code_for_just_these_numbers(vault: Vault) -> None:
    fewer, much_fewer = changed(reveals_hour=20), changed(reveals_hour=1)
    confirmed = vault.desk.confirmed(policy.SetLimits(HERE, fewer))
    with pytest.raises(StepUpNeededError):
        vault.ask(policy.SetLimits(confirmed.context, much_fewer))
    vault.ask(confirmed)
    assert vault.keyd.limits_of(TENANT) == fewer


def test_a_clerk_sets_nothing_and_takes_nothing_back(vault: Vault) -> None:
    vault.desk.enrol(TENANT, "u3", "clerk")
    with pytest.raises(NotGrantedError, match="owner"):
        put(vault, changed(reveals_hour=1), "u3")
    context = messages.Context(TENANT, "u3", grant=vault.desk.session(TENANT, "u3"))
    with pytest.raises(NotGrantedError, match="owner"):
        vault.ask(policy.WithdrawLimits(context))


@pytest.mark.parametrize(
    "bad",
    [
        {"reveals_hour": -1},
        {"sealed_day": 10**10},
        {"windows": (Window(-5, 10),)},
        {"windows": (Window(0, 1_441),)},
        {"roles": (RoleLimits("king", 1, 1, 1),)},
        {"roles": (RoleLimits("clerk", 1, 1, 1), RoleLimits("clerk", 9, 9, 9))},
    ],
)
def test_numbers_that_bound_nothing_are_refused(vault: Vault, bad: dict[str, Any]) -> None:
    with pytest.raises(RequestRefusedError, match="outside what can be set"):
        put(vault, changed(**bad))


def test_a_diff_names_role_and_number(vault: Vault) -> None:
    own = RoleLimits("service", 10, 120, 20_000)
    new = changed(roles=(*shipped_limits().roles, own), windows=(Window(0, 720),))
    assert [(one.role, one.name, one.before, one.after) for one in changes(shipped_limits(), new)] == [
        ("service", "reveals_hour", "60", "10"),
        ("", "windows", "", "00:00-12:00"),
    ]
    assert vault


@pytest.mark.parametrize(
    ("old", "new", "tighter"),
    [
        ((), (Window(0, 720),), True),
        ((Window(0, 720),), (), False),
        ((Window(0, 720),), (Window(60, 600),), True),
        ((Window(1_320, 360),), (Window(0, 300),), True),
        ((Window(0, 300),), (Window(1_320, 360),), False),
        ((Window(0, 300), Window(300, 600)), (Window(100, 500),), True),
    ],
)
def test_shifts_are_tighter_when_no_minute_is_new(old: Any, new: Any, tighter: bool) -> None:
    assert tightens(changed(windows=old), changed(windows=new)) is tighter


def test_a_factor_must_wait_longer_to_be_tighter() -> None:
    assert tightens(shipped_limits(), changed(young_hours=100))
    assert not tightens(shipped_limits(), changed(young_hours=1))


def test_who_was_let_go_is_no_second_owner(vault: Vault) -> None:
    vault.desk.enrol(TENANT, "u2")
    vault.ask(enrolling.Suspend(HERE, "u2"))
    assert vault.ask(policy.ReadLimits(TENANT)).owners == 1
