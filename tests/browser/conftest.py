# ruff: noqa: ARG001 - fixtures are asked for by name; Django is imported late
"""A real Chromium against the console on a live server (plain HTTP on localhost, in tests alone)."""

import os
import shutil
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from django.core.cache import cache
from django.core.handlers.wsgi import WSGIHandler
from django.core.management.commands.flush import Command as Flush
from django.test import Client, override_settings
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect
from pytest_django.live_server_helper import LiveServer
from support.axe import BOTH, check
from support.loading import beside

# Playwright's synchronous interface keeps an event loop in this thread; the tests' own ORM calls are meant.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

expect.set_options(timeout=30_000)  # a busy machine is slow, not wrong

CHROMIUM = shutil.which("chromium-headless-shell") or shutil.which("chromium") or "/usr/bin/chromium"
"""The shell does the same without windows for 0.6 of the CPU time."""
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # A page lives for a second: code that is made fast for the next one is thrown away with it (0.8 of the CPU time).
    "--js-flags=--no-opt,--no-maglev,--single-threaded-gc",
]

TURN = threading.Lock()
"""Held by whoever uses the database of a test: a request that is answered, or the end of the test."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what lies in this folder; without a Chromium it is skipped, in CI it fails."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Debian's Chromium; nothing is downloaded."""
    from support.missing import missing

    if not Path(CHROMIUM).exists():
        missing("Chromium", "install the package chromium-headless-shell or chromium")
    return {"executable_path": CHROMIUM, "args": ARGUMENTS}


@pytest.fixture(scope="package", autouse=True)
def flushed_alone() -> Iterator[None]:
    """Each test ends with empty tables: Django's own permissions, which nothing of ours reads, are not made anew.

    No request is answered meanwhile: a page that asked for news before it closed shares the connection.
    """
    empty = Flush.handle

    def flush(command: Flush, **options: Any) -> None:
        with TURN:
            empty(command, **{**options, "inhibit_post_migrate": True})

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Flush, "handle", flush)
        yield


@pytest.fixture(scope="package")
def plain_http() -> Iterator[None]:
    """Cookies without TLS, for localhost alone; the content policy is the shipped one."""
    with override_settings(
        SESSION_COOKIE_SECURE=False,
        CSRF_COOKIE_SECURE=False,
        LANGUAGE_COOKIE_SECURE=False,
        SESSION_COOKIE_NAME="session",
        GRANT_COOKIE_NAME="grant",
        CSRF_COOKIE_NAME="csrf",
        ALLOWED_HOSTS=["localhost"],
        STATIC_URL="/not-served-by-the-test-server/",
        MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN=True,
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    ):
        yield


@pytest.fixture(scope="package")
def server(plain_http: None) -> Iterator[str]:
    """Address of the live console, which answers one request at a time.

    Its threads share the one connection to a database in memory, which SQLite lets only one of them use.
    """
    answer = WSGIHandler.__call__

    def in_turn(handler: WSGIHandler, environ: Any, start: Any) -> Any:
        with TURN:
            return answer(handler, environ, start)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WSGIHandler, "__call__", in_turn)
        live = LiveServer("localhost")
        yield live.url
        live.stop()


@pytest.fixture(scope="session")
def axe() -> str:
    """axe-core as pinned in frontend/package.json."""
    from support.missing import missing

    path = Path(__file__).parents[2] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
    if not path.exists():
        missing("axe-core", "run make frontend/node_modules")
    return path.read_text(encoding="utf-8")


@pytest.fixture(name="made_up")
def made_up_module() -> ModuleType:
    """The functions that make an invented warehouse."""
    return beside("made_up")


