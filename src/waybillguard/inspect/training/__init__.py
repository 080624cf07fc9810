"""Training of staff (培训): ten-minute lessons about real tricks, questions, an exercise, and records as evidence.

A record contains who passed which version of which lesson when, and nothing about wrong answers. A lesson that
changed in substance must be done again. The exercise sends no messages.
"""

from waybillguard.inspect.training.course import Exercise, Lesson, Question, course
from waybillguard.inspect.training.records import Due, Learner, Record, due, training_facts
from waybillguard.inspect.training.scoring import Result, draw, score

__all__ = [
    "Due", "Exercise", "Learner", "Lesson", "Question", "Record", "Result", "course", "draw", "due", "score",
    "training_facts",
]  # fmt: skip
