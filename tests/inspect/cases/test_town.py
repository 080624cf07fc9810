"""A town's table: gaps, changes, claims told apart; nothing inspected twice."""

from datetime import date

from support.inspecting import CLOCK, CONTROLS, all_green, evidence_for, red_facts

from waybillguard.inspect import Inspection, Organisation, catalogue, inspect
from waybillguard.inspect.cases import Visit, gap_table, inspected_already, ranking


def run(name: str, *red: str, claim: str = "self_reported") -> Inspection:
    evidence = [one for one in all_green() if one.control not in red]
    evidence += [evidence_for(CONTROLS[control], next(red_facts(CONTROLS[control]))[1]) for control in red]
    evidence = [evidence_for(CONTROLS[one.control], one.facts, claim=claim) for one in evidence]
    return inspect(catalogue(), Organisation(name), evidence, CLOCK)


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
    empty = inspect(catalogue(), Organisation("丙仓"), [], CLOCK)
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
