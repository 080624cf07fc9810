"""The pages of the ledger, against a real key process."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django_scopes import scope
from support.keyd import Keyd, Witness, until
from typer.testing import CliRunner

from waybillguard.cli.ledger import app
from waybillguard.service.identity.models import Device, DeviceKind, User
from waybillguard.service.keyd import label_messages, messages
from waybillguard.service.tenancy import key_process
from waybillguard.service.vault.models import Order

type SignIn = Callable[[User], Client]


@pytest.fixture
def keyd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[Keyd]:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "run"))
    process = Keyd(tmp_path / "data").start()
    settings.CONFIG = process.config
    key_process.keyd.cache_clear()
    process.record()
    yield process
    key_process.keyd().close()
    key_process.keyd.cache_clear()
    process.stop()


def an_order(warehouse: SimpleNamespace) -> Order:
    with scope(tenant=warehouse.tenant):
        found = Order.objects.filter(batch=warehouse.batch, lane="B").order_by("pk").first()
    assert found is not None
    return found


def printed(keyd: Keyd, warehouse: SimpleNamespace, order: Order) -> None:
    context = messages.Context("here", f"u{warehouse.clerk.pk}", "station-3", "", "print_label")
    client = keyd.client()
    client.call(
        label_messages.IssueReferences(
            context, [label_messages.TicketToIssue(bytes(16), bytes(order.uid), 1)]
        ),
        label_messages.References,
    )
    client.close()


def test_what_a_print_agent_reported_is_told_in_words_with_its_station(
    keyd: Keyd, warehouse: SimpleNamespace, signed_in: SignIn
) -> None:
    order = an_order(warehouse)
    agent = Device.objects.create(
        uid="a" * 32, tenant=warehouse.tenant, station="打包台 1", kind=DeviceKind.AGENT,
        signing_key=bytes(32), sealing_key=bytes(32), enrolled_by=warehouse.owner,
    )  # fmt: skip
    client = keyd.client()
    for actor in (f"d{agent.pk}", f"d{agent.pk + 1}"):
        context = messages.Context("here", actor, "station-3", "", "print_label")
        steps = [
            label_messages.TicketStep(bytes(16), bytes(order.uid), 1, step)
            for step in ("sent", "confirmed", "void")
        ]
        client.call(label_messages.RecordTicketSteps(context, steps), label_messages.StepsRecorded)
    client.close()
    page = signed_in(warehouse.owner).get(f"/orders/{order.pk}/looks/").content.decode()
    cells = set(re.findall("<td>([^<]*)</td>", page))
    assert {"Print agent 打包台 1", "Unknown device", "Outcome reported by the print agent"} < cells
    assert {"Label confirmed by a scan", "Label void"} < cells
    assert not {"device", "scan", "undo", f"d{agent.pk}", f"d{agent.pk + 1}"} & cells


def test_the_owner_sees_checkpoint_line_and_keys(
    keyd: Keyd, warehouse: SimpleNamespace, signed_in: SignIn
) -> None:
    page = signed_in(warehouse.owner).get("/ledger/").content.decode()
    shard = keyd.state().shards[0]
    for shown in (shard.origin, shard.root, shard.line, *keyd.state().family):
        assert shown.replace("+", "&#x2B;") in page or shown in page
    assert "No witness has signed yet" in page


def test_a_silent_witness_is_named_on_the_page(
    keyd: Keyd, warehouse: SimpleNamespace, signed_in: SignIn, tmp_path: Path
) -> None:
    one = Witness(tmp_path / "witness").start(keyd.state().family)
    keyd.config.witness_file.write_text(one.policy())
    try:
        until(lambda: keyd.state().shards[0].witnessed > 0)
        page = signed_in(warehouse.owner).get("/ledger/").content.decode()
        assert "Has witnessed the latest checkpoint" in page
    finally:
        one.stop()
    keyd.record()
    until(lambda: keyd.state().shards[0].witnesses[0].state == "silent")
    page = signed_in(warehouse.owner).get("/ledger/").content.decode()
    assert "The witness post is silent, behind or refuses" in page


def test_the_downloaded_files_verify_offline(
    keyd: Keyd, warehouse: SimpleNamespace, signed_in: SignIn, tmp_path: Path
) -> None:
    order = an_order(warehouse)
    printed(keyd, warehouse, order)
    client = signed_in(warehouse.owner)
    page = client.get(f"/orders/{order.pk}/looks/").content.decode()
    assert "Label made" in page
    assert str(warehouse.clerk) in page
    assert "station-3" in page
    proof, policy = tmp_path / "looks.jsonl", tmp_path / "trust.policy"
    proof.write_bytes(client.get(f"/orders/{order.pk}/looks.jsonl").content)
    policy.write_bytes(client.get("/ledger/policy/").content)
    done = CliRunner().invoke(
        app, ["verify", str(proof), "--policy", str(policy), "--json", str(tmp_path / "out")]
    )
    assert done.exit_code == 0, done.output
    assert '"kind":13' in (tmp_path / "out").read_text()


def test_with_a_quorum_the_downloaded_looks_are_cosigned(
    keyd: Keyd, warehouse: SimpleNamespace, signed_in: SignIn, tmp_path: Path
) -> None:
    order = an_order(warehouse)
    printed(keyd, warehouse, order)
    client = signed_in(warehouse.owner)
    looks, run = f"/orders/{order.pk}/looks/", CliRunner()
    assert "no witness is configured" in client.get(looks).content.decode()
    one = Witness(tmp_path / "witness").start(keyd.state().family)
    try:
        keyd.config.witness_file.write_text(one.policy())
        until(lambda: keyd.state().shards[0].witnessed == keyd.state().shards[0].size)
    finally:
        one.stop()
    proof, policy, out = tmp_path / "looks.jsonl", tmp_path / "trust.policy", tmp_path / "out"
    proof.write_bytes(client.get(f"{looks[:-1]}.jsonl").content)
    policy.write_bytes(client.get("/ledger/policy/").content)
    assert "quorum post" in policy.read_text()
    done = run.invoke(app, ["verify", str(proof), "--policy", str(policy), "--json", str(out)])
    assert done.exit_code == 0, done.output
    (shard,) = json.loads(out.read_text())["shards"]
    assert list(shard["witnesses"]) == ["post"]
    assert (shard["unwitnessed"] > 0, shard["unwitnessed_looks"]) == (True, 0)
    page = client.get(looks).content.decode()
    assert "are not witnessed yet" in page


def test_prove_works_beside_the_running_key_process(keyd: Keyd, tmp_path: Path) -> None:
    keyd.record(3)
    keyd.state()
    run = CliRunner()
    out = tmp_path / "entry.tlog-proof"
    done = run.invoke(app, ["prove", "2", "--out", str(out), "--data", str(keyd.data)])
    assert done.exit_code == 0, done.output
    keyd.record(2)
    policy = tmp_path / "trust.policy"
    policy.write_text(keyd.state().policy)
    assert run.invoke(app, ["verify", str(out), "--policy", str(policy)]).exit_code == 0
    assert run.invoke(app, ["audit", "--deep", "--data", str(keyd.data)]).exit_code == 0


def test_the_verifier_is_served_under_its_own_strict_policy(client: Client) -> None:
    answer = client.get("/ledger/verify/")
    assert answer.status_code == 200
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'sha256-" in policy
    assert "attachment" in client.get("/ledger/verify/?download")["Content-Disposition"]
