"""Services of training: due lessons, attempts, signing the agreement, and facts for inspections."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from random import Random
from typing import Final

from django.db import transaction

from waybillguard.inspect.model import Fact
from waybillguard.inspect.training import (
    Due,
    Learner,
    Lesson,
    Record,
    Result,
    course,
    draw,
    due,
    score,
    training_facts,
)
from waybillguard.inspect.training.agreement import agreement
from waybillguard.inspect.training.course import Question
from waybillguard.service.identity.accounts import journal
from waybillguard.service.identity.context import tenant_of
from waybillguard.service.identity.models import User
from waybillguard.service.tenancy.models import Tenant
from waybillguard.service.training.errors import TrainingError
from waybillguard.service.training.models import Agreement, LessonPassed

_SEED: Final = 1_000_000


def lesson_of(user: User, name: str) -> Lesson:
    """Return a lesson of the user's role.

    Raises:
        TrainingError: this role has no lesson of that name.
    """
    for lesson in course().for_role(user.role):
        if lesson.id == name:
            return lesson
    raise TrainingError(zh="没有这门课程。", en="there is no such lesson for your role.")


def questions_of(lesson: str, attempt: int) -> tuple[Question, ...]:
    """Return the questions of an attempt. The same attempt number gives the same questions."""
    return draw(lesson, Random(attempt % _SEED))  # noqa: S311 - which questions, no secret


def take_attempt(
    user: User, lesson: Lesson, attempt: int, answers: Mapping[str, frozenset[int]], *, reported: bool
) -> Result:
    """Score an attempt. A pass is written to the ledger, then stored. Nothing else is stored.

    Raises:
        KeydError: the ledger cannot be written; the attempt can be sent again.
    """
    result = score(questions_of(lesson.id, attempt), answers, reported=reported)
    if result.passed:
        tenant = tenant_of(user)
        receipt = journal.put(
            tenant, "account", f"u{user.pk}", None,
            {"change": "lesson_passed", "lesson": lesson.id, "version": lesson.version},
        )  # fmt: skip
        LessonPassed.objects.create(
            tenant=tenant, person=user, lesson=lesson.id, version=lesson.version, ledger_index=receipt.index
        )
    return result


def sign(user: User) -> Agreement:
    """Sign the current text of the agreement. Signing again has no effect.

    Raises:
        KeydError: the ledger cannot be written; nothing was signed.
    """
    tenant, sha256 = tenant_of(user), agreement().sha256
    with transaction.atomic():
        there = Agreement.objects.filter(tenant=tenant, person=user, text_sha256=sha256).first()
        if there is not None:
            return there
        detail: dict[str, str | int] = {"change": "agreement_signed", "text": sha256}
        receipt = journal.put(tenant, "account", f"u{user.pk}", None, detail)
        return Agreement.objects.create(
            tenant=tenant, person=user, text_sha256=sha256, ledger_index=receipt.index
        )


def has_signed(user: User) -> bool:
    """Return whether the user signed the current text of the agreement."""
    return Agreement.objects.filter(
        tenant=tenant_of(user), person=user, text_sha256=agreement().sha256
    ).exists()


def due_for(
    people: Iterable[User], tenant: Tenant, now: datetime, *, only: User | None = None
) -> tuple[Due, ...]:
    """Return the lessons due for these people, with reasons. ``only``: read only this person's records."""
    learners = [Learner(f"u{one.pk}", one.role) for one in people]
    return due(learners, _records(tenant, only), now)


def observe(tenant: Tenant, now: datetime) -> Mapping[str, Fact]:
    """Return the facts on training and agreements, over all users who can sign in and whose role has a lesson."""
    people = list(User.objects.filter(tenant=tenant, is_active=True))
    learners = [Learner(f"u{one.pk}", one.role) for one in people]
    signed = set(
        Agreement.objects.filter(tenant=tenant, text_sha256=agreement().sha256).values_list(
            "person_id", flat=True
        )
    )
    staff = {one.pk for one in people if course().for_role(one.role)}
    return training_facts(learners, _records(tenant), now) | {"people_without_agreement": len(staff - signed)}


def _records(tenant: Tenant, only: User | None = None) -> list[Record]:
    rows = LessonPassed.objects.filter(tenant=tenant)
    if only is not None:
        rows = rows.filter(person=only)
    found = rows.values_list("person_id", "lesson", "version", "passed_at")
    return [Record(f"u{person}", lesson, version, at) for person, lesson, version, at in found]
