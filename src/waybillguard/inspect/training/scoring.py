"""Drawing questions and scoring an attempt. Randomness is handed in."""

from collections.abc import Mapping
from random import Random
from typing import Final

import msgspec

from waybillguard.inspect.training.course import Question, course

QUESTIONS: Final = 5
PASS_SHARE: Final = 0.8


class Result(msgspec.Struct, frozen=True):
    """An attempt: passed or not, and the questions to read again; only ``passed`` is ever stored."""

    passed: bool
    right: int
    asked: int
    again: tuple[Question, ...]


def draw(lesson: str, random: Random) -> tuple[Question, ...]:
    """Return the questions of an attempt: every compulsory one, filled up to five from the rest, shuffled."""
    bank = course().questions_of(lesson)
    must = [question for question in bank if question.must]
    rest = [question for question in bank if not question.must]
    chosen = must + random.sample(rest, min(len(rest), max(QUESTIONS - len(must), 0)))
    random.shuffle(chosen)
    return tuple(chosen)


def score(asked: tuple[Question, ...], answers: Mapping[str, frozenset[int]], *, reported: bool) -> Result:
    """Score an attempt: four fifths right, every compulsory question right, and the exercise reported.

    Args:
        asked: what was drawn.
        answers: question id → positions chosen; a question without an answer is wrong.
        reported: the report button of the exercise was used.
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
