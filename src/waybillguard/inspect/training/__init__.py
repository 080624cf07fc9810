"""Training of staff (培训): ten-minute lessons with the real tricks, questions, an exercise, records as evidence.

Promise: a record says who passed which version of which lesson when, and nothing about wrong answers; a lesson that
changed in substance must be done again; the exercise sends nothing to anybody.
"""

from waybillguard.inspect.training.course import Exercise, Lesson, Question, course
from waybillguard.inspect.training.records import Due, Learner, Record, due, training_facts
from waybillguard.inspect.training.scoring import Result, draw, score

__all__ = [
    "Due", "Exercise", "Learner", "Lesson", "Question", "Record", "Result", "course", "draw", "due", "score",
    "training_facts",
]  # fmt: skip
