# ruff: noqa: ARG001 - fixtures are asked for by name; Django is imported late
"""Signing in: password, then second factor; guesses are limited; the last factor cannot be removed."""

from datetime import timedelta
from types import ModuleType, SimpleNamespace

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from cryptography.exceptions import InvalidTag
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from waybillguard.service.identity.models import Role, User
from waybillguard.service.keyd import messages
from waybillguard.service.keyd.client import KeydClient
from waybillguard.service.people.adapters import GUESSES_AN_HOUR, AccountAdapter, MFAAdapter


@pytest.fixture
def shell_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """The key process records the CLI's sign-in."""
    monkeypatch.setattr(KeydClient, "call", lambda *_: messages.Recorded(1, "", ""))


def sign_in(made_up: ModuleType, name: str, password: str = "") -> tuple[Client, str]:
    browser = Client(headers={"accept-language": "en"})
    answer = browser.post(reverse("account_login"), {"login": name, "password": password or made_up.PASSWORD})
    return browser, answer.headers.get("Location", "")


def test_a_password_alone_does_not_sign_in(warehouse: SimpleNamespace, made_up: ModuleType) -> None:
    browser, location = sign_in(made_up, "owner")
    assert location == reverse("mfa_authenticate")
    assert browser.get(reverse("home"))["Location"].startswith(reverse("account_login"))


def test_password_and_code_sign_in(warehouse: SimpleNamespace, made_up: ModuleType) -> None:
    browser, _ = sign_in(made_up, "owner")
    counter = list(yield_hotp_counters_from_time())[1]
    code = format_hotp_value(hotp_value(made_up.TOTP_SECRET, counter))
    assert browser.post(reverse("mfa_authenticate"), {"code": code})["Location"] == reverse("home")
    assert browser.get(reverse("home")).status_code == 200


def test_a_code_works_once(warehouse: SimpleNamespace, made_up: ModuleType) -> None:
    counter = list(yield_hotp_counters_from_time())[1]
    code = format_hotp_value(hotp_value(made_up.TOTP_SECRET, counter))
    first, _ = sign_in(made_up, "owner")
    assert first.post(reverse("mfa_authenticate"), {"code": code}).status_code == 302
    second, _ = sign_in(made_up, "owner")
    assert second.post(reverse("mfa_authenticate"), {"code": code}).status_code == 200


def test_a_role_without_power_signs_in_with_a_password(
    warehouse: SimpleNamespace, made_up: ModuleType
) -> None:
    browser, location = sign_in(made_up, "service")
    assert location == reverse("home")
    assert browser.get(reverse("orders")).status_code == 200


def test_the_password_of_the_sign_in_counts_for_setting_up_the_first_factor(
    warehouse: SimpleNamespace, made_up: ModuleType
) -> None:
    made_up.make_user(warehouse.tenant, "fresh", Role.CLERK, second_factor=False)
    browser, location = sign_in(made_up, "fresh")
    assert location == reverse("home")
    assert browser.get(reverse("mfa_add_webauthn")).status_code == 200
    _minutes_pass(browser, 5)
    assert _confirms(browser, "mfa_add_webauthn")


def test_with_a_factor_the_password_of_the_sign_in_adds_no_other(
    warehouse: SimpleNamespace, made_up: ModuleType
) -> None:
    user = made_up.make_user(warehouse.tenant, "fresh", Role.CLERK, second_factor=False)
    browser, _ = sign_in(made_up, "fresh")
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": ""})
    assert _confirms(browser, "mfa_add_webauthn")


def _confirms(browser: Client, page: str) -> bool:
    answer = browser.get(reverse(page))
    return answer.status_code == 302 and answer["Location"].startswith(reverse("account_reauthenticate"))


def _minutes_pass(browser: Client, minutes: int) -> None:
    session = browser.session
    records = session["account_authentication_methods"]
    session["account_authentication_methods"] = [{**one, "at": one["at"] - 60 * minutes} for one in records]
    session.save()


def test_guessing_passwords_is_limited(warehouse: SimpleNamespace, made_up: ModuleType) -> None:
    for _ in range(12):
        sign_in(made_up, "service", "wrong password")
    _, location = sign_in(made_up, "service")
    assert location == ""


def test_an_unknown_name_is_answered_like_a_wrong_password(warehouse: SimpleNamespace) -> None:
    browser = Client(headers={"accept-language": "en"})
    answers = [
        browser.post(reverse("account_login"), {"login": name, "password": "wrong"}).context["form"].errors
        for name in ("owner", "nobody-here")
    ]
    assert answers[0] == answers[1]


