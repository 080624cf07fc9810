"""Draw questions and score an attempt. The caller passes the random generator."""

from collections.abc import Mapping
from random import Random
from typing import Final

import msgspec

from waybillguard.inspect.training.course import Question, course

QUESTIONS: Final = 5
PASS_SHARE: Final = 0.8


class Result(msgspec.Struct, frozen=True):
    """Result of an attempt: whether it passed, and the questions to review. Only ``passed`` is stored."""

    passed: bool
    right: int
    asked: int
    again: tuple[Question, ...]


def draw(lesson: str, random: Random) -> tuple[Question, ...]:
    """Return the questions of an attempt: all compulsory ones plus random others up to five, shuffled."""
    bank = course().questions_of(lesson)
    must = [question for question in bank if question.must]
    rest = [question for question in bank if not question.must]
    chosen = must + random.sample(rest, min(len(rest), max(QUESTIONS - len(must), 0)))
    random.shuffle(chosen)
    return tuple(chosen)


def score(asked: tuple[Question, ...], answers: Mapping[str, frozenset[int]], *, reported: bool) -> Result:
    """Score an attempt. To pass: 4/5 right, every compulsory question right, and the exercise reported.

    Args:
        asked: the questions that were drawn.
        answers: question id → chosen positions; a question without an answer is wrong.
        reported: whether the report button of the exercise was used.
    """
    wrong = tuple(question for question in asked if answers.get(question.id, frozenset()) != question.right())
    right = len(asked) - len(wrong)
    passed = (
        reported
        and bool(asked)
        and right >= PASS_SHARE * len(asked)
        and not any(question.must for question in wrong)
    )
    return Result(passed, right, len(asked), wrong)
