"""A town's table: gaps, changes and claims; repeated inspections are detected."""

from datetime import date

from support.inspecting import CLOCK, CONTROLS, all_green, evidence_for, red_facts

from waybillguard.inspect import Inspection, Organisation, catalogue, inspect
from waybillguard.inspect.cases import (
    ItemTested,
    Judged,
    Summary,
    Visit,
    gap_table,
    inspected_already,
    ranking,
    summary,
    with_tests,
)


def summed(inspection: Inspection) -> Summary:
    judged = [Judged(one.control, one.status, one.claim) for one in inspection.verdicts]
    return summary(inspection.organisation.name, judged)


def run(name: str, *red: str, claim: str = "self_reported") -> Summary:
    evidence = [one for one in all_green() if one.control not in red]
    evidence += [evidence_for(CONTROLS[control], next(red_facts(CONTROLS[control]))[1]) for control in red]
    evidence = [evidence_for(CONTROLS[one.control], one.facts, claim=claim) for one in evidence]
    return summed(inspect(catalogue(), Organisation(name), evidence, CLOCK))


def test_the_table_counts_warehouses_by_gap_and_what_changed() -> None:
    rows = {
        row.gap: row
        for row in gap_table(
            [run("甲仓", "LBL-02"), run("乙仓")], [run("甲仓", "LBL-02"), run("乙仓", "LBL-01")]
        )
    }
    labels = rows["label_not_deidentified"]
    assert (labels.failing, labels.inspected, labels.before) == (1, 2, 2)
    assert rows["staff_training"].failing == 0


def test_a_warehouse_without_evidence_is_unknown_not_good() -> None:
    empty = summed(inspect(catalogue(), Organisation("丙仓"), [], CLOCK))
    assert all(row.unknown == 1 and row.failing == 0 for row in gap_table([empty]))


def test_the_worst_comes_first_and_its_claim_is_named() -> None:
    rows = ranking([run("甲仓", claim="retested"), run("乙仓", "LBL-02", "EPT-01")], [run("乙仓", "LBL-02")])
    assert [(row.warehouse, row.claim) for row in rows] == [("乙仓", "self_reported"), ("甲仓", "retested")]
    assert rows[0].changed > 0


def test_the_same_item_is_not_inspected_twice_within_its_period() -> None:
    first = Visit("甲仓", "1", "post", date(2026, 6, 1))
    assert inspected_already(Visit("甲仓", "1", "market", date(2026, 7, 1)), [first]) == first
    assert inspected_already(Visit("甲仓", "2", "market", date(2026, 7, 1)), [first]) is None
    assert inspected_already(Visit("甲仓", "1", "market", date(2026, 9, 1)), [first]) is None
    joint = Visit("甲仓", "1", "post", date(2026, 7, 1), joint=True)
    assert inspected_already(Visit("甲仓", "1", "market", date(2026, 7, 1), joint=True), [joint]) is None


TODAY = date(2026, 11, 20)
OLD = date(2026, 1, 1)


def test_an_inspectors_finding_outweighs_what_the_warehouse_says() -> None:
    said = [Judged(control.id, "satisfied", "self_reported") for control in catalogue().controls]
    tested = summary(
        "甲仓", with_tests(said, [ItemTested("7", "failed", "retested", date(2026, 11, 1))], TODAY)
    )
    assert tested.items["7"] == ("not_satisfied", "retested")
    assert tested.items["1"] == ("satisfied", "self_reported")
    assert tested.gaps["account_management"] == "failing"


def test_the_newest_finding_counts_and_an_old_one_no_more() -> None:
    said = [Judged(control.id, "satisfied", "self_reported") for control in catalogue().controls]
    failed, passed = date(2026, 10, 1), date(2026, 11, 1)
    both = [ItemTested("7", "passed", "retested", passed), ItemTested("7", "failed", "retested", failed)]
    assert summary("甲仓", with_tests(said, both, TODAY)).items["7"] == ("satisfied", "retested")
    old = [ItemTested("7", "failed", "retested", OLD)]
    assert summary("甲仓", with_tests(said, old, TODAY)).items["7"] == ("satisfied", "self_reported")


def test_a_control_nobody_speaks_of_has_no_evidence() -> None:
    assert {one.status for one in with_tests([], [], TODAY)} == {"no_evidence"}
