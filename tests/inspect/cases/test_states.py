"""Only allowed events change the state of a case, and a document number belongs to one document."""

from datetime import date

import pytest

from waybillguard.inspect.cases import Case, Event, Reference, actors, advance, assign_down, refer_up, states
from waybillguard.inspect.errors import InspectError

DAY = date(2026, 6, 1)
OPEN = Event(on=DAY, kind="open", actor="procuratorate", document=Reference("检察院", "检〔2026〕1号", DAY))


def at(kind: str, actor: str = "procuratorate", **more: object) -> Event:
    return Event(**{"on": DAY, "kind": kind, "actor": actor, **more})


def test_states_are_numbered_zero_to_nine_and_lead_only_to_states() -> None:
    ids = {state.id for state in states()}
    assert [state.number for state in states()] == list(range(10))
    for state in states():
        assert set(state.next) <= ids
        assert set(state.actors) <= actors().keys()
        assert state.documents


def test_every_clock_starts_and_ends_with_an_event() -> None:
    kinds = {state.event for state in states()} | {"served", "filed", "return_visit"}
    for state in states():
        for rule in state.clocks:
            assert {rule.start, rule.until} <= kinds


@pytest.mark.parametrize(
    "event",
    [
        at("suit"),
        at("reply", "post"),
        at("nonsense"),
        at("site_visit", "nobody"),
        at("site_visit", on=date(2026, 5, 31)),
    ],
    ids=["suit", "reply", "unknown event", "unknown actor", "earlier"],
)
def test_a_step_that_does_not_follow_is_refused(event: Event) -> None:
    case = advance(Case(title="测试", agency="post"), OPEN)
    with pytest.raises(InspectError):
        advance(case, event)


def test_a_case_begins_with_a_clue_or_its_opening() -> None:
    with pytest.raises(InspectError):
        advance(Case(title="测试", agency="post"), at("proposal"))


def test_a_document_number_used_twice_is_refused() -> None:
    case = advance(Case(title="测试", agency="post"), OPEN)
    case = advance(case, at("site_visit"))
    with pytest.raises(InspectError, match="another document"):
        advance(case, at("proposal", document=Reference("检察院", "检〔2026〕1号", DAY)))


def test_the_same_number_of_another_authority_is_another_document() -> None:
    case = advance(Case(title="测试", agency="post"), OPEN)
    case = advance(case, at("site_visit", document=Reference("公安局", "检〔2026〕1号", DAY)))
    assert len(case.events) == 2


def test_a_failed_follow_up_cannot_be_closed() -> None:
    case = Case(title="测试", agency="post")
    for event in (OPEN, at("site_visit"), at("proposal"), at("reply", "post"), at("follow_up", passed=False)):
        case = advance(case, event)
    with pytest.raises(InspectError, match="not passed"):
        advance(case, at("close"))


def test_a_clue_goes_up_one_level_at_a_time_and_comes_back_assigned() -> None:
    case = advance(Case(title="测试", agency="cac"), at("clue", "police"))
    with pytest.raises(InspectError):
        refer_up(case, at("referred", level="province"))
    case = refer_up(refer_up(case, at("referred", level="city")), at("referred", level="province"))
    assert case.level == "province"
    with pytest.raises(InspectError):
        assign_down(case, at("assigned", level="province"))
    assert assign_down(case, at("assigned", level="county")).level == "county"
