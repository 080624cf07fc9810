"""Planted sessions, forms from other sites, other tenants' objects, and leavers with open sessions."""

from collections.abc import Callable
from types import ModuleType, SimpleNamespace

import pytest
from django.conf import settings
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from waybillguard.service.identity.models import User


def sign_in(client: Client, made_up: ModuleType, name: str = "service") -> None:
    answer = client.post(reverse("account_login"), {"login": name, "password": made_up.PASSWORD})
    assert answer.status_code == 302, answer.status_code


def test_a_session_that_was_there_before_the_sign_in_is_not_the_one_after_it(
    warehouse: SimpleNamespace, made_up: ModuleType
) -> None:
    assert warehouse.service.is_active
    planted = Client()
    planted.get(reverse("account_login"))
    session = planted.session
    session["planted"] = "by a stranger"
    session.save()
    key = session.session_key
    planted.cookies[settings.SESSION_COOKIE_NAME] = key
    sign_in(planted, made_up)
    assert planted.session.session_key != key
    thief = Client()
    thief.cookies[settings.SESSION_COOKIE_NAME] = key
    assert thief.get(reverse("home"))["Location"].startswith("/login/")


def test_a_session_of_somebody_else_is_flushed_at_sign_in(
    warehouse: SimpleNamespace, made_up: ModuleType, signed_in: Callable[[User], Client]
) -> None:
    browser = signed_in(warehouse.owner)
    before = browser.session.session_key
    browser.post(reverse("account_logout"))
    sign_in(browser, made_up)
    assert browser.session.session_key != before
    assert browser.session["_auth_user_id"] == str(warehouse.service.pk)


def posted() -> list[str]:
    def walk(resolver: URLResolver, namespace: str = "") -> list[URLPattern]:
        found: list[URLPattern] = []
        for entry in resolver.url_patterns:
            if isinstance(entry, URLPattern):
                found += [entry] if namespace != "api" else []
            else:
                found += walk(entry, entry.namespace or namespace)
        return found

    return [pattern.name or "" for pattern in walk(get_resolver()) if not pattern.pattern.converters]


@pytest.mark.parametrize("name", posted())
def test_no_page_takes_a_form_that_does_not_come_from_itself(name: str, warehouse: SimpleNamespace) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(warehouse.owner)
    assert browser.post(reverse(name), {"name": "value"}).status_code == 403


def test_cookies_go_nowhere_else() -> None:
    assert settings.SESSION_COOKIE_NAME.startswith("__Host-")
    assert settings.CSRF_COOKIE_NAME.startswith("__Host-")
    assert settings.SESSION_COOKIE_HTTPONLY
    assert settings.SESSION_COOKIE_SAMESITE == "Lax"
