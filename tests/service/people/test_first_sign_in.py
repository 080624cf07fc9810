# ruff: noqa: ARG001 - fixtures are asked for by name; Django is imported late
"""A one-time link sets name and password once, and leads to a second factor."""

from datetime import timedelta
from types import ModuleType, SimpleNamespace

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from waybillguard.service.identity.models import OneTimeLink, Role, User

PASSWORD = "parcels leave at six sharp"


@pytest.fixture
def invited(made_up: ModuleType, db: None) -> SimpleNamespace:
    user = made_up.make_user(made_up.make_tenant("new"), "owner", Role.OWNER, second_factor=False)
    user.set_unusable_password()
    user.save()
    secret = OneTimeLink.issue(user, timezone.now())
    return SimpleNamespace(user=user, secret=secret, address=reverse("setup", args=[secret]))


def form(**changes: str) -> dict[str, str]:
    return {"username": "owner", "password1": PASSWORD, "password2": PASSWORD, **changes}


def code(secret: str) -> str:
    counters = list(yield_hotp_counters_from_time())
    return format_hotp_value(hotp_value(secret, counters[1]))


def test_the_link_leads_through_password_app_and_recovery_codes_to_the_home_page(
    invited: SimpleNamespace,
) -> None:
    browser = Client()
    assert 'value="owner"' in browser.get(invited.address).content.decode()
    after = browser.post(invited.address, form())
    assert after["Location"] == reverse("second_factor")
    assert browser.get(reverse("home"))["Location"] == reverse("second_factor")
    page = browser.get(reverse("mfa_activate_totp"))
    assert page.status_code == 200
    done = browser.post(reverse("mfa_activate_totp"), {"code": code(page.context["form"].secret)})
    assert done["Location"] == reverse("mfa_view_recovery_codes")
    assert len(browser.get(done["Location"]).context["unused_codes"]) == 10
    assert browser.get(reverse("home")).status_code == 200
    assert browser.get(reverse("second_factor"))["Location"] == reverse("home")


def test_secrets_of_second_factors_do_not_lie_open_in_the_database(invited: SimpleNamespace) -> None:
    browser = Client()
    browser.post(invited.address, form())
    secret = browser.get(reverse("mfa_activate_totp")).context["form"].secret
    browser.post(reverse("mfa_activate_totp"), {"code": code(secret)})
    stored = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret not in stored
    assert Authenticator.objects.filter(type=Authenticator.Type.RECOVERY_CODES).exists()
    for recovery in browser.get(reverse("mfa_view_recovery_codes")).context["unused_codes"]:
        assert recovery not in stored


def test_the_link_works_once(invited: SimpleNamespace) -> None:
    Client().post(invited.address, form())
    assert Client().get(invited.address).status_code == 410
    assert Client().post(invited.address, form(password1="another good sentence")).status_code == 410
    invited.user.refresh_from_db()
    assert invited.user.check_password(PASSWORD)


def test_the_link_ends_after_thirty_minutes(invited: SimpleNamespace) -> None:
    OneTimeLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    page = Client(headers={"accept-language": "en"}).get(invited.address)
    assert page.status_code == 410
    assert "This link no longer works" in page.content.decode()


def test_the_link_of_somebody_whose_access_ended_is_dead(invited: SimpleNamespace) -> None:
    User.objects.update(is_active=False)
    assert Client().post(invited.address, form()).status_code == 410


@pytest.mark.parametrize("name", ["taken", "Taken", "TAKEN"])
def test_a_name_of_somebody_else_is_refused_in_any_case(
    name: str, invited: SimpleNamespace, made_up: ModuleType
) -> None:
    """With two names that differ only by case, neither person could sign in."""
    made_up.make_user(invited.user.tenant, "taken", Role.CLERK)
    page = Client().post(invited.address, form(username=name))
    assert page.status_code == 200
    assert page.context["form"].errors
    assert OneTimeLink.find(invited.secret, timezone.now()) is not None


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"password2": "parcels leave at seven"}, "password2"),
        ({"password1": "short", "password2": "short"}, "password1"),
        ({"password1": "12345678901", "password2": "12345678901"}, "password1"),
        ({"password1": "1q2w3e4r5t", "password2": "1q2w3e4r5t"}, "password1"),
    ],
)
def test_a_weak_or_mistyped_password_leaves_the_link_alive(
    invited: SimpleNamespace, changes: dict[str, str], field: str
) -> None:
    page = Client().post(invited.address, form(**changes))
    assert page.context["form"].errors[field]
    assert OneTimeLink.find(invited.secret, timezone.now()) is not None


def test_links_cannot_be_guessed_for_long(db: None) -> None:
    stranger = Client()
    answers = [stranger.get(reverse("setup", args=[f"guess-{n}"])).status_code for n in range(25)]
    assert answers[0] == 410
    assert answers[-1] == 429


def test_a_hundred_people_behind_one_address_open_their_links_on_one_morning(
    invited: SimpleNamespace, made_up: ModuleType
) -> None:
    people = [
        made_up.make_user(invited.user.tenant, f"new-{n}", Role.CLERK, second_factor=False)
        for n in range(100)
    ]
    links = [reverse("setup", args=[OneTimeLink.issue(person, timezone.now())]) for person in people]
    shown = [Client().get(address).status_code for address in links]
    done = [Client().post(links[n], form(username=f"new-{n}")).status_code for n in range(0, 100, 10)]
    assert set(shown) == {200}
    assert set(done) == {302}


def test_the_link_replaces_whoever_was_signed_in_before(
    invited: SimpleNamespace, made_up: ModuleType
) -> None:
    browser = Client()
    browser.force_login(made_up.make_user(invited.user.tenant, "before", Role.CLERK))
    browser.post(invited.address, form())
    assert browser.get(reverse("second_factor")).context["user"] == invited.user


def test_a_new_link_still_asks_for_the_second_factor_somebody_has(
    invited: SimpleNamespace, made_up: ModuleType
) -> None:
    person = made_up.make_user(invited.user.tenant, "has-app", Role.CLERK)
    address = reverse("setup", args=[OneTimeLink.issue(person, timezone.now())])
    browser = Client()
    assert browser.post(address, form(username="has-app"))["Location"] == reverse("mfa_authenticate")
    assert browser.get(reverse("home"))["Location"].startswith(reverse("account_login"))
