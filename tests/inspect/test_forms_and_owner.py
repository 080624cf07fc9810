"""Health check, owner's page, forms and incident steps."""

from datetime import UTC, date, datetime, timedelta

import pytest
from support.inspecting import CLOCK, CONTROLS, all_green, evidence_for, red_facts

from waybillguard.documents import to_html, to_pdf
from waybillguard.inspect import Organisation, catalogue, inspect
from waybillguard.inspect.forms import assessment_document, audit_document, forms, questions, tier
from waybillguard.inspect.health_check import FACT_WORDS, HealthCheck, health_document, plan
from waybillguard.inspect.incident import Incident, incident_document, missing_items, steps
from waybillguard.inspect.owner import Watched, answer, merchant_document, things_to_do

AT = datetime(2026, 11, 28, 9, tzinfo=UTC)
WHOLE = Watched(since=date(2026, 11, 1), until=date(2026, 11, 28), ledger_verified=True)
RUN = inspect(catalogue(), Organisation("测试仓库"), all_green(), CLOCK)


def test_the_health_check_takes_half_an_hour_and_its_advice_asks_for_facts_it_measures() -> None:
    assert sum(step.minutes for step in plan().steps) == 30
    measured = {fact: step.id for step in plan().steps for fact in step.facts}
    assert measured.keys() == FACT_WORDS.keys()
    assert all(measured[advice.when.fact] == advice.step for advice in plan().advice)


def test_at_most_three_things_are_named_the_most_urgent_first() -> None:
    check = HealthCheck("测试仓库", AT, dict.fromkeys(FACT_WORDS, 1))
    assert len(check.this_week()) == 3
    assert "保全证据" in check.this_week()[0][0]


def test_a_step_not_done_is_no_clean_bill() -> None:
    check = HealthCheck("测试仓库", AT, {"labels_checked": 20, "labels_failing": 0})
    assert check.this_week()[0] == (
        "补做体检：用工资表核对平台子账号（10 分钟）",
        "Missing step: Compare external accounts with the payroll (10 minutes)",
    )
    assert "未做的步骤没有结论" in to_html(health_document(check))
    assert to_pdf(health_document(check)).startswith(b"%PDF")


@pytest.mark.parametrize(
    "change",
    [
        {"ledger_verified": False},
        {"days_unrecorded": 1},
        {"stations_unscanned": 1},
        {"remote_tools": 1},
        {"leads": 1},
        {"plaintext_orders": 1},
    ],
    ids=lambda change: next(iter(change)),
)
def test_no_needs_every_record_whole(change: dict[str, int]) -> None:
    import msgspec

    assert answer(WHOLE).answer == "no"
    said = answer(msgspec.structs.replace(WHOLE, **change))
    assert said.answer == "unknown"
    assert len(said.lacking) == 1


def test_yes_names_the_whole_span() -> None:
    import msgspec

    leaks = (
        (AT - timedelta(days=3), AT - timedelta(days=2)),
        (AT - timedelta(days=5), AT - timedelta(days=4)),
    )
    said = answer(msgspec.structs.replace(WHOLE, leaks=leaks))
    assert (said.answer, said.start, said.end) == ("yes", AT - timedelta(days=5), AT - timedelta(days=2))


def test_the_three_things_are_the_most_severe_red_ones() -> None:
    rest = [one for one in all_green() if one.control not in {"LBL-02", "GOV-01"}]
    red = [evidence_for(CONTROLS[name], next(red_facts(CONTROLS[name]))[1]) for name in ("GOV-01", "LBL-02")]
    done = inspect(catalogue(), Organisation("测试仓库"), [*rest, *red], CLOCK)
    assert [zh for zh, _ in things_to_do(done)] == [CONTROLS["LBL-02"].fix_zh, CONTROLS["GOV-01"].fix_zh]


def test_the_merchants_document_says_that_it_is_self_reported() -> None:
    page = to_html(merchant_document("测试仓库", WHOLE, RUN, [("A 平台密文", 0.7), ("B 本系统", 0.3)]))
    assert "未经第三方复测" in page
    assert "70%" in page


@pytest.mark.parametrize(("persons", "which", "asked"), [(99_999, "small", 19), (100_000, "large", 57)])
def test_the_number_of_persons_chooses_the_form(persons: int, which: str, asked: int) -> None:
    assert tier(persons) == which
    assert len(questions(tier(persons))) == asked
    assert "原文未核" in to_html(audit_document(RUN, persons))


def test_forms_rest_on_controls_that_exist_and_are_marked_unchecked() -> None:
    form = forms()
    assert form.status == "原文未核"
    assert all(set(question.controls) <= CONTROLS.keys() and question.basis for question in form.audit_small)
    assert len(form.assessment.situations) == 5
    assert len(form.assessment.questions) == 3


def test_a_question_left_open_in_a_situation_that_is_concerned_is_said() -> None:
    page = to_html(assessment_document("测试仓库", "商家到仓库", 1000, {("entrust", "lawful"): "委托发货"}))
    assert page.count("未填写") == 2
    assert page.count("不涉及。") == 4


def hours(incident: Incident) -> dict[str, datetime | None]:
    return {step.duty.id: step.due for step in steps(incident)}


def test_below_a_million_no_hour_limit_is_claimed() -> None:
    assert set(hours(Incident(detected_at=AT, persons_high=999_999)).values()) == {None}


def test_from_a_million_the_report_is_due_in_four_hours_and_the_summary_thirty_days_after_the_end() -> None:
    going_on = Incident(detected_at=AT, persons_high=1_000_000)
    assert hours(going_on)["report_4h"] == AT + timedelta(hours=4)
    assert hours(going_on)["summary_30d"] is None
    assert "处置结束后 30 日内" in to_html(incident_document("测试仓库", going_on))
    ended = Incident(detected_at=AT, ended_at=AT + timedelta(days=50), persons_high=1_000_000)
    assert hours(ended)["summary_30d"] == AT + timedelta(days=80)


def test_while_the_number_is_unknown_the_four_hours_run_as_uncertain() -> None:
    found = {step.duty.id: step.certain for step in steps(Incident(detected_at=AT))}
    assert found["report_4h"] is False
    assert found["stop"] is True
    assert "人数未明" in to_html(incident_document("测试仓库", Incident(detected_at=AT)))


def test_stop_and_preserve_come_first() -> None:
    assert [step.duty.id for step in steps(Incident(detected_at=AT))][:4] == [
        "stop",
        "preserve",
        "merchants",
        "police",
    ]


def test_a_notice_is_checked_for_its_five_contents() -> None:
    assert missing_items({"kinds", "cause", "harm", "remedies"}) == ("处理者联系方式",)
