"""Number of database statements of a form and a look."""

import re
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse
from support.counting import cost

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_form_writes_nothing_and_a_look_makes_one_transaction_and_keeps_its_receipt(
    scene: SimpleNamespace, confirmed: Callable[..., Client]
) -> None:
    browser = confirmed(scene.owner)
    for number in range(2):  # the first look of a day also makes its counters
        pk = scene.orders[number].pk
        with cost() as form:
            page = browser.get(reverse("reveal", args=[pk]), secure=True).content.decode()
        found = re.search(r'name="form" value="([^"]+)"', page)
        assert found is not None
        asked = {"form": found[1], "group": "phone", "purpose": "delivery_problem"}
        with cost() as look:
            answer = browser.post(reverse("reveal_show", args=[pk]), asked, secure=True)
        assert b'id="secret"' in answer.content
    assert form.writing == 0
    assert form.statements <= 16  # the policies are asked with the order's facts before a code is
    assert look.writing == 2
    assert look.statements <= 28  # the guard asks for its record, thresholds, decoys and restrictions


def test_a_session_seen_within_the_minute_is_not_asked_for_again(
    scene: SimpleNamespace, confirmed: Callable[..., Client]
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    browser = confirmed(scene.owner)
    address = reverse("reveal", args=[scene.orders[0].pk])
    asked = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as captured:
            browser.get(address, secure=True)
        asked.append(sum("usersessions" in query["sql"] for query in captured.captured_queries))
    assert asked[0] > 0
    assert asked[1] == 0
