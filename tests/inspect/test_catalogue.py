"""Every row of the catalogue is complete and quotes a text in force."""

import pytest

from waybillguard.inspect.catalogue import catalogue
from waybillguard.inspect.model import Control
from waybillguard.inspect.rules import facts_of, fits

CATALOGUE = catalogue()
EACH = pytest.mark.parametrize("control", CATALOGUE.controls, ids=lambda control: control.id)


def test_the_57_controls_have_different_ids() -> None:
    assert len({control.id for control in CATALOGUE.controls}) == len(CATALOGUE.controls) == 57


@EACH
def test_a_control_names_what_exists(control: Control) -> None:
    assert control.owner in CATALOGUE.bodies.owners
    assert control.authority in CATALOGUE.bodies.authorities
    assert not control.common_gap or control.common_gap in CATALOGUE.bodies.common_gaps
    assert not control.lane_a or control.lane_a in CATALOGUE.bodies.owners
    assert control.passes
    assert control.sources
    assert control.title_zh
    assert control.fix_zh
    assert control.fix_en
    assert all(
        source.quote and CATALOGUE.law(source.law, source.version).in_force_from for source in control.sources
    )


@EACH
def test_a_rule_asks_for_declared_facts_with_values_of_their_type(control: Control) -> None:
    conditions = (*control.when, *control.needs, *control.passes)
    assert facts_of(conditions) <= CATALOGUE.facts.keys()
    for one in conditions:
        if one.operator in {"eq", "lt", "le", "ge"}:
            assert fits(CATALOGUE.facts[one.fact], one.value)


def test_every_declared_fact_is_asked_for() -> None:
    asked = {
        fact
        for control in CATALOGUE.controls
        for fact in facts_of((*control.when, *control.needs, *control.passes))
    }
    assert asked == CATALOGUE.facts.keys()


def test_each_version_of_a_text_ends_where_the_next_begins() -> None:
    for law in CATALOGUE.laws:
        if law.in_force_to is not None:
            assert any(one.id == law.id and one.in_force_from == law.in_force_to for one in CATALOGUE.laws)


def test_most_controls_are_observed_rather_than_uploaded() -> None:
    live = [control for control in CATALOGUE.controls if control.evidence.mode != "document"]
    assert len(live) >= 43
