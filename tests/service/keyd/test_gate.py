"""The grants keyd requires before it opens anything."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from support.grants import FOUNDER
from support.keyd_inside import TENANT
from support.keyd_inside import scene as make_scene

from waybillguard.service.keyd import enrolling, mandates, messages, signing_in
from waybillguard.service.keyd.actions import action_of
from waybillguard.service.keyd.errors import (
    FactorRefusedError,
    LimitReachedError,
    NotGrantedError,
    StepUpNeededError,
)
from waybillguard.service.keyd.gate import Gate
from waybillguard.service.keyd.limits import Window, shipped_limits

HOUR = 3600


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Any]:
    made = make_scene(tmp_path)
    yield made
    made.vault.keyd.ledger.close()


def look(scene: Any, grant: bytes, actor: str = FOUNDER) -> str:
    return str(scene.vault.look(scene.orders[0], actor, grant))


def test_a_look_with_a_session_just_confirmed_opens_one_record(scene: Any) -> None:
    assert look(scene, scene.desk.session(TENANT, FOUNDER)) == "19900000000"


@pytest.mark.parametrize("grant", [b"", b"x", bytes(64), b"\x00" * 2_000])
def test_what_keyd_did_not_make_is_no_grant(scene: Any, grant: bytes) -> None:
    with pytest.raises(NotGrantedError):
        look(scene, grant)


def test_every_altered_byte_of_a_grant_is_noticed(scene: Any) -> None:
    grant = scene.desk.session(TENANT, FOUNDER)
    for at in range(len(grant)):
        with pytest.raises(NotGrantedError):
            look(scene, grant[:at] + bytes([grant[at] ^ 1]) + grant[at + 1 :])


def test_a_grant_is_for_the_person_it_names(scene: Any) -> None:
    scene.desk.enrol(TENANT, "u2")
    with pytest.raises(NotGrantedError, match="another person"):
        look(scene, scene.desk.session(TENANT, FOUNDER), "u2")


def test_a_grant_is_for_the_warehouse_it_names(scene: Any) -> None:
    with pytest.raises(NotGrantedError, match="another warehouse"):
        look(scene, scene.desk.session("elsewhere", FOUNDER))


def test_a_confirmation_is_old_after_five_minutes_and_a_session_after_twelve_hours(scene: Any) -> None:
    grant = scene.desk.session(TENANT, FOUNDER)
    scene.vault.wait(320)
    with pytest.raises(NotGrantedError, match="five minutes"):
        look(scene, grant)
    search = messages.Tokens(
        messages.Context(TENANT, FOUNDER, grant=grant),
        [messages.TokenQuery("phone", "19900000000", [20_000], [])],
    )
    assert scene.vault.ask(search).tokens
    scene.vault.wait(13 * HOUR)
    with pytest.raises(NotGrantedError, match="ended"):
        scene.vault.ask(search)


def test_a_clock_that_was_set_back_opens_nothing(scene: Any) -> None:
    grant = scene.desk.session(TENANT, FOUNDER)
    scene.vault.wait(-HOUR)
    with pytest.raises(NotGrantedError, match="clock"):
        look(scene, grant)


def test_a_clock_a_year_ahead_opens_nothing(scene: Any) -> None:
    grant = scene.desk.session(TENANT, FOUNDER)
    scene.vault.wait(366 * 24 * HOUR)
    with pytest.raises(NotGrantedError, match="ended"):
        look(scene, grant)


def test_a_suspended_person_is_refused_with_the_next_request(scene: Any) -> None:
    grant = scene.desk.session(TENANT, FOUNDER)
    scene.vault.ask(enrolling.Suspend(messages.Context(TENANT, "service"), FOUNDER))
    with pytest.raises(NotGrantedError, match="ended"):
        look(scene, grant)
    scene.vault.restart()
    with pytest.raises(NotGrantedError, match="ended"):
        look(scene, grant)
    with pytest.raises(FactorRefusedError):
        scene.vault.ask(
            signing_in.OpenSession(messages.Context(TENANT, FOUNDER), scene.desk.code(TENANT, FOUNDER))
        )


def test_an_end_that_is_said_again_is_written_once(scene: Any) -> None:
    scene.desk.enrol(TENANT, FOUNDER)
    ending = enrolling.Suspend(messages.Context(TENANT, "service"), FOUNDER)
    scene.vault.ask(ending)
    ledger = scene.vault.keyd.ledger
    (shard,) = ledger.shards_of(TENANT)
    before = ledger.head(shard).size
    scene.vault.ask(ending)
    assert ledger.head(shard).size == before


def test_who_signs_out_ends_that_grant_alone(scene: Any) -> None:
    first = scene.desk.session(TENANT, FOUNDER)
    scene.vault.wait(250)
    second = scene.desk.session(TENANT, FOUNDER)
    scene.vault.ask(signing_in.EndSession(messages.Context(TENANT, FOUNDER, grant=first)))
    with pytest.raises(NotGrantedError, match="ended"):
        look(scene, first)
    assert look(scene, second)


def test_a_code_counts_once_also_after_a_kill(scene: Any) -> None:
    scene.desk.enrol(TENANT, FOUNDER)
    asked = signing_in.OpenSession(messages.Context(TENANT, FOUNDER), scene.desk.code(TENANT, FOUNDER))
    assert scene.vault.ask(asked).grant
    with pytest.raises(FactorRefusedError):
        scene.vault.ask(asked)
    scene.vault.restart()
    with pytest.raises(FactorRefusedError):
        scene.vault.ask(asked)


def test_codes_cannot_be_tried_out(scene: Any) -> None:
    scene.desk.enrol(TENANT, FOUNDER)
    context = messages.Context(TENANT, FOUNDER)
    for n in range(signing_in.TRIES):
        with pytest.raises(FactorRefusedError, match="wrong"):
            scene.vault.ask(signing_in.OpenSession(context, f"{n:06}"))
    with pytest.raises(FactorRefusedError, match="too many"):
        scene.vault.ask(signing_in.OpenSession(context, scene.desk.code(TENANT, FOUNDER)))
    scene.vault.wait(signing_in.TRIES_S + 60)
    assert scene.vault.ask(signing_in.OpenSession(context, scene.desk.code(TENANT, FOUNDER)))


def test_nobody_adds_himself(scene: Any) -> None:
    scene.desk.enrol(TENANT, FOUNDER)
    with pytest.raises(NotGrantedError, match="owner"):
        scene.vault.ask(enrolling.ExpectPerson(messages.Context(TENANT, "u9"), "u9", "owner"))
    begun = scene.vault.ask(enrolling.BeginTotp(TENANT, "u9"))
    with pytest.raises(NotGrantedError, match="expects"):
        scene.desk.take(TENANT, "u9", begun)


def test_a_clerk_adds_nobody_and_makes_no_owner(scene: Any) -> None:
    scene.desk.enrol(TENANT, "u3", "clerk")
    context = messages.Context(TENANT, "u3", grant=scene.desk.session(TENANT, "u3"))
    for request in (
        enrolling.ExpectPerson(context, "u9", "clerk"),
        enrolling.SetRole(context, "u3", "owner"),
    ):
        with pytest.raises(NotGrantedError):
            scene.vault.ask(request)


def test_a_factor_in_place_of_a_lost_one_opens_nothing_for_three_days(scene: Any) -> None:
    scene.desk.enrol(TENANT, FOUNDER)
    scene.vault.ask(
        enrolling.ExpectPerson(messages.Context(TENANT, "service"), FOUNDER, "owner", replacing=True)
    )
    begun = scene.vault.ask(enrolling.BeginTotp(TENANT, FOUNDER))
    scene.desk._people = None
    scene.desk.take(TENANT, FOUNDER, begun)
    with pytest.raises(LimitReachedError, match="replaced"):
        look(scene, scene.desk.session(TENANT, FOUNDER))
    scene.vault.wait(72 * HOUR + 1)
    assert look(scene, scene.desk.session(TENANT, FOUNDER))


def test_a_young_factor_opens_five_records_a_day(scene: Any) -> None:
    scene.desk.enrol(TENANT, FOUNDER)
    scene.desk._people = None
    grant = scene.desk.session(TENANT, "u2")
    for _ in range(5):
        assert look(scene, grant, "u2")
    with pytest.raises(LimitReachedError, match="three days"):
        look(scene, grant, "u2")


def test_what_was_opened_counts_after_a_restart(scene: Any) -> None:
    grant = scene.desk.session(TENANT, FOUNDER)
    limit = shipped_limits().reveals_hour
    for _ in range(limit):
        look(scene, grant)
    scene.vault.restart()
    with pytest.raises(LimitReachedError, match="within the hour"):
        look(scene, grant)
    scene.vault.wait(HOUR + 1)
    assert look(scene, scene.desk.session(TENANT, FOUNDER))


def test_two_owners_sign_shifts_and_outside_them_nothing_opens(scene: Any) -> None:
    night = msgspec.structs.replace(shipped_limits(), windows=(Window(22 * 60, 6 * 60),))
    scene.desk.sign(TENANT, FOUNDER, "u2", night)
    with pytest.raises(LimitReachedError, match="shift"):
        look(scene, scene.desk.session(TENANT, FOUNDER))
    scene.vault.restart()
    scene.vault.wait(11 * HOUR)
    assert look(scene, scene.desk.session(TENANT, FOUNDER))


def test_who_makes_himself_a_second_person_today_agrees_to_nothing(scene: Any) -> None:
    scene.desk.enrol(TENANT, FOUNDER)
    scene.desk._people = None
    with pytest.raises(NotGrantedError, match="three days"):
        scene.desk.mandate(TENANT, FOUNDER, "u2", mandates.export_job(1, "anybody"))


def test_a_proposal_opens_no_record(scene: Any) -> None:
    proposing = mandates.Propose(messages.Context(TENANT, FOUNDER), mandates.export_job(1, "anybody"), 1)
    proposal = scene.vault.ask(scene.desk.confirmed(proposing)).grant
    with pytest.raises(NotGrantedError):
        look(scene, proposal)


def test_a_machine_key_finds_by_number_and_neither_opens_nor_searches_words(scene: Any) -> None:
    making = mandates.GrantMachine(messages.Context(TENANT, FOUNDER), "key-3", 30)
    key = scene.vault.ask(scene.desk.confirmed(making)).grant
    context = messages.Context(TENANT, FOUNDER, session="key-3", purpose="after_sales", grant=key)
    number = messages.TokenQuery("phone", "19900000000", [20_000], [])
    assert scene.vault.ask(messages.Tokens(context, [number])).tokens
    words = messages.TokenQuery("name", "测试", [20_000], [])
    with pytest.raises(NotGrantedError):
        scene.vault.ask(messages.FragmentTokens(context, [words]))
    with pytest.raises(NotGrantedError):
        look(scene, key)
    for other in ({"session": "key-4"}, {"actor": "u9"}):
        with pytest.raises(NotGrantedError):
            scene.vault.ask(messages.Tokens(msgspec.structs.replace(context, **other), [number]))


@pytest.mark.parametrize("by", ["revoked", "its maker is no owner any more"])
def test_a_machine_key_that_has_ended_finds_nothing(scene: Any, by: str) -> None:
    scene.desk.enrol(TENANT, "u2")
    making = mandates.GrantMachine(messages.Context(TENANT, "u2"), "key-3", 30)
    key = scene.vault.ask(scene.desk.confirmed(making)).grant
    context = messages.Context(TENANT, "u2", session="key-3", purpose="after_sales", grant=key)
    number = messages.TokenQuery("phone", "19900000000", [20_000], [])
    assert scene.vault.ask(messages.Tokens(context, [number])).tokens
    owner = messages.Context(TENANT, FOUNDER)
    if by == "revoked":
        scene.vault.ask(enrolling.Suspend(owner, "key-3"))
    else:
        scene.vault.ask(enrolling.SetRole(owner, "u2", "clerk"))
    with pytest.raises(NotGrantedError):
        scene.vault.ask(messages.Tokens(context, [number]))


def test_a_code_confirms_one_act_and_no_other(scene: Any) -> None:
    """An owner's fresh code for one act is worth nothing for another, even with access to the socket."""
    scene.desk.enrol(TENANT, "u2")
    here = messages.Context(TENANT, FOUNDER)
    thirty = mandates.GrantMachine(here, "key-3", 30)
    confirmed = scene.desk.confirmed(thirty).context
    job = mandates.export_job(1, "a recipient")
    others = [
        mandates.GrantMachine(confirmed, "key-3", 365),
        enrolling.ExpectPerson(confirmed, "u9", "owner", new=True),
        enrolling.ExpectPerson(confirmed, "u9", "clerk", new=True),
        enrolling.SetRole(confirmed, "u2", "clerk"),
        mandates.Propose(confirmed, job, 10),
    ]
    scene.vault.ask(enrolling.SetRole(here, "u2", "clerk"))
    others[3] = enrolling.SetRole(confirmed, "u2", "owner")
    for request in others:
        with pytest.raises(StepUpNeededError):
            scene.vault.ask(request)
    assert scene.vault.ask(msgspec.structs.replace(thirty, context=confirmed)).grant
    with pytest.raises(StepUpNeededError):
        scene.vault.ask(msgspec.structs.replace(thirty, context=confirmed))
    scene.vault.restart()
    with pytest.raises(StepUpNeededError):
        scene.vault.ask(msgspec.structs.replace(thirty, context=confirmed))


