"""Enumerating phone numbers by search, on pages and API: limited per shift, raises an alarm, reveals nothing by timing.

keyd's rate limit is tested in ``tests/thief/test_guesser.py``, the guard in ``test_guard.py``. Here keyd allows
everything and the guard starts later, so that only the limit per shift applies.
"""

import sys
from collections.abc import Callable, Iterator
from types import SimpleNamespace

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from waybillguard.service.identity.models import ShellToken
from waybillguard.service.keyd.usage import Usage
from waybillguard.service.lookups import searches
from waybillguard.service.lookups.guard import set_threshold
from waybillguard.service.lookups.models import LookAlarm, QuotaCounter
from waybillguard.service.vault.errors import TooManySearchesError
from waybillguard.service.vault.search import search_orders

STRANGER = "1998888{:04}"


@pytest.fixture(autouse=True)
def unhurried(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(Usage, "search", lambda *_: None)
    return


def by_page(browser: Client, phone: str) -> int:
    cache.clear()  # as if a minute had passed: the rate limit is tested elsewhere
    answer = browser.post(reverse("order_search"), {"kind": "phone", "value": phone})
    assert answer.status_code == 200
    assert b"try again in" not in answer.content, "the guard does not stand in front"
    return b"used up" not in answer.content


def test_a_shift_has_an_end_by_page_and_by_api_together_and_the_owner_is_told(
    scene: SimpleNamespace, signed_in: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searches, "SEARCHES_A_SHIFT", 60)
    set_threshold(scene.owner, scene.tenant, "guard_burst.search.slow", 200)
    secret, _ = ShellToken.issue(scene.service, "walker", timezone.now())
    browser, answered, refused = signed_in(scene.service), 0, 0
    for number in range(100):
        phone = STRANGER.format(number)
        if number % 2:
            ok = by_page(browser, phone)
        else:
            cache.clear()
            answer = Client().post(
                "/api/v1/orders/search", {"kind": "phone", "value": phone}, content_type="application/json",
                headers={"authorization": f"Bearer {secret}"},
            )  # fmt: skip
            assert answer.status_code in {200, 429}
            assert phone not in answer.content.decode()
            ok = answer.status_code == 200
        answered += ok
        refused += not ok
    sys.stdout.write(f"walker of phones: {answered} of 100 numbers answered in a shift, {refused} refused\n")
    assert answered == 60
    alarms = {alarm.kind: alarm for alarm in LookAlarm.objects.filter(account=scene.service)}
    assert set(alarms) == {"search_misses", "searches"}
    assert alarms["search_misses"].count == searches.MISSES_TOLD
    assert alarms["searches"].ledger_index is not None, "in the ledger too"
    shown = signed_in(scene.owner).get(reverse("quotas")).content.decode()
    assert "Many searches that found nobody" in shown
    assert "All searches of a shift used up" in shown


def test_numbers_of_orders_and_waybills_are_not_counted(scene: SimpleNamespace) -> None:
    for value in ("SF1234567890123", "TM-0001", "202611010001"):
        assert not search_orders(scene.service, "any", value).for_person
    search_orders(scene.service, "order", "19900000001")
    assert QuotaCounter.objects.filter(scope="search").count() == 0
    assert search_orders(scene.service, "any", "0001").for_person
    assert QuotaCounter.objects.get(scope="search").used == 1


@pytest.mark.parametrize(
    "spelling",
    [
        "199 0000 0001", "199.0000.0001", "19900000001-1", "1９９０００００００１", "0086 199 0000 0001",
        "+86-19900000001", "a19900000001", "19900000001 转 5", "0571-88886666", "(0571) 88886666",
    ],
)  # fmt: skip
def test_a_phone_is_counted_however_it_is_spelled(scene: SimpleNamespace, spelling: str) -> None:
    found = search_orders(scene.service, "any", spelling).orders
    assert bool(found) is ("1" in spelling[:8] and "0571" not in spelling), (
        "it is the phone that is looked for"
    )
    assert QuotaCounter.objects.get(scope="search").used == 1


def test_a_hit_and_a_miss_ask_the_database_the_same(scene: SimpleNamespace) -> None:
    known = "19900000001"
    asked: dict[str, list[str]] = {}
    search_orders(scene.service, "phone", known)
    for name, phone in (("hit", known), ("miss", STRANGER.format(1))):
        with CaptureQueriesContext(connection) as seen:
            found = search_orders(scene.service, "phone", phone).orders
        assert bool(found) is (name == "hit")
        asked[name] = [query["sql"].split(" ")[0] for query in seen.captured_queries]
    assert asked["hit"] == asked["miss"]


def test_a_machine_key_is_counted_by_itself(scene: SimpleNamespace) -> None:
    scene.owner.acting_key = "key-7"
    for number in range(searches.MISSES_TOLD):
        search_orders(scene.owner, "phone", STRANGER.format(number))
    scene.owner.acting_key = ""
    search_orders(scene.owner, "phone", STRANGER.format(0))
    assert {row.holder: row.used for row in QuotaCounter.objects.filter(scope="search")} == {
        "key-7": searches.MISSES_TOLD, f"u{scene.owner.pk}": 1,
    }  # fmt: skip
    assert LookAlarm.objects.filter(kind="search_misses").count() == 1


def test_a_refused_search_asks_keyd_nothing(scene: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searches, "SEARCHES_A_SHIFT", 0)
    scene.written.clear()
    with pytest.raises(TooManySearchesError):
        search_orders(scene.service, "phone", "19900000001")
    assert [type(one).__name__ for one in scene.written] == ["Record"], "the alarm alone"