def test_a_leavers_session_ends_with_the_next_request(warehouse: SimpleNamespace) -> None:
    browser = Client()
    browser.force_login(warehouse.clerk)
    assert browser.get(reverse("home")).status_code == 200
    User.objects.filter(pk=warehouse.clerk.pk).update(is_active=False)
    assert browser.get(reverse("home")).status_code == 302


@pytest.mark.parametrize(
    "name", ["account_signup", "account_email", "account_reset_password", "account_set_password", "mfa_trust"]
)
def test_what_is_not_used_is_not_routed(name: str) -> None:
    with pytest.raises(NoReverseMatch):
        reverse(name)


@pytest.mark.parametrize("path", ["/signup/", "/accounts/signup/", "/email/", "/password/reset/", "/social/"])
def test_nobody_signs_up(path: str, db: None) -> None:
    assert Client().get(path).status_code == 404


def test_the_adapter_is_closed_for_sign_up() -> None:
    assert AccountAdapter().is_open_for_signup(None) is False


def test_the_last_second_factor_of_a_role_with_power_stays(warehouse: SimpleNamespace) -> None:
    last = Authenticator.objects.get(user=warehouse.owner)
    assert MFAAdapter().can_delete_authenticator(last) is False
    Authenticator.objects.create(user=warehouse.owner, type=Authenticator.Type.WEBAUTHN, data={})
    assert MFAAdapter().can_delete_authenticator(last) is True


def test_a_sealed_secret_opens_and_does_not_open_altered() -> None:
    adapter = MFAAdapter()
    sealed = adapter.encrypt("JBSWY3DP")
    assert sealed != adapter.encrypt("JBSWY3DP")
    assert adapter.decrypt(sealed) == "JBSWY3DP"
    with pytest.raises(InvalidTag):
        adapter.decrypt(sealed[:-4] + ("AAAA" if sealed[-4:] != "AAAA" else "BBBB"))


def test_a_session_does_not_hold_a_one_time_link(warehouse: SimpleNamespace, made_up: ModuleType) -> None:
    browser = Client()
    browser.force_login(warehouse.owner)
    browser.get(reverse("people"))
    for session in Session.objects.all():
        assert "/setup/" not in str(session.get_decoded())


def shell(made_up: ModuleType, code: str, address: str = "192.0.2.7") -> int:
    body = {"username": "owner", "password": made_up.PASSWORD, "code": code, "label": "shell"}
    answer = Client(REMOTE_ADDR=address).post("/api/v1/login", body, content_type="application/json")
    return answer.status_code


def right_code(made_up: ModuleType) -> str:
    return format_hotp_value(hotp_value(made_up.TOTP_SECRET, list(yield_hotp_counters_from_time())[1]))


def test_codes_cannot_be_guessed_at_the_shell_from_many_addresses(
    warehouse: SimpleNamespace, made_up: ModuleType, shell_told: None
) -> None:
    answers = [shell(made_up, "000000", f"192.0.2.{number}") for number in range(12)]
    assert (answers[0], answers[-1]) == (401, 429)
    assert shell(made_up, right_code(made_up), "192.0.2.99") == 429, "not even the right one, for a while"


def test_guesses_at_the_door_do_not_shut_anybody_out_of_the_shell(
    warehouse: SimpleNamespace, made_up: ModuleType, shell_told: None
) -> None:
    for number in range(GUESSES_AN_HOUR + 5):
        Client(REMOTE_ADDR=f"192.0.2.{number}").post(
            reverse("account_login"), {"login": "owner", "password": "wrong"}
        )
    _, location = sign_in(made_up, "owner")
    assert location == "", "an unknown browser waits"
    assert shell(made_up, right_code(made_up)) == 200


def test_guesses_are_counted_by_all_processes_together_and_through_a_restart(
    warehouse: SimpleNamespace, made_up: ModuleType, shell_told: None
) -> None:
    for number in range(GUESSES_AN_HOUR):
        cache.clear()  # what a process knows when it has just begun
        Client(REMOTE_ADDR=f"192.0.2.{number}").post(
            reverse("account_login"), {"login": "Owner", "password": "wrong"}
        )
    cache.clear()
    assert sign_in(made_up, "owner")[1] == ""
    for begun in (timedelta(hours=-1), timedelta(days=365)):
        User.objects.filter(pk=warehouse.owner.pk).update(wrong_since=timezone.now() + begun)
        assert sign_in(made_up, "owner")[1] != "", "an hour that is over, or of a clock that was ahead"