def test_a_code_of_the_sign_in_or_of_a_look_confirms_no_act(scene: Any) -> None:
    context = messages.Context(TENANT, FOUNDER, grant=scene.desk.session(TENANT, FOUNDER))
    with pytest.raises(StepUpNeededError) as refused:
        scene.vault.ask(mandates.GrantMachine(context, "key-3", 30))
    assert refused.value.action == action_of(mandates.GrantMachine(context, "key-4", 30))
    assert look(scene, context.grant)


def test_a_confirmed_act_waits_no_longer_than_five_minutes(scene: Any) -> None:
    request = scene.desk.confirmed(mandates.GrantMachine(messages.Context(TENANT, FOUNDER), "key-3", 30))
    scene.vault.wait(320)
    with pytest.raises(StepUpNeededError):
        scene.vault.ask(request)


def test_agreeing_is_confirmed_for_one_proposal(scene: Any) -> None:
    here, there = messages.Context(TENANT, FOUNDER), messages.Context(TENANT, "u2")
    proposals = [
        scene.vault.ask(
            scene.desk.confirmed(mandates.Propose(here, mandates.export_job(1, to), records))
        ).grant
        for to, records in (("the merchant", 10), ("a thief", 10_000))
    ]
    agreeing = scene.desk.confirmed(mandates.Agree(there, proposals[0]))
    with pytest.raises(StepUpNeededError):
        scene.vault.ask(mandates.Agree(agreeing.context, proposals[1]))
    assert scene.vault.ask(agreeing).grant


