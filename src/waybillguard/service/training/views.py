"""Pages of training: own lessons, one lesson with questions and exercise, the agreement, and due people."""

import secrets
from collections import Counter
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from waybillguard.inspect.training import Lesson, course
from waybillguard.inspect.training.agreement import agreement as agreement_text
from waybillguard.service.authorization.access import requires, signed_in
from waybillguard.service.identity.context import tenant_of
from waybillguard.service.identity.models import Permission, Role, User
from waybillguard.service.platform.views import attempt, number
from waybillguard.service.training import services
from waybillguard.service.training.errors import TrainingError
from waybillguard.service.training.models import LessonPassed

_HELD: Final = "training_drawn"
"""Session key of the attempt shown last, by lesson."""


def _text(zh: str, en: str) -> str:
    return zh if (get_language() or "zh").startswith("zh") else en


@require_safe
def training(request: HttpRequest) -> HttpResponse:
    """Show the user's own lessons and the agreement."""
    user = signed_in(request)
    tenant = tenant_of(user)
    open_ones = {one.lesson: one.why for one in services.due_for([user], tenant, timezone.now())}
    passed = dict(
        LessonPassed.objects.filter(tenant=tenant, person=user)
        .order_by("passed_at")
        .values_list("lesson", "passed_at")
    )
    lessons = [
        {
            "id": lesson.id,
            "title": _text(lesson.title_zh, lesson.title_en),
            "minutes": lesson.minutes,
            "why": open_ones.get(lesson.id, ""),
            "passed": passed.get(lesson.id),
        }
        for lesson in course().for_role(user.role)
    ]
    context = {"lessons": lessons, "signed": services.has_signed(user)}
    return render(request, "training/training.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def lesson(request: HttpRequest, name: str) -> HttpResponse:
    """Show a lesson, and score an attempt at its questions and exercise."""
    user = signed_in(request)
    try:
        found = services.lesson_of(user, name)
    except TrainingError:
        raise Http404 from None
    if request.method != "POST":
        return render(request, "training/lesson.html", _page(found, _draw(request, found)))
    asked = attempt(request, lambda: _drawn(request, found))
    if asked is None:
        return redirect("lesson", name=name)
    answers = {
        question.id: frozenset(number(one, 0, 20, 99) for one in request.POST.getlist(question.id))
        for question in services.questions_of(found.id, asked)
    }
    reported = request.POST.get("exercise") == "report"
    result = attempt(request, lambda: services.take_attempt(user, found, asked, answers, reported=reported))
    if result is None:
        return redirect("lesson", name=name)
    exercise = course().exercise_of(found.id)
    context = {
        "title": _text(found.title_zh, found.title_en),
        "name": found.id,
        "result": result,
        "again": [(_text(one.zh, one.en), _text(one.why_zh, one.why_en)) for one in result.again],
        "reported": reported,
        "signs": _text("、".join(exercise.signs_zh), ", ".join(exercise.signs_en)),
    }
    return render(request, "training/result.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def agreement(request: HttpRequest) -> HttpResponse:
    """Show the agreement and sign it."""
    user = signed_in(request)
    if request.method == "POST":
        if attempt(request, lambda: services.sign(user)):
            messages.success(request, _("Signed."))
        return redirect("training")
    text = agreement_text()
    context = {
        "title": _text(text.title_zh, text.title_en),
        "lines": text.zh if _text("zh", "en") == "zh" else text.en,
        "signed": services.has_signed(user),
    }
    return render(request, "training/agreement.html", context)


@requires(Permission.LEAD)
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Show by role how many people have passed their lessons and who is due. Answers are never shown."""
    tenant = tenant_of(signed_in(request))
    staff = [
        one
        for one in User.objects.filter(tenant=tenant, is_active=True).order_by("role", "pk")
        if course().for_role(one.role)
    ]
    open_ones: dict[str, list[str]] = {}
    for one in services.due_for(staff, tenant, timezone.now()):
        open_ones.setdefault(one.person, []).append(one.why)
    total = Counter(one.role for one in staff)
    done = Counter(one.role for one in staff if f"u{one.pk}" not in open_ones)
    context: dict[str, Any] = {
        "roles": [
            {"label": Role(role).label, "total": total[role], "done": done[role]} for role in sorted(total)
        ],
        "due": [(one, open_ones[f"u{one.pk}"][0]) for one in staff if f"u{one.pk}" in open_ones],
    }
    return render(request, "training/people.html", context)


def _draw(request: HttpRequest, found: Lesson) -> int:
    """Draw the number of a new attempt and store it in the session."""
    asked = secrets.randbelow(1_000_000)
    request.session[_HELD] = {**request.session.get(_HELD, {}), found.id: asked}
    return asked


def _drawn(request: HttpRequest, found: Lesson) -> int:
    """Return the number drawn for this attempt, only once, so that users cannot choose their questions.

    Raises:
        TrainingError: it is not the attempt shown last.
    """
    held = dict(request.session.get(_HELD, {}))
    asked = int(held.pop(found.id, -1))
    if asked < 0 or number(request.POST.get("attempt"), 0, 999_999, -1) != asked:
        raise TrainingError(
            zh="这份题目已交过或已过期，未记录。请答下面新抽的题目。",
            en="these questions were handed in or replaced, and nothing was recorded. Answer the ones drawn anew below.",
        )
    request.session[_HELD] = held
    return asked


def _page(found: Lesson, asked: int) -> dict[str, Any]:
    exercise = course().exercise_of(found.id)
    return {
        "title": _text(found.title_zh, found.title_en),
        "name": found.id,
        "minutes": found.minutes,
        "attempt": asked,
        "cards": [{"kind": card.kind, "text": _text(card.zh, card.en)} for card in found.cards],
        "questions": [
            {
                "id": question.id,
                "text": _text(question.zh, question.en),
                "many": len(question.right()) > 1,
                "options": [_text(option.zh, option.en) for option in question.options],
            }
            for question in services.questions_of(found.id, asked)
        ],
        "exercise": {
            "channel": _text(exercise.channel_zh, exercise.channel_en),
            "text": _text(exercise.zh, exercise.en),
        },
    }
