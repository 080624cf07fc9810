"""Badge and PIN at an enrolled station: sign-in, refusals, and the end of a session."""

import re
from collections.abc import Callable
from datetime import timedelta
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope
from support.badges import PIN, badge_of, scan, station

from waybillguard.access.request import Device as DeviceFacts
from waybillguard.access.request import Place, SignIn
from waybillguard.service.identity.accounts.employment import let_go
from waybillguard.service.identity.models import (
    Badge,
    Browser,
    Device,
    Employment,
    Here,
    Permission,
    Role,
    StationSession,
    User,
)
from waybillguard.service.people.badges import services

type Confirmed = Callable[..., Client]
WORK = ("home", "orders", "printing")


def test_a_badge_and_its_pin_open_masked_work(scene: SimpleNamespace, journal: list[Any]) -> None:
    device, browser = station(scene.owner)
    issued = badge_of(scene.owner, scene.clerk)
    assert scan(browser, issued.code)["Location"] == reverse("home")
    assert [browser.get(reverse(page)).status_code for page in WORK] == [200, 200, 200]
    assert "测**" in browser.get(reverse("orders")).content.decode()
    (told,) = [detail for kind, _, detail in journal if kind == "sign_in"]
    assert told == {"method": "badge", "device": device.uid, "station": "打包台1"}


def test_a_browser_nobody_enrolled_takes_no_badge(scene: SimpleNamespace) -> None:
    issued = badge_of(scene.owner, scene.clerk)
    answer = scan(Client(headers={"accept-language": "en"}), issued.code)
    assert answer.status_code == 403
    assert "no enrolled station" in answer.content.decode()


@pytest.mark.parametrize("kind", ["desk", "phone"])
def test_an_enrolled_browser_elsewhere_than_at_a_station_takes_no_badge(
    kind: str, scene: SimpleNamespace
) -> None:
    _, browser = station(scene.owner, kind=kind)
    assert scan(browser, badge_of(scene.owner, scene.clerk).code).status_code == 403


@pytest.mark.parametrize("state", ["restricted", "revoked"])
def test_a_restricted_or_revoked_station_takes_no_badge_and_ends_what_was_open(
    state: str, scene: SimpleNamespace
) -> None:
    device, browser = station(scene.owner)
    issued = badge_of(scene.owner, scene.clerk)
    scan(browser, issued.code)
    Device.objects.filter(pk=device.pk).update(state=state)
    assert browser.get(reverse("orders"))["Location"] == reverse("station")
    assert scan(browser, issued.code).status_code == 403


def test_a_badge_of_another_warehouse_is_unknown_here(
    scene: SimpleNamespace, elsewhere: SimpleNamespace
) -> None:
    _, browser = station(scene.owner)
    with scope(tenant=elsewhere.tenant):
        foreign = badge_of(elsewhere.owner, elsewhere.clerk)
    assert scan(browser, foreign.code).status_code == 403


def test_at_first_use_the_person_chooses_a_pin_that_is_not_easily_guessed(scene: SimpleNamespace) -> None:
    _, browser = station(scene.owner)
    issued = badge_of(scene.owner, scene.clerk, chosen=False)
    page = scan(browser, issued.code, issued.start)
    ticket = page.context["ticket"]
    assert browser.get(reverse("orders"))["Location"].startswith("/login/"), "not signed in yet"
    for weak in ("111111", "123456", "520131", issued.start, "12345"):
        answer = browser.post(reverse("station_pin"), {"ticket": ticket, "pin1": weak, "pin2": weak})
        assert answer.status_code == 422, weak
    answer = browser.post(reverse("station_pin"), {"ticket": ticket, "pin1": PIN, "pin2": PIN})
    assert answer["Location"] == reverse("home")
    assert browser.get(reverse("orders")).status_code == 200
    again = browser.post(reverse("station_pin"), {"ticket": ticket, "pin1": "719358", "pin2": "719358"})
    assert again.status_code == 422, "the form worked once"
    assert scan(browser, issued.code, issued.start).status_code == 403, "the start number is gone"
    assert scan(browser, issued.code).status_code == 302


