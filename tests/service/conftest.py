# ruff: noqa: ARG001 - fixtures are asked for by name; Django is imported late
"""Fixtures of an invented warehouse for tests of the service."""

import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from waybillguard.service.keyd import messages
from waybillguard.service.keyd.client import KeydClient, KeydUnavailableError
from waybillguard.service.people.models import Role, User


def _load() -> ModuleType:
    name = "waybillguard_tests_made_up"
    if name in sys.modules:
        return sys.modules[name]
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name("made_up.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


made_up = _load()


@pytest.fixture(name="made_up")
def made_up_module() -> ModuleType:
    """The functions that make an invented warehouse."""
    return made_up


@pytest.fixture(autouse=True)
def quick_and_fresh(settings: Any) -> None:
    """Every test starts with unused rate limits; made-up passwords need no slow hash."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    cache.clear()


@pytest.fixture
def warehouse(db: None) -> SimpleNamespace:
    """A tenant with one person a role, a committed import and a label run."""
    tenant = made_up.make_tenant("here")
    owner = made_up.make_user(tenant, "owner", Role.OWNER)
    clerk = made_up.make_user(tenant, "clerk", Role.CLERK)
    service = made_up.make_user(tenant, "service", Role.SERVICE, second_factor=False)
    batch = made_up.make_batch(owner)
    run = made_up.make_run(owner, batch)
    return SimpleNamespace(tenant=tenant, owner=owner, clerk=clerk, service=service, batch=batch, run=run)


@pytest.fixture
def elsewhere(db: None) -> SimpleNamespace:
    """Another tenant with the same kinds of things."""
    tenant = made_up.make_tenant("elsewhere", "别处云仓")
    owner = made_up.make_user(tenant, "elsewhere-owner", Role.OWNER)
    clerk = made_up.make_user(tenant, "elsewhere-clerk", Role.CLERK)
    batch = made_up.make_batch(owner)
    run = made_up.make_run(owner, batch)
    return SimpleNamespace(tenant=tenant, owner=owner, clerk=clerk, batch=batch, run=run)


@pytest.fixture
def signed_in() -> Callable[[User], Client]:
    """Return a browser in which somebody is signed in."""

    def make(user: User, **headers: Any) -> Client:
        client = Client(headers={"accept-language": "en", **headers})
        client.force_login(user)
        return client

    return make


@pytest.fixture
def no_keyd(monkeypatch: pytest.MonkeyPatch) -> None:
    """No key process runs: whatever asks it is told so, and nothing opens a socket."""

    def refuse(*_: Any) -> None:
        raise KeydUnavailableError(zh="密钥进程没有应答", en="the key process does not answer")

    monkeypatch.setattr(KeydClient, "call", refuse)


@pytest.fixture(autouse=True)
def journal(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Any, dict[str, Any]]]:
    """What sign-ins and factors would write to the ledger; a test of the writing itself takes this off."""
    from waybillguard.service.people import journal as real

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
