"""An owner who requests, a supervisor who agrees, a recipient with a confirmed key, and a worker to run."""

from collections.abc import Callable
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from django.utils import timezone

from waybillguard.access.request import SignIn
from waybillguard.seal.exportkey import fingerprint, new_export_key, public_line
from waybillguard.service.authorization.principal import Principal, load_principal
from waybillguard.service.exports import asking, tasks
from waybillguard.service.exports.models import Export, Recipient
from waybillguard.service.exports.recipients import confirm, register
from waybillguard.service.identity.models import Role, User


@pytest.fixture(autouse=True)
def spool(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are in the test's own folder; enqueued tasks wait for ``make``."""
    monkeypatch.setattr(type(settings.CONFIG), "spool_dir", property(lambda _: tmp_path / "spool"))


@pytest.fixture
def desk(
    scene: SimpleNamespace, made_up: ModuleType, stepped_up: SignIn, key: X25519PrivateKey
) -> SimpleNamespace:
    """People, a confirmed recipient and short methods for their actions."""
    scene.key = key
    scene.second = made_up.make_user(scene.tenant, "second-owner", Role.OWNER)
    scene.inspector = made_up.make_user(scene.tenant, "inspector", Role.INSPECTOR)
    public = key.public_key().public_bytes_raw()

    def at(user: User, sign_in: SignIn = stepped_up) -> Principal:
        return load_principal(User.objects.select_related("tenant").get(pk=user.pk), sign_in, timezone.now())

    def ask(user: User | None = None, *, form: str = "sealed", count: int = 5, **more: Any) -> Export:
        who = more.pop("who", None) or at(user or scene.owner)
        ids = [order.pk for order in scene.orders[:count]]
        given = {"purpose": "authority_request", "recipient": scene.recipient} | more
        return asking.ask(who, ids, form=form, **given)

    scene.at, scene.ask = at, ask
    made = register(at(scene.owner), "陈某", "测试公安局", public_line(public))
    confirm(at(scene.second), made, fingerprint(public))
    scene.recipient = Recipient.objects.get(pk=made.pk)
    scene.written.clear()
    return scene


@pytest.fixture
def key() -> X25519PrivateKey:
    """The recipient's private key."""
    return new_export_key()


@pytest.fixture
def make() -> Callable[[Export], Export]:
    """Run the worker's task now."""

    def run(export: Export) -> Export:
        tasks.make_export.call(export.pk)
        export.refresh_from_db()
        return export

    return run