def test_the_form_to_choose_a_pin_is_of_no_use_at_another_browser(scene: SimpleNamespace) -> None:
    _, browser = station(scene.owner)
    _, other = station(scene.owner, "打包台2")
    issued = badge_of(scene.owner, scene.clerk, chosen=False)
    ticket = scan(browser, issued.code, issued.start).context["ticket"]
    for thief in (other, Client()):
        answer = thief.post(reverse("station_pin"), {"ticket": ticket, "pin1": PIN, "pin2": PIN})
        assert answer.status_code == 410


def test_a_start_number_is_too_old_after_three_days(scene: SimpleNamespace) -> None:
    _, browser = station(scene.owner)
    issued = badge_of(scene.owner, scene.clerk, chosen=False)
    Badge.objects.update(start_until=timezone.now() - timedelta(seconds=1))
    assert scan(browser, issued.code, issued.start).status_code == 403


def test_the_next_scan_ends_the_session_before(scene: SimpleNamespace, made_up: ModuleType) -> None:
    _, browser = station(scene.owner)
    second = made_up.make_user(scene.tenant, "clerk-2", Role.CLERK)
    scan(browser, badge_of(scene.owner, scene.clerk).code)
    before = browser.session.session_key
    assert scan(browser, badge_of(scene.owner, second).code).status_code == 302
    assert browser.get(reverse("home")).context["user"] == second
    left = Client(headers={"accept-language": "en"})
    left.cookies.update(browser.cookies)
    left.cookies["__Host-waybillguard-session"] = before
    assert left.get(reverse("orders")).status_code == 302, "the session of the first person is dead"
    assert not UserSession.objects.filter(session_key=before).exists()
    assert StationSession.objects.filter(ended_at=None).get().badge.user == second


def test_the_session_of_a_badge_is_of_no_use_without_the_station(scene: SimpleNamespace) -> None:
    _, browser = station(scene.owner)
    scan(browser, badge_of(scene.owner, scene.clerk).code)
    stolen = Client()
    stolen.cookies["__Host-waybillguard-session"] = browser.session.session_key
    assert stolen.get(reverse("orders"))["Location"] == reverse("station")
    _, other = station(scene.owner, "打包台2")
    other.cookies["__Host-waybillguard-session"] = browser.session.session_key
    assert other.get(reverse("orders")).status_code == 302


def test_a_session_is_over_after_a_quarter_of_an_hour_without_a_hand_on_it(scene: SimpleNamespace) -> None:
    _, browser = station(scene.owner)
    User.objects.update(date_joined="2026-11-01T00:00:00Z")  # employed on the day travelled to
    with time_machine.travel("2026-11-25T02:00:00Z", tick=False) as clock:
        scan(browser, badge_of(scene.owner, scene.clerk).code)
        for _ in range(3):
            clock.shift(timedelta(minutes=14))
            assert browser.get(reverse("orders")).status_code == 200
        for _ in range(2):
            clock.shift(timedelta(minutes=7))
            polled = browser.get(reverse("orders"), headers={"HX-Request": "true"})
            assert polled.status_code == 200, "a page that polls is answered"
        clock.shift(timedelta(minutes=2))
        assert browser.get(reverse("orders")).status_code == 302, "and keeps no session alive"


def test_a_session_ends_with_the_shift_however_busy_it_is(scene: SimpleNamespace) -> None:
    _, browser = station(scene.owner)
    User.objects.update(date_joined="2026-11-01T00:00:00Z")  # employed on the day travelled to
    with time_machine.travel("2026-11-25T11:40:00Z", tick=False) as clock:  # 19:40; the shift ends at 20:00
        scan(browser, badge_of(scene.owner, scene.clerk).code)
        clock.shift(timedelta(minutes=10))
        assert browser.get(reverse("orders")).status_code == 200
        clock.shift(timedelta(minutes=9, seconds=59))
        assert browser.get(reverse("orders")).status_code == 200
        clock.shift(timedelta(seconds=1))
        assert browser.get(reverse("orders")).status_code == 302


