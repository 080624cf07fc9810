"""The guard's answers to requests; honest work is never slowed or refused."""

import msgspec
import pytest

from waybillguard.detect.errors import DetectInputError
from waybillguard.detect.guard import (
    CONFIRMED_FOR_S,
    GAP_S,
    Answer,
    Memory,
    Moment,
    guard_changed,
    guard_rules,
    judge,
    wants_confirmation,
)

NOON = 1_700_000_000_000_000
SECOND = 1_000_000


def run(moments: list[Moment], memory: Memory | None = None) -> tuple[list[Answer], Memory]:
    answers, memory = [], memory or Memory()
    for one in moments:
        answer, memory = judge(memory, one, guard_rules())
        answers.append(answer)
    return answers, memory


def looks(
    count: int, step_s: float, *, start: int = NOON, confirmed: int = 0, **more: object
) -> list[Moment]:
    return [
        Moment("reveal", start + round(n * step_s * SECOND), confirmed_us=confirmed, **more)  # type: ignore[arg-type]
        for n in range(count)
    ]


def test_a_day_of_looks_three_minutes_apart_is_never_answered() -> None:
    answers, _ = run(looks(160, 180))
    assert {one.kind for one in answers} == {"allow"}


def test_a_burst_asks_for_a_confirmation_and_goes_on_after_it() -> None:
    answers, memory = run(looks(15, 5))
    assert {one.kind for one in answers[:11]} == {"allow"}
    assert {one.kind for one in answers[12:]} == {"step_up"}
    assert answers[-1].rule == "guard_burst"
    later = NOON + 90 * SECOND
    assert wants_confirmation(memory, NOON) == "guard_burst"
    assert wants_confirmation(memory, later) == ""
    again, _ = run(looks(3, 5, start=later + SECOND, confirmed=later), memory)
    assert {one.kind for one in again} == {"allow"}


def test_a_confirmation_made_before_the_question_is_no_answer_to_it() -> None:
    answers, _ = run(looks(14, 5, confirmed=NOON - SECOND))
    assert answers[-1].kind == "step_up"


def test_who_confirms_again_and_again_is_refused_in_the_end() -> None:
    memory, kinds = Memory(), []
    for n in range(40):
        now = NOON + n * 3 * SECOND
        answer, memory = judge(memory, Moment("reveal", now, confirmed_us=now - SECOND), guard_rules())
        kinds.append(answer.kind)
        if answer.kind == "step_up":
            answer, memory = judge(
                memory, Moment("reveal", now + SECOND, confirmed_us=now + SECOND), guard_rules()
            )
    assert "refuse" in kinds
    assert sum(kind == "allow" for kind in kinds) <= 24


def test_what_was_refused_is_not_counted_so_a_jam_clears_by_itself() -> None:
    answers, memory = run(looks(200, 1))
    assert answers[-1].kind != "allow"
    (late,), _ = run(looks(1, 0, start=NOON + 3600 * SECOND), memory)
    assert late.kind == "allow"


def test_out_of_shift_the_first_look_asks_and_the_sixth_is_refused() -> None:
    first, memory = run(looks(1, 0, in_shift=False))
    assert (first[0].kind, first[0].rule) == ("step_up", "guard_hour")
    confirmed = NOON + SECOND
    answers, _ = run(looks(7, 60, start=NOON + 2 * SECOND, confirmed=confirmed, in_shift=False), memory)
    assert [one.kind for one in answers] == ["allow"] * 5 + ["refuse"] * 2


def test_an_unknown_place_asks_once_and_is_known_after_the_confirmation() -> None:
    _, memory = run(looks(1, 0, place="home"))
    (asked,), memory = run(looks(1, 0, start=NOON + SECOND, place="cafe"), memory)
    assert (asked.kind, asked.rule) == ("step_up", "guard_place")
    (good,), memory = run(
        looks(1, 0, start=NOON + 9 * SECOND, confirmed=NOON + 5 * SECOND, place="cafe"), memory
    )
    (later,), _ = run(looks(1, 0, start=NOON + 9999 * SECOND, place="cafe"), memory)
    assert (good.kind, later.kind) == ("allow", "allow")


def test_a_decoy_is_refused_at_once_in_words_that_do_not_give_it_away() -> None:
    (answer,), _ = run(looks(1, 0, decoy=True))
    assert (answer.kind, answer.rule) == ("refuse", "guard_decoy")
    assert "诱饵" not in answer.zh
    assert "decoy" not in answer.en


def test_fast_searches_are_slowed_down_and_say_how_long_to_wait() -> None:
    answers, _ = run([Moment("search", NOON + n * SECOND) for n in range(70)])
    slow = next(one for one in answers if one.kind != "allow")
    assert slow.kind == "slow"
    assert 0 < slow.wait_s <= GAP_S
    assert sum(one.kind == "allow" for one in answers) < 66


def test_who_has_no_second_factor_is_slowed_down_instead() -> None:
    answers, _ = run(looks(14, 5, can_confirm=False))
    assert answers[-1].kind == "slow"


def test_a_clock_that_jumps_back_gains_nothing() -> None:
    _, memory = run(looks(11, 5))
    back, _ = run(looks(4, 5, start=NOON - 86_400 * SECOND), memory)
    assert back[-1].kind == "step_up"


def test_a_sale_day_allows_twice_the_pace() -> None:
    answers, _ = run(looks(20, 5, ease=2.0))
    assert {one.kind for one in answers} == {"allow"}


def test_a_confirmation_is_good_for_half_an_hour() -> None:
    _, memory = run(looks(1, 0, in_shift=False))
    late = NOON + (CONFIRMED_FOR_S + 10) * SECOND
    (answer,), _ = run(looks(1, 0, start=late, confirmed=NOON + SECOND, in_shift=False), memory)
    assert answer.kind == "step_up"


def test_what_is_remembered_survives_json() -> None:
    _, memory = run(looks(3, 5, place="home", in_shift=False))
    assert msgspec.json.decode(msgspec.json.encode(memory), type=Memory) == memory


@pytest.mark.parametrize("rule", guard_rules(), ids=lambda rule: rule.id)
def test_every_rule_has_words_a_source_and_thresholds_within_their_limits(rule: object) -> None:
    assert all((rule.zh, rule.en, rule.source_zh and rule.source_en, rule.answers))  # type: ignore[attr-defined]
    for answers in rule.answers.values():  # type: ignore[attr-defined]
        for setting in answers.values():
            assert setting.limits[0] <= setting.value <= setting.limits[1]


@pytest.mark.parametrize(
    "change", [{"guard_burst.reveal.refuse": 1000}, {"guard_burst.reveal.sing": 5}, {"x": 1}]
)
def test_a_threshold_outside_its_limits_or_unknown_is_refused(change: dict[str, float]) -> None:
    with pytest.raises(DetectInputError):
        guard_changed(change)
    assert guard_changed({"guard_burst.reveal.step_up": 5})[1].answers["reveal"]["step_up"].value == 5