def test_who_is_an_owner_no_more_confirms_nothing_with_an_earlier_grant(scene: Any) -> None:
    scene.desk.enrol(TENANT, "u2")
    request = scene.desk.confirmed(mandates.GrantMachine(messages.Context(TENANT, "u2"), "key-3", 30))
    scene.vault.ask(enrolling.SetRole(messages.Context(TENANT, FOUNDER), "u2", "clerk"))
    with pytest.raises(NotGrantedError, match="owner"):
        scene.vault.ask(request)


def test_every_request_was_considered(scene: Any) -> None:
    """A new request is either checked by the gate or listed here because it returns no personal data."""
    free = {
        "Status", "Derive", "NewEpoch", "NewDataKey", "WrapText", "Record", "IntakeKey", "IssueReferences",
        "RecordTicketSteps", "OpenReferences", "AssignCarrier", "ReleaseNumber", "NumberTokens", "RetireIndexRoot", "ShredLog", "ActorLooks", "ForgetLooks", "ReadLimits", "SealedRows",
        "FrameHeld", "ListPlans", "MarkImport",
    }  # fmt: skip
    itself = {
        "ExpectPerson", "BeginTotp", "EnrolTotp", "RemoveFactor", "SetRole", "SetMerchants", "Suspend", "Resume",
        "NewChallenge", "EnrolPasskey", "OpenByPasskey", "OpenSession", "EndSession", "Propose", "Agree", "SetLimits", "WithdrawLimits", "GrantMachine", "SealExport",
        "AllowUndoing", "AllowEnd", "PlanDestruction", "StopDestruction", "NewIndexRoot", "Reseal", "EndRotation",
        "RenewWrapped", "EndRenewal",
    }  # fmt: skip
    still_open = {"OpenDataKey", "UnwrapText"}
    held = {kind.__name__ for kind in Gate(scene.vault.keyd)._rules}
    known = {kind.__name__ for kind in scene.vault.keyd._handlers}
    assert known == free | itself | still_open | held