def test_a_leavers_badge_and_live_session_are_dead_with_the_next_request(scene: SimpleNamespace) -> None:
    _, browser = station(scene.owner)
    issued = badge_of(scene.owner, scene.clerk)
    scan(browser, issued.code)
    assert browser.get(reverse("orders")).status_code == 200
    let_go(scene.owner, scene.clerk, timezone.now())
    assert browser.get(reverse("orders")).status_code == 302
    assert scan(browser, issued.code).status_code == 403
    assert not Badge.objects.filter(revoked_at=None).exists()


def test_a_revoked_badge_ends_its_session_within_that_request(
    scene: SimpleNamespace, confirmed: Confirmed
) -> None:
    _, browser = station(scene.owner)
    issued = badge_of(scene.owner, scene.clerk)
    scan(browser, issued.code)
    confirmed(scene.owner).post(reverse("badge_revoke", args=[scene.clerk.pk]))
    assert browser.get(reverse("orders")).status_code == 302
    assert scan(browser, issued.code).status_code == 403


def test_a_temp_in_the_first_week_does_not_get_in_at_a_print_station(scene: SimpleNamespace) -> None:
    _, browser = station(scene.owner)
    today = timezone.localdate()
    Employment.objects.create(
        tenant=scene.tenant, user=scene.clerk, temp=True, employed_from=today, identity_checked_on=today,
        employed_to=today + timedelta(days=20),
    )  # fmt: skip
    answer = scan(browser, badge_of(scene.owner, scene.clerk).code)
    assert answer.status_code == 403
    assert "first seven days" in answer.content.decode()


ACCOUNT_PAGES = (
    "mfa_index", "mfa_activate_totp", "mfa_add_webauthn", "account_change_password", "account_reauthenticate",
    "usersessions_list", "tokens", "second_factor", "mfa_generate_recovery_codes",
)  # fmt: skip


@pytest.mark.parametrize("page", ACCOUNT_PAGES)
def test_a_badge_changes_nothing_of_the_account(page: str, scene: SimpleNamespace) -> None:
    _, browser = station(scene.owner)
    scan(browser, badge_of(scene.owner, scene.clerk).code)
    assert browser.get(reverse(page)).status_code == 403


@pytest.mark.parametrize("page", ["people", "devices", "policies", "badges", "duty", "stations"])
def test_an_owner_by_badge_administers_nothing(page: str, scene: SimpleNamespace) -> None:
    _, browser = station(scene.owner)
    scan(browser, badge_of(scene.owner, scene.owner).code)
    assert browser.get(reverse("orders")).status_code == 200
    answer = browser.get(reverse(page))
    assert answer.status_code == 403
    assert "sign-in by badge" in answer.content.decode()


def test_a_supervisor_by_badge_reads_no_record_of_looks(scene: SimpleNamespace, made_up: ModuleType) -> None:
    supervisor = made_up.make_user(scene.tenant, "supervisor", Role.SUPERVISOR)
    _, browser = station(scene.owner)
    scan(browser, badge_of(scene.owner, supervisor).code)
    assert browser.get(reverse("orders")).status_code == 200
    for page in (reverse("ledger"), reverse("order_looks", args=[scene.orders[0].pk])):
        assert browser.get(page).status_code == 403
    supervisor.here = Here(
        SignIn(method="badge"),
        DeviceFacts(id="d", tenant="here", kind="print_station", enrolled=True),
        Place(),
    )
    assert not supervisor.may(Permission.LEDGER), "and without the list of pages the policies say so"
    assert supervisor.may(Permission.VIEW)


