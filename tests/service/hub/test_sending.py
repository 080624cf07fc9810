"""A warehouse enrols at a hub over a real socket and reports; failures are stored and shown."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope, scopes_disabled
from support.codes import has_code
from typer.testing import CliRunner

from waybillguard.agent.errors import AgentError, RefusedError
from waybillguard.cli.ledger import app as cli
from waybillguard.ledger import Entry, EntryKind, Ledger, LedgerKeys, LocalStorage
from waybillguard.ledger.merkle import consistency_proof
from waybillguard.ledger.view import ShardView
from waybillguard.service.alerts.models import Alert
from waybillguard.service.hub.cosigned import trust_policy
from waybillguard.service.hub.errors import HubError
from waybillguard.service.hub.models import HubCosigned, HubLink, TownAlarm, Warehouse, Witnessed
from waybillguard.service.hub.sending import link_to_hub, pseudonym, send, unlink
from waybillguard.service.hub.towns import add_warehouse, open_town, warehouse_code
from waybillguard.service.identity.models import User
from waybillguard.service.keyd.client import KeydClient
from waybillguard.service.keyd.ledger_messages import LedgerState, LedgerStateAnswer, ShardState
from waybillguard.service.platform.tls import ensure_certificate
from waybillguard.service.tenancy.signals import round_made

pytestmark = pytest.mark.django_db(transaction=True)

SHARD = ShardState("2026", "made-up", 9, "a" * 64, 1, b"", [], "", 0, [])
STATE = LedgerStateAnswer("", "", [SHARD], "", [], "")


@pytest.fixture
def hub(
    warehouse: SimpleNamespace,
    elsewhere: SimpleNamespace,
    written: list[Any],
    live_server: Any,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[SimpleNamespace]:
    """Two tenants on a real server: ``elsewhere`` is the hub, ``warehouse`` reports to it."""
    del written
    front, answers = KeydClient.call, SimpleNamespace(state=lambda _request: STATE)

    def call(self: KeydClient, request: Any, answer: Any) -> Any:
        """A stub with a ledger of nine entries, because the tests' keyd keeps no shards."""
        return answers.state(request) if isinstance(request, LedgerState) else front(self, request, answer)

    monkeypatch.setattr(KeydClient, "call", call)
    settings.STATIC_URL = "/not-served-by-the-test-server/"
    ensure_certificate(settings.CONFIG.tls_dir, "made-up", ["localhost"], timezone.now())
    with scope(tenant=elsewhere.tenant):
        open_town(elsewhere.tenant, "测试镇")
        listed = add_warehouse(elsewhere.owner, "甲仓", "北苑")
        code = warehouse_code(elsewhere.owner, listed)
    server = live_server.url.replace("127.0.0.1", "localhost")
    with scope(tenant=warehouse.tenant):
        yield SimpleNamespace(
            here=warehouse, there=elsewhere, code=code, server=server, listed=listed, answers=answers
        )


def listed(hub: SimpleNamespace) -> Warehouse:
    with scopes_disabled():
        return Warehouse.objects.get(pk=hub.listed.pk)


def test_a_warehouse_enrols_by_code_and_reports(hub: SimpleNamespace) -> None:
    link = link_to_hub(hub.here.owner, hub.server, hub.code)
    assert link.known_as == "甲仓"
    assert send(link, timezone.now())
    assert send(HubLink.objects.get(), timezone.now())
    kept = listed(hub)
    assert kept.sequence == 2
    assert len(kept.posture) > 40
    assert (kept.ledger_size, kept.ledger_root) == (9, "a" * 64)
    assert HubLink.objects.get().sent_sha256 == kept.posture_sha256


def test_a_code_enrols_one_warehouse(hub: SimpleNamespace) -> None:
    link_to_hub(hub.here.owner, hub.server, hub.code)
    with pytest.raises(RefusedError):
        link_to_hub(hub.here.owner, hub.server, hub.code)


def test_a_mistyped_code_or_a_plain_address_sends_nothing(hub: SimpleNamespace) -> None:
    with pytest.raises(AgentError, check=has_code("enrol_code")):
        link_to_hub(hub.here.owner, hub.server, hub.code[:-1])
    with pytest.raises(HubError):
        link_to_hub(hub.here.owner, "http://hub.example", hub.code)


def test_a_hub_that_is_away_is_named_and_the_next_round_reports(hub: SimpleNamespace) -> None:
    link = link_to_hub(hub.here.owner, hub.server, hub.code)
    HubLink.objects.update(server="http://localhost:9")
    link.refresh_from_db()
    assert not send(link, timezone.now())
    failed = HubLink.objects.get()
    assert failed.error_zh
    assert failed.sent_at is None
    HubLink.objects.update(server=hub.server)
    round_made.send(None, tenant=hub.here.tenant, now=timezone.now(), believed=timezone.now())
    assert HubLink.objects.get().error_zh == ""
    assert listed(hub).reported_at is not None


