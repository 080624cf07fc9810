"""The course covers the real tricks, attempts are scored correctly, and records contain only "passed"."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from waybillguard.access.vocabulary import data_rows
from waybillguard.inspect.training import (
    Due,
    Learner,
    Lesson,
    Record,
    course,
    draw,
    due,
    score,
    training_facts,
)
from waybillguard.inspect.training.records import refreshers

NOW = datetime(2026, 11, 28, tzinfo=UTC)
EACH = pytest.mark.parametrize("lesson", course().lessons, ids=lambda lesson: lesson.id)


@EACH
def test_a_lesson_has_stories_questions_and_an_exercise(lesson: Lesson) -> None:
    kinds = [card.kind for card in lesson.cards]
    bank = course().questions_of(lesson.id)
    assert kinds.count("story") >= 2
    assert kinds.count("do") >= 2
    assert len(bank) >= 5
    assert any(question.must for question in bank)
    assert course().exercise_of(lesson.id).signs_zh
    assert lesson.minutes <= 10


def test_every_question_has_right_and_wrong_options_and_says_why() -> None:
    for question in course().questions:
        assert question.right()
        assert len(question.right()) < len(question.options)
        assert question.why_zh
        assert question.why_en
        assert question.lesson in {lesson.id for lesson in course().lessons}


def test_lessons_are_for_roles_that_exist_and_refreshers_for_lessons_that_exist() -> None:
    roles = {row["role"] for row in data_rows("roles.csv")}
    lessons = {lesson.id for lesson in course().lessons}
    assert {role for lesson in course().lessons for role in lesson.roles} <= roles
    assert {name for names in refreshers().values() for name in names} <= lessons


@EACH
def test_an_attempt_holds_every_compulsory_question(lesson: Lesson) -> None:
    must = {question.id for question in course().questions_of(lesson.id) if question.must}
    for seed in range(5):
        assert must <= {question.id for question in draw(lesson.id, Random(seed))}


def test_all_right_and_reported_passes() -> None:
    asked = draw("clerk", Random(1))
    answers = {question.id: question.right() for question in asked}
    assert score(asked, answers, reported=True).passed
    assert not score(asked, answers, reported=False).passed


def test_one_slip_passes_but_not_on_a_compulsory_question() -> None:
    asked = draw("clerk", Random(1))
    for question in asked:
        answers = {one.id: one.right() for one in asked if one.id != question.id}
        result = score(asked, answers, reported=True)
        assert result.passed is not question.must
        assert result.again == (question,)


def test_choosing_everything_is_not_right() -> None:
    asked = draw("service", Random(2))
    answers = {question.id: frozenset(range(len(question.options))) for question in asked}
    assert score(asked, answers, reported=True).right == 0


def record(lesson: str = "clerk", *, version: int = 1, at: datetime = NOW) -> Record:
    return Record("p1", lesson, version, at)


CLERK = [Learner("p1", "clerk")]


@pytest.mark.parametrize(
    ("records", "findings", "why"),
    [
        ([], {}, "first"),
        ([record(version=0)], {}, "changed"),
        ([record(at=NOW - timedelta(days=366))], {}, "refresh"),
        ([record(at=NOW - timedelta(days=2))], {"EPT-01": NOW - timedelta(days=1)}, "finding"),
        ([record(at=NOW + timedelta(days=1))], {}, "first"),
        ([record("service")], {}, "first"),
    ],
    ids=["first", "changed", "refresh", "finding", "future", "another lesson"],
)
def test_a_lesson_is_due(records: list[Record], findings: dict[str, datetime], why: str) -> None:
    assert due(CLERK, records, NOW, findings=findings) == (Due("p1", "clerk", why),)


def test_a_lesson_passed_after_the_finding_is_done() -> None:
    assert due(CLERK, [record()], NOW, findings={"EPT-01": NOW - timedelta(days=1)}) == ()


def test_the_facts_count_people_and_leave_out_roles_without_lessons() -> None:
    people = [*CLERK, Learner("p2", "service"), Learner("p3", "inspector")]
    facts = training_facts(people, [record()], NOW)
    assert facts == {"people": 2, "people_untrained": 1, "people_without_fraud_lesson": 1}
