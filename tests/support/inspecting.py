"""Inspection facts for tests: facts that pass a control, and variants that each fail it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from waybillguard.inspect.catalogue import catalogue
from waybillguard.inspect.evidence import seal
from waybillguard.inspect.model import Clock, Condition, Control, Evidence, Fact, Flow, Organisation

NOW = datetime(2026, 11, 28, 9, 0, tzinfo=UTC)
CLOCK = Clock(now=NOW, witnessed=NOW - timedelta(minutes=30))
CONTROLS = catalogue().by_id()


def organisation_for(control: Control) -> Organisation:
    return Organisation("测试仓库", control.applies_to[0], (Flow("test", control.roles[0]),))


def _green(condition: Condition) -> dict[str, Fact]:
    value = condition.value
    match condition.operator:
        case "lt" if isinstance(value, int):
            return {condition.fact: value - 1}
        case "in" if isinstance(value, tuple):
            return {condition.fact: value[0]}
        case "eq_fact" | "le_fact" | "ge_fact":
            return {condition.fact: 1, str(value): 1}
    return {condition.fact: value}


def green_facts(control: Control) -> dict[str, Fact]:
    facts: dict[str, Fact] = {}
    for condition in (*control.when, *control.needs, *control.passes):
        facts |= _green(condition)
    return facts


def red_facts(control: Control) -> Iterator[tuple[str, dict[str, Fact]]]:
    """Yield the facts with each condition of a control violated separately."""
    for condition in control.passes:
        value = condition.value
        broken: Fact
        match condition.operator:
            case "eq" if isinstance(value, bool):
                broken = not value
            case "eq" | "le" if isinstance(value, int):
                broken = value + 1
            case "lt":
                broken = value
            case "ge" if isinstance(value, int):
                broken = value - 1
            case "in":
                broken = "none"
            case "has_all" if isinstance(value, tuple):
                broken = value[1:]
            case "eq_fact" | "le_fact":
                broken = 2
            case _:
                broken = 0
        yield condition.fact, green_facts(control) | {condition.fact: broken}


def evidence_for(control: Control, facts: dict[str, Fact] | None = None, **changes: object) -> Evidence:
    document = control.evidence.dated
    made = Evidence(
        control=control.id,
        control_version=control.version,
        facts=green_facts(control) if facts is None else facts,
        observed_from=NOW - timedelta(hours=1),
        observed_to=NOW,
        collected_at=NOW,
        source="test",
        collector=control.evidence.provider,
        method="document" if document else "live",
        effective_at=NOW - timedelta(days=1) if document else None,
    )
    return seal(type(made)(**({name: getattr(made, name) for name in made.__struct_fields__} | changes)))


def all_green() -> tuple[Evidence, ...]:
    return tuple(evidence_for(control) for control in CONTROLS.values())