def test_a_database_put_back_to_yesterday_is_refused_and_seen(hub: SimpleNamespace) -> None:
    link = link_to_hub(hub.here.owner, hub.server, hub.code)
    for _ in range(2):
        send(HubLink.objects.get(pk=link.pk), timezone.now())
    HubLink.objects.update(sequence=0)
    assert not send(HubLink.objects.get(), timezone.now())
    assert HubLink.objects.get().error_zh
    with scopes_disabled():
        assert TownAlarm.objects.filter(kind="sequence").count() == 1


def test_a_theft_is_told_under_a_pseudonym(hub: SimpleNamespace) -> None:
    now = timezone.now()
    Alert.objects.create(
        tenant=hub.here.tenant, rule="bulk_reveal", severity="critical", account="wang", first_at=now, last_at=now,
        raised_at=now, records=300, score=1.0, reason_zh="王小明查看过多", reason_en="too many",
    )  # fmt: skip
    assert send(link_to_hub(hub.here.owner, hub.server, hub.code), now)
    with scopes_disabled():
        alarm = TownAlarm.objects.get(kind="theft")
    assert alarm.account.startswith("P-")
    assert "wang" not in alarm.account


def test_a_pseudonym_is_the_same_for_the_same_account_of_one_warehouse_alone() -> None:
    assert pseudonym(b"one", "u1") == pseudonym(b"one", "u1") != pseudonym(b"one", "u2")
    assert pseudonym(b"one", "u1") != pseudonym(b"two", "u1")


def test_the_page_tells_what_failed_and_an_owner_ends_it(
    hub: SimpleNamespace, signed_in: Callable[[User], Client]
) -> None:
    link_to_hub(hub.here.owner, hub.server, hub.code)
    HubLink.objects.update(error_zh="连接失败", error_en="no connection")
    assert b"no connection" in signed_in(hub.here.owner).get(reverse("hub_link")).content
    unlink(hub.here.owner)
    assert not HubLink.objects.exists()


def test_the_hub_cosigns_a_real_ledger_and_refuses_it_rewritten(hub: SimpleNamespace, tmp_path: Path) -> None:
    link = link_to_hub(hub.here.owner, hub.server, hub.code)
    keys = LedgerKeys.of_installation(b"k" * 32)
    real = LocalStorage(tmp_path / "real")
    for size in (5, 9):
        shown(hub, real, keys, "true", size)
        assert send(HubLink.objects.get(pk=link.pk), timezone.now())
        kept = HubCosigned.objects.get()
        assert (kept.size, kept.refused) == (size, "")
    note, policy = tmp_path / "hub.checkpoint", tmp_path / "hub.policy"
    note.write_text(kept.note)
    policy.write_text(trust_policy(kept))
    assert CliRunner().invoke(cli, ["verify", str(note), "--policy", str(policy)]).exit_code == 0
    shown(hub, LocalStorage(tmp_path / "false"), keys, "false", 12)
    assert send(HubLink.objects.get(pk=link.pk), timezone.now())
    after = HubCosigned.objects.get()
    assert (after.size, after.refused, after.note) == (9, "forked", kept.note)
    with scopes_disabled():
        assert Witnessed.objects.get().forked
        assert TownAlarm.objects.filter(kind="ledger").count() == 1


def shown(hub: SimpleNamespace, storage: LocalStorage, keys: LedgerKeys, actor: str, size: int) -> None:
    """Make the warehouse's keyd answer from a ledger of ``size`` entries."""
    with closing(Ledger.open(storage, keys, lambda: 1_795_000_000_000_000)) as ledger:
        for name in ledger.shards() or ["hz-01-2026q4"]:
            there = ledger.shard(name).head.size if ledger.shards() else 0
            entry = Entry(time_us=1_795_000_000_000_000, kind=EntryKind.SIGN_IN, tenant="hz-01", actor=actor)
            ledger.append([entry] * (size - there))
            ledger.checkpoint(name)

    def state(request: LedgerState) -> LedgerStateAnswer:
        with closing(storage.shard("hz-01-2026q4", read_only=True)) as store:
            head, view = store.head(), ShardView(store)
            assert head is not None
            since = request.since.get(store.name, 0)
            growth = consistency_proof(view.tree().node, since, head.size) if 0 < since < head.size else []
            shard = ShardState(
                store.name, view.origin, head.size, head.root.hex(), head.time_us, head.note,
                (store.meta("vkeys") or b"").decode().split("\n"), "", 0, [], growth=growth,
            )  # fmt: skip
        return LedgerStateAnswer("", "", [shard], "", [], "")

    hub.answers.state = state