@pytest.fixture
def warehouse(transactional_db: None, server: str, made_up: ModuleType) -> SimpleNamespace:
    """A warehouse with orders, imports in several states and label runs."""
    from django_scopes import scope

    from waybillguard.service.identity.models import Role
    from waybillguard.service.vault.models import Order

    cache.clear()
    tenant = made_up.make_tenant("here")
    owner = made_up.make_user(tenant, "owner", Role.OWNER)
    clerk = made_up.make_user(tenant, "clerk", Role.CLERK)
    batch = made_up.make_batch(owner, orders=60)
    preview = made_up.make_batch(owner, "preview", orders=9, refused=4)
    reading = made_up.make_batch(owner, "reading", orders=0, refused=0)
    run = made_up.make_run(owner, batch)
    with scope(tenant=tenant):
        order = Order.objects.filter(batch=batch, lane="B").order_by("pk").first()
    return SimpleNamespace(
        order=order,
        tenant=tenant,
        owner=owner,
        clerk=clerk,
        batch=batch,
        preview=preview,
        reading=reading,
        run=run,
        server=server,
    )


@pytest.fixture(autouse=True)
def front_desk(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Codes are checked by a key process inside the test, made when the first one is."""
    from support.grants import factors_alone

    yield from factors_alone(tmp_path_factory, monkeypatch)


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A fresh browser profile (pytest-playwright's own hangs on a plugin that disagrees with this pytest)."""
    fresh = browser.new_context()
    yield fresh
    fresh.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """A tab."""
    return context.new_page()


@pytest.fixture
def sign_in(context: BrowserContext, server: str) -> Callable[[Any], None]:
    """Put somebody's session into the browser, freshly confirmed."""
    import time

    def give(user: Any, language: str = "en", *, stepped_up: bool = False) -> None:
        client = Client()
        client.force_login(user)
        session = client.session
        record = {"method": "password", "at": time.time(), "reauthenticated": True}
        strong = {"method": "mfa", "type": "totp", "at": time.time(), "reauthenticated": True}
        session["account_authentication_methods"] = [record, strong] if stepped_up else [record]
        session["account_authentication_methods_user"] = str(user.pk)
        session.save()
        for page in (
            context.pages
        ):  # what the last person left open asks on, and a 401 would lead away from the next page
            page.goto("about:blank")
        context.add_cookies(
            [
                {"name": "session", "value": str(session.session_key), "url": server},
                {"name": "django_language", "value": language, "url": server},
            ]
        )

    return give


@pytest.fixture
def complaints(page: Page) -> list[str]:
    """What the browser's console complained about, and faults of scripts."""
    said: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            said.append(message.text)

    page.on("console", listen)
    page.on("pageerror", lambda fault: said.append(str(fault)))
    return said


@pytest.fixture
def accessible(
    server: str,
    sign_in: Callable[..., None],
    page: Page,
    axe: str,
    complaints: list[str],
) -> Callable[..., None]:
    """Sign somebody in and hold pages against WCAG 2.2 AA, in Chinese on a phone and in English at a desk, and their
    layout in both languages at both sizes.
    """

    def hold(user: Any, paths: Sequence[str], *, stepped_up: bool = False) -> None:
        wrong: list[str] = []
        for language, viewport in BOTH:
            sign_in(user, language, stepped_up=stepped_up)
            page.set_viewport_size(viewport)
            wrong += check(page, axe, [server + path for path in paths])
        assert wrong == [], "\n".join(wrong)
        assert complaints == []

    return hold


@pytest.fixture(autouse=True)
def journal(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Any, dict[str, Any]]]:
    """What sign-ins and factors would write to the ledger; a test of the writing itself takes this off."""
    from waybillguard.service.identity.accounts import journal as real
    from waybillguard.service.keyd import messages

    written: list[tuple[str, Any, dict[str, Any]]] = []
    monkeypatch.setattr(
        real, "write", lambda kind, user, _request, **detail: written.append((kind, user, detail))
    )

    def put(tenant: Any, kind: str, actor: str, _request: Any, detail: dict[str, Any]) -> Any:
        del tenant
        written.append((kind, actor, detail))
        return messages.Recorded(len(written), "", "")

    monkeypatch.setattr(real, "put", put)
    return written