def test_no_plaintext_opens_by_badge_and_the_try_is_written_down(scene: SimpleNamespace) -> None:
    from waybillguard.service.lookups.models import Look

    _, browser = station(scene.owner)
    scan(browser, badge_of(scene.owner, scene.owner).code)
    order = scene.orders[0]
    page = browser.get(reverse("reveal", args=[order.pk]))
    assert page.status_code == 403
    asked = {"group": "phone", "purpose": "after_sales", "form": page.context["form"]}
    answer = browser.post(reverse("reveal_show", args=[order.pk]), asked)
    assert answer.status_code == 403
    look = Look.objects.get()
    assert (look.allowed, "badge-masked-only" in look.policies.split()) == (False, True)


def test_a_station_is_no_new_browser_to_be_warned_of(scene: SimpleNamespace) -> None:
    Browser.objects.create(user=scene.clerk, mark=bytes(32))
    _, browser = station(scene.owner)
    scan(browser, badge_of(scene.owner, scene.clerk).code)
    assert Browser.objects.filter(user=scene.clerk).exclude(known_since=None).count() == 1


def test_when_the_ledger_is_away_nobody_gets_in_and_nobody_is_put_out(
    scene: SimpleNamespace, made_up: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    from waybillguard.service.identity.accounts import journal
    from waybillguard.service.keyd.client import KeydUnavailableError

    _, browser = station(scene.owner)
    scan(browser, badge_of(scene.owner, scene.clerk).code)
    second = badge_of(scene.owner, made_up.make_user(scene.tenant, "clerk-2", Role.CLERK))

    def away(*_: Any, **__: Any) -> None:
        raise KeydUnavailableError(zh="没有应答", en="no answer")

    monkeypatch.setattr(journal, "write", away)
    assert scan(browser, second.code).status_code == 503
    assert browser.get(reverse("home")).context["user"] == scene.clerk


def test_a_badge_is_printed_once_and_both_its_codes_are_read_back(
    scene: SimpleNamespace, confirmed: Confirmed
) -> None:
    import base64
    import io

    import numpy as np
    from PIL import Image

    from waybillguard.label.codes import decode

    owner = confirmed(scene.owner)
    page = owner.post(reverse("badge_issue", args=[scene.clerk.pk]))
    assert page["Cache-Control"] == "no-store"
    text = page.content.decode()
    png = re.search(r'src="data:image/png;base64,([^"]+)"', text)
    assert png
    picture = np.asarray(Image.open(io.BytesIO(base64.b64decode(png[1]))).convert("L"))
    qr, bars = decode(picture)
    assert qr.text == bars.text
    assert services.code_hash(qr.text) == bytes(Badge.objects.get().code_hash)
    assert base64.b64decode(page.context["pdf"]).startswith(b"%PDF-1.4")
    _, browser = station(scene.owner)
    assert scan(browser, qr.text, page.context["start"]).context["ticket"]
    assert "base64" not in owner.get(reverse("badge", args=[scene.clerk.pk])).content.decode()


def test_a_badge_needs_a_fresh_proof_of_who_issues_it(
    scene: SimpleNamespace, signed_in: Callable[[User], Client]
) -> None:
    answer = signed_in(scene.owner).post(reverse("badge_issue", args=[scene.clerk.pk]))
    assert answer["Location"].startswith("/account/confirm/")
    assert not Badge.objects.exists()


def test_an_owners_page_names_wrong_pins_open_sessions_and_badges_with_few_queries(
    scene: SimpleNamespace, confirmed: Confirmed, made_up: ModuleType, django_assert_max_num_queries: Any
) -> None:
    for number in range(12):
        _, browser = station(scene.owner, f"打包台{number}")
        user = made_up.make_user(scene.tenant, f"clerk-{number}", Role.CLERK, second_factor=False)
        issued = badge_of(scene.owner, user)
        scan(browser, issued.code)
        for _ in range(5):
            scan(browser, issued.code, "000000")
    owner = confirmed(scene.owner)
    owner.get(reverse("badges"))
    with django_assert_max_num_queries(20):
        text = owner.get(reverse("badges")).content.decode()
    assert all(f"clerk-{number}" in text for number in range(12))
