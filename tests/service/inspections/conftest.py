"""A warehouse in which every live control is green."""

import json
import secrets
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.utils import timezone
from django_scopes import scope

from waybillguard.inspect import Verdict
from waybillguard.inspect.training import course
from waybillguard.inspect.training.agreement import agreement
from waybillguard.service.audit.facts import FACTS, FactSource
from waybillguard.service.contracts.models import Entrustment, EntrustmentVersion
from waybillguard.service.identity.models import Device, DeviceKind, Employment, Merchant, MerchantShop, User
from waybillguard.service.inspections.models import Document
from waybillguard.service.inspections.services import judge_now
from waybillguard.service.keyd.client import KeydClient, KeydUnavailableError
from waybillguard.service.keyd.ledger_messages import (
    LedgerState,
    LedgerStateAnswer,
    ShardState,
    WitnessState,
)
from waybillguard.service.lookups.models import Look
from waybillguard.service.sensors.models import PrintPc, ScanReport
from waybillguard.service.training.models import Agreement, LessonPassed
from waybillguard.service.vault.models import Batch, Order, RetentionRule

PARTS = ("detect", "sensor", "trace", "scam")
TODAY_DOCUMENTS = (
    ("policy_privacy", {}), ("policy_labels", {}), ("policy_accounts", {}), ("policy_training", {}),
    ("response_plan", {}), ("officer", {"published": True}), ("audit", {}), ("mlps_level", {"level": "2"}),
    ("mlps_filing", {"number": "33000000000-00001"}), ("response_drill", {}), ("restore_drill", {"encrypted": True}),
)  # fmt: skip


class Ledger:
    """keyd's answer about the ledger; tests modify it."""

    def __init__(self) -> None:
        self.away = False
        self.problem = ""
        self.witnessed_s = int(timezone.now().timestamp()) - 600

    def state(self) -> LedgerStateAnswer:
        witnesses = [WitnessState("w", "", "", "fine", 1, self.witnessed_s)] if self.witnessed_s else []
        shard = ShardState("s", "o", 1, "", 0, b"", [], "", 1, witnesses)
        return LedgerStateAnswer(self.problem, self.problem, [shard], "", [], "")


@pytest.fixture
def ledger(monkeypatch: pytest.MonkeyPatch) -> Ledger:
    made = Ledger()

    def call(_client: object, request: object, _answer: type) -> Any:
        if isinstance(request, LedgerState) and not made.away:
            return made.state()
        raise KeydUnavailableError(zh="密钥进程没有应答", en="the key process does not answer")

    monkeypatch.setattr(KeydClient, "call", call)
    return made


@pytest.fixture
def green(warehouse: SimpleNamespace, ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    tenant, owner, now = warehouse.tenant, warehouse.owner, timezone.now()
    source = FactSource("watching", lambda _tenant, _now: dict(warehouse.watching))
    warehouse.watching = {
        "parts_reporting": PARTS, "detector_lag_minutes": 1, "theft_drill_caught": True, "theft_drill_hours": 2,
    }  # fmt: skip
    monkeypatch.setattr(FACTS, "_entries", [source, *FACTS])
    with scope(tenant=tenant):
        merchant = Merchant.objects.create(tenant=tenant, name="测试商家")
        shops = set(Order.objects.filter(tenant=tenant).values_list("shop", flat=True))
        MerchantShop.objects.bulk_create(
            MerchantShop(tenant=tenant, merchant=merchant, shop=one) for one in shops
        )
        first, last = now.date() - timedelta(days=200), now.date() + timedelta(days=200)
        contract = Entrustment.objects.create(
            tenant=tenant, merchant=merchant, first_day=first, last_day=last
        )
        EntrustmentVersion.objects.create(
            tenant=tenant, entrustment=contract, number=1, purpose="代发货", kinds="收件信息", method="密封",
            first_day=first, last_day=last, measures="脱敏", contact="负责人", made_by=owner, digest="0" * 64,
        )  # fmt: skip
        for kind, values in TODAY_DOCUMENTS:
            document(warehouse, kind, values)
        document(warehouse, "assessment", {}, merchant=merchant)
        Batch.objects.filter(tenant=tenant).update(lanes={"A": 6, "B": 2})
        TOTP.activate(warehouse.service, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
        order = Order.objects.filter(tenant=tenant).first()
        Look.objects.create(
            tenant=tenant, person=warehouse.service, order=order, nonce=secrets.token_hex(16), group="phone",
            purpose="return_parcel", allowed=True, policy_version="x", receipt_index=7,
        )  # fmt: skip
        RetentionRule.objects.create(tenant=tenant, last_run_at=now)
        Device.objects.create(
            uid=secrets.token_hex(8), tenant=tenant, station="工位1", kind=DeviceKind.AGENT,
            signing_key=secrets.token_bytes(32), sealing_key=secrets.token_bytes(32), enrolled_by=owner,
        )  # fmt: skip
        pc = PrintPc.objects.create(tenant=tenant, station="工位1")
        scanned(pc, received_at=now - timedelta(hours=1))
        for person in (owner, warehouse.clerk, warehouse.service):
            Employment.objects.create(tenant=tenant, user=person, identity_checked_on=first)
            train(person)
    warehouse.scanned = scanned
    warehouse.merchant, warehouse.contract, warehouse.ledger = merchant, contract, ledger
    return warehouse


def scanned(pc: PrintPc, *kinds: str, **more: Any) -> ScanReport:
    """A scan of a print PC with these findings."""
    findings = [{"kind": kind, "tool": "ToDesk", "severity": "high", "confidence": 0.9} for kind in kinds]
    body = json.dumps({"findings": findings}).encode()
    return ScanReport.objects.create(tenant=pc.tenant, pc=pc, sha256="0" * 64, body=body, **more)


def document(
    warehouse: SimpleNamespace, kind: str, values: dict[str, Any], *, age: int = 20, **more: Any
) -> Document:
    return Document.objects.create(
        tenant=warehouse.tenant, kind=kind, effective_on=timezone.localdate() - timedelta(days=age), values=values,
        sha256=secrets.token_hex(32), added_by=warehouse.owner, **more,
    )  # fmt: skip


def train(person: User) -> None:
    Agreement.objects.create(
        tenant=person.tenant, person=person, text_sha256=agreement().sha256, ledger_index=1
    )
    for lesson in course().for_role(person.role):
        LessonPassed.objects.create(
            tenant=person.tenant, person=person, lesson=lesson.id, version=lesson.version, ledger_index=1
        )


@pytest.fixture
def verdict_of(green: SimpleNamespace) -> Callable[[str], Verdict]:
    def judge(control: str) -> Verdict:
        with scope(tenant=green.tenant):
            result = judge_now(green.tenant, timezone.now())
        return next(one for one in result.verdicts if one.control == control)

    return judge
