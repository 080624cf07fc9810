"""Lessons on the phone: read, answer, report. A pass is recorded, answers are not."""

from collections.abc import Callable
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope

from waybillguard.access.request import Device, Place, SignIn
from waybillguard.service.identity.models import Here, Role, User
from waybillguard.service.training import services
from waybillguard.service.training.models import Agreement, LessonPassed
from waybillguard.service.web.context import visible

type Browser = Callable[[User], Client]
pytestmark = pytest.mark.usefixtures("no_keyd")


def opened(client: Client, lesson: str) -> str:
    """Open a lesson and return the number of the drawn attempt."""
    return str(client.get(reverse("lesson", args=[lesson])).context["attempt"])


def filled_in(lesson: str, drawn: str, *, right: bool = True, exercise: str = "report") -> dict[str, Any]:
    data: dict[str, Any] = {"attempt": drawn, "exercise": exercise}
    for question in services.questions_of(lesson, int(drawn)):
        chosen = question.right() if right else set(range(len(question.options))) - question.right()
        data[question.id] = [str(at) for at in chosen]
    return data


def hand_in(client: Client, lesson: str, *, right: bool, exercise: str = "report") -> Any:
    data = filled_in(lesson, opened(client, lesson), right=right, exercise=exercise)
    return client.post(reverse("lesson", args=[lesson]), data)


def passed(warehouse: SimpleNamespace) -> int:
    with scope(tenant=warehouse.tenant):
        return LessonPassed.objects.filter(tenant=warehouse.tenant).count()


def test_whoever_never_opened_the_lesson_passes_nothing(
    warehouse: SimpleNamespace, signed_in: Browser
) -> None:
    client, page = signed_in(warehouse.clerk), reverse("lesson", args=["clerk"])
    assert "drawn anew" in client.post(page, filled_in("clerk", "7"), follow=True).content.decode()
    assert passed(warehouse) == 0


def test_questions_are_drawn_here_and_an_attempt_is_handed_in_once(
    warehouse: SimpleNamespace, signed_in: Browser
) -> None:
    client, page = signed_in(warehouse.clerk), reverse("lesson", args=["clerk"])
    drawn = opened(client, "clerk")
    chosen = "7" if drawn != "7" else "8"
    assert "drawn anew" in client.post(page, filled_in("clerk", chosen), follow=True).content.decode()
    drawn = opened(client, "clerk")
    assert "nobody sees this" in client.post(page, filled_in("clerk", drawn, right=False)).content.decode()
    client.post(page, filled_in("clerk", drawn))
    assert passed(warehouse) == 0
    again = str(client.get(page).context["attempt"])  # another attempt is allowed immediately
    assert "Passed and recorded" in client.post(page, filled_in("clerk", again)).content.decode()


def test_a_pass_is_recorded_and_in_the_ledger(
    warehouse: SimpleNamespace, signed_in: Browser, journal: list[Any]
) -> None:
    page = hand_in(signed_in(warehouse.clerk), "clerk", right=True).content.decode()
    assert "Passed and recorded" in page
    with scope(tenant=warehouse.tenant):
        row = LessonPassed.objects.get(tenant=warehouse.tenant)
    assert (row.person_id, row.lesson) == (warehouse.clerk.pk, "clerk")
    assert {"change": "lesson_passed", "lesson": "clerk", "version": 1} in [one[2] for one in journal]


@pytest.mark.parametrize(("right", "exercise"), [(False, "report"), (True, "do"), (True, "ignore")])
def test_a_failed_attempt_leaves_nothing_behind_and_explains(
    warehouse: SimpleNamespace, signed_in: Browser, journal: list[Any], right: bool, exercise: str
) -> None:
    page = hand_in(signed_in(warehouse.clerk), "clerk", right=right, exercise=exercise).content.decode()
    assert "nobody sees this" in page
    with scope(tenant=warehouse.tenant):
        assert not LessonPassed.objects.filter(tenant=warehouse.tenant).exists()
    assert not [one for one in journal if one[2].get("change") == "lesson_passed"]


def test_a_lesson_of_another_role_is_not_there(warehouse: SimpleNamespace, signed_in: Browser) -> None:
    assert signed_in(warehouse.clerk).get(reverse("lesson", args=["owner"])).status_code == 404


def test_the_agreement_is_signed_once(warehouse: SimpleNamespace, signed_in: Browser) -> None:
    client = signed_in(warehouse.clerk)
    for _ in range(2):
        assert client.post(reverse("training_agreement")).status_code == 302
    with scope(tenant=warehouse.tenant):
        assert Agreement.objects.filter(tenant=warehouse.tenant).count() == 1


def test_the_overview_names_who_is_due_and_no_answers(warehouse: SimpleNamespace, signed_in: Browser) -> None:
    hand_in(signed_in(warehouse.clerk), "clerk", right=True)
    page = signed_in(warehouse.owner).get(reverse("training_people")).content.decode()
    assert "service" in page
    assert "First time" in page


def test_a_due_lesson_stands_in_the_persons_own_queue_alone(warehouse: SimpleNamespace) -> None:
    from waybillguard.service.training.risks import own_lesson

    with scope(tenant=warehouse.tenant):
        (risk,) = own_lesson(warehouse.clerk)
        assert risk.address == reverse("training")
        warehouse.clerk.here = Here(SignIn("badge"), Device(), Place())
        (risk,) = own_lesson(warehouse.clerk)
        assert (risk.address, "password" in risk.why) == ("", True)
        services.take_attempt(
            warehouse.clerk,
            services.lesson_of(warehouse.clerk, "clerk"),
            7,
            {question.id: question.right() for question in services.questions_of("clerk", 7)},
            reported=True,
        )
        assert not list(own_lesson(warehouse.clerk))
        facts = services.observe(warehouse.tenant, timezone.now())
    assert facts["people"] == 3
    assert facts["people_untrained"] == 2


@pytest.mark.parametrize("role", ["owner", "supervisor", "clerk", "service"])
def test_whoever_has_a_lesson_finds_it_in_the_menu(
    warehouse: SimpleNamespace, made_up: ModuleType, signed_in: Browser, role: str
) -> None:
    client = signed_in(made_up.make_user(warehouse.tenant, f"a-{role}", Role(role)))
    assert f'href="{reverse("training")}"' in client.get(reverse("home")).content.decode()
    page = client.get(reverse("training")).content.decode()
    assert (reverse("training_people") in page) == (role in {"owner", "supervisor"})


def test_the_menu_of_a_badge_leaves_out_what_a_badge_does_not_open() -> None:
    seen = [entry.name for entry in visible(frozenset({"view", "print"}), "clerk")]
    by_badge = [entry.name for entry in visible(frozenset({"view", "print"}), "clerk", badge=True)]
    assert "training" in seen
    assert "training" not in by_badge
    assert "home" in by_badge
