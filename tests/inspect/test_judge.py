"""Missing evidence never passes; old, changed or misdated evidence is flagged and never satisfies a control."""

from datetime import UTC, datetime, timedelta

import pytest
from support.inspecting import (
    CLOCK,
    CONTROLS,
    NOW,
    all_green,
    evidence_for,
    green_facts,
    organisation_for,
    red_facts,
)

from waybillguard.inspect.catalogue import catalogue
from waybillguard.inspect.judge import inspect, judge, recompute
from waybillguard.inspect.model import (
    Acceptance,
    Clock,
    Control,
    Evidence,
    Flag,
    Flow,
    Organisation,
    Status,
    Verdict,
)

EACH = pytest.mark.parametrize("control", CONTROLS.values(), ids=list(CONTROLS))
PHONE, AUDIT = CONTROLS["LBL-02"], CONTROLS["GOV-06"]


def verdict_of(control: Control, evidence: Evidence | None, clock: Clock = CLOCK, **more: object) -> Verdict:
    return judge(catalogue(), control, organisation_for(control), evidence, clock, **more)


@EACH
def test_a_control_is_green_when_its_facts_are(control: Control) -> None:
    verdict = verdict_of(control, evidence_for(control))
    assert verdict.status is Status.SATISFIED, verdict.reason_en


@EACH
def test_each_condition_alone_turns_a_control_red_and_says_so_in_two_languages(control: Control) -> None:
    for fact, facts in red_facts(control):
        verdict = verdict_of(control, evidence_for(control, facts))
        assert verdict.status is Status.NOT_SATISFIED
        assert catalogue().facts[fact].zh in verdict.reason_zh
        assert catalogue().facts[fact].en in verdict.reason_en


@EACH
def test_without_evidence_or_with_a_fact_missing_nothing_passes(control: Control) -> None:
    assert verdict_of(control, None).status is Status.NO_EVIDENCE
    for name in green_facts(control):
        facts = green_facts(control)
        del facts[name]
        assert verdict_of(control, evidence_for(control, facts)).status is Status.NO_EVIDENCE


@EACH
def test_evidence_past_its_age_never_passes(control: Control) -> None:
    old = NOW - timedelta(hours=control.evidence.max_age_hours, minutes=1)
    changes = {
        "observed_from": old,
        "observed_to": old,
        "effective_at": old if control.evidence.dated else None,
    }
    verdict = verdict_of(control, evidence_for(control, **changes))
    assert verdict.status is Status.NO_EVIDENCE
    assert Flag.EXPIRED in verdict.flags


@pytest.mark.parametrize(
    ("changes", "flag"),
    [
        ({"collected_at": NOW + timedelta(hours=1)}, Flag.IN_FUTURE),
        ({"observed_from": NOW, "observed_to": NOW - timedelta(hours=2)}, Flag.CLOCK_WRONG),
        ({"collected_at": NOW - timedelta(hours=2)}, Flag.CLOCK_WRONG),
        ({"control_version": 0}, Flag.CONTROL_SUPERSEDED),
        ({"expires_at": NOW}, Flag.EXPIRED),
    ],
)
def test_doubtful_evidence_is_flagged(changes: dict[str, object], flag: Flag) -> None:
    verdict = verdict_of(PHONE, evidence_for(PHONE, **changes))
    assert verdict.status is Status.NO_EVIDENCE
    assert flag in verdict.flags


def test_a_clock_set_back_behind_the_witness_turns_nothing_green() -> None:
    past = NOW - timedelta(days=300)
    old = evidence_for(PHONE, observed_from=past, observed_to=past, collected_at=past)
    assert verdict_of(PHONE, old, Clock(now=past, witnessed=NOW)).flags == (Flag.CLOCK_WRONG,)
    assert verdict_of(PHONE, old, Clock(now=past, witnessed=None)).status is Status.SATISFIED


def test_last_years_certificate_uploaded_today_is_expired() -> None:
    issued = NOW - timedelta(days=800)
    verdict = verdict_of(AUDIT, evidence_for(AUDIT, effective_at=issued))
    assert (verdict.status, verdict.flags) == (Status.NO_EVIDENCE, (Flag.EXPIRED,))


def test_an_old_certificate_that_calls_itself_an_observation_is_expired() -> None:
    issued = NOW - timedelta(days=4_000)
    verdict = verdict_of(AUDIT, evidence_for(AUDIT, effective_at=issued, method="live"))
    assert (verdict.status, verdict.flags) == (Status.NO_EVIDENCE, (Flag.EXPIRED,))


@pytest.mark.parametrize("method", ["document", "by_hand"])
def test_what_the_system_itself_has_to_observe_is_not_proven_by_paper(method: str) -> None:
    verdict = verdict_of(PHONE, evidence_for(PHONE, method=method, effective_at=NOW))
    assert (verdict.status, verdict.flags) == (Status.NO_EVIDENCE, (Flag.NOT_OBSERVED,))


def test_the_same_file_with_a_newer_date_is_recognised() -> None:
    seen = {"ab" * 32: NOW - timedelta(days=800)}
    verdict = verdict_of(AUDIT, evidence_for(AUDIT, document_sha256="ab" * 32), documents_seen=seen)
    assert (verdict.status, verdict.flags) == (Status.NO_EVIDENCE, (Flag.UPLOADED_AGAIN,))


