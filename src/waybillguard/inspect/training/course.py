"""The course as data: lessons by role, question bank, exercises."""

from functools import cache
from typing import Literal

import msgspec

from waybillguard.inspect.catalogue import read_yaml


class Card(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One screen of a lesson: a real case, an instruction, or a rule."""

    kind: Literal["story", "do", "rule"]
    zh: str
    en: str


class Lesson(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A lesson of about ten minutes for some roles."""

    id: str
    version: int
    roles: tuple[str, ...]
    minutes: int
    anti_fraud: bool
    refresh_days: int
    title_zh: str
    title_en: str
    cards: tuple[Card, ...]


class Option(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One option of a question."""

    zh: str
    en: str
    right: bool = False


class Question(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A question. If several options are right, exactly these must be chosen."""

    id: str
    lesson: str
    zh: str
    en: str
    options: tuple[Option, ...]
    why_zh: str
    why_en: str
    must: bool = False

    def right(self) -> frozenset[int]:
        """Return the positions of the right options."""
        return frozenset(at for at, option in enumerate(self.options) if option.right)


class Exercise(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An invented message with a report button; ``signs`` are the signs by which it can be recognised."""

    id: str
    lesson: str
    channel_zh: str
    channel_en: str
    zh: str
    en: str
    signs_zh: tuple[str, ...]
    signs_en: tuple[str, ...]


class Course(msgspec.Struct, frozen=True):
    """All lessons with their questions and exercises."""

    lessons: tuple[Lesson, ...]
    questions: tuple[Question, ...]
    exercises: tuple[Exercise, ...]

    def lesson(self, name: str) -> Lesson:
        """Return a lesson; raises KeyError if there is none of that name."""
        return {lesson.id: lesson for lesson in self.lessons}[name]

    def for_role(self, role: str) -> tuple[Lesson, ...]:
        """Return the lessons of a role."""
        return tuple(lesson for lesson in self.lessons if role in lesson.roles)

    def questions_of(self, lesson: str) -> tuple[Question, ...]:
        """Return the question bank of a lesson."""
        return tuple(question for question in self.questions if question.lesson == lesson)

    def exercise_of(self, lesson: str) -> Exercise:
        """Return the exercise of a lesson; raises KeyError if it has none."""
        return {exercise.lesson: exercise for exercise in self.exercises}[lesson]


@cache
def course() -> Course:
    """Return the course of this version."""
    return Course(
        tuple(read_yaml("training/lessons.yaml", list[Lesson])),
        tuple(read_yaml("training/questions.yaml", list[Question])),
        tuple(read_yaml("training/exercises.yaml", list[Exercise])),
    )
