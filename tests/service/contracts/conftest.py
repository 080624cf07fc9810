"""Fixtures: a merchant with twelve sealed orders, a running contract, and two owners who propose and agree."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from django.utils import timezone

from waybillguard.access.request import SignIn
from waybillguard.seal.exportkey import fingerprint, new_export_key, public_line
from waybillguard.service.authorization.principal import Principal, load_principal
from waybillguard.service.contracts import destroying, ending, terms
from waybillguard.service.contracts.models import Entrustment, EntrustmentEnd
from waybillguard.service.contracts.terms import Terms
from waybillguard.service.exports.models import Recipient
from waybillguard.service.exports.recipients import confirm, register
from waybillguard.service.identity.models import Merchant, MerchantShop, Role, User

OWN = "山里干货"


@pytest.fixture(autouse=True)
def spool(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Store files in the test's own folder."""
    monkeypatch.setattr(type(settings.CONFIG), "spool_dir", property(lambda _: tmp_path / "spool"))


def some_terms(**more: Any) -> Terms:
    today = timezone.localdate()
    given = {
        "purpose": "代发货", "kinds": "姓名、电话、地址", "method": "密封、脱敏打印",
        "first_day": today - timedelta(days=300), "last_day": today + timedelta(days=65),
        "measures": "加密", "sub_entrusting": False, "sub_entrusted": "", "contact": "某商家数据负责人",
    }  # fmt: skip
    return Terms(**{**given, **more})


@pytest.fixture(name="some_terms")
def some_terms_fixture() -> Callable[..., Terms]:
    """Return the terms of a running contract; the arguments replace parts of it."""
    return some_terms


@pytest.fixture
def desk(scene: SimpleNamespace, made_up: ModuleType, stepped_up: SignIn) -> SimpleNamespace:
    """A merchant with a contract, and helper functions for the actions of people."""
    scene.second = made_up.make_user(scene.tenant, "second-owner", Role.OWNER)
    scene.supervisor = made_up.make_user(scene.tenant, "supervisor", Role.SUPERVISOR)
    scene.merchant = Merchant.objects.create(tenant=scene.tenant, name="山里商贸")
    MerchantShop.objects.create(tenant=scene.tenant, merchant=scene.merchant, shop=OWN)
    scene.contract = terms.begin(scene.owner, scene.merchant, some_terms())

    def at(user: User) -> Principal:
        return load_principal(
            User.objects.select_related("tenant").get(pk=user.pk), stepped_up, timezone.now()
        )

    def recipient(key: X25519PrivateKey) -> Recipient:
        public = key.public_key().public_bytes_raw()
        made = register(at(scene.owner), "商家", "山里商贸", public_line(public))
        confirm(at(scene.second), made, fingerprint(public))
        return Recipient.objects.get(pk=made.pk)

    def ended(way: str = "delete", to: Recipient | None = None) -> EntrustmentEnd:
        return ending.agree(at(scene.second), ending.propose(at(scene.owner), scene.contract, way, to))

    def destroyed(end: EntrustmentEnd) -> EntrustmentEnd:
        assert destroying.destroy_for_a_while(end) is False
        return EntrustmentEnd.objects.get(pk=end.pk)

    def contract() -> Entrustment:
        return Entrustment.objects.get(pk=scene.contract.pk)

    scene.key = new_export_key()
    scene.at, scene.new_recipient, scene.ended, scene.destroyed = at, recipient, ended, destroyed
    scene.reread = contract
    scene.written.clear()
    return scene
