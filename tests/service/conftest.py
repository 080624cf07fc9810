# ruff: noqa: ARG001 - fixtures are asked for by name; Django is imported late
"""Fixtures of an invented warehouse for tests of the service."""

import time
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connections
from django.db.backends.signals import connection_created
from django.test import Client
from django.utils import timezone
from django_scopes import scope
from support.grants import factors_alone
from support.loading import beside
from support.tenancy import Watchman

from waybillguard.access.request import SignIn
from waybillguard.service.identity.models import User
from waybillguard.service.keyd import messages
from waybillguard.service.keyd.client import KeydClient, KeydUnavailableError
from waybillguard.service.platform.config import Config

made_up = beside("made_up")


@pytest.fixture(name="made_up", scope="session")
def made_up_module() -> ModuleType:
    """The functions that make an invented warehouse."""
    return made_up


@pytest.fixture(name="sealing")
def sealing_module() -> ModuleType:
    """A real key process inside the test, and what seals orders with it."""
    return beside("sealing")


@pytest.fixture(scope="session")
def new_home(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Path]:
    """Return what makes one data folder after another: pytest's own way reads the names of all before each new one."""
    homes, numbers = tmp_path_factory.mktemp("homes"), count()

    def make() -> Path:
        made = homes / str(next(numbers))
        made.mkdir(mode=0o700)
        return made

    return make


@pytest.fixture(autouse=True)
def quick_and_fresh(settings: Any, new_home: Callable[[], Path]) -> None:
    """Every test starts with unused rate limits and a data folder of its own; made-up passwords need no slow hash."""
    settings.CONFIG = Config(new_home())
    settings.KEYD_PATIENCE = 0.0  # a key process that is not there will not come
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    cache.clear()


WATCHMAN = Watchman()


def _watch(connection: Any, **_: Any) -> None:
    if WATCHMAN not in connection.execute_wrappers:
        connection.execute_wrappers.append(WATCHMAN)


@pytest.fixture(scope="session", autouse=True)
def watched() -> None:
    """Every connection of this process is watched, whichever thread opens it."""
    connection_created.connect(_watch, dispatch_uid="watchman")
    for connection in connections.all(initialized_only=True):
        _watch(connection)


@pytest.fixture(autouse=True)
def every_statement_names_its_tenant() -> Iterator[None]:
    """The program never asks for a tenant's rows without saying whose; on PostgreSQL it would see none."""
    WATCHMAN.noted.clear()
    yield
    assert WATCHMAN.noted == []


@pytest.fixture
def warehouse(db: None) -> SimpleNamespace:
    """A tenant with one person a role, a committed import and a label run."""
    return made_up.make_warehouse("here")


@pytest.fixture
def elsewhere(db: None) -> SimpleNamespace:
    """Another tenant with the same kinds of things."""
    return made_up.make_warehouse("elsewhere")


@pytest.fixture
def signed_in() -> Callable[[User], Client]:
    """Return a browser in which somebody is signed in."""

    def make(user: User, **headers: Any) -> Client:
        client = Client(headers={"accept-language": "en", **headers})
        client.force_login(user)
        return client

    return make


@pytest.fixture(autouse=True)
def front_desk(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Codes are checked by a key process inside the test, made when the first one is; nothing else is answered."""
    yield from factors_alone(tmp_path_factory, monkeypatch)


@pytest.fixture
def no_keyd(monkeypatch: pytest.MonkeyPatch) -> None:
    """No key process runs: whatever asks it is told so, and nothing opens a socket."""

    def refuse(*_: Any) -> None:
        raise KeydUnavailableError(zh="密钥进程没有应答", en="the key process does not answer")

    monkeypatch.setattr(KeydClient, "call", refuse)


@pytest.fixture(autouse=True)
def journal(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Any, dict[str, Any]]]:
    """What sign-ins and factors would write to the ledger; a test of the writing itself takes this off."""
    from waybillguard.service.identity.accounts import journal as real

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


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    """What was asked of keyd, in order; keyd really works, on a ledger of its own."""
    sealing = beside("sealing")
    made = sealing.operations(tmp_path / "ledger")
    asked: list[Any] = []
    monkeypatch.setattr(KeydClient, "call", sealing.caller(made, asked))
    yield asked
    made._ledger.close()


@pytest.fixture
def scene(warehouse: SimpleNamespace, written: list[Any]) -> Iterator[SimpleNamespace]:
    """The warehouse, its scope open, with twelve sealed orders and a shift that never ends."""
    from waybillguard.service.authorization import active_policies

    warehouse.orders = beside("sealing").seal_orders(warehouse.owner, 12)
    warehouse.written = written
    written.clear()
    with scope(tenant=warehouse.tenant):
        yield warehouse
    active_policies._kept.cache_clear()


@pytest.fixture
def stepped_up() -> SignIn:
    """A sign-in that was just confirmed by an authenticator app."""
    return SignIn(method="second_factor", stepped_up=True)


@pytest.fixture
def confirmed(signed_in: Callable[..., Client]) -> Callable[..., Client]:
    """Return a browser in which somebody has just confirmed by an authenticator app."""

    def make(user: User, *, seconds_ago: float = 1.0, kind: str = "totp", **headers: Any) -> Client:
        client = signed_in(user, **headers)
        session = client.session
        session["account_authentication_methods"] = [
            {"method": "mfa", "type": kind, "at": time.time() - seconds_ago, "reauthenticated": True}
        ]
        session["account_authentication_methods_user"] = str(user.pk)
        session.save()
        return client

    return make


@pytest.fixture
def now() -> Any:
    """This moment."""
    return timezone.now()
