"""A warehouse with really sealed orders and a key process in the test's own process."""

import importlib.util
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django_scopes import scope

from waybillguard.access.request import SignIn
from waybillguard.service.keyd.client import KeydClient
from waybillguard.service.people.models import User


def load(name: str) -> ModuleType:
    """Load a helper that lies beside the service's tests."""
    full = f"waybillguard_tests_{name}"
    if full not in sys.modules:
        path = Path(__file__).parents[1] / f"{name}.py"
        spec = importlib.util.spec_from_file_location(full, path)
        assert spec is not None
        assert spec.loader is not None
        sys.modules[full] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[full])
    return sys.modules[full]


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    """What was asked of keyd, in order; keyd really works, on a ledger of its own."""
    sealing = load("sealing")
    made = sealing.operations(tmp_path / "ledger")
    asked: list[Any] = []
    monkeypatch.setattr(KeydClient, "call", sealing.caller(made, asked))
    yield asked
    made._ledger.close()


@pytest.fixture
def scene(warehouse: SimpleNamespace, written: list[Any]) -> Iterator[SimpleNamespace]:
    """The warehouse, its scope open, with twelve sealed orders and a shift that never ends."""
    from waybillguard.service.policy import inforce

    warehouse.orders = load("sealing").seal_orders(warehouse.owner, 12)
    warehouse.written = written
    written.clear()
    with scope(tenant=warehouse.tenant):
        yield warehouse
    inforce._kept.cache_clear()


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