def test_a_document_without_an_effective_date_does_not_pass() -> None:
    verdict = verdict_of(AUDIT, evidence_for(AUDIT, effective_at=None))
    assert Flag.NO_DATES in verdict.flags
    assert verdict.status is Status.NO_EVIDENCE


def test_a_certificate_dated_in_the_future_does_not_pass() -> None:
    verdict = verdict_of(AUDIT, evidence_for(AUDIT, effective_at=NOW + timedelta(days=2)))
    assert Flag.IN_FUTURE in verdict.flags
    assert verdict.status is Status.NO_EVIDENCE


def test_evidence_changed_after_sealing_counts_for_nothing() -> None:
    facts = green_facts(PHONE) | {"label_phone_failures": 3}
    forged = evidence_for(PHONE, facts)
    forged.facts["label_phone_failures"] = 0
    verdict = verdict_of(PHONE, forged)
    assert (verdict.status, verdict.flags) == (Status.NO_EVIDENCE, (Flag.CHANGED,))


def test_a_control_whose_law_is_not_in_force_on_the_day_does_not_pass() -> None:
    before = datetime(2022, 12, 1, tzinfo=UTC)
    evidence = evidence_for(PHONE, observed_from=before, observed_to=before, collected_at=before)
    assert verdict_of(PHONE, evidence, Clock(now=before)).flags == (Flag.LAW_SUPERSEDED,)


def test_red_stays_red_however_old() -> None:
    facts = green_facts(PHONE) | {"label_phone_failures": 1}
    old = NOW - timedelta(days=9)
    verdict = verdict_of(PHONE, evidence_for(PHONE, facts, observed_from=old, observed_to=old))
    assert (verdict.status, verdict.flags) == (Status.NOT_SATISFIED, (Flag.EXPIRED,))


@pytest.mark.parametrize("value", [-1, 0.5, True, "0", ()])
def test_a_fact_of_the_wrong_type_is_no_fact(value: object) -> None:
    facts = green_facts(PHONE) | {"label_phone_failures": value}
    verdict = verdict_of(PHONE, evidence_for(PHONE, facts))
    assert (verdict.status, verdict.flags) == (Status.NO_EVIDENCE, (Flag.FACT_MISSING,))


def test_nothing_observed_is_no_evidence() -> None:
    facts = green_facts(PHONE) | {"labels_checked": 0}
    assert verdict_of(PHONE, evidence_for(PHONE, facts)).flags == (Flag.NOTHING_OBSERVED,)


def test_the_role_counts_per_data_flow() -> None:
    control = CONTROLS["GOV-09"]
    handler = Organisation("甲", "warehouse", (Flow("own goods", "handler"),))
    both = Organisation("甲", "warehouse", (*handler.flows, Flow("merchant", "entrusted")))
    assert judge(catalogue(), control, handler, None, CLOCK).status is Status.NOT_APPLICABLE
    assert judge(catalogue(), control, both, None, CLOCK).status is Status.NO_EVIDENCE


def test_only_what_is_no_duty_of_law_may_be_accepted_and_only_for_a_time() -> None:
    def accepted(control: Control, until: datetime) -> Status:
        _, facts = next(red_facts(control))
        acceptance = Acceptance(control.id, "owner", "旺季", "每日抽查", NOW - timedelta(days=1), until)
        return verdict_of(control, evidence_for(control, facts), acceptance=acceptance).status

    own = CONTROLS["LBL-06"]
    assert accepted(own, NOW + timedelta(days=1)) is Status.RISK_ACCEPTED
    assert accepted(own, NOW) is Status.NOT_SATISFIED
    assert accepted(PHONE, NOW + timedelta(days=1)) is Status.NOT_SATISFIED


def test_lane_a_is_said_to_be_the_platforms_responsibility() -> None:
    assert "责任方：平台" in verdict_of(PHONE, evidence_for(PHONE)).reason_zh


def test_a_third_party_recomputes_every_verdict() -> None:
    made = inspect(catalogue(), Organisation("测试仓库"), all_green(), CLOCK)
    assert recompute(catalogue(), made) == ()


def test_a_verdict_painted_green_is_found() -> None:
    import msgspec

    facts = green_facts(PHONE) | {"label_phone_failures": 1}
    rest = [one for one in all_green() if one.control != PHONE.id]
    made = inspect(catalogue(), Organisation("测试仓库"), [*rest, evidence_for(PHONE, facts)], CLOCK)
    painted = tuple(
        msgspec.structs.replace(one, status=Status.SATISFIED) if one.control == PHONE.id else one
        for one in made.verdicts
    )
    assert recompute(catalogue(), msgspec.structs.replace(made, verdicts=painted)) == (PHONE.id,)


def test_a_task_that_never_ran_is_said_so_and_not_as_ten_years_of_hours() -> None:
    control = CONTROLS["SEC-04"]
    facts = {**green_facts(control), "deletion_run_hours": 87_600.0}
    verdict = verdict_of(control, evidence_for(control, facts))
    assert verdict.status is Status.NOT_SATISFIED
    assert "从未执行" in verdict.reason_zh
    assert "never" in verdict.reason_en
    assert "87600" not in verdict.reason_zh + verdict.reason_en
